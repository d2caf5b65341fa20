// Where a group stands: pauses, stops, first starts, retention, partitions and members.

#include <set>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr std::initializer_list<RecordKind> reading = {RecordKind::read};

std::string things(const std::string& arrivals, const std::string& timeline, const std::string& log,
                   const std::string& streams) {
  return R"("items": { "thing": { "fields": { "lane": "string" }, "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", )" +
         arrivals + R"( } },
    "timeline": [ )" +
         timeline + R"( ],
    "systems": { "events": { "is": "log", "of": "thing")" +
         log + " }, " + streams + " }";
}

constexpr const char* hourly = R"("at": ["01:00", "02:00", "03:00"])";
constexpr const char* intake =
    R"("intake": { "is": "stream", "reads": "events", "does": [ { "finish": "handled" } ] })";

}  // namespace

TEST_CASE("a pause does not advance the position: the stream goes on where it stood", "[stream]") {
  const Story story(
      things(hourly, R"({ "at": "01:30", "pause": "intake" }, { "at": "02:30", "resume": "intake" })", "", intake));
  REQUIRE(story.told(reading) ==
          Lines{"01:00 intake read thing 1 0", "02:30 intake read thing 2 1", "03:00 intake read thing 3 2"});
  REQUIRE(story.count("thing", Fate::done) == 3);
}

TEST_CASE("a stop ends after the work in hand, and a start goes on where it stood", "[stream]") {
  const Story story(things(hourly, R"({ "at": "01:00:05", "stop": "intake" }, { "at": "02:30", "start": "intake" })",
                           "",
                           R"("intake": { "is": "stream", "reads": "events",
                              "does": [ { "work": "10 s" }, { "finish": "handled" } ] })"));
  REQUIRE(story.finished() == Lines{"01:00:10 intake finished thing 1 handled",
                                    "02:30:10 intake finished thing 2 handled",
                                    "03:00:10 intake finished thing 3 handled"});
}

TEST_CASE("what died and was not restarted comes back when somebody starts it", "[stream]") {
  const Story story(
      things(hourly, R"({ "at": "01:30", "crash": "intake" }, { "at": "02:30", "start": "intake" })", "", intake));
  REQUIRE(story.told(reading) ==
          Lines{"01:00 intake read thing 1 0", "02:30 intake read thing 2 1", "03:00 intake read thing 3 2"});
}

TEST_CASE("KAFKA-025, KAFKA-030, STRAT-013: a renamed group begins anew: at latest it skips, at earliest it repeats",
          "[stream]") {
  const auto renamed = [](const std::string& from) {
    return Story(things(hourly, R"({ "at": "01:30", "stop": "intake" }, { "at": "02:30", "start": "renamed" })", "",
                        std::string(intake) +
                            R"(, "renamed": { "is": "stream", "reads": "events", "on": false, "from": ")" + from +
                            R"(", "does": [ { "finish": "handled" } ] })"));
  };
  const Story latest = renamed("latest");
  REQUIRE(latest.told(reading) == Lines{"01:00 intake read thing 1 0", "03:00 renamed read thing 3 2"});
  REQUIRE(latest.finished().size() == 2);
  const Story earliest = renamed("earliest");
  REQUIRE(earliest.told(reading) == Lines{"01:00 intake read thing 1 0", "02:30 renamed read thing 1 0",
                                          "02:30 renamed read thing 2 1", "03:00 renamed read thing 3 2"});
  REQUIRE(earliest.count("thing", Fate::duplicated) == 1);
}

TEST_CASE("KAFKA-025: nobody holds what a group at latest will never read", "[stream]") {
  const Story story(things(hourly, R"({ "at": "01:30", "start": "late" })", "",
                           R"("late": { "is": "stream", "reads": "events", "on": false, "from": "latest",
                              "does": [ { "finish": "handled" } ] })"));
  REQUIRE(story.count("thing", Fate::lost) == 1);
  REQUIRE(story.count("thing", Fate::done) == 2);
  REQUIRE(story.told({RecordKind::released}) == Lines{"01:00 released thing 1"});
}

TEST_CASE("KAFKA-036: retention overtakes a group that stands still: what it had not passed is lost", "[stream]") {
  const auto overtaken = [](const std::string& from) {
    return Story(things(R"("at": ["01:00", "02:00", "05:00"])",
                        R"({ "at": "00:30", "pause": "intake" }, { "at": "05:30", "resume": "intake" })",
                        R"(, "keeps": "2 h")",
                        R"("intake": { "is": "stream", "reads": "events", "from": ")" + from +
                            R"(", "does": [ { "finish": "handled" } ] })"));
  };
  const Story earliest = overtaken("earliest");
  // KAFKA-035: the log looks every five minutes, so each event is gone with the next look after its two hours.
  REQUIRE(earliest.told({RecordKind::dropped}) ==
          Lines{"03:05 events dropped thing 1 101", "04:05 events dropped thing 2 101"});
  REQUIRE(earliest.told({RecordKind::released}) == Lines{"03:05 released thing 1", "04:05 released thing 2"});
  REQUIRE(earliest.told(reading) == Lines{"05:30 intake read thing 3 2"});
  REQUIRE(earliest.count("thing", Fate::lost) == 2);
  const Story latest = overtaken("latest");  // Out of range, and reset to the end: the gap is wider.
  REQUIRE(latest.told(reading).empty());
  REQUIRE(latest.count("thing", Fate::lost) == 3);
}

