// The driver's withTransaction: what it tries again by itself, how soon, how long, and what it leaves to others.

#include "sim/models/document_store/driver_retry.hpp"

#include <algorithm>

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

namespace {

/// Holds A from 01:00 until `length` later.
std::string holds_a(const std::string& length) { return transaction(add_to_a + ", " + work(length)); }

/// From 01:00:01 on: a second of work, then A.
std::string wants_a(const std::string& keys) {
  return work("1 s") + ", " + transaction(work("1 s") + ", " + add_to_a, keys);
}

/// Instants of records of a kind, ns.
std::vector<std::int64_t> instants(const Story& story, RecordKind kind) {
  std::vector<std::int64_t> at;
  for (const Record& record : story.records) {
    if (record.kind == static_cast<std::uint16_t>(kind)) at.push_back(record.at);
  }
  return at;
}

constexpr std::int64_t ms = 1'000'000;

}  // namespace

TEST_CASE("MONGO-081: without retries the first conflict goes to the caller", "[documents][retries]") {
  StoreStory s;
  s.jobs = {{"first", holds_a("4.5 s")}, {"second", wants_a("")}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::given_up}) ==
          Lines{"01:00:02 second failed WriteConflict", "01:00:02 second given-up WriteConflict"});
}

TEST_CASE("MONGO-030: the driver reruns the whole transaction at once, until it has not met anybody",
          "[documents][retries]") {
  StoreStory s;
  s.jobs = {{"first", holds_a("4.5 s")}, {"second", wants_a(R"("retries": "driver", )")}};
  s.at_end = {one("A", 2)};
  // The run that began at 4 s has a snapshot from before 4.5 s: it conflicts although nobody holds A any more.
  REQUIRE(s.run().told(transactions, "second") ==
          Lines{"01:00:01 second transaction-began 2", "01:00:02 second transaction-ended 2 0",
                "01:00:02 second failed WriteConflict", "01:00:02 second retried 1",
                "01:00:02 second transaction-began 3", "01:00:03 second transaction-ended 3 0",
                "01:00:03 second failed WriteConflict", "01:00:03 second retried 2",
                "01:00:03 second transaction-began 4", "01:00:04 second transaction-ended 4 0",
                "01:00:04 second failed WriteConflict", "01:00:04 second retried 3",
                "01:00:04 second transaction-began 5", "01:00:05 second transaction-ended 5 0",
                "01:00:05 second failed WriteConflict", "01:00:05 second retried 4",
                "01:00:05 second transaction-began 6", "01:00:06 second transaction-ended 6 1"});
}

TEST_CASE("MONGO-030: 120 s after it began the driver passes the error on", "[documents][retries]") {
  StoreStory s;
  s.store = R"("lifetime": "10 min", )";
  s.jobs = {{"first", holds_a("5 min")}, {"second", wants_a(R"("retries": "driver", )")}};
  s.at_end = {one("A", 1)};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::failed}).size() == 120);  // Its callback has run so often.
  REQUIRE(story.told({RecordKind::given_up}) == Lines{"01:02:01 second given-up WriteConflict"});
}

TEST_CASE("the driver's limit has an address, and so have its retries", "[documents][retries]") {
  StoreStory s;
  s.timeline = R"({ "id": "on", "at": "00:30", "set": { "second.does[add].retries": "driver",
                                                         "second.does[add].retry-limit": "3 s" } })";
  s.jobs = {{"first", holds_a("10 s")}, {"second", wants_a(R"("id": "add", )")}};
  REQUIRE(s.run().told({RecordKind::retried, RecordKind::given_up}) ==
          Lines{"01:00:02 second retried 1", "01:00:03 second retried 2", "01:00:04 second given-up WriteConflict"});
}

