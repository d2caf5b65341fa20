// Simulated systems at a replica set: a majority that is behind, elections, what is rolled back, a cache under
// pressure.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// On the day of the story, whose jobs begin at 01:00.
std::string at_one(const std::string& minutes, const std::string& deed) {
  return R"({ "at": "2021-01-04 01:)" + minutes + R"(", )" + deed + " }";
}

constexpr std::initializer_list<RecordKind> elections = {RecordKind::stepped_down, RecordKind::rolled_back,
                                                         RecordKind::elected};

}  // namespace

TEST_CASE("MONGO-060: a simulated write is over when a majority has it, or at once if it waits for the primary alone",
          "[documents][replication]") {
  StoreStory s;
  s.store = R"("lag": "2 s", )";
  s.jobs = {{"writer", add_to_a + ", " + add_to_b}};
  s.at_end = {one("A", 1), one("B", 1)};
  CHECK(s.run().told(writes) == Lines{"01:00 db updated 0 0", "01:00:02 db updated 1 0"});
  s.store = R"("lag": "2 s", "write-concern": "1", )";
  CHECK(s.run().told(writes) == Lines{"01:00 db updated 0 0", "01:00 db updated 1 0"});
  // A transaction waits once, for its commit.
  s.store = R"("lag": "2 s", )";
  s.jobs = {{"writer", transaction(add_to_a + ", " + add_to_b) + ", " + add_to_a}};
  s.at_end = {one("A", 2), one("B", 1)};
  CHECK(s.run().told(writes) == Lines{"01:00 db updated 0 0", "01:00 db updated 1 0", "01:00:02 db updated 0 0"});
}

TEST_CASE(
    "MONGO-061: an acknowledged write that no majority had is undone by a fall of the primary, and nobody is told",
    "[documents][replication]") {
  StoreStory s;
  s.store = R"("lag": "2 s", "write-concern": "1", )";
  s.timeline = at_one("00:01", R"("step-down": "db")");
  s.jobs = {{"writer", add_to_a}};
  s.at_end = {one("A", 0)};
  const Story story = s.run();
  CHECK(story.told(elections) ==
        Lines{"01:00:01 db stepped-down", "01:00:01 db rolled-back 1", "01:00:13 db elected 2"});
  CHECK(story.told(writes) == Lines{"01:00 db updated 0 0", "01:00:01 db updated 0 0"});
  CHECK(story.told({RecordKind::failed}).empty());
  // In good order nothing is lost.
  s.timeline = at_one("00:01", R"("step-down": "db", "orderly": true)");
  s.at_end = {one("A", 1)};
  CHECK(s.run().told(elections) == Lines{"01:00:01 db stepped-down", "01:00:13 db elected 2"});
}

TEST_CASE("MONGO-061: who waits for a majority hears that the write is lost, and may try again",
          "[documents][replication]") {
  StoreStory s;
  s.store = R"("lag": "2 s", )";
  s.timeline = at_one("00:01", R"("step-down": "db")");
  s.jobs = {{"writer", R"({ "update": "db.docs", "where": "name == 'A'", "with": { "n": "n + 1" },
                            "on": { "Unavailable": { "tries": 2, "wait": "1 s" } } })"}};
  s.at_end = {one("A", 1)};
  CHECK(s.run().told({RecordKind::failed, RecordKind::updated}) ==
        Lines{"01:00 db updated 0 0", "01:00:01 db updated 0 0", "01:00:01 writer failed Unavailable",
              "01:00:13 db updated 0 0"});
}

TEST_CASE("MONGO-063: a write waits for the new primary as long as a driver looks for one, 30 s",
          "[documents][replication]") {
  StoreStory s;
  s.timeline = at_one("00:01", R"("step-down": "db")");
  s.jobs = {{"writer", work("2 s") + ", " + add_to_a}};
  s.at_end = {one("A", 1)};
  CHECK(s.run().told(writes) == Lines{"01:00:13 db updated 0 0"});
  s.timeline = at_one("00:01", R"("step-down": "db", "for": "1 min")");
  s.at_end = {one("A", 0)};
  CHECK(s.run().told({RecordKind::failed}) == Lines{"01:00:32 writer failed Unavailable"});
}

