// Firings for which nobody was there: what is made up for when the job is back.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

const std::string morning = R"("from": "2021-01-04 00:30", "until": "2021-01-04 06:30", "zone": "UTC")";

/// A job that is away as the timeline says.
Story away(const std::string& cron, const std::string& missed, const std::string& timeline,
           const std::string& more = "") {
  return Story(R"("timeline": [ )" + timeline + R"( ], "items": { "thing": {} },
    "systems": { "report": { "is": "job", "cron": ")" +
                   cron + R"(", "missed": ")" + missed + "\"" + more + R"(, "does": [ { "work": "1 min" } ] } })",
               1, {}, morning);
}

const std::string paused = R"({ "at": "01:30", "pause": "report" }, { "at": "04:30", "resume": "report" })";
const std::string stopped = R"({ "at": "01:30", "stop": "report" }, { "at": "04:30", "start": "report" })";
const std::string crashed = R"({ "at": "01:30", "crash": "report", "restart": "3 h" })";
constexpr std::initializer_list<RecordKind> starts = {RecordKind::run_started};
constexpr std::initializer_list<RecordKind> due_and_starts = {RecordKind::due, RecordKind::run_started};

}  // namespace

TEST_CASE("BATCH-024: three hours away: no run, one for all of them, or every one, at the return", "[job]") {
  REQUIRE(away("0 * * * *", "skip", paused).told(starts) ==
          Lines{"01:00 report run-started 0 0", "05:00 report run-started 1 0", "06:00 report run-started 2 0"});
  REQUIRE(away("0 * * * *", "once", paused).told(starts) ==
          Lines{"01:00 report run-started 0 0", "04:30 report run-started 1 0", "05:00 report run-started 2 0",
                "06:00 report run-started 3 0"});
  REQUIRE(away("0 * * * *", "all", paused).told(starts) ==
          Lines{"01:00 report run-started 0 0", "04:30 report run-started 1 0", "04:30 report run-started 2 0",
                "04:30 report run-started 3 0", "05:00 report run-started 4 0", "06:00 report run-started 5 0"});
}

TEST_CASE("BATCH-028: the one run is named after the most recent of the times missed", "[job]") {
  REQUIRE(away("0 * * * *", "once", paused).told(due_and_starts) ==
          Lines{"01:00 report due 01:00 0", "01:00 report run-started 0 0", "02:00 report due 02:00 0",
                "03:00 report due 03:00 0", "04:00 report due 04:00 0", "04:30 report due 04:00 0",
                "04:30 report run-started 1 0", "05:00 report due 05:00 0", "05:00 report run-started 2 0",
                "06:00 report due 06:00 0", "06:00 report run-started 3 0"});
}

TEST_CASE("a firing that nobody met is said, with its reason", "[job]") {
  REQUIRE(away("0 * * * *", "once", paused).told({RecordKind::run_skipped}) ==
          Lines{"02:00 report run-skipped 02:00 0", "03:00 report run-skipped 03:00 0",
                "04:00 report run-skipped 04:00 0"});
}

TEST_CASE("BATCH-024: a crash and a stop are absences, too", "[job]") {
  const Lines once = away("0 * * * *", "once", paused).told(starts),
              skip = away("0 * * * *", "skip", paused).told(starts);
  REQUIRE(away("0 * * * *", "once", crashed).told(starts) == once);
  REQUIRE(away("0 * * * *", "once", stopped).told(starts) == once);
  REQUIRE(away("0 * * * *", "skip", crashed).told(starts) == skip);
  REQUIRE(away("0 * * * *", "skip", stopped).told(starts) == skip);
}

TEST_CASE("a firing at the very instant at which the job leaves is missed, one at which it is back is not", "[job]") {
  REQUIRE(away("0 2,3 * * *", "all", R"({ "at": "02:00", "pause": "report" }, { "at": "03:00", "resume": "report" })")
              .told(starts) == Lines{"03:00 report run-started 0 0", "03:00 report run-started 1 0"});
}

TEST_CASE("two absences that overlap are one", "[job]") {
  REQUIRE(away("0 2,3,4 * * *", "all",
               R"({ "at": "01:30", "pause": "report" }, { "at": "02:30", "stop": "report" },
                  { "at": "03:10", "resume": "report" }, { "at": "03:30", "start": "report" })")
              .told(starts) ==
          Lines{"03:30 report run-started 0 0", "03:30 report run-started 1 0", "04:00 report run-started 2 0"});
}

TEST_CASE("what is made up for is subject to the rule for overlaps", "[job]") {
  REQUIRE(away("0 * * * *", "all", paused, R"(, "overlap": "forbid")")
              .told({RecordKind::run_started, RecordKind::run_skipped}) ==
          Lines{"01:00 report run-started 0 0", "02:00 report run-skipped 02:00 0", "03:00 report run-skipped 03:00 0",
                "04:00 report run-skipped 04:00 0", "04:30 report run-started 1 0", "04:30 report run-skipped 03:00 1",
                "04:30 report run-skipped 04:00 1", "05:00 report run-started 2 0", "06:00 report run-started 3 0"});
}

TEST_CASE("BATCH-012: four minutes away, and cronie replays every minute", "[job]") {
  REQUIRE(away("0-6 1 * * *", "cronie",
               R"({ "at": "01:00:30", "pause": "report" }, { "at": "01:04:30", "resume": "report" })")
              .told(starts) == Lines{"01:00 report run-started 0 0", "01:04:30 report run-started 1 0",
                                     "01:04:30 report run-started 2 0", "01:04:30 report run-started 3 0",
                                     "01:04:30 report run-started 4 0", "01:05 report run-started 5 0",
                                     "01:06 report run-started 6 0"});
}

TEST_CASE("BATCH-012: two hours away: cronie replays jobs at fixed times, one with a wildcard runs once", "[job]") {
  const std::string two_hours = R"({ "at": "01:00:30", "pause": "report" }, { "at": "03:00:30", "resume": "report" })";
  REQUIRE(away("30 1,2,3 * * *", "cronie", two_hours).told(starts) ==
          Lines{"03:00:30 report run-started 0 0", "03:00:30 report run-started 1 0", "03:30 report run-started 2 0"});
  REQUIRE(away("*/30 1-3 * * *", "cronie", two_hours).told(due_and_starts) ==
          Lines{"01:00 report due 01:00 0", "01:00 report run-started 0 0", "01:30 report due 01:30 0",
                "02:00 report due 02:00 0", "02:30 report due 02:30 0", "03:00 report due 03:00 0",
                "03:00:30 report due 03:00 0", "03:00:30 report run-started 1 0", "03:30 report due 03:30 0",
                "03:30 report run-started 2 0"});
}

TEST_CASE("BATCH-012: four hours away is a correction of the clock: cronie replays nothing", "[job]") {
  REQUIRE(away("30 1,2,3,5 * * *", "cronie",
               R"({ "at": "01:00:30", "pause": "report" }, { "at": "05:00:30", "resume": "report" })")
              .told(starts) == Lines{"05:30 report run-started 0 0"});
}
