// Fault rules in a simulation: the same grammar that strikes real programs under serve.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

/// Things at 01:00, 01:10, 01:20 are handed on by a clerk, with confirms, to an archive that files them.
Story ruled(const std::string& rules, const std::string& more = "", std::uint64_t seed = 1) {
  return Story(R"(
    "faults": { )" +
                   rules + R"( },
    "items": { "thing": { "done": "filed" } },
    "arrivals": { "things": { "item": "thing", "into": "orders", "at": ["01:00", "01:10", "01:20"] )" +
                   more + R"( } },
    "systems": {
      "orders": { "is": "queue", "of": "thing" },
      "clerk": { "is": "consumer", "reads": "orders",
        "does": [ { "call": "desk.stamp" },
                  { "publish": "post", "key": "'file.it'", "confirms": true, "timeout": "5 s" } ],
        "on": { "any": { "tries": 2, "wait": "1 min", "then": "discard" } } },
      "desk": { "is": "service", "of": "thing", "offers": { "stamp": { "does": [ { "mark": "stamped" } ] } } },
      "post": { "is": "exchange", "type": "topic", "of": "thing", "to": { "files": "file.#" } },
      "files": { "is": "queue", "of": "thing" },
      "archive": { "is": "consumer", "reads": "files", "does": [ { "insert": "db.files" }, { "finish": "filed" } ] },
      "db": { "is": "documents", "collections": { "files": { "of": "thing" } } } })",
               seed);
}

Lines struck(const Story& story) { return story.told({RecordKind::fault_applied}); }

}  // namespace

TEST_CASE("a rule strikes what it matches: by protocol, command, system, queue, exchange, key, client, item",
          "[rules]") {
  for (const char* match : {"command == 'basic.publish' && exchange == 'post'", "system == 'post'",
                            "command == 'basic.publish' && queue == 'files' && client == 'clerk'", "key == 'file.it'",
                            "protocol == 'http' && command == 'stamp'",
                            "protocol == 'mongodb' && command == 'insert' && client == 'archive'",
                            "command == 'basic.deliver' && queue == 'files'"}) {
    INFO(match);
    const Story story = ruled("\"r\": { \"match\": \"" + std::string(match) + R"( && item == 2", "do": "observe" })");
    // A document store has nothing in hand: it knows of no item.
    const bool knows_item = std::string(match).find("mongodb") == std::string::npos;
    REQUIRE(struck(story).size() == (knows_item ? 1 : 0));
    REQUIRE(story.count("thing", Fate::done) == 3);
  }
  REQUIRE(struck(ruled(R"("r": { "match": "protocol == 'mongodb' && command == 'insert'", "do": "observe" })")) ==
          Lines{"01:00 db fault-applied r", "01:10 db fault-applied r", "01:20 db fault-applied r"});
}

TEST_CASE("error: it fails with the error that is named, and has happened all the same after", "[rules]") {
  const Story instead = ruled(R"("r": { "match": "system == 'desk'", "do": "error", "error": "Aborted", "nth": 2 })");
  REQUIRE(instead.told({RecordKind::failed}) == Lines{"01:10 clerk failed thing 2 Aborted"});
  REQUIRE(instead.told({RecordKind::marked}).size() == 3);
  const Story after =
      ruled(R"("r": { "match": "system == 'desk'", "do": "error", "error": "Aborted", "when": "after", "nth": 2 })");
  REQUIRE(after.told({RecordKind::marked}).size() == 4);
  REQUIRE(after.count("thing", Fate::done) == 3);
}

TEST_CASE("RABBIT-044: a publish that is nacked fails with Refused; after, its message is there all the same",
          "[rules]") {
  const std::string rule =
      R"("r": { "match": "command == 'basic.publish' && client == 'clerk'", "do": "nack", "first": 1)";
  const Story instead = ruled(rule + "}");
  REQUIRE(instead.told({RecordKind::failed}) == Lines{"01:00 clerk failed thing 1 Refused"});
  REQUIRE(instead.count("thing", Fate::done) == 3);
  const Story after = ruled(rule + R"(, "when": "after" })");
  REQUIRE(after.count("thing", Fate::duplicated) == 1);
}