TEST_CASE("MONGO-064: open transactions are undone by a step-down; the driver's withTransaction does them again",
          "[documents][replication]") {
  StoreStory s;
  s.timeline = at_one("00:01", R"("step-down": "db", "for": "5 s")");
  s.jobs = {{"plain", transaction(add_to_a + ", " + work("2 s"))},
            {"driver", transaction(add_to_b + ", " + work("2 s"), R"("retries": "driver", )")}};
  s.at_end = {one("A", 0), one("B", 1)};
  CHECK(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::transaction_ended}) ==
        Lines{"01:00:01 db transaction-ended 1 0", "01:00:01 db transaction-ended 2 0",
              "01:00:06 plain failed TransactionExpired", "01:00:06 driver failed TransactionExpired",
              "01:00:06 driver retried 1", "01:00:08 driver transaction-ended 3 1"});
}

TEST_CASE("MONGO-064: a commit that no majority had when the primary fell is done again as a whole",
          "[documents][replication]") {
  StoreStory s;
  s.store = R"("lag": "2 s", )";
  s.timeline = at_one("00:01", R"("step-down": "db", "for": "5 s")");
  s.jobs = {{"driver", transaction(add_to_a, R"("retries": "driver", )")}};
  s.at_end = {one("A", 1)};
  CHECK(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::updated}) ==
        Lines{"01:00 db updated 0 0", "01:00:01 db updated 0 0", "01:00:01 driver failed TransactionExpired",
              "01:00:01 driver retried 1", "01:00:06 db updated 0 0"});
}

TEST_CASE("MONGO-005: under cache pressure the oldest transaction gives way at its next step, with nobody competing",
          "[documents][replication]") {
  StoreStory s;
  s.store = R"("cache-pressure": true, )";
  const std::string note = R"({ "insert": "db.notes", "with": { "by": "'old'" } })";
  s.jobs = {{"old", transaction(add_to_a + ", " + work("2 s") + ", " + note)},
            {"young", work("1 s") + ", " + transaction(add_to_b)}};
  s.at_end = {one("A", 0), one("B", 1)};
  CHECK(s.run().told({RecordKind::failed, RecordKind::updated}) ==
        Lines{"01:00:01 db updated 1 0", "01:00:02 old failed WriteConflict"});
  // It can come and go while the story runs.
  s.store = R"("cache-pressure": false, )";
  s.timeline = at_one("00:01", R"("set": { "db.cache-pressure": true })");
  CHECK(s.run().told({RecordKind::failed}) == Lines{"01:00:02 old failed WriteConflict"});
}

TEST_CASE("What keys of a replica set mean nothing, is said", "[documents][replication]") {
  const auto complains = [](const std::string& store, const std::string& timeline, const std::string& of) {
    StoreStory s;
    s.store = store;
    s.timeline = timeline;
    s.jobs = {{"writer", add_to_a}};
    return diagnostics_of(s.body()).find(of) != std::string::npos;
  };
  CHECK(complains(R"("write-concern": "1", )", "",
                  R"(without a "lag" there is no majority to wait for; write "lag", too, or remove it)"));
  CHECK(complains("", at_one("00:01", R"("step-down": "db", "orderly": true)"),
                  R"(nothing of db can be rolled back, since it has no "lag"; give it one, or remove this)"));
  CHECK(complains(R"("oplog-max": 0, )", "", "a store without an oplog is none; write 1 or more"));
  CHECK(complains(R"("users": { "app": ["a", "b"] }, )", "", R"(a user has a name and one password: "app": "secret")"));
}
