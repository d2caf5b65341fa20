// Events that cannot be handled: what blocks, what is skipped, what is set aside, what is tried again.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

/// Three things at 01:00, 01:01 and 01:02, one second of work each; what happens to the second is in `rule`.
Story poisoned(const std::string& rule,
               const std::string& steps = R"({ "only-if": "it.id == 2", "raise": "Poison" })") {
  return Story(R"(
    "items": { "thing": { "done": "handled", "due": "1 h" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "01:01", "01:02"] } },
    "systems": { "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "restart": "10 min",
                   "does": [ { "work": "1 s" }, )" +
               steps + R"(, { "finish": "handled" } ], "on": { "Poison": )" + rule + " } } }");
}

}  // namespace

TEST_CASE("KAFKA-073: an event that always fails crashes the stream again and again, and all behind it waits",
          "[stream]") {
  const Story story = poisoned(R"({ "then": "crash" })");
  REQUIRE(story.finished() == Lines{"01:00:01 intake finished thing 1 handled"});
  REQUIRE(story.count("thing", Fate::stuck) == 2);  // Nothing is lost within retention.
  const Lines crashes = story.told({RecordKind::crashed});
  REQUIRE(crashes.size() == 138);  // Every 601 s from 01:01:01 to 24:00.
  REQUIRE(crashes[1] == "01:11:02 intake crashed");
  REQUIRE(story.told({RecordKind::read}, "intake")[2] == "01:11:01 intake read thing 2 1");
}

TEST_CASE("KAFKA-061: to skip is to lose by decision: the offset moves on", "[stream]") {
  const Story story = poisoned(R"({ "then": "discard" })");
  REQUIRE(story.count("thing", Fate::done) == 2);
  REQUIRE(story.count("thing", Fate::lost) == 1);
  REQUIRE(story.told({RecordKind::committed_offset}).back() == "01:02:01 intake committed-offset 0 3");
}

TEST_CASE("KAFKA-074: what is set aside is neither lost nor finished", "[stream]") {
  for (const char* then : {"park", "reject"}) {
    const Story story = poisoned(std::string(R"({ "then": ")") + then + "\" }");
    REQUIRE(story.count("thing", Fate::done) == 2);
    REQUIRE(story.count("thing", Fate::dead_lettered) == 1);
  }
}

TEST_CASE("KAFKA-081: tries that follow one another at once are over before the trouble is, and the event is skipped",
          "[stream]") {
  const std::string for_a_second =
      R"x({ "only-if": "it.id == 2 && now < time('2021-01-04 01:01:02')", "raise": "Poison" })x";
  REQUIRE(poisoned(R"({ "tries": 1, "then": "discard" })", for_a_second).count("thing", Fate::lost) == 1);
  const Story patient = poisoned(R"({ "tries": 10, "wait": "1 s", "then": "discard" })", for_a_second);
  REQUIRE(patient.finished()[1] == "01:01:03 intake finished thing 2 handled");  // 1 work, 1 wait, 1 work.
}

TEST_CASE("retry by writing back: the event comes again at the tail, and says how often it has", "[stream]") {
  const Story story =
      poisoned(R"({ "then": "requeue" })", R"({ "only-if": "it.id == 2 && it.attempt < 2", "raise": "Poison" })");
  REQUIRE(story.told({RecordKind::read}) == Lines{"01:00 intake read thing 1 0", "01:01 intake read thing 2 1",
                                                  "01:01:01 intake read thing 2 2", "01:01:02 intake read thing 2 3",
                                                  "01:02 intake read thing 3 4"});
  REQUIRE(story.count("thing", Fate::done) == 3);
}

TEST_CASE("KAFKA-002: what is written back stays in the partition of its key", "[stream]") {
  const Story story(R"(
    "items": { "thing": { "fields": { "lane": "string" }, "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "count": 30, "between": ["01:00", "02:00"],
                              "fields": { "lane": "only" } } },
    "systems": { "events": { "is": "log", "of": "thing", "partitions": 8, "key": "it.lane" },
                 "intake": { "is": "stream", "reads": "events",
                   "does": [ { "only-if": "it.attempt == 0", "raise": "Again" }, { "finish": "handled" } ],
                   "on": { "Again": { "then": "requeue" } } } })");
  REQUIRE(story.count("thing", Fate::done) == 30);
  const Lines committed = story.told({RecordKind::committed_offset});
  REQUIRE(committed.size() == 60);
  const std::string last = committed.back().substr(committed.back().find("offset"));
  REQUIRE(last.substr(last.rfind(' ')) == " 60");  // One partition has them all.
}

TEST_CASE("KAFKA-063: a filter drops silently, and the offset is committed all the same", "[stream]") {
  const Story story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "01:01"] } },
    "systems": { "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events",
                   "does": [ { "filter": "it.id != 1" }, { "finish": "handled" } ] } })");
  REQUIRE(story.told({RecordKind::committed_offset}) ==
          Lines{"01:00 intake committed-offset 0 1", "01:01 intake committed-offset 0 2"});
  REQUIRE(story.count("thing", Fate::lost) == 1);
  REQUIRE(story.told({RecordKind::failed, RecordKind::crashed}).empty());
}

TEST_CASE("STRAT-010: a decision stamped when the event is read does not come back with the toggle", "[stream]") {
  const auto switched = [](const std::string& pause) {
    return Story(R"(
      "items": { "thing": { "done": "handled" } },
      "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "02:00", "03:00"] } },
      "timeline": [ { "at": "01:30", )" +
                 pause + R"( ],
      "systems": { "mine": { "is": "toggles", "on_duty": true },
                   "events": { "is": "log", "of": "thing" },
                   "packets": { "is": "log", "of": "thing", "fields": { "flag": "bool" } },
                   "intake": { "is": "stream", "reads": "events",
                     "does": [ { "publish": "packets", "with": { "flag": "mine.on_duty" } } ] },
                   "finaliser": { "is": "stream", "reads": "packets",
                     "does": [ { "filter": "it.flag" }, { "finish": "handled" } ] } })");
  };
  const Story flagged =
      switched(R"("set": { "mine.on_duty": false } }, { "at": "02:30", "set": { "mine.on_duty": true } })");
  REQUIRE(flagged.count("thing", Fate::done) == 2);
  REQUIRE(flagged.count("thing", Fate::lost) == 1);
  const Story paused = switched(R"("pause": "intake" }, { "at": "02:30", "resume": "intake" })");
  REQUIRE(paused.count("thing", Fate::done) == 3);
}

TEST_CASE("KAFKA-074: a stream that writes to the log it reads meets its own answers", "[stream]") {
  const Story story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "packets", "at": "01:00" } },
    "systems": { "packets": { "is": "log", "of": "thing", "fields": { "done": "bool" } },
                 "river": { "is": "stream", "reads": "packets", "commit": "transaction",
                   "does": [ { "filter": "!it.done" }, { "work": "1 s" }, { "finish": "handled" },
                             { "publish": "packets", "with": { "done": "true" } } ] } })");
  REQUIRE(story.told({RecordKind::read}) == Lines{"01:00 river read thing 1 0", "01:00:01 river read thing 1 1"});
  REQUIRE(story.count("thing", Fate::done) == 1);
}
