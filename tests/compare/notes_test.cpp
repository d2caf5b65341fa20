// What was written and did nothing is said aloud after the run.

#include <algorithm>

#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

Lines notes(const std::string& timeline) {
  const Story story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": "01:00" } },
    "timeline": [ )" +
                    timeline + R"( ],
    "systems": { "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "does": [ { "finish": "ok" } ] } })");
  return run_scenario(story.compiled(), {}).notes;
}

}  // namespace

TEST_CASE("an entry that never came off is reported; one that was skipped has said so itself", "[runner]") {
  REQUIRE(notes(R"({ "id": "held-back", "at": "02:00", "wait-for": "intake.lag > 9", "stop": "intake" })") ==
          Lines{"timeline[held-back] never came off"});
  REQUIRE(notes(R"({ "id": "skipped", "at": "02:00", "only-if": "intake.lag > 9", "stop": "intake" })").empty());
}

TEST_CASE("a fault that struck nothing is reported; one that did is not", "[runner]") {
  REQUIRE(notes(R"({ "id": "late", "at": "02:00", "fail": "events.append" })") ==
          Lines{"the fault \"late\" never struck an operation"});
  REQUIRE(notes(R"({ "id": "timely", "at": "00:30", "slow": "events.append", "by": "1 s" })").empty());
}

TEST_CASE("a replay whose `only` matched nothing is reported", "[runner]") {
  REQUIRE(
      notes(R"({ "id": "again", "at": "02:00", "replay": "events", "through": "intake", "only": "it.id == 99" })") ==
      Lines{"timeline[again] read the log and handed on 0 events: its \"only\" matched nothing"});
}
