// Two transactions on one document: who fails, when, and what is undone.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("MONGO-003, MONGO-010: the second updater fails at once, and all that its transaction wrote is undone",
          "[documents]") {
  StoreStory s;
  s.jobs = {{"first", transaction(add_to_a + ", " + work("4 s"))},
            {"second", work("1 s") + ", " + transaction(add_to_b + ", " + add_to_a)}};
  s.at_end = {one("A", 1), one("B", 0)};
  const Story story = s.run();
  REQUIRE(story.told(transactions) ==
          Lines{"01:00 first transaction-began 1", "01:00:01 second transaction-began 2",
                "01:00:01 second transaction-ended 2 0", "01:00:01 second failed WriteConflict",
                "01:00:01 second given-up WriteConflict", "01:00:04 first transaction-ended 1 1"});
  REQUIRE(story.told(writes) == Lines{"01:00:04 db updated 0 0"});
}

TEST_CASE("MONGO-004: the loser has failed although the winner undoes its transaction later", "[documents]") {
  StoreStory s;
  s.jobs = {{"first", transaction(add_to_a + ", " + work("4 s") + R"(, { "raise": "Regret" })")},
            {"second", work("1 s") + ", " + transaction(add_to_a)}};
  s.at_end = {one("A", 0)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::failed}) ==
          Lines{"01:00:01 second failed WriteConflict", "01:00:04 first failed Regret"});
  REQUIRE(story.told(writes).empty());
}

TEST_CASE("MONGO-016: a transaction conflicts with a plain write that was made after its snapshot", "[documents]") {
  StoreStory s;
  s.jobs = {{"long", transaction(work("2 s") + ", " + add_to_a)}, {"plain", work("1 s") + ", " + add_to_a}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00:02 long failed WriteConflict"});
}

TEST_CASE("MONGO-006: two fields of one document conflict, two documents do not", "[documents]") {
  StoreStory s;
  const std::string renames = R"({ "update": "db.docs", "where": "name == 'A'", "with": { "name": "'C'" } })";
  s.jobs = {{"first", transaction(add_to_a + ", " + work("4 s"))},
            {"names", work("1 s") + ", " + transaction(renames)},
            {"other", work("1 s") + ", " + transaction(add_to_b)}};
  s.at_end = {one("A", 1), one("B", 1)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00:01 names failed WriteConflict"});
}

TEST_CASE("MONGO-080: without transactions nobody conflicts, and what was written before a failure stays",
          "[documents]") {
  StoreStory s;
  const auto plain = [](const std::string& steps) { return R"({ "transaction": "none", "does": [ )" + steps + " ] }"; };
  s.jobs = {{"first", plain(add_to_a + ", " + work("4 s") + R"(, { "raise": "Regret" }, )" + add_to_b)},
            {"second", work("1 s") + ", " + plain(add_to_a)}};
  s.at_end = {one("A", 2), one("B", 0)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::failed}) == Lines{"01:00:04 first failed Regret"});
  REQUIRE(story.told(writes) == Lines{"01:00 db updated 0 0", "01:00:01 db updated 0 0"});
}

TEST_CASE("a result that has moved on conflicts inside a transaction and is overwritten outside", "[documents]") {
  const std::string reads = R"({ "find": "db.docs", "where": "name == 'A'", "as": "seen" })";
  const std::string writes_back = R"({ "update": "seen", "with": { "n": "n + 10" } })";
  StoreStory inside;
  inside.jobs = {{"plain", work("1 s") + ", " + add_to_a},
                 {"reader", reads + ", " + work("2 s") + ", " + transaction(writes_back)}};
  inside.at_end = {one("A", 1)};
  REQUIRE(inside.run().told({RecordKind::failed}) == Lines{"01:00:02 reader failed WriteConflict"});
  StoreStory outside;
  outside.jobs = {{"plain", work("1 s") + ", " + add_to_a},
                  {"reader", reads + ", " + work("2 s") + ", " + writes_back}};
  outside.at_end = {one("A", 11)};
  REQUIRE(outside.run().told({RecordKind::failed}).empty());
}

TEST_CASE("a filter inside a transaction ends it in good order: what was written before is committed", "[documents]") {
  StoreStory s;
  s.jobs = {{"job", transaction(add_to_a + R"(, { "filter": "1 == 2" }, )" + add_to_b)}};
  s.at_end = {one("A", 1), one("B", 0)};
  REQUIRE(s.run().told(transactions) == Lines{"01:00 job transaction-began 1", "01:00 job transaction-ended 1 1"});
}

