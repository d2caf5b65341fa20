// Crashes of the store and of who holds a transaction; parallel branches beside transactions.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("a store that is down answers nothing, and keeps what was committed", "[documents]") {
  StoreStory s;
  s.timeline = R"({ "id": "down", "at": "01:00:02", "crash": "db", "restart": "10 s" })";
  s.jobs = {{"before", add_to_a},
            {"open", transaction(add_to_b + ", " + work("3 s") + ", " + add_to_a)},
            {"reads", work("5 s") + R"(, { "find": "db.docs" })"},
            {"writes", work("5 s") + ", " + add_to_a},
            {"after", work("13 s") + ", " + add_to_a}};
  s.at_end = {one("A", 2), one("B", 0)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00:03 open failed Unavailable",
                                                      "01:00:05 reads failed Unavailable",
                                                      "01:00:05 writes failed Unavailable"});
}

TEST_CASE("operations on a paused store hang until it goes on", "[documents]") {
  StoreStory s;
  s.timeline =
      R"({ "id": "freeze", "at": "01:00:02", "pause": "db" }, { "id": "thaw", "at": "01:00:20", "resume": "db" })";
  s.jobs = {{"writes", work("5 s") + ", " + add_to_a}, {"commits", transaction(add_to_b + ", " + work("7 s"))}};
  s.at_end = {one("A", 1), one("B", 1)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::failed}).empty());
  REQUIRE(story.told({RecordKind::run_ended}) ==
          Lines{"01:00:20 writes run-ended 0 1", "01:00:20 commits run-ended 0 1"});
}

TEST_CASE("MONGO-037: who dies takes his open transaction with him, and who waited for it goes on", "[documents]") {
  StoreStory s;
  s.timeline = R"({ "id": "dies", "at": "01:00:02", "crash": "holder" })";
  s.jobs = {{"holder", transaction(add_to_a + ", " + work("1 h"))}, {"plain", work("1 s") + ", " + add_to_a}};
  s.at_end = {one("A", 1)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::transaction_ended}) == Lines{"01:00:02 holder transaction-ended 1 0"});
  REQUIRE(story.told(writes) == Lines{"01:00:02.006 db updated 0 0"});  // MONGO-012: tried after 1.006 s.
}

TEST_CASE("parallel branches have no place inside a transaction", "[documents][branches]") {
  StoreStory s;
  s.jobs = {{"job", transaction(R"({ "each": ["A", "B"], "at-once": 2, "update": "db.docs", "where": "name == it",
                                     "with": { "n": "1" } })")}};
  const std::string said = diagnostics_of(s.body());
  REQUIRE(said.find("a transaction has one session, in which steps follow each other; remove \"at-once\", or put the "
                    "transaction inside the loop") != std::string::npos);
}

TEST_CASE("each parallel branch has a transaction of its own", "[documents][branches]") {
  StoreStory s;
  s.jobs = {{"job", R"({ "each": ["A", "B"], "at-once": 2, "transaction": "db", "does": [
      { "update": "db.docs", "where": "name == it", "with": { "n": "n + 1" } }, { "work": "2 s" } ] })"}};
  s.at_end = {one("A", 1), one("B", 1)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::transaction_ended}) ==
          Lines{"01:00:02 job transaction-ended 1 1", "01:00:02 job transaction-ended 2 1"});
  REQUIRE(story.told({RecordKind::run_ended}) == Lines{"01:00:02 job run-ended 0 1"});
}

TEST_CASE("a branch that fails is tried again by its own on; what it leaves goes to the handler when all are done",
          "[documents][branches]") {
  StoreStory s;
  // Both branches want A: the second conflicts, waits, and wins later.
  const std::string both = R"({ "each": ["B", "C"], "at-once": 2, "transaction": "db", "does": [ )" + add_to_a +
                           R"(, { "work": "2 s" } ], "on": { "WriteConflict": { "tries": )";
  s.jobs = {{"job", both + R"(2, "wait": "3 s" } } })"}};
  s.at_end = {one("A", 2)};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::run_ended}) ==
          Lines{"01:00 job failed WriteConflict", "01:00 job retried 1", "01:00:05 job run-ended 0 1"});
  s.jobs = {{"job", both + "1 } } }"}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::given_up, RecordKind::run_ended}) ==
          Lines{"01:00 job failed WriteConflict", "01:00:02 job failed WriteConflict",
                "01:00:02 job given-up WriteConflict", "01:00:02 job run-ended 0 0"});
}

TEST_CASE("a message whose parallel branches end, or fail, is settled once, and nobody holds its item after",
          "[documents][branches]") {
  const auto run = [](const std::string& step) {
    return Story(R"("items": { "order": {} },
      "timeline": [ { "id": "one", "at": "01:00", "send": "order", "to": "orders" },
                    { "id": "two", "at": "01:01", "send": "order", "to": "orders" } ],
      "systems": { "orders": { "is": "queue", "of": "order" },
        "clerk": { "is": "consumer", "reads": "orders", "does": [
          { "each": ["x", "y", "z"], "at-once": 3, "does": [ )" +
                 step + R"( ] }, { "work": "1 s" } ],
          "on": { "any": { "then": "reject" } } } })");
  };
  const Story good = run(R"({ "work": "2 s" })");
  REQUIRE(good.told({RecordKind::acknowledged}) ==
          Lines{"01:00:03 clerk acknowledged order 1", "01:01:03 clerk acknowledged order 2"});
  REQUIRE(good.count("order", Fate::lost) == 2);  // Nobody finished them, and nobody holds them.
  const Story bad = run(R"({ "work": "2 s" }, { "raise": "Broken" })");
  REQUIRE(bad.told({RecordKind::given_up}) ==
          Lines{"01:00:02 clerk given-up order 1 Broken", "01:01:02 clerk given-up order 2 Broken"});
  REQUIRE(bad.count("order", Fate::lost) == 2);
}

TEST_CASE("a service that asks a store gives its worker back", "[documents]") {
  StoreStory s;
  s.store = R"("takes": "1 s", )";
  s.systems =
      R"("desk": { "is": "service", "workers": 1, "offers": { "add": { "does": [ )" + add_to_a + R"( ] } } }, )";
  s.jobs = {{"one", R"({ "call": "desk.add" })"}, {"two", R"({ "call": "desk.add" })"}};
  s.at_end = {one("A", 2)};
  REQUIRE(s.run().told({RecordKind::run_ended}) == Lines{"01:00:01 one run-ended 0 1", "01:00:02 two run-ended 0 1"});
}