TEST_CASE("a callback that takes no time is tried every millisecond, not for ever at one instant",
          "[documents][retries]") {
  StoreStory s;
  s.jobs = {{"first", holds_a("3.5 ms")}, {"second", transaction(add_to_a, R"("retries": "driver", )")}};
  s.at_end = {one("A", 2)};
  REQUIRE(s.run().told({RecordKind::retried, RecordKind::updated}) ==
          Lines{"01:00 second retried 1", "01:00:00.001 second retried 2", "01:00:00.002 second retried 3",
                "01:00:00.003 second retried 4", "01:00:00.0035 db updated 0 0", "01:00:00.004 db updated 0 0"});
}

TEST_CASE("MONGO-031: since 2025 reruns wait a random time below 5 ms, half as long again each time",
          "[documents][retries]") {
  const std::uint64_t seed = GENERATE(1U, 2U, 3U);
  StoreStory s;
  const auto waits = [&](const std::string& retries) {
    s.jobs = {{"first", holds_a("10.5 s")}, {"second", wants_a(R"("retries": ")" + retries + R"(", )")}};
    const Story story = s.run(seed);
    const std::vector<std::int64_t> failed = instants(story, RecordKind::failed);
    std::vector<std::int64_t> began = instants(story, RecordKind::transaction_began);
    began.erase(began.begin(), began.begin() + 2);  // The holder's, and the first of the other.
    REQUIRE(began.size() == failed.size());
    std::vector<std::int64_t> between;
    for (std::size_t n = 0; n < failed.size(); ++n) between.push_back(began[n] - failed[n]);
    return between;
  };
  const std::vector<std::int64_t> now = waits("driver-2026"), before = waits("driver-2025");
  REQUIRE(before.size() >= 9);
  for (std::size_t n = 0; n < before.size(); ++n) {
    REQUIRE(before[n] < rerun_wait_bound(TransactionBackoff::v2025, static_cast<std::int64_t>(n) + 1));
  }
  REQUIRE(std::max(before[0], before[1]) > 0);
  // The same draw under another bound: 7.5 ms instead of 5 ms, to the rounded nanosecond.
  const std::int64_t off = now[0] * 2 - before[0] * 3;
  REQUIRE(off >= -3);
  REQUIRE(off <= 3);
  REQUIRE(now[0] < 7'500'000);
  REQUIRE(before[0] < 5 * ms);
}

TEST_CASE("MONGO-030: an on around the transaction begins a new withTransaction when the driver has given up",
          "[documents][retries]") {
  StoreStory s;
  s.jobs = {{"first", holds_a("20 s")}, {"second", wants_a(R"("retries": "driver", "retry-limit": "2 s",
                                  "on": { "WriteConflict": { "tries": 2, "wait": "5 s" } }, )")}};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::given_up}) ==
          Lines{"01:00:02 second failed WriteConflict", "01:00:02 second retried 1",
                "01:00:03 second failed WriteConflict", "01:00:03 second retried 1",  // The outer one: 5 s.
                "01:00:09 second failed WriteConflict", "01:00:09 second retried 1",
                "01:00:10 second failed WriteConflict", "01:00:10 second given-up WriteConflict"});
}

TEST_CASE("MONGO-025: a transaction that was reaped is rerun; its error is passed on when the limit is over",
          "[documents][retries]") {
  StoreStory s;
  s.store = R"("lifetime": "2 s", )";
  s.jobs = {{"slow", transaction(add_to_a + ", " + work("4 s"), R"("retries": "driver", "retry-limit": "10 s", )")}};
  s.at_end = {one("A", 0)};
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::given_up}) ==
          Lines{"01:00:04 slow failed TransactionExpired", "01:00:04 slow retried 1",
                "01:00:08 slow failed TransactionExpired", "01:00:08 slow retried 2",
                "01:00:12 slow failed TransactionExpired", "01:00:12 slow given-up TransactionExpired"});
}

TEST_CASE("MONGO-033: a callback that swallows DuplicateKey loops until the limit", "[documents][retries]") {
  StoreStory s;
  s.docs = R"("unique": ["name"], )";
  const std::string swallows = R"({ "work": "1 s" }, { "insert": "db.docs", "with": { "name": "'A'" },
                                    "on": { "DuplicateKey": { "then": "ignore" } } })";
  s.jobs = {{"job", transaction(swallows, R"("retries": "driver", "retry-limit": "3 s", )")}};
  REQUIRE(s.run().told({RecordKind::failed}) ==
          Lines{"01:00:01 job failed DuplicateKey", "01:00:01 job failed TransactionExpired",
                "01:00:02 job failed DuplicateKey", "01:00:02 job failed TransactionExpired",
                "01:00:03 job failed DuplicateKey", "01:00:03 job failed TransactionExpired"});
}

