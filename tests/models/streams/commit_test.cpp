// What a crash repeats and what it loses: decided by where the commit stands.

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

/// One thing at 01:00. Handling takes ten seconds to its effect and ten more to the end; a crash comes at `crash`.
Story crashing(const std::string& commit, const std::string& crash) {
  return Story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": "01:00" } },
    "timeline": [ { "at": ")" +
               crash + R"(", "crash": "intake", "restart": "30 s" } ],
    "systems": { "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "commit": ")" +
               commit + R"(",
                   "does": [ { "work": "10 s" }, { "finish": "handled" }, { "work": "10 s" } ] } })");
}

/// The same, with what it writes to a second log as its effect.
Story copying(const std::string& commit, const std::string& crash) {
  return Story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": "01:00" } },
    "timeline": [ { "at": ")" +
               crash + R"(", "crash": "intake", "restart": "30 s" } ],
    "systems": { "events": { "is": "log", "of": "thing" }, "out": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "commit": ")" +
               commit + R"(",
                   "does": [ { "work": "10 s" }, { "publish": "out" }, { "work": "10 s" } ] },
                 "sink": { "is": "stream", "reads": "out", "does": [ { "finish": "handled" } ] } })");
}

constexpr const char* before_effect = "01:00:05";
constexpr const char* before_commit = "01:00:15";
constexpr const char* after_commit = "01:00:25";

/// Events at 01:00:01, :03 and :05, a second of work each; a commit every ten seconds.
Story by_time(const std::string& work, const std::string& crash) {
  return Story(R"(
    "items": { "thing": { "done": "handled" } },
    "arrivals": { "things": { "item": "thing", "into": "events", "at": ["01:00:01", "01:00:03", "01:00:05"] } },
    "timeline": [ { "at": ")" +
               crash + R"(", "crash": "intake", "restart": "30 s" } ],
    "systems": { "events": { "is": "log", "of": "thing" },
                 "intake": { "is": "stream", "reads": "events", "commit": "every 10 s",
                   "does": [ { "work": ")" +
               work + R"(" }, { "finish": "handled" } ] } })");
}

}  // namespace

TEST_CASE("KAFKA-023: a commit after the handling repeats what a crash interrupts", "[stream]") {
  REQUIRE(crashing("after", before_effect).finished() == Lines{"01:00:45 intake finished thing 1 handled"});
  REQUIRE(crashing("after", before_commit).finished() ==
          Lines{"01:00:10 intake finished thing 1 handled", "01:00:55 intake finished thing 1 handled"});
  REQUIRE(crashing("after", after_commit).finished() == Lines{"01:00:10 intake finished thing 1 handled"});
}

TEST_CASE("KAFKA-023: a commit before the handling loses what a crash interrupts", "[stream]") {
  const Story lost = crashing("before", before_effect);
  REQUIRE(lost.finished().empty());
  REQUIRE(lost.count("thing", Fate::lost) == 1);
  REQUIRE(lost.told({RecordKind::released}) == Lines{"01:00:05 released thing 1"});
  REQUIRE(crashing("before", before_commit).count("thing", Fate::done) == 1);
  REQUIRE(crashing("before", after_commit).count("thing", Fate::done) == 1);
}

TEST_CASE("KAFKA-023, KAFKA-050: in a transaction, output and commit happen together", "[stream]") {
  for (const char* crash : {before_effect, before_commit, after_commit}) {
    REQUIRE(copying("transaction", crash).count("thing", Fate::done) == 1);
  }
  REQUIRE(copying("after", before_commit).count("thing", Fate::duplicated) == 1);
  // What is outside is not part of it.
  REQUIRE(crashing("transaction", before_commit).count("thing", Fate::duplicated) == 1);
}

TEST_CASE("KAFKA-020: after a restart the group goes on with the committed offset", "[stream]") {
  REQUIRE(
      crashing("after", before_commit).told({RecordKind::read, RecordKind::committed_offset}) ==
      Lines{"01:00 intake read thing 1 0", "01:00:45 intake read thing 1 0", "01:01:05 intake committed-offset 0 1"});
}

