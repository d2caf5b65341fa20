// Calls: latency, workers, outages, and what a caller knows after each kind of failure.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr std::initializer_list<RecordKind> ends = {RecordKind::finished, RecordKind::failed, RecordKind::given_up};

/// Things arrive in a queue, one worker each calls desk.order and then marks its message "known".
std::string body(const std::string& at, const std::string& timeline, const std::string& service,
                 const std::string& offers, const std::string& call, const std::string& workers = "8") {
  return R"("items": { "thing": { "done": "ordered" } },
    "arrivals": { "things": { "item": "thing", "into": "orders", "at": [)" +
         at + R"(] } }, "timeline": [ )" + timeline + R"( ],
    "systems": { "orders": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "orders", "workers": )" +
         workers + R"(, "does": [ { "id": "ask", "call": "desk.order" )" + call + R"( }, { "mark": "known" } ],
                            "on": { "any": { "then": "discard" } } },
                 "desk": { "is": "service", "of": "thing")" +
         service + R"(, "offers": { "order": { )" + offers + " } } } }";
}
constexpr const char* ordering = R"("takes": "10 s", "does": [ { "finish": "ordered" } ])";
constexpr const char* tries_again = R"(, "on": { "Unavailable": { "tries": 3, "wait": "1 min" } })";

}  // namespace

TEST_CASE("a call takes its time, and its caller waits for the reply", "[service]") {
  const Story story(body(R"("01:00")", "", "", ordering, ""));
  REQUIRE(story.told({RecordKind::called, RecordKind::finished, RecordKind::replied, RecordKind::marked}) ==
          Lines{"01:00 desk called thing 1 desk.order", "01:00:10 desk finished thing 1 ordered",
                "01:00:10 desk replied thing 1 desk.order", "01:00:10 clerk marked thing 1 known"});
}

TEST_CASE("calls queue for the service's workers, first come, first served", "[service]") {
  const Story story(body(R"("01:00", "01:00:01", "01:00:02", "01:00:03")", "", R"(, "workers": 2)", ordering, ""));
  REQUIRE(story.finished() == Lines{"01:00:10 desk finished thing 1 ordered", "01:00:11 desk finished thing 2 ordered",
                                    "01:00:20 desk finished thing 3 ordered",
                                    "01:00:21 desk finished thing 4 ordered"});
}

TEST_CASE("a service gets more workers at once, and fewer as they become free", "[service]") {
  const std::string four = R"("01:00", "01:00", "01:00", "01:00")";
  const Story more(
      body(four, R"({ "at": "01:00:05", "set": { "desk.workers": 4 } })", R"(, "workers": 1)", ordering, ""));
  REQUIRE(more.finished().back() == "01:00:15 desk finished thing 4 ordered");
  const Story fewer(
      body(four, R"({ "at": "01:00:05", "set": { "desk.workers": 1 } })", R"(, "workers": 2)", ordering, ""));
  REQUIRE(fewer.finished() == Lines{"01:00:10 desk finished thing 1 ordered", "01:00:10 desk finished thing 2 ordered",
                                    "01:00:20 desk finished thing 3 ordered",
                                    "01:00:30 desk finished thing 4 ordered"});
}

TEST_CASE("a service that is stopped ends the work in hand and reaches nobody else: a definite failure", "[service]") {
  const Story story(body(R"("01:00", "01:00:07")",
                         R"({ "at": "01:00:05", "stop": "desk" }, { "at": "01:01", "start": "desk" })", "", ordering,
                         tries_again));
  REQUIRE(story.told(ends) == Lines{"01:00:07 clerk failed thing 2 Unavailable",
                                    "01:00:10 desk finished thing 1 ordered",
                                    "01:01:17 desk finished thing 2 ordered"});
}

TEST_CASE("a service that dies fails the calls in hand; it is reached again after its restart", "[service]") {
  const Story story(body(R"("01:00")", R"({ "at": "01:00:05", "crash": "desk", "restart": "5 min" })", "", ordering,
                         R"(, "on": { "Unavailable": { "tries": 10, "wait": "2 min" } })"));
  REQUIRE(story.told(ends) ==
          Lines{"01:00:05 clerk failed thing 1 Unavailable", "01:02:05 clerk failed thing 1 Unavailable",
                "01:04:05 clerk failed thing 1 Unavailable", "01:06:15 desk finished thing 1 ordered"});
}

TEST_CASE("a service that is paused lets calls wait, and may carry out what nobody waits for any more", "[service]") {
  const std::string pause = R"({ "at": "00:30", "pause": "desk" }, { "at": "01:05", "resume": "desk" })";
  REQUIRE(Story(body(R"("01:00")", pause, "", ordering, "")).finished() ==
          Lines{"01:05:10 desk finished thing 1 ordered"});
  const Story late(body(R"("01:00")", pause, "", ordering, R"(, "timeout": "1 min")"));
  REQUIRE(late.told(ends) == Lines{"01:01 clerk failed thing 1 Timeout", "01:01 clerk given-up thing 1 Timeout",
                                   "01:05:10 desk finished thing 1 ordered"});
}

TEST_CASE("a service that is off from the start answers nobody", "[service]") {
  const Story story(body(R"("01:00")", "", R"(, "on": false)", ordering, ""));
  REQUIRE(story.told(ends) ==
          Lines{"01:00 clerk failed thing 1 Unavailable", "01:00 clerk given-up thing 1 Unavailable"});
  REQUIRE(story.count("thing", Fate::lost) == 1);
}