TEST_CASE("MONGO-046: the driver does not try DuplicateKey again, nor what the scenario raises",
          "[documents][retries]") {
  StoreStory s;
  s.docs = R"("unique": ["name"], )";
  s.jobs = {{"taken", transaction(R"({ "insert": "db.docs", "with": { "name": "'A'" } })", R"("retries": "driver", )")},
            {"regrets", transaction(R"({ "raise": "Regret" })", R"("retries": "driver", )")}};
  const Story story = s.run();
  REQUIRE(story.told({RecordKind::failed}) == Lines{"01:00 taken failed DuplicateKey", "01:00 regrets failed Regret"});
  REQUIRE(story.told({RecordKind::retried}).empty());
}

TEST_CASE("MONGO-027: nobody knows whether the commit happened: redone it counts twice, the driver asks again instead",
          "[documents][retries]") {
  StoreStory s;
  s.timeline = R"({ "id": "lost", "at": "00:30", "fail": "db.commit", "applied": true, "first": 1 })";
  s.jobs = {{"job", transaction(add_to_a)}};
  s.at_end = {one("A", 1)};
  REQUIRE(s.run().told({RecordKind::failed}) == Lines{"01:00 job failed Unavailable"});  // And yet it is there.
  s.jobs = {{"job", transaction(add_to_a, R"("on": { "Unavailable": { "tries": 2 } }, )")}};
  s.at_end = {one("A", 2)};
  s.run();
  s.jobs = {{"job", transaction(add_to_a, R"("retries": "driver", )")}};
  s.at_end = {one("A", 1)};
  const Story story = s.run();
  REQUIRE(story.told(transactions) == Lines{"01:00 job transaction-began 1", "01:00 job transaction-ended 1 1",
                                            "01:00 job failed Unavailable", "01:00 job retried 1"});
  REQUIRE(story.told({RecordKind::run_ended}) == Lines{"01:00:00.001 job run-ended 0 1"});
}

TEST_CASE("MONGO-027: a commit that did not reach the store is made by the driver's next try", "[documents][retries]") {
  StoreStory s;
  s.timeline = R"({ "id": "cut_off", "at": "00:30", "fail": "db.commit", "first": 2 })";
  s.jobs = {{"job", transaction(add_to_a + R"(, { "filter": "1 == 2" }, )" + add_to_b, R"("retries": "driver", )")}};
  s.at_end = {one("A", 1), one("B", 0)};
  REQUIRE(s.run().told(transactions) == Lines{"01:00 job transaction-began 1", "01:00 job failed Unavailable",
                                              "01:00 job retried 1", "01:00:00.001 job failed Unavailable",
                                              "01:00:00.001 job retried 2", "01:00:00.002 job transaction-ended 1 1"});
}

TEST_CASE("MONGO-028: every driver tries a commit once more when nobody knows whether it happened, and nothing else",
          "[documents][retries]") {
  StoreStory s;
  const auto lost = [](const std::string& times) {
    return R"({ "id": "lost", "at": "00:30", "fail": "db.commit", "applied": true, "first": )" + times + " }";
  };
  s.jobs = {{"job", transaction(add_to_a, R"("retries": "commit", )")}};
  s.at_end = {one("A", 1)};
  s.timeline = lost("1");
  REQUIRE(s.run().told({RecordKind::run_ended}) == Lines{"01:00:00.001 job run-ended 0 1"});
  s.timeline = lost("2");
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried, RecordKind::given_up}) ==
          Lines{"01:00 job failed Unavailable", "01:00 job retried 1", "01:00:00.001 job failed Unavailable",
                "01:00:00.001 job given-up Unavailable"});
  s.timeline = R"({ "id": "lost", "at": "00:30", "fail": "db.commit", "error": "WriteConflict" })";
  s.at_end = {one("A", 0)};
  REQUIRE(s.run().told({RecordKind::retried}).empty());
}

