// Writes outside transactions: they wait instead of failing, look at the document again, and are atomic one by one.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

TEST_CASE("MONGO-012, MONGO-015: a plain write waits for the open transaction until a turn of the server's back-off",
          "[documents]") {
  StoreStory s;
  s.jobs = {{"holder", transaction(add_to_a + ", " + work("30 s"))}, {"plain", work("1 s") + ", " + add_to_a}};
  s.at_end = {one("A", 2)};
  const Story story = s.run();
  // It first failed at 1 s; 29 s later its turns are 100 ms apart, the next one 29.056 s after the first.
  REQUIRE(story.told(writes) == Lines{"01:00:30 db updated 0 0", "01:00:30.056 db updated 0 0"});
  REQUIRE(story.told({RecordKind::failed}).empty());  // MONGO-011: only latency.
}

TEST_CASE("MONGO-019: a plain write that waited evaluates its filter again on the new version", "[documents]") {
  StoreStory s;
  s.jobs = {
      {"holder", transaction(add_to_a + ", " + work("3 s"))},
      {"plain", work("1 s") + R"(, { "update": "db.docs", "where": "name == 'A' && n == 0", "with": { "n": "50" } })"}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told(writes) == Lines{"01:00:03 db updated 0 0"});
}

TEST_CASE("MONGO-019: a plain delete that waited evaluates its filter again on the new version", "[documents]") {
  StoreStory s;
  s.jobs = {{"holder", transaction(add_to_a + ", " + work("3 s"))},
            {"plain", work("1 s") + R"(, { "delete": "db.docs", "where": "name == 'A' && n == 0" })"}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told(writes) == Lines{"01:00:03 db updated 0 0"});
}

TEST_CASE("MONGO-015: when the transaction is undone, the plain write goes on with the old version", "[documents]") {
  StoreStory s;
  s.jobs = {
      {"holder", transaction(add_to_a + ", " + work("3 s") + R"(, { "raise": "Regret" })")},
      {"plain", work("1 s") + R"(, { "update": "db.docs", "where": "name == 'A' && n == 0", "with": { "n": "50" } })"}};
  s.at_end = {one("A", 50)};
  // First tried at 1 s; turns: 456 ms after 99 tries, 1456 ms after 199, then every 100 ms: 2.056 s.
  REQUIRE(s.run().told(writes) == Lines{"01:00:03.056 db updated 0 0"});
}

TEST_CASE("MONGO-017: waiting writers stand in no queue: who came later may go first", "[documents]") {
  StoreStory s;
  const auto notes = [](const std::string& n) {
    return R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "n * 10 + )" + n + R"(" } })";
  };
  s.jobs = {{"holder", transaction(add_to_a + ", " + work("30 s"))},
            {"early", work("1 s") + ", " + notes("2")},
            {"late", work("1.07 s") + ", " + notes("3")}};
  s.at_end = {one("A", 132)};
  REQUIRE(s.run().told(writes) ==
          Lines{"01:00:30 db updated 0 0", "01:00:30.026 db updated 0 0", "01:00:30.056 db updated 0 0"});
}

TEST_CASE("MONGO-041: an update of many that fails midway leaves what it had changed; in a transaction it does not",
          "[documents]") {
  StoreStory s;
  s.docs = R"("unique": ["n"], )";
  s.holds = R"({ "name": "A", "n": 1 }, { "name": "B", "n": 3 }, { "name": "C", "n": 4 })";
  const std::string all = R"({ "update": "db.docs", "with": { "n": "n + 1" } })";
  s.jobs = {{"many", all}};
  s.at_end = {one("A", 2), one("B", 3), one("C", 4)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00 many failed DuplicateKey"});
  s.jobs = {{"many", transaction(all)}};
  s.at_end = {one("A", 1), one("B", 3), one("C", 4)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00 many failed DuplicateKey"});
}

TEST_CASE("MONGO-046, MONGO-047: a taken unique key conflicts while its owner is open, and is a duplicate after",
          "[documents]") {
  StoreStory s;
  s.docs = R"("unique": ["name"], )";
  const std::string c = R"({ "insert": "db.docs", "with": { "name": "'C'" } })";
  s.jobs = {{"owner", transaction(c + ", " + work("4 s"))},
            {"while", work("1 s") + ", " + transaction(c)},
            {"plain", work("1 s") + ", " + c},
            {"after", work("5 s") + ", " + transaction(c)}};
  s.at_end = {"count(db.docs, name == 'C') == 1"};
  // The plain one waits 3 s, to its turn 3.056 s after the first try.
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00:01 while failed WriteConflict",
                                                      "01:00:04.056 plain failed DuplicateKey",
                                                      "01:00:05 after failed DuplicateKey"});
}

