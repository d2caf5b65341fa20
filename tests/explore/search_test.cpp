// Searches on planted bugs of known depth, and against brute force.

#include <thread>

#include "tests/explore/every_order.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

std::int64_t first_finish(const Story& story) {
  for (const Record& record : story.records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::finished) return record.at;
  }
  return -1;
}

}  // namespace

TEST_CASE("exhaustive search finds all orders of two to six simultaneous commands, and only these: brute force agrees",
          "[explore]") {
  const int commands = GENERATE(2, 3, 4, 5, 6);
  const Story story = burst(commands);
  const Explored explored(story.compiled(), 1, ties, "failed");
  const BruteForce all = all_orders(explored);
  const std::uint64_t factorial[] = {0, 1, 2, 6, 24, 120, 720};
  // Beside them the store's reaper, which the first transaction wakes, has a place to choose among those behind it.
  REQUIRE(all.orders == factorial[commands] * static_cast<std::uint64_t>(commands));
  REQUIRE(all.failing == all.orders);                                  // Whoever is first, the others conflict.
  REQUIRE(all.outcomes.size() == static_cast<std::size_t>(commands));  // It matters only who is first.
  for (const bool forking : {true, false}) {
    for (const bool merging : {true, false}) {
      std::uint64_t executions = 0;
      const Census census = all_by_search(explored, forking, merging, &executions);
      REQUIRE(census.complete);
      REQUIRE(census.orders == all.orders);
      REQUIRE(census.failing == all.failing);
      REQUIRE(outcomes_of(census) == all.outcomes);
      REQUIRE((merging ? executions <= all.orders : executions == all.orders));
      if (merging && commands == 6) REQUIRE(executions < all.orders * 2 / 3);
    }
  }
}

TEST_CASE("only some orders fail: exhaustive search counts these and no others, and each example replays",
          "[explore]") {
  const Story story = flag_race();
  const Explored explored(story.compiled(), 1, ties, "failed");
  const BruteForce all = all_orders(explored);
  REQUIRE(all.failing > 0);
  REQUIRE(all.failing < all.orders);
  for (const bool merging : {true, false}) {
    const Census census = all_by_search(explored, true, merging);
    REQUIRE(census.complete);
    REQUIRE(census.orders == all.orders);
    REQUIRE(census.failing == all.failing);
    REQUIRE(outcomes_of(census) == all.outcomes);
    for (const OutcomeCount& one : census.classes) {
      ReplayChooser replay(one.example.choices);
      HalfRun run = explored.fresh();
      REQUIRE(explored.execute(run, replay).outcome == one.outcome);
      REQUIRE(replay.misfits() == 0);
    }
  }
}

TEST_CASE("a budget that ends first gives lower bounds, and says so", "[explore]") {
  const Story story = burst(6);
  const Explored explored(story.compiled(), 1, ties, "failed");
  const std::unique_ptr<Search> search = exhaustive_search(explored, true, false);
  ExploreOptions options;
  options.executions = 100;
  const Census census = explore(explored, *search, options).census.value();
  REQUIRE(!census.complete);
  REQUIRE(census.orders == 100);
}

TEST_CASE("PCT's bound is exact in integers", "[explore]") {
  REQUIRE(pct_one_in(4, 10, 1) == 4);
  REQUIRE(pct_one_in(4, 10, 3) == 400);
  REQUIRE(pct_one_in(1'000'000, 1'000'000, 4) == UINT64_MAX);  // 10^24.
}

TEST_CASE("PCT finds planted bugs of depth 1 and 2 at least as often as its bound says, in 1,000 tries", "[explore]") {
  // Depth 1: the flag is lowered before the worker looks. Depth 2: it is raised and lowered around one look.
  const std::uint64_t depth = GENERATE(1U, 2U);
  const Story story = depth == 1 ? flag_race() : flag_window();
  const Explored explored(story.compiled(), 1, ties, "failed");
  const BruteForce all = all_orders(explored);
  REQUIRE(all.failing > 0);
  const std::unique_ptr<Search> search = pct_search(explored, depth);
  ExploreOptions options;
  options.executions = 1000;
  const ExploreResult result = explore(explored, *search, options);
  REQUIRE(result.bound->beyond == 0);
  REQUIRE(result.bound->one_in > 1);
  // At most four standard deviations below what the bound promises.
  const std::uint64_t promised = 1000 / result.bound->one_in;
  const std::uint64_t short_by = promised > result.failing ? promised - result.failing : 0;
  REQUIRE(short_by * short_by <= 16 * promised);
  REQUIRE(result.failing > 0);
}