TEST_CASE("KAFKA-021: a regular commit leaves all events since the last one to be repeated", "[stream]") {
  const Story repeated = by_time("1 s", "01:00:08");
  REQUIRE(repeated.count("thing", Fate::duplicated) == 3);
  REQUIRE(repeated.told({RecordKind::committed_offset}) ==
          Lines{"01:00:40 intake committed-offset 0 2", "01:00:50 intake committed-offset 0 3"});
  REQUIRE(by_time("1 s", "01:00:12").count("thing", Fate::done) == 3);
}

TEST_CASE("KAFKA-021: a regular commit waits for the event in hand", "[stream]") {
  // The first one is in hand from 01:00:01 to 01:00:16; the commit due at 01:00:10 is made when it polls again.
  const Story story = by_time("15 s", "01:00:12");
  REQUIRE(story.count("thing", Fate::done) == 3);
  REQUIRE(story.told({RecordKind::read}).front() == "01:00:01 intake read thing 1 0");
  REQUIRE(story.told({RecordKind::read})[1] == "01:00:42 intake read thing 1 0");
  REQUIRE(by_time("15 s", "01:00:20").told({RecordKind::committed_offset}).front() ==
          "01:00:16 intake committed-offset 0 1");
}

TEST_CASE("KAFKA-015: the new owner of a partition does not commit what the former one has in hand", "[stream]") {
  const auto fewer = [](const std::string& first_id) {
    return Story(R"("items": { "thing": { "done": "ok", "first-id": )" + first_id + R"( } },
      "arrivals": { "things": { "item": "thing", "into": "events", "at": "01:00:10" } },
      "timeline": [ { "at": "01:03", "set": { "intake.workers": 1 } },
                    { "at": "01:05", "crash": "intake", "restart": "1 min" } ],
      "systems": { "events": { "is": "log", "of": "thing", "partitions": 2 },
                   "intake": { "is": "stream", "reads": "events", "workers": 2, "commit": "every 5 s",
                               "does": [ { "work": "10 min" }, { "finish": "ok" } ] } })");
  };
  for (int first = 1; first <= 8; ++first) {  // In either partition.
    const std::string id = std::to_string(first);
    REQUIRE(fewer(id).finished() == Lines{"01:16 intake finished thing " + id + " ok"});
  }
}

namespace {

/// Two things in one partition; the first is still in hand when the partition goes to another worker.
Story handed_on(const std::string& region, const std::string& commit, const std::string& crash) {
  return Story(R"("items": { "thing": { "done": "ok", "fields": { "region": "string" } } },
    "arrivals": {
      "first": { "item": "thing", "into": "events", "at": "01:00", "key": "it.region", "fields": { "region": ")" +
               region + R"(" } },
      "second": { "item": "thing", "into": "events", "at": "01:04", "key": "it.region", "fields": { "region": ")" +
               region + R"(" } } },
    "timeline": [ )" +
               crash + R"({ "at": "01:03", "set": { "intake.workers": 1, "intake.does[w].work": "1 s" } } ],
    "systems": { "events": { "is": "log", "of": "thing", "partitions": 2 },
                 "intake": { "is": "stream", "reads": "events", "workers": 2, "commit": ")" +
               commit + R"(", "does": [ { "id": "w", "work": "10 min" }, { "finish": "ok" } ] } })");
}

}  // namespace

TEST_CASE("KAFKA-015: what a former owner has in hand is not committed by the new one's work", "[stream]") {
  const std::string crash = R"({ "at": "01:05", "crash": "intake", "restart": "1 min" }, )";
  for (const char* commit : {"after", "transaction"}) {
    for (const char* region : {"north", "south", "east", "west", "a", "b"}) {  // In either partition.
      INFO(commit << " " << region);
      const Lines told = handed_on(region, commit, crash).finished();
      const auto first = std::find_if(
          told.begin(), told.end(), [](const std::string& line) { return line.find("thing 1") != std::string::npos; });
      REQUIRE(first != told.end());
      REQUIRE(*first == "01:06:01 intake finished thing 1 ok");
    }
  }
}

TEST_CASE("KAFKA-015: a former owner's last commit takes what the new one has done meanwhile", "[stream]") {
  Lines late;
  for (const char* region : {"north", "south", "east", "west", "a", "b"}) {
    const Lines told = handed_on(region, "after", "").told({RecordKind::committed_offset});
    if (told.size() == 1) late.push_back(told.front());
  }
  REQUIRE(late == Lines{"01:10 intake committed-offset 1 2", "01:10 intake committed-offset 1 2"});
}