TEST_CASE("MONGO-050: claims outside transactions never meet: every claimer gets a document of its own",
          "[documents]") {
  StoreStory s;
  s.holds += R"(, { "name": "C", "n": 0 })";
  const std::string claim = R"({ "find-and-modify": "db.docs", "where": "n == 0", "with": { "n": "1" }, "as": "got" },
      { "only-if": "size(got) > 0", "insert": "db.notes", "with": { "by": "got[0].name", "n": "1" } })";
  s.jobs = {{"one", claim}, {"two", claim}, {"three", claim}, {"four", claim}};
  s.at_end = {"count(db.notes) == 3", "count(db.notes, by == 'A') == 1", "count(db.notes, by == 'B') == 1",
              "count(db.notes, by == 'C') == 1"};
  REQUIRE(s.run().told({RecordKind::failed}).empty());
}

TEST_CASE("MONGO-053: claims inside transactions all want the first document: one wins, the others conflict",
          "[documents]") {
  StoreStory s;
  s.holds += R"(, { "name": "C", "n": 0 })";
  const std::string claim = R"({ "find-and-modify": "db.docs", "where": "n == 0", "with": { "n": "1" } })";
  for (const std::string name : {"one", "two", "three", "four"})
    s.jobs.push_back({name, transaction(claim + ", " + work("1 s"))});
  s.at_end = {one("A", 1), one("B", 0), one("C", 0)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00 two failed WriteConflict",
                                                      "01:00 three failed WriteConflict",
                                                      "01:00 four failed WriteConflict"});
}

TEST_CASE("MONGO-048: two upserts without a unique key insert twice; with one, the second is an update",
          "[documents]") {
  StoreStory s;
  const std::string upsert =
      R"({ "update": "db.docs", "where": "name == 'C'", "upsert": true, "with": { "n": "n + 1" } })";
  s.jobs = {{"holder", transaction(upsert + ", " + work("2 s"))}, {"plain", work("1 s") + ", " + upsert}};
  s.at_end = {"count(db.docs, name == 'C' && n == 1) == 2"};
  s.run();
  s.docs = R"("unique": ["name"], )";
  s.at_end = {one("C", 2)};
  REQUIRE(s.run().told({RecordKind::failed}).empty());
}

TEST_CASE("holds, takes and delete: a store begins with documents, needs time, and forgets", "[documents]") {
  StoreStory s;
  s.store = R"("takes": "10 ms", )";
  s.jobs = {
      {"job",
       R"({ "delete": "db.docs", "where": "name == 'A'" }, { "insert": "db.docs", "with": { "name": "'C'" } }, )" +
           add_to_b + R"(, { "delete": "db.docs", "where": "name == 'Z'" })"}};
  s.at_end = {"count(db.docs) == 2", one("B", 1), one("C", 0)};
  const Story story = s.run();
  REQUIRE(story.told(writes) ==
          Lines{"01:00:00.01 db removed 0 0", "01:00:00.02 db inserted 2 0", "01:00:00.03 db updated 1 0"});
  REQUIRE(story.told({RecordKind::run_ended}) == Lines{"01:00:00.04 job run-ended 0 1"});
}

TEST_CASE("the time that an operation takes is drawn by the name of its step: a step before it changes nothing",
          "[documents][determinism]") {
  StoreStory s;
  s.store = R"("takes": "1 ms .. 900 ms", )";
  const std::string named = R"({ "id": "add", "update": "db.docs", "where": "name == 'A'", "with": { "n": "n + 1" } })";
  s.jobs = {{"job", named}};
  const Lines alone = s.run(5).told(writes);
  s.jobs = {{"job", R"({ "mark": "here" }, )" + named}};
  REQUIRE(s.run(5).told(writes) == alone);
  REQUIRE(s.run(6).told(writes) != alone);
}

TEST_CASE("the wait of a writer that died is not that of whoever comes after it", "[documents]") {
  const premortem::testing::Story story(R"(
    "items": { "thing": { "done": "ok" } },
    "timeline": [ { "at": "01:00", "run": "changer" }, { "at": "01:02", "crash": "packer", "restart": "10 s" } ],
    "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:00:30", "01:00:31", "01:00:32"] } },
    "systems": {
      "db": { "is": "documents", "lifetime": "2 h", "collections": { "docs": { "fields": { "state": "string" },
              "holds": [ { "state": "A" } ] } } },
      "slow": { "is": "service", "of": "thing", "offers": { "op": { "takes": "50 min", "does": [ { "reply": "true" } ] } } },
      "box": { "is": "queue", "of": "thing" },
      "packer": { "is": "consumer", "reads": "box", "workers": 3, "prefetch": 1, "on": { "Timeout": { "then": "discard" } },
        "does": [ { "only-if": "it.redelivered", "call": "slow.op", "timeout": "2 h" },
                  { "only-if": "!it.redelivered", "update": "db.docs", "with": { "state": "'C'" } },
                  { "finish": "ok" } ] },
      "changer": { "is": "job", "does": [ { "transaction": "db",
        "does": [ { "update": "db.docs", "with": { "state": "'B'" } }, { "work": "30 min" } ] } ] } })");
  REQUIRE(story.count("thing", Fate::done) == 3);
}
