// The section `choices`: a run that a search found, held by a file; and what is said when it does not fit.

#include "sim/scenario/fixed_choices.hpp"

#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// A flag is raised at 13:00, when two things come. With the first alternative throughout, both find it raised.
std::string flag(const std::string& choices) {
  return R"("items": { "thing": { "done": "ok" } },
    "timeline": [ { "id": "open", "at": "13:00", "set": { "toggle.open": true } } ],
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["13:00", "13:00"] } },
    "systems": { "toggle": { "is": "toggles", "open": false }, "box": { "is": "queue", "of": "thing" },
      "clerk": { "is": "consumer", "reads": "box", "workers": 2, "does": [
        { "filter": "toggle.open", "else": "missed" }, { "finish": "ok" } ] } },
    "checks": { "all-done": { "every": "thing", "ends": ["done"] } })" +
         choices;
}

RunResult ran(const std::string& choices) {
  const Story story(flag(choices));
  return run_scenario(story.compiled(), {});
}

}  // namespace

TEST_CASE("a file's choices decide the order of simultaneous events", "[choices]") {
  CHECK(ran("").checks.at(0).verdict == CheckVerdict::holds);
  CHECK(ran(R"(, "choices": { "of": "tie", "take": [] })").digest == ran("").digest);
  const RunResult late = ran(R"(, "choices": { "of": ["tie"], "take": [1, 1] })");  // Both arrive and one looks first.
  CHECK(late.checks.at(0).verdict == CheckVerdict::broken);
  CHECK(late.notes.empty());
}

TEST_CASE("choices that do not fit are said aloud", "[choices]") {
  const RunResult left = ran(R"(, "choices": { "of": "tie", "take": [0, 0, 0, 0, 0, 0, 0, 0, 0] })");
  REQUIRE(left.notes.size() == 1);
  CHECK(left.notes[0] == "choices: 7 of the 9 in \"take\" were never asked for: the run made 2 such choices");
  const RunResult beyond = ran(R"(, "choices": { "of": "tie", "take": [70] })");
  REQUIRE(beyond.notes.size() == 1);
  CHECK(beyond.notes[0] ==
        "choices: 1 of the 1 in \"take\" is beyond what there was to choose from: the run took the last alternative "
        "there");
}

TEST_CASE("choices of no kind, or below the first, are refused with advice", "[choices]") {
  CHECK(diagnostics_of(flag(R"(, "choices": { "of": "ties", "take": [] })"))
            .find(R"(/choices/of: "ties" is no kind of choice; did you mean "tie"?)") != std::string::npos);
  CHECK(diagnostics_of(flag(R"(, "choices": { "of": "tie", "take": [-1] })"))
            .find("-1 is negative; write numbers from 0") != std::string::npos);
  CHECK(diagnostics_of(flag(R"(, "choices": { "of": [], "take": [] })")).find("/choices/of: is empty") !=
        std::string::npos);
  CHECK(!diagnostics_of(flag(R"(, "choices": { "take": [] })")).empty());
}
