// What each verb of the timeline does.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

/// A queue with its consumer, a dead-letter queue, a job that takes an hour, a toggle.
std::string body(const std::string& timeline, const std::string& more = "") {
  return R"("items": { "thing": { "fields": { "size": "int" }, "done": "ok" } },
    "timeline": [ )" +
         timeline + R"( ],
    "systems": { "valve": { "is": "toggles", "open": false, "limit": 3 },
                 "box": { "is": "queue", "of": "thing", "dead-letter": "dead" }, "dead": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "only-if": "it.size < valve.limit", "finish": "ok" },
                            { "only-if": "it.size >= valve.limit", "raise": "TooBig" } ], "on": { "TooBig": { "then": "reject" } } },
                 "nightly": { "is": "job", "does": [ { "work": "1 h" } ] })" +
         more + " }";
}
Lines steps(const std::string& timeline) {
  return Story(body(timeline)).told({RecordKind::step_done, RecordKind::step_skipped});
}
constexpr std::initializer_list<RecordKind> runs = {RecordKind::run_started, RecordKind::run_ended};

}  // namespace

TEST_CASE("set changes settings of running systems", "[timeline]") {
  const Story story(body(R"({ "at": "01:00", "send": "thing", "to": "box", "with": { "size": "5" } },
    { "at": "02:00", "set": { "valve.limit": 10 } }, { "at": "03:00", "send": "thing", "to": "box", "with": { "size": "5" } })"));
  REQUIRE(story.finished() == Lines{"03:00 clerk finished thing 2 ok"});
  REQUIRE(story.count("thing", Fate::dead_lettered) == 1);
  REQUIRE(story.told({RecordKind::set}) == Lines{"02:00 timeline set valve.limit 10"});
}

TEST_CASE("run is one run now, also of a job without a schedule", "[timeline]") {
  REQUIRE(Story(body(R"({ "at": "01:00", "run": "nightly" })")).told(runs) ==
          Lines{"01:00 nightly run-started 0 0", "02:00 nightly run-ended 0 1"});
}

TEST_CASE("crash ends a run in the middle; without a restart the system stays down", "[timeline]") {
  const Story story(body(R"({ "at": "01:00", "run": "nightly" }, { "at": "01:30", "crash": "nightly" })"));
  REQUIRE(story.told({RecordKind::run_ended, RecordKind::crashed, RecordKind::restarted}) ==
          Lines{"01:30 nightly crashed", "01:30 nightly run-ended 0 0"});
}

TEST_CASE("redrive moves what lies in a queue now, chosen and sorted", "[timeline]") {
  const std::string sent =
      R"({ "at": "01:00", "each": [5, 9, 7, 4], "send": "thing", "to": "box", "with": { "size": "it" } },
    { "at": "02:00", "set": { "valve.limit": 100 } }, )";
  REQUIRE(Story(body(sent + R"({ "at": "03:00", "redrive": "dead", "to": "box" })")).finished() ==
          Lines{"03:00 clerk finished thing 1 ok", "03:00 clerk finished thing 2 ok", "03:00 clerk finished thing 3 ok",
                "03:00 clerk finished thing 4 ok"});
  const Story chosen(body(
      sent +
      R"({ "at": "03:00", "redrive": "dead", "to": "box", "where": "size > 4", "sort": "size", "gap": "1 min" })"));
  REQUIRE(chosen.finished() == Lines{"03:00 clerk finished thing 1 ok", "03:01 clerk finished thing 3 ok",
                                     "03:02 clerk finished thing 2 ok"});
  REQUIRE(chosen.count("thing", Fate::dead_lettered) == 1);
}

TEST_CASE("notice is what a person sees: detection, and no step of an operator", "[timeline]") {
  const Story story(body(R"({ "at": "01:00", "notice": "it smells of smoke" })"));
  REQUIRE(story.told({RecordKind::noticed}) == Lines{"01:00 timeline noticed it smells of smoke"});
}

TEST_CASE("each carries out any verb once per element, with a gap between them", "[timeline]") {
  REQUIRE(Story(body(R"({ "at": "01:00", "each": [1, 2, 3], "gap": "2 h", "run": "nightly" })"))
              .told({RecordKind::run_started}) ==
          Lines{"01:00 nightly run-started 0 0", "03:00 nightly run-started 1 0", "05:00 nightly run-started 2 0"});
  REQUIRE(Story(body(R"({ "at": "01:00", "each": ["a", "b"], "gap": "1 h", "notice": "again" })"))
              .told({RecordKind::noticed})
              .size() == 2);
  const Story sent(body(
      R"({ "at": "01:00", "each": [1, 2], "gap": "10 min", "send": "thing", "to": "box", "with": { "size": "it" } })"));
  REQUIRE(sent.finished() == Lines{"01:00 clerk finished thing 1 ok", "01:10 clerk finished thing 2 ok"});
}

TEST_CASE("a gap without elements, a pause of what cannot pause: errors", "[timeline]") {
  REQUIRE(diagnostics_of(body(R"({ "at": "01:00", "run": "nightly", "gap": "1 h" })"))
              .find("there is nothing to repeat; write") != std::string::npos);
  REQUIRE(diagnostics_of(body(R"({ "at": "01:00", "pause": "box" })")).find("\"box\" is a queue; this wants a") !=
          std::string::npos);
  REQUIRE(diagnostics_of(body(R"({ "at": "01:00", "stop": "valve" })")).find("\"valve\" is a toggles; this wants a") !=
          std::string::npos);
}

TEST_CASE("stop and start of a job: the run in hand ends, and `run` works all the same", "[timeline]") {
  const Story story(body(
      R"({ "at": "01:00", "run": "nightly" }, { "at": "01:30", "stop": "nightly" }, { "at": "03:00", "run": "nightly" })"));
  REQUIRE(story.told(runs).size() == 4);
  REQUIRE(story.told(runs)[1] == "02:00 nightly run-ended 0 1");
}

TEST_CASE("pause and resume of a consumer: nothing is lost, nothing is taken", "[timeline]") {
  const Story story(body(
      R"({ "at": "00:30", "pause": "clerk" }, { "at": "01:00", "send": "thing", "to": "box" }, { "at": "02:00", "resume": "clerk" })"));
  REQUIRE(story.finished() == Lines{"02:00 clerk finished thing 1 ok"});
}

TEST_CASE("the same instant: in the order of the list", "[timeline]") {
  REQUIRE(
      steps(
          R"({ "id": "a", "at": "01:00", "run": "nightly" }, { "id": "b", "at": "01:00", "set": { "valve.open": true } }, { "id": "c", "at": "00:30", "stop": "nightly" })") ==
      Lines{"00:30 timeline step-done c", "01:00 timeline step-done a", "01:00 timeline step-done b"});
}

TEST_CASE("a second crash sets the time of the restart anew", "[timeline]") {
  const Story story(R"(
    "items": { "thing": { "done": "ok" } },
    "arrivals": { "things": { "item": "thing", "into": "box", "at": "01:25:10" } },
    "timeline": [ { "at": "01:10", "crash": "clerk", "restart": "10 min" },
                  { "at": "01:15", "crash": "clerk", "restart": "2 h" } ],
    "systems": { "box": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "box", "does": [ { "finish": "ok" } ] } })");
  REQUIRE(story.finished() == Lines{"03:15 clerk finished thing 1 ok"});
}
