// What a crash or a failure leaves of a run, and what the next one does about it.

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr std::initializer_list<RecordKind> runs = {RecordKind::run_started, RecordKind::run_ended,
                                                    RecordKind::run_skipped};

/// A hundred parts, which a job hands to a sink one by one, two seconds each, in chunks of ten.
Story transfer(const std::string& keys, const std::string& timeline, const std::string& loop = R"("chunk": 10,)") {
  return Story(R"("timeline": [ )" + timeline + R"( ],
    "items": { "part": {} },
    "arrivals": { "parts": { "item": "part", "into": "intake.put", "count": 100, "between": ["00:10", "00:20"] } },
    "systems": {
      "db": { "is": "documents", "collections": { "parts": { "of": "part" } } },
      "intake": { "is": "service", "of": "part", "offers": { "put": { "does": [ { "insert": "db.parts" } ] } } },
      "sink": { "is": "service", "of": "part", "offers": { "put": { "does": [ { "finish": "sent" } ] } } },
      "transfer": { "is": "job", )" +
               keys + R"(, "does": [
        { "find": "db.parts", "as": "all" },
        { "id": "send", "each": "all", )" +
               loop + R"( "does": [ { "work": "2 s" }, { "call": "sink.put" } ] } ] } })");
}

/// Which parts were finished after `time`, in order.
std::vector<int> finished_after(const Story& story, const std::string& time) {
  std::vector<int> parts;
  for (const std::string& line : story.finished()) {
    if (line < time) continue;
    const std::size_t at = line.find("part ") + 5;
    parts.push_back(std::stoi(line.substr(at)));
  }
  return parts;
}

}  // namespace

TEST_CASE("BATCH-061: a run that failed in chunk 7 of 10 goes on behind chunk 6", "[job]") {
  const Story story = transfer(R"("cron": "0 1,2 * * *", "after-crash": "last-chunk")",
                               R"({ "at": "00:30", "fail": "sink.put", "nth": 65 })");
  REQUIRE(story.told(runs) == Lines{"01:00 transfer run-started 0 0", "01:02:10 transfer run-ended 0 0",
                                    "02:00 transfer run-started 1 0", "02:01:20 transfer run-ended 1 1"});
  const std::vector<int> second = finished_after(story, "02:00");
  REQUIRE(second.size() == 40);
  REQUIRE(second.front() == 61);
}

TEST_CASE("BATCH-062: what the failed chunk had sent already is sent again", "[job]") {
  const Story story = transfer(R"("cron": "0 1,2 * * *", "after-crash": "last-chunk")",
                               R"({ "at": "00:30", "fail": "sink.put", "nth": 65 })");
  REQUIRE(story.count("part", Fate::duplicated) == 4);  // 61 to 64.
  REQUIRE(story.count("part", Fate::done) == 96);
}

TEST_CASE("BATCH-060: without restart protection the next run begins anew", "[job]") {
  const Story story = transfer(R"("cron": "0 1,2 * * *")", R"({ "at": "00:30", "fail": "sink.put", "nth": 65 })");
  REQUIRE(story.count("part", Fate::duplicated) == 64);
  REQUIRE(story.count("part", Fate::done) == 36);
}

TEST_CASE("BATCH-060: behind a run that ended well, the next one begins anew", "[job]") {
  const Story story = transfer(R"("cron": "0 1,2,3 * * *", "after-crash": "last-chunk")",
                               R"({ "at": "00:30", "fail": "sink.put", "nth": 65 })");
  REQUIRE(finished_after(story, "03:00").size() == 100);
}

TEST_CASE("BATCH-061: a run that a crash cut off goes on behind its last chunk as soon as the job is back", "[job]") {
  const Story story = transfer(R"("cron": "0 1 * * *", "after-crash": "last-chunk")",
                               R"({ "at": "01:02:09", "crash": "transfer", "restart": "1 min" })");
  REQUIRE(story.told(runs) == Lines{"01:00 transfer run-started 0 0", "01:02:09 transfer run-ended 0 0",
                                    "01:03:09 transfer run-started 1 0", "01:04:29 transfer run-ended 1 1"});
  REQUIRE(finished_after(story, "01:03:09").front() == 61);
  REQUIRE(story.count("part", Fate::duplicated) == 4);
}

TEST_CASE("BATCH-061: a second crash goes on from where the first had brought it", "[job]") {
  const Story story =
      transfer(R"("cron": "0 1 * * *", "after-crash": "last-chunk", "restart": "1 min")",
               R"({ "at": "01:02:09", "crash": "transfer" }, { "at": "01:03:14", "crash": "transfer" })");
  // 61 and 62 are sent for the third time: the second run did not complete their chunk either.
  REQUIRE(finished_after(story, "01:04:14").front() == 61);
  REQUIRE(story.count("part", Fate::duplicated) == 4);
  REQUIRE(story.count("part", Fate::done) == 96);
}

