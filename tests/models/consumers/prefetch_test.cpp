#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

using Lines = std::vector<std::string>;

/// Thirteen orders at 10:00, a minute's work each.
std::string thirteen(const std::string& worker, const std::string& timeline, const std::string& queue = "") {
  return R"("items": { "order": {} },
    "timeline": [ { "at": "10:00", "each": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13], "send": "order", "to": "orders" })" +
         timeline + R"( ],
    "systems": { "orders": { "is": "queue", "of": "order" )" +
         queue + R"( },
      "worker": { "is": "consumer", "reads": "orders", )" +
         worker + R"(, "does": [ { "work": "1 min" }, { "finish": "ok" } ] } })";
}
std::string last_finished(const Story& story) {
  const std::string line = story.finished().back();
  return line.substr(0, line.find(' '));
}
std::size_t told_at(const Story& story, RecordKind kind, const std::string& time) {
  const Lines lines = story.told({kind});
  return static_cast<std::size_t>(
      std::count_if(lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(time + " "); }));
}

}  // namespace

TEST_CASE("LISTEN-007: what waits when a container starts sits in its first consumer; with prefetch 1 it is shared",
          "[consumer]") {
  const std::string start = R"(, { "at": "10:30", "start": "worker" })";
  REQUIRE(last_finished(Story(thirteen(R"("on": false, "workers": 4)", start))) == "10:43");
  REQUIRE(last_finished(Story(thirteen(R"("on": false, "workers": 4, "prefetch": 1)", start))) == "10:34");
  // A burst that finds all four subscribed goes round.
  REQUIRE(last_finished(Story(thirteen(R"("workers": 4)", ""))) == "10:04");
}

TEST_CASE("RABBIT-014: competing consumers get messages in turn", "[consumer]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "some": { "item": "order", "into": "orders", "at": ["10:00", "10:01", "10:02", "10:03"] } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "left":  { "is": "consumer", "reads": "orders", "does": [ { "finish": "ok" } ] },
      "right": { "is": "consumer", "reads": "orders", "does": [ { "finish": "ok" } ] } })");
  REQUIRE(story.finished() == Lines{"10:00 left finished order 1 ok", "10:01 right finished order 2 ok",
                                    "10:02 left finished order 3 ok", "10:03 right finished order 4 ok"});
}

TEST_CASE("RABBIT-015: the prefetch says how many are unacknowledged at a time", "[consumer]") {
  const auto unacked = [](const std::string& prefetch, const std::string& type) {
    return Story(thirteen(R"("prefetch": )" + prefetch, "", R"(, "type": ")" + type + "\"") +
                 R"(, "checks": { "parked": { "at": "10:00:30", "that": "orders.unacked == )" +
                 (prefetch == "0" ? "13" : prefetch) + R"(" } })")
        .check("parked")
        .verdict;
  };
  for (const char* type : {"classic", "quorum"}) {
    for (const char* prefetch : {"1", "5", "0"}) REQUIRE(unacked(prefetch, type) == CheckVerdict::holds);
  }
}

TEST_CASE("RABBIT-016: a second consumer that joins late gets nothing of what is parked in the first", "[consumer]") {
  const std::string late = R"(, { "at": "10:02:30", "set": { "worker.workers": 2 } })";
  REQUIRE(last_finished(Story(thirteen(R"("workers": 1)", late))) == "10:13");
  // With prefetch 1, three are taken; of the ten that wait, the new one begins the first at 10:02:30.
  REQUIRE(last_finished(Story(thirteen(R"("workers": 1, "prefetch": 1)", late))) == "10:08");
}

TEST_CASE("RABBIT-016: with the death of a consumer all that was parked comes back, begun or not", "[consumer]") {
  const Story story(thirteen(R"("workers": 1, "restart": "30 s")",
                             R"(, { "at": "10:02:30", "crash": "worker", "restart": "30 s" })"));
  REQUIRE(told_at(story, RecordKind::requeued, "10:02:30") == 11);
  REQUIRE(story.told({RecordKind::delivered})[3] == "10:03 worker delivered order 3 1");
  REQUIRE(story.told({RecordKind::delivered})[4] == "10:04 worker delivered order 4 1");
  REQUIRE(last_finished(story) == "10:14");
}

