// Parallel branches of a loop: transactions of their own, errors, and what happens to the handler around them.

#include "tests/models/documents/store_story.hpp"

using namespace premortem;
using namespace premortem::testing;

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

TEST_CASE("a run with parallel branches dies once, and is replaced once", "[documents][branches]") {
  const auto told = [](const std::string& cron, const std::string& timeline) {
    const Story story(R"("items": { "thing": {} }, "timeline": [ )" + timeline + R"( ],
      "systems": { "job": { "is": "job", "cron": ")" +
                      cron + R"(", "overlap": "replace", "does": [
        { "each": ["x", "y", "z"], "at-once": 3, "work": "90 min" } ] } },
      "checks": { "idle": { "at": "end", "that": "job.running == 0" } })");
    CHECK(story.check("idle").verdict == CheckVerdict::holds);
    return story.told({RecordKind::run_started, RecordKind::run_ended});
  };
  REQUIRE(told("0 1,2 * * *", "") == Lines{"01:00 job run-started 0 0", "02:00 job run-ended 0 0",
                                           "02:00 job run-started 1 0", "03:30 job run-ended 1 1"});
  REQUIRE(told("0 1 * * *", R"({ "at": "01:30", "crash": "job" })") ==
          Lines{"01:00 job run-started 0 0", "01:30 job run-ended 0 0"});
}

TEST_CASE("a branch cannot settle the message or answer the call for all", "[documents][branches][mistakes]") {
  const auto said = [](const std::string& step) {
    return diagnostics_of(R"("items": { "order": {} },
      "systems": { "orders": { "is": "queue", "of": "order" },
        "desk": { "is": "service", "of": "order", "offers": { "ask": { "does": [
          { "each": ["x", "y"], "at-once": 2, "does": [ )" +
                          step + R"( ] } ] } } },
        "clerk": { "is": "consumer", "reads": "orders", "ack": "by hand", "does": [
          { "each": ["x", "y"], "does": [ { "ack": true } ] } ] } })");
  };
  const std::string advice = "behind the loop, or remove \"at-once\"";
  REQUIRE(said(R"({ "reply": "1" })").find(advice) != std::string::npos);
  const std::string settles = diagnostics_of(R"("items": { "order": {} },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "clerk": { "is": "consumer", "reads": "orders", "ack": "by hand", "does": [
        { "each": ["x", "y"], "at-once": 2, "does": [ { "ack": true } ] } ] } })");
  REQUIRE(settles.find(advice) != std::string::npos);
  REQUIRE(said(R"({ "work": "1 s" })").empty());
}