TEST_CASE("KAFKA-001: two groups on one log each see everything", "[stream]") {
  const Story story(things(R"("at": "01:00")", "", "",
                           R"("first": { "is": "stream", "reads": "events", "does": [ { "work": "1 s" } ] },
                              "second": { "is": "stream", "reads": "events", "does": [ { "finish": "handled" } ] })"));
  REQUIRE(story.told(reading) == Lines{"01:00 first read thing 1 0", "01:00 second read thing 1 0"});
  REQUIRE(story.told({RecordKind::committed_offset}) ==
          Lines{"01:00 second committed-offset 0 1", "01:00:01 first committed-offset 0 1"});
}

TEST_CASE("KAFKA-010: a partition has one owner: more members than partitions idle", "[stream]") {
  const auto busiest = [](int partitions, int workers) {
    const Story story(things(R"("count": 60, "between": ["01:00", "01:00:01"])", "",
                             R"(, "partitions": )" + std::to_string(partitions),
                             R"("intake": { "is": "stream", "reads": "events", "workers": )" + std::to_string(workers) +
                                 R"(, "does": [ { "work": "1 min" }, { "finish": "handled" } ] })"));
    REQUIRE(story.count("thing", Fate::done) == 60);
    int busy = 0, most = 0;
    for (const Record& record : story.records) {
      const auto kind = static_cast<RecordKind>(record.kind);
      if (kind == RecordKind::read) most = std::max(most, ++busy);
      if (kind == RecordKind::committed_offset) --busy;
    }
    return most;
  };
  REQUIRE(busiest(1, 5) == 1);
  REQUIRE(busiest(3, 2) == 2);
  REQUIRE(busiest(3, 5) == 3);
}

TEST_CASE("KAFKA-010: when members leave, those who stay take over their partitions", "[stream]") {
  const Story story(things(R"("count": 60, "between": ["01:00", "01:00:01"])",
                           R"({ "at": "01:02:30", "set": { "intake.workers": 1 } })", R"(, "partitions": 3)",
                           R"("intake": { "is": "stream", "reads": "events", "workers": 3,
                              "does": [ { "work": "1 min" }, { "finish": "handled" } ] })"));
  REQUIRE(story.count("thing", Fate::done) == 60);
  // Nine are read while three members work, the last three of them to their end; from then on one works alone.
  REQUIRE(story.told(reading)[8].substr(0, 8) == "01:02:00");
  REQUIRE(story.told(reading)[9].substr(0, 5) == "01:03");
  REQUIRE(story.told(reading)[10].substr(0, 5) == "01:04");
}

TEST_CASE("KAFKA-002: the log's own key keeps a lane in order, and its text decides, not its number", "[stream]") {
  const std::string streams = R"("intake": { "is": "stream", "reads": "events", "does": [ { "finish": "handled" } ] })";
  const std::string arrivals = R"("count": 40, "between": ["01:00", "02:00"],
    "fields": { "lane": { "north": "25 %", "south": "25 %", "east": "25 %", "west": "25 %" } })";
  const auto committed = [&](const std::string& more, const std::string& key) {
    return Story("\"lists\": { \"more\": [" + more + "] }, " +
                 things(arrivals, "", R"(, "partitions": 8, "key": ")" + key + "\"", streams))
        .told({RecordKind::committed_offset});
  };
  const Lines by_lane = committed("", "it.lane");
  REQUIRE(by_lane.size() == 40);
  REQUIRE(committed(R"("x", "y", "z")", "it.lane") == by_lane);  // More texts in the file change no partition.
  std::set<char> partitions;
  for (const std::string& line : by_lane) partitions.insert(line[line.find("offset ") + 7]);
  REQUIRE(partitions.size() <= 4);
  REQUIRE(partitions.size() > 1);
  REQUIRE(committed("", "it.id") != by_lane);
}

TEST_CASE("a log is not compacted, and says so", "[stream]") {
  const std::string said = diagnostics_of(things(hourly, "", R"(, "compacted": true)", intake));
  REQUIRE(said.find("compaction is not modelled") != std::string::npos);
}

TEST_CASE("a stream without workers reads nothing until it gets one", "[stream]") {
  const auto finished = [](const std::string& workers, const std::string& timeline) {
    return Story(R"("items": { "thing": { "done": "ok" } }, "timeline": [ )" + timeline + R"( ],
      "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00", "03:00"] } },
      "systems": { "events": { "is": "log", "of": "thing" },
                   "intake": { "is": "stream", "reads": "events", "workers": )" +
                 workers + R"(, "does": [ { "finish": "ok" } ] } })")
        .finished();
  };
  REQUIRE(finished("0", "").empty());
  REQUIRE(finished("0", R"({ "at": "02:00", "set": { "intake.workers": 1 } })") ==
          Lines{"02:00 intake finished thing 1 ok", "03:00 intake finished thing 2 ok"});
  REQUIRE(finished("1", R"({ "at": "02:00", "set": { "intake.workers": 0 } })") ==
          Lines{"01:00 intake finished thing 1 ok"});
}