TEST_CASE("RABBIT-007: what is dropped is missed when the confirm does not come; a dropped confirm doubles",
          "[rules]") {
  const std::string rule =
      R"("r": { "match": "command == 'basic.publish' && client == 'clerk'", "do": "drop", "first": 1)";
  const Story instead = ruled(rule + "}");
  REQUIRE(instead.told({RecordKind::failed}) == Lines{"01:00:05 clerk failed thing 1 Timeout"});
  REQUIRE(instead.count("thing", Fate::done) == 3);
  const Story after = ruled(rule + R"(, "when": "after" })");
  REQUIRE(after.told({RecordKind::failed}) == Lines{"01:00:05 clerk failed thing 1 Timeout"});
  REQUIRE(after.count("thing", Fate::duplicated) == 1);
}

TEST_CASE("drop of an ack: the message stays where it is for as long as its consumer lives", "[rules]") {
  const Story story =
      ruled(R"("r": { "match": "command == 'basic.ack' && queue == 'files'", "do": "drop", "first": 1 })");
  REQUIRE(struck(story).size() == 1);
  REQUIRE(story.told({RecordKind::delivered}, "archive").size() == 3);
  REQUIRE(story.count("thing", Fate::done) == 3);
}

TEST_CASE("samples: each length is one of them", "[rules]") {
  const Story story = ruled(R"("r": { "match": "system == 'desk'", "do": "delay", "by": ["1 s", "4 s"] })");
  for (const std::string& line : story.finished()) {
    INFO(line);
    REQUIRE((line.substr(5, 3) == ":01" || line.substr(5, 3) == ":04"));
  }
}

TEST_CASE("who waits for no confirm learns of none: neither of a nack nor of a lost one", "[rules]") {
  for (const char* deed :
       {R"("do": "nack")", R"("do": "drop", "when": "after")", R"("do": "delay", "when": "after", "by": "1 s")"}) {
    INFO(deed);
    const Story arrivals =
        ruled(std::string(R"("r": { "match": "queue == 'orders' && command == 'basic.publish'", )") + deed + "}");
    REQUIRE(struck(arrivals).empty());
    REQUIRE(arrivals.count("thing", Fate::done) == 3);
  }
}

TEST_CASE("a confirm that comes too late is as good as lost, and its message is there", "[rules]") {
  const std::string rule = R"("r": { "match": "system == 'post'", "do": "delay", "when": "after", "first": 1, "by": )";
  const Story late = ruled(rule + R"("6 s" })");
  REQUIRE(late.told({RecordKind::failed}) == Lines{"01:00:05 clerk failed thing 1 Timeout"});
  REQUIRE(late.count("thing", Fate::duplicated) == 1);
  REQUIRE(ruled(rule + R"("4 s" })").count("thing", Fate::done) == 3);
}

TEST_CASE("delay and stall: it takes longer, for a drawn time; without one, for ever", "[rules]") {
  const std::string publish = R"("r": { "match": "command == 'basic.publish' && client == 'clerk'", "first": 1, )";
  REQUIRE(ruled(publish + R"("do": "delay", "by": "30 s" })").finished()[0] ==
          "01:00:30 archive finished thing 1 filed");
  REQUIRE(ruled(publish + R"("do": "stall", "by": "30 s" })").finished()[0] ==
          "01:00:30 archive finished thing 1 filed");
  const Story stalled = ruled(publish + R"("do": "stall" })");
  REQUIRE(stalled.finished().empty());  // The one clerk waits for it, and all others behind him.
  REQUIRE(stalled.count("thing", Fate::stuck) + stalled.count("thing", Fate::in_flight) == 3);
}

TEST_CASE("duplicate and redeliver: what is sent comes twice, what is settled comes again", "[rules]") {
  REQUIRE(ruled(R"("r": { "match": "system == 'post' && item == 2", "do": "duplicate" })")
              .count("thing", Fate::duplicated) == 1);
  // RABBIT-022: the broker has never heard of the ack.
  const Story again =
      ruled(R"("r": { "match": "command == 'basic.ack' && queue == 'files'", "do": "redeliver", "first": 1 })");
  REQUIRE(again.told({RecordKind::delivered}, "archive").size() == 4);
  REQUIRE(again.count("thing", Fate::duplicated) == 1);
}

TEST_CASE("attempt tells a delivery from its redelivery", "[rules]") {
  const Story story = ruled(
      R"("again": { "match": "command == 'basic.ack' && queue == 'files' && attempt == 1", "do": "redeliver" },
         "seen": { "match": "command == 'basic.deliver' && queue == 'files' && attempt == 2", "do": "observe" })");
  REQUIRE(struck(story).size() == 6);
  REQUIRE(story.told({RecordKind::delivered}, "archive").size() == 6);
}

