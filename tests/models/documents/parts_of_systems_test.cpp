// The store when it is down, paused, or loses who holds a transaction; and services that ask it.

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

TEST_CASE("a service that asks a store gives its worker back", "[documents]") {
  StoreStory s;
  s.store = R"("takes": "1 s", )";
  s.systems =
      R"("desk": { "is": "service", "workers": 1, "offers": { "add": { "does": [ )" + add_to_a + R"( ] } } }, )";
  s.jobs = {{"one", R"({ "call": "desk.add" })"}, {"two", R"({ "call": "desk.add" })"}};
  s.at_end = {one("A", 2)};
  REQUIRE(s.run().told({RecordKind::run_ended}) == Lines{"01:00:01 one run-ended 0 1", "01:00:02 two run-ended 0 1"});
}
