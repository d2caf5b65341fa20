#include "sim/models/livelock.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;

namespace {

using Lines = std::vector<std::string>;
constexpr std::initializer_list<RecordKind> handling = {RecordKind::delivered, RecordKind::acknowledged,
                                                        RecordKind::requeued, RecordKind::finished};

/// One order at 10:00 into `orders`, which `worker` reads.
std::string one_order(const std::string& worker, const std::string& queue = "", const std::string& more = "") {
  return R"("items": { "order": {} },
    "arrivals": { "one": { "item": "order", "into": "orders", "at": "10:00" } },
    "systems": { "orders": { "is": "queue", "of": "order" )" +
         queue + R"( }, "worker": { "is": "consumer", "reads": "orders", )" + worker + " }" + more + " }";
}

}  // namespace

TEST_CASE("LISTEN-001: after success, the message is acknowledged when the handler has returned", "[consumer]") {
  const Story story(one_order(R"("does": [ { "work": "2 s" }, { "finish": "ok" } ])"));
  REQUIRE(story.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00:02 worker finished order 1 ok",
                                        "10:00:02 worker acknowledged order 1"});
}

TEST_CASE("LISTEN-001: after a failure it is requeued, and the next try knows", "[consumer]") {
  const Story story(one_order(R"("does": [ { "work": "2 s" }, { "raise": "Broken", "only-if": "!it.redelivered" },
    { "raise": "Broken", "only-if": "it.attempt < 2" }, { "finish": "ok" } ])"));
  REQUIRE(story.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00:02 orders requeued order 1",
                                        "10:00:02 worker delivered order 1 1", "10:00:04 orders requeued order 1",
                                        "10:00:04 worker delivered order 1 2", "10:00:06 worker finished order 1 ok",
                                        "10:00:06 worker acknowledged order 1"});
}

TEST_CASE("LISTEN-001: acknowledged on receipt, a failure loses the message", "[consumer]") {
  const Story story(one_order(R"("ack": "on receipt", "does": [ { "work": "2 s" }, { "raise": "Broken" } ])"));
  REQUIRE(story.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00 worker acknowledged order 1"});
  REQUIRE(story.count("order", Fate::lost) == 1);
}

TEST_CASE("LISTEN-001: by hand, an ordinary failure neither acknowledges nor rejects: it lies unacknowledged",
          "[consumer]") {
  const Story story(one_order(R"("ack": "by hand", "does": [ { "raise": "Broken" }, { "ack": true } ])") +
                    R"(, "checks": { "held": { "at": "end", "that": "orders.unacked == 1 && orders.ready == 0" } })");
  REQUIRE(story.told(handling) == Lines{"10:00 worker delivered order 1 0"});
  REQUIRE(story.count("order", Fate::stuck) == 1);
  REQUIRE(story.check("held").verdict == CheckVerdict::holds);
}

TEST_CASE("LISTEN-001: by hand, what the handler says counts", "[consumer]") {
  const Story acked(one_order(R"("ack": "by hand", "does": [ { "ack": true }, { "work": "1 s" } ])"));
  REQUIRE(acked.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00 worker acknowledged order 1"});
  const Story dropped(one_order(R"("ack": "by hand", "does": [ { "reject": "drop" } ])"));
  REQUIRE(dropped.count("order", Fate::lost) == 1);
  const Story again(one_order(
      R"("ack": "by hand", "does": [ { "work": "1 s" }, { "reject": "requeue", "only-if": "it.attempt == 0" },
         { "ack": true, "only-if": "it.attempt > 0" } ])"));
  REQUIRE(again.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00:01 orders requeued order 1",
                                        "10:00:01 worker delivered order 1 1", "10:00:02 worker acknowledged order 1"});
}

TEST_CASE("RABBIT-018: who settles a message twice loses the channel, and others' messages come back", "[consumer]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "two": { "item": "order", "into": "orders", "at": ["10:00", "10:00:01"] } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "worker": { "is": "consumer", "reads": "orders", "ack": "by hand",
        "does": [ { "work": "5 s" }, { "ack": true }, { "ack": true, "only-if": "it.id == 1" } ] } })");
  REQUIRE(story.told(handling) == Lines{"10:00 worker delivered order 1 0", "10:00:05 worker acknowledged order 1",
                                        "10:00:05 orders requeued order 2", "10:00:05 worker delivered order 2 1",
                                        "10:00:10 worker acknowledged order 2"});
}

