// Replays: a log is read again by a group of its own, through a stream's steps.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr const char* live = R"("does": [ { "filter": "gate.open" }, { "finish": "handled" } ])";

/// Things at 01:00, 02:00 and 03:00 that the stream lets fall; the gate opens at 03:30 and everything else comes later.
std::string body(const std::string& replays, const std::string& log = "", const std::string& stream = live) {
  return R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "02:00", "03:00"] } },
    "timeline": [ { "at": "03:30", "set": { "gate.open": true } }, )" +
         replays + R"( ],
    "systems": { "gate": { "is": "toggles", "open": false }, "events": { "is": "log", "of": "thing")" +
         log + R"( },
                 "intake": { "is": "stream", "reads": "events", )" +
         stream + " } }";
}
std::string replay(const std::string& at, const std::string& more) {
  return R"({ "at": ")" + at + R"(", "replay": "events", "through": "intake")" + more + " }";
}
Lines finished(const std::string& more) { return Story(body(replay("04:00", more))).finished(); }

const std::string one = "04:00 intake finished thing 1 handled", two = "04:00 intake finished thing 2 handled",
                  three = "04:00 intake finished thing 3 handled";

}  // namespace

TEST_CASE("STRAT-012: a replay reads from the earliest event, from a time, up to a time", "[replay]") {
  REQUIRE(finished("") == Lines{one, two, three});
  REQUIRE(finished(R"(, "from": "earliest")") == Lines{one, two, three});
  REQUIRE(finished(R"(, "from": "02:00")") == Lines{two, three});
  REQUIRE(finished(R"(, "from": "02:00:01")") == Lines{three});
  REQUIRE(finished(R"(, "to": "03:00")") == Lines{one, two});  // What was written at that time is not before it.
  REQUIRE(finished(R"(, "from": "01:30", "to": "02:30")") == Lines{two});
}

TEST_CASE("a replay leaves the group's own place alone, and reads nothing that comes while it runs", "[replay]") {
  const Story story(body(replay("02:30", "")));
  REQUIRE(story.told({RecordKind::read}) == Lines{"01:00 intake read thing 1 0", "02:00 intake read thing 2 1",
                                                  "02:30 intake read thing 1 0", "02:30 intake read thing 2 1",
                                                  "03:00 intake read thing 3 2"});
  REQUIRE(story.told({RecordKind::committed_offset}).size() == 3);
}

TEST_CASE("`only` chooses events; its lists and counts are taken once, at the start", "[replay]") {
  REQUIRE(finished(R"(, "only": "it.id == 2")") == Lines{two});
  // With each finish the list would become shorter; taken once, it holds all three to the end.
  REQUIRE(finished(R"(, "only": "it.id in list(thing, !finished, id) && count(thing, !finished) == 3")") ==
          Lines{one, two, three});
}

TEST_CASE("a list of strings never holds an int: a comparison that says so, or a replay that repairs nothing",
          "[replay]") {
  const std::string mistake =
      diagnostics_of(body(replay("04:00", R"x(, "only": "it.id in list(thing, !finished, string(id))")x")));
  REQUIRE(mistake.find("never equal; if the program really compares them so, write dyn(it.id)") != std::string::npos);
  const Story untyped(body(replay("04:00", R"x(, "only": "dyn(it.id) in list(thing, !finished, string(id))")x")));
  REQUIRE(untyped.finished().empty());
  REQUIRE(untyped.count("thing", Fate::lost) == 3);
  REQUIRE(finished(R"x(, "only": "dyn(it.id) in list(thing, !finished, dyn(id))")x") == Lines{one, two, three});
}

TEST_CASE("`lasts` spreads the reading evenly over the age of the log", "[replay]") {
  // Four hours of log in two: what came after one hour is read after half an hour.
  REQUIRE(finished(R"(, "lasts": "2 h")") == Lines{"04:30 intake finished thing 1 handled",
                                                   "05:00 intake finished thing 2 handled",
                                                   "05:30 intake finished thing 3 handled"});
}

