// What people do to jobs, and whose clock they go by.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

namespace {

constexpr std::initializer_list<RecordKind> runs = {RecordKind::run_started, RecordKind::run_ended,
                                                    RecordKind::run_skipped};
constexpr std::initializer_list<RecordKind> due = {RecordKind::due};

std::string job(const std::string& cron, const std::string& timeline, const std::string& keys = "") {
  return R"("timeline": [ )" + timeline + R"( ], "items": { "thing": {} },
    "systems": { "report": { "is": "job", "cron": ")" +
         cron + "\"" + keys + R"(, "does": [ { "work": "1 h" } ] } })";
}

std::string until(const std::string& time) {
  return R"("from": "2021-01-04 00:00", "until": "2021-01-04 )" + time + R"(", "zone": "UTC")";
}

}  // namespace

TEST_CASE("the clock's first instant belongs to a schedule, its end does not", "[job]") {
  REQUIRE(Story(job("0 0,6 * * *", ""), 1, {}, until("06:00")).told(due) == Lines{"00:00 report due 00:00 0"});
}

TEST_CASE("at the first instant each instance has its firing", "[job]") {
  REQUIRE(Story(job("0 0 * * *", "", R"(, "instances": 2)")).told({RecordKind::run_started}) ==
          Lines{"00:00 report run-started 0 0", "00:00 report run-started 1 1"});
}

TEST_CASE("a stopped job does not run by its schedule, but by hand it does", "[job]") {
  REQUIRE(Story(job("0 1 * * *", R"({ "at": "00:15", "stop": "report" }, { "at": "00:30", "run": "report" })"))
              .told(runs) ==
          Lines{"00:30 report run-started 0 0", "01:00 report run-skipped 01:00 0", "01:30 report run-ended 0 1"});
}

TEST_CASE("a stop lets the run in hand end, a crash cuts it off", "[job]") {
  REQUIRE(Story(job("0 1 * * *", R"({ "at": "01:30", "stop": "report" })")).told(runs) ==
          Lines{"01:00 report run-started 0 0", "02:00 report run-ended 0 1"});
  REQUIRE(Story(job("0 1 * * *", R"({ "at": "01:30", "crash": "report" })")).told(runs) ==
          Lines{"01:00 report run-started 0 0", "01:30 report run-ended 0 0"});
}

TEST_CASE("a job comes back by its own restart when the crash names none", "[job]") {
  const std::string crash = R"({ "at": "01:30", "crash": "report" })";
  REQUIRE(Story(job("0 1 * * *", crash)).told({RecordKind::restarted}).empty());
  REQUIRE(Story(job("0 1 * * *", crash, R"(, "restart": "10 min")")).told({RecordKind::restarted}) ==
          Lines{"01:40 report restarted"});
}

TEST_CASE("a new schedule counts from the instant at which it is set", "[job]") {
  const std::string set = R"({ "at": "00:30", "set": { "report.cron": "15,30 * * * *" } })";
  REQUIRE(Story(job("0 1 * * *", set), 1, {}, until("02:00")).told(due) ==
          Lines{"00:30 report due 00:30 0", "01:15 report due 01:15 0", "01:30 report due 01:30 0"});
}

TEST_CASE("a schedule that is set to what it was does not fire twice", "[job]") {
  const std::string set = R"({ "at": "01:00:30", "set": { "report.cron": "0 1,2 * * *" } })";
  REQUIRE(Story(job("0 1 * * *", set), 1, {}, until("03:00")).told(due) ==
          Lines{"01:00 report due 01:00 0", "02:00 report due 02:00 0"});
}

TEST_CASE("setting a schedule does not keep a crashed job from coming back", "[job]") {
  const std::string steps = R"({ "at": "00:10", "crash": "report", "restart": "1 h" },
                               { "at": "00:30", "set": { "report.cron": "15 * * * *" } })";
  REQUIRE(
      Story(job("0 1 * * *", steps), 1, {}, until("02:00")).told({RecordKind::restarted, RecordKind::run_started}) ==
      Lines{"01:10 report restarted", "01:15 report run-started 0 0"});
}

TEST_CASE("what is set as a schedule must be one", "[job]") {
  const auto said = [](const std::string& cron) {
    return testing::diagnostics_of(
        job("0 1 * * *", R"({ "id": "x", "at": "00:30", "set": { "report.cron": ")" + cron + R"(" } })"));
  };
  REQUIRE(said("0 25 * * *").find("/timeline[x]/set/report.cron: hour 25 is outside 0-23") != std::string::npos);
  REQUIRE(said("0 0 31 4 *").find("names no day that ever comes") != std::string::npos);
}

TEST_CASE("the set schedule is read in the job's dialect", "[job]") {
  // 5 is Thursday for Quartz; 4 January 2021 is a Monday, which is 2.
  const std::string set = R"({ "at": "00:30", "set": { "report.cron": "0 0 1 ? * 2" } })";
  REQUIRE(Story(job("0 0 5 ? * 5", set, R"(, "clock-changes": "quartz")")).told(due) ==
          Lines{"01:00 report due 01:00 0"});
}

TEST_CASE("a schedule goes by the clock of its own machine", "[job]") {
  REQUIRE(Story(job("0 13 * * *", R"({ "at": "12:00", "skew": "report", "by": "10 min" })")).told(due) ==
          Lines{"12:50 report due 13:00 0"});
}

TEST_CASE("a clock that is put right does not fire again what has fired", "[job]") {
  REQUIRE(Story(job("0 13,14 * * *", R"({ "at": "12:00", "skew": "report", "by": "10 min", "for": "55 min" })"))
              .told(due) == Lines{"12:50 report due 13:00 0", "14:00 report due 14:00 0"});
}

TEST_CASE("a clock that is put right before the firing leaves it where it was", "[job]") {
  REQUIRE(
      Story(job("0 13 * * *", R"({ "at": "12:00", "skew": "report", "by": "10 min", "for": "30 min" })")).told(due) ==
      Lines{"13:00 report due 13:00 0"});
}

TEST_CASE("a clock that jumps over a firing fires it late, once", "[job]") {
  REQUIRE(Story(job("0 13 * * *", R"({ "at": "12:55", "skew": "report", "by": "10 min" })")).told(due) ==
          Lines{"12:55 report due 13:00 0"});
}

TEST_CASE("schedule and calendar of a job are those of its zone", "[job]") {
  // One o'clock of 5 January in Tokyo is 16:00 of 4 January in UTC.
  const Story story(R"("items": { "report": { "fields": { "day": "date" } } },
    "systems": {
      "reports": { "is": "queue", "of": "report" },
      "nightly": { "is": "job", "cron": "0 1 * * *", "zone": "Asia/Tokyo", "does": [
        { "send": "report", "to": "reports", "with": { "day": "today" } } ] } },
    "checks": { "of-the-fifth": { "at": "end", "that": "count(report, day == date('2021-01-05')) == 1" } })");
  REQUIRE(story.told(due) == Lines{"16:00 nightly due 16:00 0"});
  REQUIRE(story.check("of-the-fifth").verdict == CheckVerdict::holds);
}