TEST_CASE("LISTEN-001: a step that acknowledges stands only where that is done by hand", "[consumer]") {
  REQUIRE(
      diagnostics_of(one_order(R"("does": [ { "ack": true } ])")).find("only a consumer with \"ack\": \"by hand\"") !=
      std::string::npos);
  REQUIRE(
      diagnostics_of(
          R"("items": { "order": {} }, "systems": { "nightly": { "is": "job", "does": [ { "reject": "drop" } ] } })")
          .find("only a consumer with \"ack\": \"by hand\"") != std::string::npos);
}

TEST_CASE("LISTEN-002: a handler that always fails is asked again without end, as fast as it is", "[consumer]") {
  const Story story(one_order(R"("does": [ { "work": "1 s" }, { "raise": "Broken" } ])"), 1, {},
                    R"("from": "2021-01-04 00:00", "until": "2021-01-04 10:01", "zone": "UTC")");
  REQUIRE(story.told({RecordKind::delivered}).size() == 60);
  REQUIRE(story.told({RecordKind::delivered}).back() == "10:00:59 worker delivered order 1 59");
  REQUIRE(story.count("order", Fate::in_flight) == 1);
}

TEST_CASE("RABBIT-021: a hot loop in which no time passes is said aloud, with system and step", "[consumer]") {
  const auto said = [](const std::string& scenario) -> std::string {
    try {
      const Story story(scenario);
    } catch (const Livelock& livelock) {
      return livelock.what();
    }
    return "nothing";
  };
  const std::string advice =
      ": at 2021-01-04 10:00 it goes round and round while no time passes; let time pass between two tries: a \"work\" "
      "step, \"wait\" in its \"on\", or \"restart\"";
  REQUIRE(said(one_order(R"("does": [ { "mark": "seen" }, { "id": "check", "raise": "Broken" } ])")) ==
          "error: /systems/worker.does[check]" + advice);
  REQUIRE(said(one_order(R"("ack": "by hand", "does": [ { "reject": "requeue" } ])")) ==
          "error: /systems/worker.does[reject]" + advice);
  REQUIRE(said(one_order(R"("does": [ { "raise": "Broken" } ], "on": { "any": { "tries": 100000000 } })")) ==
          "error: /systems/worker.does[raise]" + advice);
  REQUIRE(
      said(one_order(R"("restart": "0 s", "does": [ { "raise": "Broken" } ], "on": { "any": { "then": "crash" } })")) ==
      "error: /systems/worker.does[raise]" + advice);
  REQUIRE(said(one_order(R"("does": [ { "publish": "orders" } ])")).starts_with("error: /systems/worker"));
  REQUIRE(said(one_order(R"("does": [ { "finish": "ok" } ])")) == "nothing");
}

TEST_CASE("RABBIT-021: the circle of a hot loop is told once, step by step, with systems and errors", "[consumer]") {
  using Kinds = std::vector<RecordKind>;
  const auto circle_of = [](const std::string& scenario) {
    try {
      const Story story(scenario);
    } catch (const Livelock& livelock) {
      CHECK(livelock.repeats);
      return livelock.steps;
    }
    return std::vector<ToldRecord>();
  };
  const auto kinds_of_steps = [](const std::vector<ToldRecord>& steps) {
    Kinds kinds;
    for (const ToldRecord& told : steps) kinds.push_back(told.kind);
    return kinds;
  };
  const std::vector<ToldRecord> requeued = circle_of(one_order(R"("does": [ { "raise": "Broken" } ])"));
  REQUIRE(kinds_of_steps(requeued) ==
          Kinds{RecordKind::delivered, RecordKind::failed, RecordKind::given_up, RecordKind::requeued});
  CHECK(requeued[0].system == "worker");
  CHECK(requeued[0].item == "order 1");
  CHECK(requeued[1].what == "Broken");
  CHECK(requeued[2].also == "requeues");
  CHECK(requeued[3].system == "orders");
  const std::vector<ToldRecord> retried =
      circle_of(one_order(R"("does": [ { "raise": "Broken" } ], "on": { "any": { "tries": 100000000 } })"));
  CHECK(kinds_of_steps(retried) == Kinds{RecordKind::retried, RecordKind::failed});
  const std::vector<ToldRecord> published = circle_of(one_order(R"("does": [ { "publish": "orders" } ])"));
  CHECK(kinds_of_steps(published) == Kinds{RecordKind::delivered, RecordKind::published, RecordKind::acknowledged});
}