TEST_CASE("a replay reads all partitions side by side, oldest event first", "[replay]") {
  const Story story(body(replay("04:00", R"(, "lasts": "2 h")"), R"(, "partitions": 8)"));
  REQUIRE(story.finished() == Lines{"04:30 intake finished thing 1 handled", "05:00 intake finished thing 2 handled",
                                    "05:30 intake finished thing 3 handled"});
}

TEST_CASE("KAFKA-036: a replay cannot read what retention has deleted, not even while it runs", "[replay]") {
  // At 04:00 the event of 01:00 is gone; that of 02:00 goes at 05:05, before its turn at 06:00 would come.
  const Story story(body(replay("04:00", R"(, "lasts": "4 h")"), R"(, "keeps": "3 h")"));
  REQUIRE(story.finished().empty());
  REQUIRE(Story(body(replay("04:00", ""), R"(, "keeps": "150 min")")).finished() == Lines{two, three});
}

TEST_CASE("two replays at once read everything twice", "[replay]") {
  const Story story(body(replay("04:00", "") + ", " + replay("04:00", "")));
  REQUIRE(story.count("thing", Fate::duplicated) == 3);
}

TEST_CASE("a replay that dies on an event comes back to it after the restart, and harms nobody else", "[replay]") {
  const std::string fragile = R"x("restart": "10 min",
    "does": [ { "filter": "gate.open" },
              { "only-if": "it.id == 2 && now < time('2021-01-04 04:15')", "raise": "Poison" }, { "finish": "handled" } ],
    "on": { "Poison": { "then": "crash" } })x";
  const Story story(body(replay("04:00", ""), "", fragile));
  REQUIRE(story.finished() ==
          Lines{one, "04:20 intake finished thing 2 handled", "04:20 intake finished thing 3 handled"});
  REQUIRE(story.told({RecordKind::crashed}).empty());
  REQUIRE(story.told({RecordKind::published}).size() == 3);  // Nothing is written back.
}

TEST_CASE("a replay goes on beside a stream that is stopped or dies", "[replay]") {
  const std::string slow = R"("does": [ { "filter": "gate.open" }, { "work": "1 min" }, { "finish": "handled" } ])";
  const Story story(body(replay("04:00", "") + R"(, { "at": "04:00:30", "crash": "intake" })", "", slow));
  REQUIRE(story.finished() == Lines{"04:01 intake finished thing 1 handled", "04:02 intake finished thing 2 handled",
                                    "04:03 intake finished thing 3 handled"});
}

TEST_CASE("STRAT-012: effects that are not idempotent happen again in a replay", "[replay]") {
  const auto ordered = [](const std::string& idempotent) {
    return Story(R"(
      "items": { "thing": { "done": "ordered" } },
      "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "02:00"] } },
      "timeline": [ { "at": "04:00", "replay": "events", "through": "intake" } ],
      "systems": { "events": { "is": "log", "of": "thing" },
                   "intake": { "is": "stream", "reads": "events", "does": [ { "call": "arena.order" } ] },
                   "arena": { "is": "service", "of": "thing",
                     "offers": { "order": { "idempotent": )" +
                 idempotent + R"(, "does": [ { "finish": "ordered" } ] } } } })");
  };
  REQUIRE(ordered("false").count("thing", Fate::duplicated) == 2);
  REQUIRE(ordered("true").count("thing", Fate::done) == 2);
}

TEST_CASE("an append that fails in a replay is not carried out: the replay comes back to the event", "[replay]") {
  const Story story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": "01:00" } },
    "timeline": [ { "at": "03:30", "set": { "gate.open": true } },
                  { "at": "03:40", "fail": "events.append", "for": "30 min" },
                  { "at": "04:00", "replay": "events", "through": "intake" } ],
    "systems": { "gate": { "is": "toggles", "open": false }, "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "restart": "1 h",
                   "on": { "Again": { "then": "requeue" } },
                   "does": [ { "filter": "gate.open" }, { "only-if": "it.attempt == 0", "raise": "Again" },
                             { "finish": "handled" } ] } })");
  REQUIRE(story.finished() == Lines{"05:00 intake finished thing 1 handled"});
}
