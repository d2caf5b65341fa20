#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

std::string slow_job(const std::string& overlap) {
  return R"(
    "items": { "thing": {} },
    "systems": { "nightly": { "is": "job", "cron": "0 1,2 * * *", "overlap": ")" +
         overlap + R"(", "does": [ { "work": "90 min" } ] } })";
}

using Lines = std::vector<std::string>;
constexpr std::initializer_list<RecordKind> runs = {RecordKind::run_started, RecordKind::run_ended,
                                                    RecordKind::run_skipped};

}  // namespace

TEST_CASE("BATCH-027: a firing while a run is under way overlaps, is skipped, or replaces it", "[job]") {
  REQUIRE(Story(slow_job("allow")).told(runs) == Lines{"01:00 nightly run-started 0 0", "02:00 nightly run-started 1 0",
                                                       "02:30 nightly run-ended 0 1", "03:30 nightly run-ended 1 1"});
  REQUIRE(Story(slow_job("forbid")).told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "02:00 nightly run-skipped 02:00 1", "02:30 nightly run-ended 0 1"});
  REQUIRE(Story(slow_job("replace")).told(runs) == Lines{"01:00 nightly run-started 0 0", "02:00 nightly run-ended 0 0",
                                                         "02:00 nightly run-started 1 0",
                                                         "03:30 nightly run-ended 1 1"});
}
