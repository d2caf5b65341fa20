#include "tests/explore/every_order.hpp"

#include "tests/support/catch.hpp"

namespace premortem::testing {

Story burst(int commands, const std::string& expect) {
  std::string at;
  for (int n = 0; n < commands; ++n) at += std::string(n == 0 ? "" : ", ") + "\"13:00\"";
  return Story(R"("items": { "command": { "done": "exported" } },
    "arrivals": { "daily": { "item": "command", "into": "commands", "at": [)" +
               at + R"(] } },
    "systems": {
      "commands": { "is": "queue", "of": "command" },
      "store": { "is": "documents", "collections": { "counters": { "fields": { "last": "int" }, "holds": [{ "last": 0 }] } } },
      "exporter": { "is": "consumer", "reads": "commands", "workers": )" +
               std::to_string(commands) + R"(, "does": [
        { "id": "export", "transaction": "store", "does": [
          { "find-and-modify": "store.counters", "with": { "last": "last + 1" } },
          { "id": "write", "work": "2 s .. 6 s" } ] },
        { "finish": "exported" } ], "on": { "any": { "then": "reject" } } } },
    "checks": { "all-exported": { "every": "command", "ends": ["done"] } })" +
               expect);
}

namespace {

/// Three things look at a switch at 13:00, the instant at which people move it. Whether one is missed depends on who is
/// first.
Story switch_story(const std::string& timeline, const std::string& open, const std::string& condition) {
  return Story(R"("items": { "thing": { "done": "ok" } },
    "timeline": [ )" +
               timeline + R"( ],
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["13:00", "13:00", "13:00"] } },
    "systems": {
      "toggle": { "is": "toggles", "open": )" +
               open + R"( },
      "box": { "is": "queue", "of": "thing" },
      "clerk": { "is": "consumer", "reads": "box", "workers": 3, "does": [
        { "filter": ")" +
               condition + R"(", "else": "missed" }, { "finish": "ok" } ] } },
    "checks": { "none-missed": { "every": "thing", "ends": ["done"] } })");
}

}  // namespace

Story flag_race() {
  return switch_story(R"({ "id": "shut", "at": "13:00", "set": { "toggle.open": false } })", "true", "toggle.open");
}

Story flag_window() {
  return switch_story(R"({ "id": "open", "at": "13:00", "set": { "toggle.open": true } },
                         { "id": "shut", "at": "13:00", "set": { "toggle.open": false } })",
                      "false", "!toggle.open");
}

namespace {

class Counter final : public Chooser {
 public:
  std::uint64_t choose(const Choice& choice) override {
    if (place == digits.size()) digits.push_back({0, choice.alternatives});
    REQUIRE(digits[place].second == choice.alternatives);
    return digits[place++].first;
  }
  bool next() {
    place = 0;
    while (!digits.empty() && digits.back().first + 1 == digits.back().second) digits.pop_back();
    if (!digits.empty()) ++digits.back().first;
    return !digits.empty();
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> digits;
  std::size_t place = 0;
};

}  // namespace

BruteForce all_orders(const Explored& explored) {
  BruteForce all;
  Counter counter;
  do {
    HalfRun run = explored.fresh();
    const ExploredRun execution = explored.execute(run, counter);
    ++all.outcomes[{execution.outcome.a, execution.outcome.b}];
    ++all.orders;
    all.failing += execution.surprising ? 1 : 0;
  } while (counter.next());
  return all;
}

Census all_by_search(const Explored& explored, bool forking, bool merging, std::uint64_t* executions) {
  const std::unique_ptr<Search> search = exhaustive_search(explored, forking, merging);
  ExploreOptions options;
  options.executions = 20'000;
  const ExploreResult result = explore(explored, *search, options);
  if (executions != nullptr) *executions = result.executions;
  return result.census.value();
}

Outcomes outcomes_of(const Census& census) {
  Outcomes outcomes;
  for (const OutcomeCount& one : census.classes) outcomes[{one.outcome.a, one.outcome.b}] = one.orders;
  return outcomes;
}

}  // namespace premortem::testing
