// What merging saves, and that it changes nothing: the same outcomes, each as often, with it and without it.

#include "sim/kernel/random.hpp"
#include "tests/explore/every_order.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// Clerks that have nothing to do with each other: each has a box of its own, and all end their work at 13:00 and the
/// rest of it a second later.
Story strangers(int clerks) {
  std::string items, arrivals, systems, checks;
  for (int n = 1; n <= clerks; ++n) {
    const std::string name = std::to_string(n), comma = n == 1 ? "" : ", ";
    items += comma + R"("thing-)" + name + R"(": { "done": "ok" })";
    arrivals += comma + R"("of-)" + name + R"(": { "item": "thing-)" + name + R"(", "into": "box-)" + name +
                R"(", "at": "12:5)" + name + R"(" })";
    systems += comma + R"("box-)" + name + R"(": { "is": "queue", "of": "thing-)" + name + R"(" }, "clerk-)" + name +
               R"(": { "is": "consumer", "reads": "box-)" + name + R"(", "does": [ { "id": "read", "work": ")" +
               std::to_string(10 - n) + R"( min" }, { "id": "write", "work": "1 s" }, { "finish": "ok" } ] })";
    checks += comma + R"("done-)" + name + R"(": { "every": "thing-)" + name + R"(", "ends": ["done"] })";
  }
  return Story(R"("items": { )" + items + R"( }, "arrivals": { )" + arrivals + R"( }, "systems": { )" + systems +
               R"( }, "checks": { )" + checks + " }");
}

/// A small world of its own for each number: a few commands at one instant or two, in one queue or two, workers enough
/// or too few, a shared document or none, a switch that moves or none, one who tries again or none.
Story generated(std::uint64_t number) {
  const auto drawn = [number](const char* what, std::uint64_t below) {
    return uniform_below(random_bits(number, hash_name(what), 0, 0), below);
  };
  std::string systems, arrivals;
  const std::uint64_t queues = 1 + drawn("queues", 2);
  for (std::uint64_t n = 1; n <= queues; ++n) {
    const std::string name = std::to_string(n);
    std::string at;
    for (std::uint64_t command = 0; command <= drawn("commands", 2) + (queues == 1 ? 1 : 0); ++command)
      at +=
          std::string(at.empty() ? "" : ", ") + (command == 2 && drawn("later", 2) == 1 ? R"("13:01")" : R"("13:00")");
    arrivals += std::string(n == 1 ? "" : ", ") + R"("from-)" + name + R"(": { "item": "thing", "into": "box-)" + name +
                R"(", "at": [)" + at + "] }";
    const std::string work =
        drawn("long", 2) == 1 ? R"({ "id": "work", "work": "1 min" })" : R"({ "id": "work", "work": "1 s .. 9 s" })";
    std::string does = drawn("switch", 2) == 1 ? R"({ "filter": "toggle.open", "else": "missed" }, )" : "";
    does +=
        drawn("document", 2) == 1
            ? R"({ "transaction": "store", "does": [ { "find-and-modify": "store.counters", "with": { "last": "last + 1" } }, )" +
                  work + " ] }"
            : work;
    systems += R"("box-)" + name + R"(": { "is": "queue", "of": "thing" }, "clerk-)" + name +
               R"(": { "is": "consumer", "reads": "box-)" + name + R"(", "workers": )" +
               std::to_string(1 + drawn("workers", 3)) + R"(, "does": [ )" + does +
               R"(, { "finish": "ok" } ], "on": { )" +
               (drawn("tries", 2) == 1 ? R"("WriteConflict": { "tries": 2, "then": "reject" } )"
                                       : R"("any": { "then": "reject" } )") +
               "} }, ";
  }
  return Story(R"("items": { "thing": { "done": "ok" } }, "arrivals": { )" + arrivals +
               R"( }, "timeline": [ { "id": "open", "at": "13:00", "set": { "toggle.open": true } } ],
                 "systems": { )" +
               systems + R"("toggle": { "is": "toggles", "open": false },
      "store": { "is": "documents", "collections": { "counters": { "fields": { "last": "int" }, "holds": [{ "last": 0 }] } } } },
    "checks": { "all-done": { "every": "thing", "ends": ["done"] }, "in-order": { "in-order": "thing" } })");
}

}  // namespace

TEST_CASE("steps that have nothing to do with each other: 576 orders are one, found in 41 executions", "[explore]") {
  // Four clerks meet twice, 4! orders each time. In whichever order they set out for the second meeting, it is the same
  // one: 168 executions if that were not seen.
  const Story story = strangers(4);
  const Explored explored(story.compiled(), 1, ties, "failed");
  std::uint64_t executions = 0;
  const Census census = all_by_search(explored, true, true, &executions);
  CHECK(census.complete);
  CHECK(census.classes.size() == 1);
  CHECK(census.orders == 576);
  CHECK(executions == 41);
}

TEST_CASE("merging changes neither the outcomes nor how many orders lead to each: 24 generated worlds", "[explore]") {
  std::uint64_t compared = 0, merged = 0, several = 0;
  for (std::uint64_t number = 1; number <= 24; ++number) {
    INFO("world " << number);
    const Story story = generated(number);
    const Explored explored(story.compiled(), number, ties, "failed");
    const Census with = all_by_search(explored, true, true), without = all_by_search(explored, true, false);
    if (!without.complete) continue;  // More than 20,000 orders.
    ++compared;
    REQUIRE(with.complete);
    REQUIRE(outcomes_of(with) == outcomes_of(without));
    REQUIRE(with.orders == without.orders);
    REQUIRE(with.failing == without.failing);
    merged += with.merged;
    several += with.classes.size() > 1 ? 1 : 0;
  }
  CHECK(compared == 23);
  CHECK(merged == 1221);
  CHECK(several == 19);
}
