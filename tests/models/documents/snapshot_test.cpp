// What transactions see, and how long they live.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {
/// Reads A and notes what it saw.
std::string note_a(const std::string& by) {
  return R"({ "find-one": "db.docs", "where": "name == 'A'", "as": ")" + by + R"(" },
            { "insert": "db.notes", "with": { "by": "')" +
         by + R"('", "n": ")" + by + R"(.n" } })";
}
std::string noted(const std::string& by, int n) {
  return "count(db.notes, by == '" + by + "' && n == " + std::to_string(n) + ") == 1";
}
}  // namespace

TEST_CASE("MONGO-001: a transaction reads what was committed when it began, and its own writes", "[documents]") {
  StoreStory s;
  s.jobs = {{"reader", transaction(note_a("first") + ", " + work("2 s") + ", " + note_a("again"))},
            {"own", transaction(R"({ "update": "db.docs", "where": "name == 'B'", "with": { "n": "9" } },
                                   { "find-one": "db.docs", "where": "name == 'B'", "as": "mine" },
                                   { "insert": "db.notes", "with": { "by": "'mine'", "n": "mine.n" } })")},
            {"plain", work("1 s") + ", " + add_to_a},
            {"outside", work("2 s") + ", " + note_a("outside")}};
  s.at_end = {noted("first", 0), noted("again", 0), noted("outside", 1), noted("mine", 9)};
  s.run();
}

TEST_CASE("MONGO-001: nobody sees what is not committed", "[documents]") {
  StoreStory s;
  s.jobs = {{"writer", transaction(add_to_a + ", " + work("4 s") + R"(, { "raise": "Regret" })")},
            {"reader", work("1 s") + ", " + note_a("during")}};
  s.at_end = {noted("during", 0)};
  s.run();
}

TEST_CASE("MONGO-055: reads outside a transaction see different times", "[documents]") {
  StoreStory s;
  s.jobs = {{"reader", note_a("first") + ", " + work("2 s") + ", " + note_a("again")},
            {"plain", work("1 s") + ", " + add_to_a}};
  s.at_end = {noted("first", 0), noted("again", 1)};
  s.run();
}

TEST_CASE("MONGO-002, PROP-035: two transactions that read both documents and write one each break what both checked",
          "[documents]") {
  StoreStory s;
  s.holds = R"({ "name": "A", "n": 1 }, { "name": "B", "n": 1 })";
  const auto leaves = [](const std::string& name) {
    return transaction(R"({ "find": "db.docs", "where": "n == 1", "as": "on_call" }, { "work": "1 s" },
        { "only-if": "size(on_call) == 2", "update": "db.docs", "where": "name == ')" +
                       name + R"('", "with": { "n": "0" } })");
  };
  s.jobs = {{"doctor_a", leaves("A")}, {"doctor_b", leaves("B")}};
  s.at_end = {"count(db.docs, n == 1) == 0"};
  REQUIRE(s.run().told({RecordKind::failed}).empty());
}

TEST_CASE("MONGO-034: who writes what it relies on conflicts instead", "[documents]") {
  StoreStory s;
  s.holds = R"({ "name": "A", "n": 1 }, { "name": "B", "n": 1 })";
  const std::string leaves = transaction(R"({ "find": "db.docs", "where": "n > 0", "as": "on_call" },
      { "update": "db.docs", "with": { "n": "n + 1" } }, { "work": "1 s" })");
  s.jobs = {{"doctor_a", leaves}, {"doctor_b", leaves}};
  s.at_end = {one("A", 2), one("B", 2)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00 doctor_b failed WriteConflict"});
}

TEST_CASE("MONGO-024: an idle transaction is undone when the reaper next looks after its 60 s", "[documents]") {
  StoreStory s;
  // The reaper looks every 30 s from the first transaction on: at 1:00 the idle one is 50 s old, at 1:30 it is 80.
  s.jobs = {{"other", transaction(work("20 s"))},
            {"idle", work("10 s") + ", " + transaction(add_to_a + ", " + work("100 s") + ", " + add_to_b)}};
  s.at_end = {one("A", 0), one("B", 0)};
  REQUIRE(s.run().told(transactions) ==
          Lines{"01:00 other transaction-began 1", "01:00:10 idle transaction-began 2",
                "01:00:20 other transaction-ended 1 1", "01:01:30 db transaction-ended 2 0",
                "01:01:50 idle failed TransactionExpired", "01:01:50 idle given-up TransactionExpired"});
}

TEST_CASE("MONGO-024: what waits for an idle transaction goes on when that is reaped", "[documents]") {
  StoreStory s;
  s.store = R"("lifetime": "2 s", )";
  s.jobs = {{"idle", transaction(add_to_a + ", " + work("1 min"))}, {"plain", work("1 s") + ", " + add_to_a}};
  s.at_end = {one("A", 1)};
  // Reaped at 2 s; the plain write's turn after its first second of waiting is 1.006 s after its first try.
  REQUIRE(s.run().told(writes) == Lines{"01:00:02.006 db updated 0 0"});
}

TEST_CASE("MONGO-024: transactions expire also after the store has crashed", "[documents]") {
  const auto story = [](const std::string& timeline) {
    return premortem::testing::Story(R"("items": { "thing": { "done": "ok" } },
      "arrivals": { "things": { "item": "thing", "into": "box", "at": ["01:04:50", "02:00"] } },
      "timeline": [ )" + timeline + R"( ],
      "systems": { "box": { "is": "queue", "of": "thing" },
        "db": { "is": "documents", "collections": { "docs": { "fields": { "state": "string" }, "holds": [ { "state": "A" } ] } } },
        "packer": { "is": "consumer", "reads": "box", "on": { "any": { "then": "discard" } }, "does": [
          { "transaction": "db", "does": [ { "update": "db.docs", "with": { "state": "'B'" } }, { "work": "20 min" } ] },
          { "finish": "ok" } ] } })");
  };
  REQUIRE(story("").count("thing", Fate::lost) == 2);
  REQUIRE(story(R"({ "at": "01:05", "crash": "db", "restart": "1 min" })").count("thing", Fate::lost) == 2);
}

TEST_CASE("MONGO-024: each of many stores has transactions that expire", "[documents]") {
  std::string stores;
  for (int n = 0; n < 33; ++n)
    stores += "\"db" + std::to_string(n) + R"(": { "is": "documents", "collections": { "docs)" + std::to_string(n) +
              R"(": { "fields": { "n": "int" }, "holds": [ { "n": 0 } ] } } }, )";
  const auto job = [](const std::string& n) {
    return "\"job" + n + R"(": { "is": "job", "cron": "0 1 * * *", "does": [ { "transaction": "db)" + n +
           R"(", "does": [ { "update": "db)" + n + ".docs" + n +
           R"(", "with": { "n": "1" } }, { "work": "20 min" } ] } ] })";
  };
  const premortem::testing::Story story(R"("items": { "thing": {} }, "systems": { )" + stores + job("0") + ", " +
                                        job("32") + " }");
  REQUIRE(story.told({RecordKind::transaction_ended}).size() == 2);
  REQUIRE(story.told({RecordKind::given_up}).size() == 2);
}