TEST_CASE("close: the connection is gone before or after, and the sender learns of it as of an outage", "[rules]") {
  const std::string rule =
      R"("r": { "match": "command == 'basic.publish' && client == 'clerk'", "do": "close", "first": 1)";
  const Story instead = ruled(rule + "}");
  REQUIRE(instead.told({RecordKind::failed}) == Lines{"01:00 clerk failed thing 1 Unavailable"});
  REQUIRE(instead.count("thing", Fate::done) == 3);
  REQUIRE(ruled(rule + R"(, "when": "after" })").count("thing", Fate::duplicated) == 1);
}

TEST_CASE("nth, first, share, limit, from and until choose among what matches", "[rules]") {
  const auto times = [](const std::string& choice) {
    return struck(ruled(R"("r": { "match": "system == 'desk'", "do": "observe")" + choice + "}"));
  };
  REQUIRE(times(R"(, "nth": 2)") == Lines{"01:10 desk fault-applied thing 2 r"});
  REQUIRE(times(R"(, "first": 2)").size() == 2);
  REQUIRE(times(R"(, "limit": 1)") == Lines{"01:00 desk fault-applied thing 1 r"});
  REQUIRE(times(R"(, "from": "01:05", "until": "+80 min")") == Lines{"01:10 desk fault-applied thing 2 r"});
  REQUIRE(times(R"(, "share": "0 %")").empty());
  REQUIRE(times(R"(, "share": "100 %")").size() == 3);
  std::size_t half = 0;
  for (std::uint64_t seed = 1; seed <= 40; ++seed)
    half += struck(ruled(R"("r": { "match": "system == 'desk'", "do": "observe", "share": "50 %" })", "", seed)).size();
  REQUIRE(half == 58);  // Of 120: by these seeds, for ever.
}

TEST_CASE("a rule that only observes changes nothing but the history", "[rules]") {
  const Story plain = ruled(R"("r": { "match": "system == 'nobody'", "do": "observe" })");
  const Story watched = ruled(R"("r": { "match": "true", "do": "observe" })");
  REQUIRE(plain.finished() == watched.finished());
  REQUIRE(struck(watched).size() > 9);
}

TEST_CASE("what is wrong with a rule is said with its place", "[rules]") {
  const auto wrong = [](const std::string& rule) {
    return testing::diagnostics_of(
        R"("faults": { "r": { )" + rule +
        R"( } }, "items": { "thing": {} }, "systems": { "desk": { "is": "service", "of": "thing", "offers": { "stamp": {} } } })");
  };
  REQUIRE(wrong(R"("match": "true", "do": "observe")").empty());
  const auto says = [&](const std::string& rule, const std::string& text) {
    INFO(wrong(rule));
    REQUIRE(wrong(rule).find(text) != std::string::npos);
  };
  says(R"("match": "comand == 'x'", "do": "observe")", "did you mean \"command\"?");
  says(R"("match": "attempt == 'x'", "do": "observe")", "/faults/r/match");
  says(R"("match": "10 / attempt == 2", "do": "observe")", "/faults/r/match: may fail");
  says(R"("match": "true")", "\"do\" is missing");
  says(R"("match": "true", "do": "explode")", "\"explode\" is none of the words for this");
  says(R"("match": "true", "do": "error", "when": "before")",
       "/faults/r/when: \"error\" means nothing \"before\"; write \"instead\" or \"after\"");
  says(R"("match": "true", "do": "delay")", "\"by\" is missing: how long it is delayed");
  says(R"("match": "true", "do": "drop", "by": "1 s")", "/faults/r/by: belongs to \"delay\" and \"stall\"; remove it");
  says(R"("match": "true", "do": "drop", "code": 404)", "/faults/r/code: belongs to \"do\": \"error\"; remove it");
  says(R"("match": "true", "do": "error", "code": 200000)",
       "200000 is no reply code of AMQP 0-9-1 and no error of MongoDB");
  says(R"("match": "true", "do": "drop", "nth": 0)", "/faults/r/nth: counts from 1");
  says(R"("match": "true", "do": "drop", "nth": 1, "first": 2)", "\"first\" chooses already; remove one");
  says(R"("match": "true", "do": "drop", "share": "200 %")", "write 100 % at most");
  says(R"("match": "true", "do": "drop", "from": "2021-01-04 02:00", "until": "2021-01-04 01:00")",
       "the rule ends before it begins");
}