TEST_CASE("LISTEN-003: rejected without requeue, a message is dead-lettered where there is a queue for it, else gone",
          "[consumer]") {
  const std::string worker = R"("does": [ { "raise": "Broken" } ], "on": { "any": { "then": "reject" } })";
  const Story gone(one_order(worker));
  REQUIRE(gone.count("order", Fate::lost) == 1);
  REQUIRE(gone.told({RecordKind::dropped}) == Lines{"10:00 orders dropped order 1 1"});
  const Story kept(
      one_order(worker, R"(, "dead-letter": "failed")", R"(, "failed": { "is": "queue", "of": "order" })"));
  REQUIRE(kept.count("order", Fate::dead_lettered) == 1);
  REQUIRE(kept.told({RecordKind::dead_lettered, RecordKind::dropped}) == Lines{"10:00 orders dead-lettered order 1 1"});
}

TEST_CASE("LISTEN-004: what a handler fails with decides: rejected, requeued or acknowledged", "[consumer]") {
  const auto end_of = [](const std::string& error) {
    return Story(one_order(R"("does": [ { "work": "1 s" }, { "raise": ")" + error +
                               R"(", "only-if": "it.attempt == 0" }, { "raise": "DontRequeue", "only-if": "false" },
             { "raise": "Requeue", "only-if": "false" }, { "raise": "Acknowledge", "only-if": "false" }, { "finish": "ok" } ],
           "on": { "DontRequeue": { "then": "reject" }, "Requeue": { "then": "requeue" }, "Acknowledge": { "then": "discard" } })",
                           R"(, "dead-letter": "failed")", R"(, "failed": { "is": "queue", "of": "order" })"));
  };
  REQUIRE(end_of("DontRequeue").count("order", Fate::dead_lettered) == 1);
  REQUIRE(end_of("Requeue").count("order", Fate::done) == 1);
  REQUIRE(end_of("Acknowledge").count("order", Fate::lost) == 1);
  REQUIRE(end_of("Another").count("order", Fate::done) == 1);  // The default: requeued.
}

TEST_CASE("LISTEN-005: what can never succeed is not requeued, whatever the default", "[consumer]") {
  const std::string on = R"("on": { "NotReadable": { "then": "reject" }, "any": { "then": "requeue" } })";
  const Story fatal(one_order(R"("does": [ { "work": "1 s" }, { "raise": "NotReadable" } ], )" + on));
  REQUIRE(fatal.told({RecordKind::delivered}) == Lines{"10:00 worker delivered order 1 0"});
  const Story other(one_order(R"("does": [ { "work": "1 s" }, { "raise": "Conflict", "only-if": "it.attempt < 3" },
    { "raise": "NotReadable", "only-if": "false" }, { "finish": "ok" } ], )" +
                              on));
  REQUIRE(other.told({RecordKind::delivered}).size() == 4);
}

TEST_CASE("LISTEN-006: what cannot be read and has died before is acknowledged: a redrive makes it vanish",
          "[consumer]") {
  const Story story(
      one_order(R"("does": [ { "raise": "NotReadable", "only-if": "it.deaths == 0" }, { "raise": "NotReadableAgain" } ],
      "on": { "NotReadable": { "then": "reject" }, "NotReadableAgain": { "then": "discard" } })",
                R"(, "dead-letter": "failed")", R"(, "failed": { "is": "queue", "of": "order" })") +
      R"(, "timeline": [ { "at": "11:00", "redrive": "failed", "to": "orders" } ])");
  REQUIRE(story.told({RecordKind::dead_lettered, RecordKind::revived, RecordKind::failed}) ==
          Lines{"10:00 worker failed order 1 NotReadable", "10:00 orders dead-lettered order 1 1",
                "11:00 failed revived order 1", "11:00 worker failed order 1 NotReadableAgain"});
  REQUIRE(story.count("order", Fate::lost) == 1);
}