TEST_CASE("the driver's waits are drawn by name: an idle job beside it changes none",
          "[documents][retries][determinism]") {
  StoreStory s;
  s.jobs = {{"first", holds_a("4.5 s")}, {"second", wants_a(R"("retries": "driver-2026", )")}};
  const Lines alone = s.run(7).told(transactions, "second");
  s.jobs.insert(s.jobs.begin(), {"idle", work("2 s")});
  REQUIRE(s.run(7).told(transactions, "second") == alone);
  REQUIRE(s.run(8).told(transactions, "second") != alone);
}

TEST_CASE("MONGO-026: a statement that nobody answered voids the transaction: the driver reruns it",
          "[documents][retries]") {
  StoreStory s;
  s.timeline = R"({ "id": "lost", "at": "00:30", "fail": "db.update", "applied": true, "nth": 2 })";
  s.jobs = {{"job", transaction(add_to_a + ", " + work("1 s") + ", " + add_to_b, R"("retries": "driver", )")}};
  s.at_end = {one("A", 1), one("B", 1)};
  REQUIRE(s.run().told(transactions) == Lines{"01:00 job transaction-began 1", "01:00:01 job failed Unavailable",
                                              "01:00:01 job transaction-ended 1 0", "01:00:01 job retried 1",
                                              "01:00:01 job transaction-began 2",
                                              "01:00:02 job transaction-ended 2 1"});
}

TEST_CASE("MONGO-032: what the callback does outside the store is repeated with it; its failures are not the driver's",
          "[documents][retries]") {
  StoreStory s;
  s.systems = R"("bell": { "is": "service", "offers": { "ring": {} } }, )";
  const std::string rings = R"({ "call": "bell.ring" }, { "work": "1 s" }, )" + add_to_a;
  s.jobs = {{"first", holds_a("2.5 s")}, {"second", transaction(rings, R"("retries": "driver", )")}};
  REQUIRE(s.run().told({RecordKind::replied}) ==
          Lines{"01:00 bell replied bell.ring", "01:00:01 bell replied bell.ring", "01:00:02 bell replied bell.ring",
                "01:00:03 bell replied bell.ring"});
  s.timeline = R"({ "id": "mute", "at": "00:30", "fail": "bell.ring" })";
  REQUIRE(s.run().told({RecordKind::failed, RecordKind::retried}) == Lines{"01:00 second failed Unavailable"});
}

TEST_CASE("MONGO-064: a store that crashes undoes what is open; the driver reruns until it is back",
          "[documents][retries]") {
  StoreStory s;
  s.timeline = R"({ "id": "down", "at": "01:00:02", "crash": "db", "restart": "3 s" })";
  s.jobs = {{"plain", transaction(add_to_a + ", " + work("4 s"))},
            {"driver", transaction(add_to_b + ", " + work("4 s"), R"("retries": "driver-2025", )")}};
  s.at_end = {one("A", 0), one("B", 1)};
  const Story story = s.run();
  REQUIRE(story.told(transactions, "plain") == Lines{"01:00 plain transaction-began 1",
                                                     "01:00:04 plain failed Unavailable",
                                                     "01:00:04 plain given-up Unavailable"});
  REQUIRE(story.told(transactions, "db") ==
          Lines{"01:00:02 db transaction-ended 1 0", "01:00:02 db transaction-ended 2 0"});
  REQUIRE(story.told({RecordKind::given_up}, "driver").empty());
}

TEST_CASE("retries without a transaction are said to do nothing", "[documents][retries]") {
  StoreStory s;
  s.jobs = {{"job", R"({ "transaction": "none", "retries": "driver", "does": [ )" + add_to_a + " ] }"}};
  const Story story = s.run();
  REQUIRE(story.notes() == Lines{"job.does.retries: without a transaction the driver tries nothing again"});
}