TEST_CASE("random, swarm and guided search find the planted bug, the same for any number of threads", "[explore]") {
  const Story story = flag_race();
  const Explored explored(story.compiled(), 1, ties, "failed");
  using Make = std::unique_ptr<Search> (*)(const Explored&);
  for (const Make make : {Make(random_search), Make(swarm_search), Make(guided_search)}) {
    ExploreOptions options;
    options.executions = 200;
    const ExploreResult alone = explore(explored, *make(explored), options);
    REQUIRE(alone.failing > 0);
    REQUIRE(alone.failing < 200);
    options.side_by_side = [](std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
      std::vector<std::thread> threads;
      for (std::uint64_t first = 0; first < 3; ++first) {
        threads.emplace_back([=, &work] {
          for (std::uint64_t job = first; job < jobs; job += 3) work(job);
        });
      }
      for (std::thread& thread : threads) thread.join();
    };
    const ExploreResult together = explore(explored, *make(explored), options);
    REQUIRE(together.failing == alone.failing);
    REQUIRE(together.first_failing == alone.first_failing);
    REQUIRE(together.failure.choices == alone.failure.choices);
    REQUIRE(together.outcomes == alone.outcomes);
    REQUIRE(together.worst == alone.worst);
  }
}

TEST_CASE("kinds that are not chosen are drawn by name: the run in order of scheduling is the run without a chooser",
          "[explore]") {
  const Story story = burst(6);
  const Explored explored(story.compiled(), 1, ties, "failed");
  FirstChooser first;
  HalfRun run = explored.fresh();
  explored.execute(run, first);
  for (const JudgedItem& item : run.judge.items()) {
    if (item.finished > 0) REQUIRE(item.finished_at == first_finish(story));
  }
}

TEST_CASE("choices in the middle of an event are searched as well: three messages, each lost or not, are eight ways",
          "[explore]") {
  const Story story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00", "02:00", "03:00"] } },
    "timeline": [ { "id": "losses", "at": "00:30", "lose": "box.publish", "share": "50 %" } ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "workers": 2, "does": [ { "finish": "ok" } ] } },
    "checks": { "none-lost": { "every": "thing", "ends": ["done"] } })");
  for (const ChoiceKinds kinds :
       {ChoiceKinds{Choice::Kind::fault}, ChoiceKinds{Choice::Kind::fault, Choice::Kind::tie}}) {
    const Explored explored(story.compiled(), 1, kinds, "failed");
    const BruteForce all = all_orders(explored);
    REQUIRE(all.outcomes.size() == 8);
    for (const bool forking : {true, false}) {
      for (const bool merging : {true, false}) {
        const Census census = all_by_search(explored, forking, merging);
        REQUIRE(census.complete);
        REQUIRE(census.orders == all.orders);
        REQUIRE(census.failing == all.failing);
        REQUIRE(census.failing == census.orders - census.orders / 8);
        REQUIRE(outcomes_of(census) == all.outcomes);
      }
    }
  }
}

TEST_CASE("guided search climbs to a needle that random search does not meet", "[explore]") {
  // Twelve messages, each lost or not: up to eleven losses are as expected, and all twelve are one way in 4,096.
  std::string at;
  for (int n = 10; n < 22; ++n) at += std::string(n == 10 ? "" : ", ") + "\"" + std::to_string(n) + ":00\"";
  const Story story(R"("items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": [)" +
                    at + R"(] } },
    "timeline": [ { "id": "losses", "at": "00:30", "lose": "box.publish", "share": "50 %" } ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "finish": "ok" } ] } },
    "checks": { "few-lost": { "every": "thing", "ends": ["done"] } },
    "expect": { "few-lost": "broken for 1 .. 11" })");
  const Explored explored(story.compiled(), 1, {Choice::Kind::fault}, "failed");
  ExploreOptions options;
  options.executions = 1000;
  const ExploreResult random = explore(explored, *random_search(explored), options);
  CHECK(random.failing == 0);
  CHECK(random.worst_score == 11);
  const ExploreResult guided = explore(explored, *guided_search(explored), options);
  CHECK(guided.first_failing == 102);
  CHECK(guided.worst_score == 12);
}