TEST_CASE("a time-out is not definite: the call may have happened, and asking again makes it happen twice",
          "[service]") {
  const std::string hasty = R"(, "timeout": "4 s", "on": { "Timeout": { "tries": 2, "wait": "1 s" } })";
  const Story twice(body(R"("01:00")", "", "", ordering, hasty));
  REQUIRE(twice.told(ends) == Lines{"01:00:04 clerk failed thing 1 Timeout", "01:00:09 clerk failed thing 1 Timeout",
                                    "01:00:09 clerk given-up thing 1 Timeout", "01:00:10 desk finished thing 1 ordered",
                                    "01:00:15 desk finished thing 1 ordered"});
  REQUIRE(twice.count("thing", Fate::duplicated) == 1);
}

TEST_CASE("STRAT-029: an idempotent operation happens once, however often it is asked for", "[service]") {
  const std::string idempotent = R"("idempotent": true, "takes": "10 s", "does": [ { "finish": "ordered" } ])";
  const std::string hasty = R"(, "timeout": "4 s", "on": { "Timeout": { "tries": 4, "wait": "1 s" } })";
  const Story once(body(R"("01:00")", "", "", idempotent, hasty));
  REQUIRE(once.count("thing", Fate::done) == 1);
  // The third try finds the first one still under way and has its reply with it.
  REQUIRE(once.told({RecordKind::finished, RecordKind::marked}) ==
          Lines{"01:00:10 desk finished thing 1 ordered", "01:00:10 clerk marked thing 1 known"});
}

TEST_CASE("STRAT-029: a second call gets the first one's reply", "[service]") {
  const Story story(R"(
    "items": { "thing": { "done": "42" } },
    "arrivals": { "things": { "item": "thing", "into": "orders", "at": "01:00" } },
    "systems": { "orders": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "orders",
                   "does": [ { "call": "desk.order" }, { "call": "desk.order", "as": "number" },
                             { "only-if": "number == 42", "finish": "42" } ] },
                 "desk": { "is": "service", "of": "thing",
                   "offers": { "order": { "idempotent": true, "does": [ { "reply": "42" } ] } } } })");
  REQUIRE(story.count("thing", Fate::done) == 1);
}

TEST_CASE("STRAT-029: a call that failed is no reason to refuse the next one", "[service]") {
  const std::string second_time = R"x("idempotent": true, "does": [
    { "only-if": "now < time('2021-01-04 01:00:30')", "raise": "Refused" }, { "finish": "ordered" } ])x";
  const Story story(
      body(R"("01:00")", "", "", second_time, R"(, "on": { "Refused": { "tries": 2, "wait": "1 min" } })"));
  REQUIRE(story.told(ends) == Lines{"01:00 desk failed thing 1 Refused", "01:00 desk given-up thing 1 Refused",
                                    "01:00 clerk failed thing 1 Refused", "01:01 desk finished thing 1 ordered"});
}

TEST_CASE("a reply lets the caller go on; what comes after it happens in the background", "[service]") {
  const Story story(
      body(R"("01:00")", "", "",
           R"("does": [ { "work": "1 s" }, { "reply": "true" }, { "work": "1 h" }, { "finish": "ordered" } ])", ""));
  REQUIRE(story.told({RecordKind::marked, RecordKind::finished}) ==
          Lines{"01:00:01 clerk marked thing 1 known", "02:00:01 desk finished thing 1 ordered"});
}

TEST_CASE("an error inside an operation is the caller's, and is tried again where the caller says", "[service]") {
  const Story story(body(
      R"("01:00")", "", "",
      R"x("does": [ { "work": "1 s" }, { "only-if": "now < time('2021-01-04 01:02')", "raise": "Refused" }, { "finish": "ordered" } ])x",
      R"(, "on": { "Refused": { "tries": 5, "wait": "1 min" } })"));
  REQUIRE(story.told({RecordKind::finished, RecordKind::retried}) == Lines{"01:00:01 clerk retried thing 1 1",
                                                                           "01:01:02 clerk retried thing 1 2",
                                                                           "01:02:03 desk finished thing 1 ordered"});
}

TEST_CASE("parallel elements of an operation leave its item and its worker alone", "[service]") {
  const Story story(body(
      R"("01:00", "01:00")", "", R"(, "workers": 1)",
      R"("does": [ { "id": "parts", "each": ["a", "b", "c"], "at-once": 3, "work": "10 s" }, { "work": "10 s" }, { "finish": "ordered" } ])",
      ""));
  REQUIRE(story.finished() ==
          Lines{"01:00:20 desk finished thing 1 ordered", "01:00:40 desk finished thing 2 ordered"});
  REQUIRE(story.told({RecordKind::released}).empty());
}

TEST_CASE("a service that crashes while calls wait has all its workers when it is back", "[service]") {
  const Story story(body(R"("01:00", "01:00:01", "01:00:02", "02:00")",
                         R"({ "at": "01:00:05", "crash": "desk", "restart": "1 min" })", R"(, "workers": 1)", ordering,
                         R"(, "on": { "Unavailable": { "tries": 5, "wait": "2 min" } })"));
  REQUIRE(story.count("thing", Fate::done) == 4);
  REQUIRE(story.finished() == Lines{"01:02:15 desk finished thing 1 ordered", "01:02:25 desk finished thing 2 ordered",
                                    "01:02:35 desk finished thing 3 ordered",
                                    "02:00:10 desk finished thing 4 ordered"});
}