TEST_CASE("the commit of a filter can fail as any other, and its item is not finished before it succeeds",
          "[documents]") {
  const Story story(R"(
    "items": { "order": { "done": "empty" } },
    "timeline": [ { "id": "one", "at": "01:00", "send": "order", "to": "orders" },
                  { "id": "broken", "at": "00:30", "fail": "db.commit", "error": "WriteConflict", "first": 1 } ],
    "systems": {
      "orders": { "is": "queue", "of": "order" },
      "db": { "is": "documents", "collections": { "docs": { "of": "order" } } },
      "clerk": { "is": "consumer", "reads": "orders", "does": [
        { "transaction": "db", "does": [ { "find": "db.docs", "as": "known" },
                                         { "filter": "size(known) > 0", "else": "empty" } ] } ],
        "on": { "WriteConflict": { "tries": 2, "wait": "5 s" } } } },
    "checks": { "once": { "every": "order", "ends": ["done"] } })");
  REQUIRE(story.told({RecordKind::failed, RecordKind::finished}, "clerk") ==
          Lines{"01:00 clerk failed order 1 WriteConflict", "01:00:05 clerk finished order 1 empty"});
  REQUIRE(story.count("order", Fate::done) == 1);
}

TEST_CASE("a retry repeats the whole transaction with a fresh snapshot and fresh results", "[documents]") {
  StoreStory s;
  const std::string notes = R"({ "find": "db.docs", "where": "name == 'A'", "as": "seen" }, )" + add_to_a +
                            R"(, { "insert": "db.notes", "with": { "by": "'second'", "n": "seen[0].n" } })";
  s.jobs = {{"first",
             transaction(R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "7" } }, )" + work("4 s"))},
            {"second",
             work("1 s") + ", " + transaction(notes, R"("on": { "WriteConflict": { "tries": 3, "wait": "2 s" } }, )")}};
  s.at_end = {one("A", 8), "count(db.notes) == 1", "count(db.notes, n == 7) == 1"};
  REQUIRE(s.run().told(transactions, "second") ==
          Lines{"01:00:01 second transaction-began 2", "01:00:01 second transaction-ended 2 0",
                "01:00:01 second failed WriteConflict", "01:00:01 second retried 1",
                "01:00:03 second transaction-began 3", "01:00:03 second transaction-ended 3 0",
                "01:00:03 second failed WriteConflict", "01:00:03 second retried 2",
                "01:00:05 second transaction-began 4", "01:00:05 second transaction-ended 4 1"});
}

TEST_CASE("MONGO-084: a step that is tried again inside the transaction finds its session dead", "[documents]") {
  StoreStory s;
  const std::string stubborn = R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "n + 1" },
                                    "on": { "WriteConflict": { "tries": 5, "wait": "1 s" } } })";
  s.jobs = {{"first", transaction(add_to_a + ", " + work("2 s"))},
            {"second", work("1 s") + ", " + transaction(add_to_b + ", " + stubborn)}};
  s.at_end = {one("A", 1), one("B", 0)};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried}) ==
          Lines{"01:00:01 second failed WriteConflict", "01:00:01 second retried 1",
                "01:00:02 second failed TransactionExpired"});
}

TEST_CASE("MONGO-046: who swallows an error of the store commits a dead transaction; a find hears of it, too",
          "[documents]") {
  StoreStory s;
  const std::string swallowed = R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "n + 1" },
                                     "on": { "WriteConflict": { "then": "ignore" } } })";
  s.jobs = {{"first", transaction(add_to_a + ", " + work("4 s"))},
            {"commits", work("1 s") + ", " + transaction(add_to_b + ", " + swallowed)},
            {"reads", work("2 s") + ", " + transaction(add_to_b + ", " + swallowed + R"(, { "find": "db.docs" })")}};
  s.at_end = {one("B", 0)};
  REQUIRE(s.run().told({RecordKind::failed}) ==
          Lines{"01:00:01 commits failed WriteConflict", "01:00:01 commits failed TransactionExpired",
                "01:00:02 reads failed WriteConflict", "01:00:02 reads failed TransactionExpired"});
}
