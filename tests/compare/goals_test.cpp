// Coverage of intent: what a scenario is meant to exercise, and how the store adds it up.

#include "sim/scenario/goals.hpp"

#include <filesystem>

#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

const std::string office = R"("items": { "letter": { "done": "filed" }, "card": {} },
  "timeline": [ { "id": "jam", "at": "09:00", "until": "12:00", "fail": "archive.keep", "error": "Refused" },
                { "id": "fire", "at": "13:00", "only-if": "tray.ready > 100", "stop": "clerk" } ],
  "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["10:00"] } },
  "systems": { "tray": { "is": "queue", "of": "letter" },
    "archive": { "is": "service", "of": "letter", "offers": { "keep": {} } },
    "clerk": { "is": "consumer", "reads": "tray", "does": [ { "mark": "seen" }, { "call": "archive.keep" }, { "finish": "filed" } ],
      "on": { "Refused": { "then": "park" }, "Timeout": { "then": "park" } } } },
  "checks": { "all": { "every": "letter", "ends": ["done"] }, "cards": { "every": "card", "ends": ["done"] },
    "busy": { "sometimes": "count(letter, !finished) > 0" }, "very-busy": { "sometimes": "count(letter, !finished) > 1" } })";

RunResult run_of(std::uint64_t seed) {
  RunOptions how;
  how.seed = seed;
  how.goals = true;
  return run_scenario(Story(office).compiled(), how);
}

}  // namespace

TEST_CASE("goals are what the author wrote down; a run says which of them it has reached", "[goals]") {
  const std::vector<GoalReached> goals = run_of(1).goals;
  CHECK(goals == std::vector<GoalReached>{{"sometimes", "busy", true},
                                          {"sometimes", "very-busy", false},
                                          {"check", "all", true},
                                          {"check", "cards", false},
                                          {"step", "jam", true},
                                          {"step", "fire", false},
                                          {"fault", "jam", true},
                                          {"error", "Refused", true},
                                          {"error", "Timeout", false},
                                          {"outcome", "filed", false},
                                          {"mark", "seen", true}});
}

TEST_CASE("the store adds goals up over runs, each run once, and over executions that are not kept", "[goals]") {
  std::string path = (std::filesystem::temp_directory_path() / "premortem-goals-XXXXXX").string();
  REQUIRE(mkdtemp(path.data()) != nullptr);
  {
    RunStore store(path + "/runs.sqlite", "this");
    const RunResult first = run_of(1), second = run_of(2);
    store.put_all({first, second});
    store.put(first);  // It is there already.
    const auto count = [&](const std::string& kind, const std::string& name) {
      for (const GoalCount& one : store.goals(first.title)) {
        if (one.kind == kind && one.name == name) return std::pair(one.reached, one.runs);
      }
      return std::pair(std::uint64_t{99}, std::uint64_t{99});
    };
    using Pair = std::pair<std::uint64_t, std::uint64_t>;
    CHECK(count("step", "jam") == Pair{2, 2});
    CHECK(count("error", "Timeout") == Pair{0, 2});
    store.add_goals(first.title, "as-happened", {{"error", "Timeout", 1000, 3}});
    CHECK(count("error", "Timeout") == Pair{3, 1002});
    CHECK(store.goals("another").empty());
  }
  {
    RunStore again(path + "/runs.sqlite", "that");  // Another build adds to the same.
    again.put(run_of(1));
    const std::vector<GoalCount> goals = again.goals(run_of(1).title);
    CHECK(std::ranges::find(goals, GoalCount{"step", "jam", 3, 3}) != goals.end());
  }
  std::filesystem::remove_all(path);
}
