// A budget of faults: no search lets more strike, and exhaustive search counts the ways within it and no others.

#include <algorithm>

#include "tests/explore/every_order.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

constexpr ChoiceKinds faults{Choice::Kind::fault}, faults_and_ties{Choice::Kind::fault, Choice::Kind::tie};

/// Five messages, each of which may be lost, and nothing that sends one again: as many lost as faults struck. Two of
/// them are sent at one instant.
Story five_messages() {
  return Story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00", "02:00", "03:00", "04:00", "04:00"] } },
    "timeline": [ { "id": "losses", "at": "00:30", "lose": "box.publish", "share": "50 %" } ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "workers": 2, "does": [ { "finish": "ok" } ] } },
    "checks": { "none-lost": { "every": "thing", "ends": ["done"] } })");
}

}  // namespace

TEST_CASE("a budget of k faults leaves n over 0 + ... + n over k ways, and brute force finds the same", "[explore]") {
  const Story story = five_messages();
  const std::uint64_t ways[] = {1, 6, 16, 26, 31, 32, 32};
  for (std::uint64_t budget = 0; budget <= 6; ++budget) {
    const Explored explored(story.compiled(), 1, faults, "failed", std::nullopt, budget);
    REQUIRE(all_orders(explored).orders == ways[budget]);
    for (const bool forking : {true, false}) {
      for (const bool merging : {true, false}) {
        const Census census = all_by_search(explored, forking, merging);
        REQUIRE(census.complete);
        REQUIRE(census.orders == ways[budget]);
        REQUIRE(census.classes.size() == ways[budget]);
        REQUIRE(census.failing == ways[budget] - 1);
      }
    }
  }
}

TEST_CASE("with ties beside them, too, the ways within the budget are those of brute force", "[explore]") {
  const Story story = five_messages();
  for (const std::uint64_t budget : {1U, 2U, 4U}) {
    const Explored explored(story.compiled(), 1, faults_and_ties, "failed", std::nullopt, budget);
    const BruteForce all = all_orders(explored);
    const Census census = all_by_search(explored, true, true);
    REQUIRE(census.orders == all.orders);
    REQUIRE(census.failing == all.failing);
    REQUIRE(outcomes_of(census) == all.outcomes);
  }
}

TEST_CASE("every search keeps to the budget and uses it up", "[explore]") {
  const Story story = five_messages();
  const Explored explored(story.compiled(), 1, faults_and_ties, "failed", std::nullopt, 2);
  const std::unique_ptr<Search> searches[] = {random_search(explored), swarm_search(explored), pct_search(explored, 2),
                                              exhaustive_search(explored), guided_search(explored)};
  for (const std::unique_ptr<Search>& search : searches) {
    ExploreOptions options;
    options.executions = 200;
    const ExploreResult result = explore(explored, *search, options);
    CHECK(result.faults_open);
    CHECK(result.faults_max == 2);
    CHECK(result.worst_score == 2);  // So many are lost as were struck.
  }
}

TEST_CASE("choices found under a budget are repeated under it: what lies over it is no choice", "[explore]") {
  const Story story = five_messages();
  const Explored explored(story.compiled(), 1, faults_and_ties, "failed", std::nullopt, 1);
  const std::unique_ptr<Search> search = random_search(explored);
  for (std::uint64_t number = 1; number <= 50; ++number) {
    const ExploredRun found = search->execute(number);
    const auto strikes = found.faults.struck;
    REQUIRE(strikes <= 1);
    REQUIRE(found.faults.asked == 5);
    REQUIRE(found.decisions == found.choices.size());
    ReplayChooser replay(found.choices);
    HalfRun run = explored.fresh();
    REQUIRE(explored.execute(run, replay).outcome == found.outcome);
    REQUIRE(replay.misfits() == 0);
    REQUIRE(replay.followed() == found.choices.size());
  }
}