TEST_CASE("BATCH-061: a crash between two runs leaves nothing to go on from", "[job]") {
  const Story story = transfer(R"("cron": "0 1,2 * * *", "after-crash": "last-chunk")",
                               R"({ "at": "01:30", "crash": "transfer", "restart": "1 min" })");
  REQUIRE(story.told({RecordKind::run_started}) ==
          Lines{"01:00 transfer run-started 0 0", "02:00 transfer run-started 1 0"});
  REQUIRE(finished_after(story, "02:00").size() == 100);
}

TEST_CASE("BATCH-061: a loop that was finished before the crash is not begun again", "[job]") {
  const Story story(
      R"("timeline": [ { "at": "01:00:13", "crash": "copy", "restart": "1 min" } ], "items": { "thing": {} },
    "systems": {
      "sink": { "is": "service", "offers": { "a": {}, "b": {} } },
      "copy": { "is": "job", "cron": "0 1 * * *", "after-crash": "last-chunk", "does": [
        { "id": "first", "each": [1, 2, 3, 4], "does": [ { "work": "2 s" }, { "call": "sink.a" } ] },
        { "id": "second", "each": [1, 2, 3, 4], "does": [ { "work": "2 s" }, { "call": "sink.b" } ] } ] } })");
  const Lines called = story.told({RecordKind::called});
  const auto calls = [&](const std::string& operation) {
    return std::count_if(called.begin(), called.end(),
                         [&](const std::string& line) { return line.ends_with(operation); });
  };
  REQUIRE(calls("sink.a") == 4);
  REQUIRE(calls("sink.b") == 4);  // Two before the crash, in chunks of one.
}

TEST_CASE("a chunk of elements in parallel is over when all of them are", "[job]") {
  // Chunks of two take two seconds. At 01:00:05 the first two chunks are done and the third is under way.
  const Story story =
      transfer(R"("cron": "0 1 * * *", "after-crash": "last-chunk")",
               R"({ "at": "01:00:05", "crash": "transfer", "restart": "1 min" })", R"("chunk": 2, "at-once": 2,)");
  REQUIRE(finished_after(story, "01:01").front() == 5);
  REQUIRE(story.count("part", Fate::done) == 100);
}

TEST_CASE("BATCH-063: after a crash no run until somebody starts the job", "[job]") {
  const std::string crash_and_human =
      R"({ "at": "01:02", "crash": "transfer", "restart": "1 min" }, { "at": "03:30", "start": "transfer" })";
  const Story story = transfer(R"("cron": "0 1-4 * * *", "after-crash": "refuse")", crash_and_human);
  REQUIRE(story.told(runs) == Lines{"01:00 transfer run-started 0 0", "01:02 transfer run-ended 0 0",
                                    "02:00 transfer run-skipped 02:00 3", "03:00 transfer run-skipped 03:00 3",
                                    "04:00 transfer run-started 1 0", "04:03:20 transfer run-ended 1 1"});
}

TEST_CASE("BATCH-063: by hand it is refused as well, and a crash between two runs refuses nothing", "[job]") {
  const Story by_hand = transfer(R"("cron": "0 1 * * *", "after-crash": "refuse")",
                                 R"({ "at": "01:02", "crash": "transfer", "restart": "1 min" },
                                    { "at": "01:30", "run": "transfer" })");
  REQUIRE(by_hand.told({RecordKind::run_skipped}) == Lines{"01:30 transfer run-skipped 01:30 3"});
  const Story idle = transfer(R"("cron": "0 1,2 * * *", "after-crash": "refuse")",
                              R"({ "at": "01:30", "crash": "transfer", "restart": "1 min" })");
  REQUIRE(idle.told({RecordKind::run_skipped}).empty());
}

TEST_CASE("BATCH-067: an item that is skipped by policy counts as processed, and is lost", "[job]") {
  const Story story(R"("timeline": [ { "at": "00:30", "fail": "sink.put", "nth": 3 } ],
    "items": { "part": {} },
    "arrivals": { "parts": { "item": "part", "into": "intake.put", "count": 10, "between": ["00:10", "00:20"] } },
    "systems": {
      "db": { "is": "documents", "collections": { "parts": { "of": "part" } } },
      "intake": { "is": "service", "of": "part", "offers": { "put": { "does": [ { "insert": "db.parts" } ] } } },
      "sink": { "is": "service", "of": "part", "offers": { "put": { "does": [ { "finish": "sent" } ] } } },
      "transfer": { "is": "job", "cron": "0 1 * * *", "does": [
        { "find": "db.parts", "as": "all" },
        { "id": "send", "each": "all", "call": "sink.put", "on": { "Unavailable": { "then": "ignore" } } } ] } })");
  REQUIRE(story.told(runs) == Lines{"01:00 transfer run-started 0 0", "01:00 transfer run-ended 0 1"});
  REQUIRE(story.count("part", Fate::done) == 9);
  REQUIRE(story.count("part", Fate::lost) == 1);
}