TEST_CASE("RABBIT-017: acknowledged on receipt, what a dead consumer had been sent is gone", "[consumer]") {
  const std::string crash = R"(, { "at": "10:02:30", "crash": "worker", "restart": "30 s" })";
  const Story story(thirteen(R"("ack": "on receipt", "prefetch": 1)", crash));
  REQUIRE(story.count("order", Fate::done) == 2);
  REQUIRE(story.count("order", Fate::lost) == 11);
  REQUIRE(told_at(story, RecordKind::dropped, "10:02:30") == 10);  // The eleventh was in hand.
  const Story after(thirteen(R"("ack": "after success", "prefetch": 1)", crash));
  REQUIRE(after.count("order", Fate::done) == 13);
}

TEST_CASE("LISTEN-013: stopped, a consumer ends what it has in hand and gives the rest back", "[consumer]") {
  const Story story(
      thirteen(R"("workers": 1)", R"(, { "at": "10:02:30", "stop": "worker" }, { "at": "11:00", "start": "worker" })"));
  REQUIRE(told_at(story, RecordKind::requeued, "10:02:30") == 10);
  REQUIRE(story.finished()[2] == "10:03 worker finished order 3 ok");
  REQUIRE(story.told({RecordKind::delivered})[3] == "11:00 worker delivered order 4 1");
  REQUIRE(story.told({RecordKind::delivered}).size() == 13);
  REQUIRE(last_finished(story) == "11:10");
}

TEST_CASE("LISTEN-013: stopped, a consumer that acknowledges on receipt ends all that it has received", "[consumer]") {
  const Story story(thirteen(R"("ack": "on receipt")", R"(, { "at": "10:02:30", "stop": "worker" })"));
  REQUIRE(story.count("order", Fate::done) == 13);
  REQUIRE(last_finished(story) == "10:13");
}

TEST_CASE("LISTEN-013: paused, a consumer keeps what it has been sent", "[consumer]") {
  const Story story(thirteen(R"("workers": 1)",
                             R"(, { "at": "10:02:30", "pause": "worker" }, { "at": "11:00", "resume": "worker" })"));
  REQUIRE(story.told({RecordKind::requeued}).empty());
  REQUIRE(story.told({RecordKind::delivered})[3] == "11:00 worker delivered order 4 0");
}

TEST_CASE("LISTEN-013: what was left unacknowledged comes back when the consumer is stopped or dies", "[consumer]") {
  for (const char* verb : {"stop", "crash"}) {
    const Story story(
        R"("items": { "order": {} }, "arrivals": { "one": { "item": "order", "into": "orders", "at": "10:00" } },
      "timeline": [ { "at": "12:00", ")" +
        std::string(verb) + R"(": "worker" } ],
      "systems": { "orders": { "is": "queue", "of": "order" },
        "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ], "on": { "any": { "then": "leave" } } } },
      "checks": { "invisible": { "at": "11:59", "that": "orders.unacked == 1" }, "back": { "at": "end", "that": "orders.ready == 1" } })");
    REQUIRE(story.told({RecordKind::requeued}) == Lines{"12:00 orders requeued order 1"});
    REQUIRE(story.check("invisible").verdict == CheckVerdict::holds);
    REQUIRE(story.check("back").verdict == CheckVerdict::holds);
  }
}

TEST_CASE("RABBIT-015: workers and prefetch can be changed while messages are under way", "[consumer]") {
  // Ten more workers at 10:02:30, prefetch 1: ten wait, all begin at once.
  REQUIRE(last_finished(Story(thirteen(R"("prefetch": 1)",
                                       R"(, { "at": "10:02:30", "set": { "worker.workers": 11 } })"))) == "10:03:30");
  // Four work; at 10:00:30 three of them are too many: they end what they have in hand.
  const Story fewer(
      thirteen(R"("workers": 4, "prefetch": 250)", R"(, { "at": "10:00:30", "set": { "worker.workers": 1 } })"));
  REQUIRE(told_at(fewer, RecordKind::finished, "10:01") == 4);
  REQUIRE(last_finished(fewer) == "10:10");
  REQUIRE(fewer.count("order", Fate::done) == 13);
  // Prefetch 1 becomes 250: the first worker takes all that waits.
  const Story more(thirteen(R"("prefetch": 1)", R"(, { "at": "10:00:30", "set": { "worker.prefetch": 250 } })") +
                   R"(, "checks": { "parked": { "at": "10:00:31", "that": "orders.unacked == 13" } })");
  REQUIRE(more.check("parked").verdict == CheckVerdict::holds);
}
