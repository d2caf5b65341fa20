// What schedulers do when the clock changes. The vectors were measured on the schedulers themselves.

#include "tests/models/civil/wall_clock.hpp"

using namespace premortem;
using premortem::testing::firings;
using premortem::testing::on_the_wall;
using premortem::testing::schedule;
using premortem::testing::utc;
using premortem::testing::walls;
using premortem::testing::zone;
using Walls = std::vector<std::string>;

namespace {

constexpr CronDialect vixie = CronDialect::vixie, quartz = CronDialect::quartz, spring = CronDialect::spring,
                      spring_52 = CronDialect::spring_52, kubernetes = CronDialect::kubernetes;

/// A job at 02:30 in Oslo or 01:30 in London, in the night in which that time is missing.
Walls in_the_gap(CronDialect dialect, const std::string& where) {
  const std::string cron = where == "Europe/Oslo" ? "30 2 * * *" : "30 1 * * *";
  return walls(cron, dialect, where, "2026-03-28 23:00", "2026-03-29 05:00");
}
/// The same in the night in which it comes twice.
Walls in_the_overlap(CronDialect dialect, const std::string& where) {
  const std::string cron = where == "Europe/Oslo" ? "30 2 * * *" : "30 1 * * *";
  return walls(cron, dialect, where, "2026-10-24 22:00", "2026-10-25 05:00");
}
Walls half_hourly(CronDialect dialect) {
  return walls("0,30 * * * *", dialect, "Europe/Oslo", "2026-10-24 23:00", "2026-10-25 02:30");
}

}  // namespace

TEST_CASE("BATCH-001: one expression is three series of instants in three zones", "[cron]") {
  const auto at = [](const std::string& where) {
    const Zone there = zone(where);
    std::vector<std::string> all;
    for (const std::string day : {"2026-01-15 00:00", "2026-07-15 00:00"})
      all.push_back(Zone().format(schedule("0 13 * * *").next_after(there, utc(day))->at).substr(5));
    return all;
  };
  REQUIRE(at("UTC") == Walls{"01-15 13:00", "07-15 13:00"});
  REQUIRE(at("Europe/London") == Walls{"01-15 13:00", "07-15 12:00"});
  REQUIRE(at("Europe/Oslo") == Walls{"01-15 12:00", "07-15 11:00"});
}

TEST_CASE("BATCH-002: a cut-off in local time is an hour nearer to a UTC schedule in summer", "[cron]") {
  const Zone oslo = zone("Europe/Oslo");
  std::vector<std::int64_t> slack;  // Hours from 13:00 UTC to 16:00 in Oslo.
  for (const Firing& firing :
       firings(schedule("0 13 * * *"), Zone(), utc("2026-01-01 00:00"), utc("2027-01-01 00:00"))) {
    const std::int64_t hours = (16 * ns_per_hour - oslo.to_civil(firing.at).nanoseconds) / ns_per_hour;
    if (slack.empty() || slack.back() != hours) slack.push_back(hours);
  }
  REQUIRE(slack == std::vector<std::int64_t>{2, 1, 2});
}

TEST_CASE("BATCH-010: Quartz skips a job in the gap and runs it once in the overlap, at the second pass", "[cron]") {
  for (const std::string where : {"Europe/Oslo", "Europe/London"}) REQUIRE(in_the_gap(quartz, where).empty());
  REQUIRE(in_the_overlap(quartz, "Europe/Oslo") == Walls{"02:30+01:00"});
  REQUIRE(in_the_overlap(quartz, "Europe/London") == Walls{"01:30+00:00"});
  REQUIRE(half_hourly(quartz) == Walls{"01:00+02:00", "01:30+02:00", "02:00+01:00", "02:30+01:00", "03:00+01:00"});
}

TEST_CASE("BATCH-011: from Spring 5.2 to 5.3 a daily job in the overlap became two runs", "[cron]") {
  for (const std::string where : {"Europe/Oslo", "Europe/London"}) {
    REQUIRE(in_the_gap(spring_52, where).empty());
    REQUIRE(in_the_gap(spring, where).empty());
  }
  REQUIRE(in_the_overlap(spring_52, "Europe/Oslo") == Walls{"02:30+01:00"});
  REQUIRE(in_the_overlap(spring_52, "Europe/London") == Walls{"01:30+00:00"});
  REQUIRE(in_the_overlap(spring, "Europe/Oslo") == Walls{"02:30+02:00", "02:30+01:00"});
  REQUIRE(in_the_overlap(spring, "Europe/London") == Walls{"01:30+01:00", "01:30+00:00"});
  REQUIRE(half_hourly(spring_52) == half_hourly(quartz));
  REQUIRE(half_hourly(spring) == Walls{"01:00+02:00", "01:30+02:00", "02:00+02:00", "02:30+02:00", "02:00+01:00",
                                       "02:30+01:00", "03:00+01:00"});
}

TEST_CASE("BATCH-014: Kubernetes skips a job in the gap, runs it twice in the overlap, and keeps real intervals",
          "[cron]") {
  for (const std::string where : {"Europe/Oslo", "Europe/London"}) REQUIRE(in_the_gap(kubernetes, where).empty());
  REQUIRE(in_the_overlap(kubernetes, "Europe/Oslo") == Walls{"02:30+02:00", "02:30+01:00"});
  REQUIRE(in_the_overlap(kubernetes, "Europe/London") == Walls{"01:30+01:00", "01:30+00:00"});
  REQUIRE(half_hourly(kubernetes) == half_hourly(spring));
}

TEST_CASE("BATCH-012: cronie runs a job of the gap at once after the jump, and a job of the overlap once", "[cron]") {
  REQUIRE(in_the_gap(vixie, "Europe/Oslo") == Walls{"03:00+02:00"});
  REQUIRE(in_the_gap(vixie, "Europe/London") == Walls{"02:00+01:00"});
  REQUIRE(in_the_overlap(vixie, "Europe/Oslo") == Walls{"02:30+02:00"});
  REQUIRE(in_the_overlap(vixie, "Europe/London") == Walls{"01:30+01:00"});
  REQUIRE(half_hourly(vixie) == half_hourly(kubernetes));  // With a wildcard it runs in both passes.
}

TEST_CASE("BATCH-012: cronie makes up for each minute of the gap, resting ten seconds after each start", "[cron]") {
  REQUIRE(walls("0,30 1 * * *", vixie, "Europe/London", "2026-03-28 23:00", "2026-03-29 05:00") ==
          Walls{"02:00+01:00", "02:00:10+01:00"});
  REQUIRE(walls("15,45 0-2 * * *", vixie, "Europe/London", "2026-03-29 00:00", "2026-03-29 05:00") ==
          Walls{"00:15+00:00", "00:45+00:00", "02:00+01:00", "02:00:10+01:00", "02:15+01:00", "02:45+01:00"});
}

TEST_CASE("BATCH-012: a jump of more than three hours is a correction, for which cronie makes up nothing", "[cron]") {
  // In Samoa 30 December 2011 never was.
  REQUIRE(walls("0 12 * * *", vixie, "Pacific/Apia", "2011-12-29 12:00", "2011-12-31 12:00") ==
          Walls{"12:00-10:00", "12:00+14:00"});
}

TEST_CASE("BATCH-013: a job with a wildcard is not made up for", "[cron]") {
  REQUIRE(walls("30 * * * *", vixie, "Europe/London", "2026-03-29 00:00", "2026-03-29 03:00") ==
          Walls{"00:30+00:00", "02:30+01:00", "03:30+01:00"});
  REQUIRE(walls("*/30 1 * * *", vixie, "Europe/London", "2026-03-29 00:00", "2026-03-29 03:00").empty());
}

TEST_CASE("in UTC a daily job runs once a day, and a half-hourly one every half hour", "[cron]") {
  for (const CronDialect dialect : {vixie, quartz, spring, spring_52, kubernetes}) {
    REQUIRE(walls("30 1 * * ?", dialect, "UTC", "2026-03-28 23:00", "2026-03-29 05:00") == Walls{"01:30+00:00"});
    REQUIRE(walls("30 1 * * ?", dialect, "UTC", "2026-10-24 22:00", "2026-10-25 05:00") == Walls{"01:30+00:00"});
    REQUIRE(walls("0,30 * * * ?", dialect, "UTC", "2026-10-25 00:30", "2026-10-25 02:00") ==
            Walls{"00:30+00:00", "01:00+00:00", "01:30+00:00"});
  }
}

TEST_CASE("a clock change of half an hour: what is repeated comes twice, what is beside it once", "[cron]") {
  const std::string there = "Australia/Lord_Howe";
  REQUIRE(walls("15,45 1 * * *", spring, there, "2026-04-04 13:00", "2026-04-04 18:00") ==
          Walls{"01:15+11:00", "01:45+11:00", "01:45+10:30"});
  REQUIRE(walls("15,45 1 * * *", quartz, there, "2026-04-04 13:00", "2026-04-04 18:00") ==
          Walls{"01:15+11:00", "01:45+10:30"});
  REQUIRE(walls("15,45 2 * * *", spring, there, "2026-10-03 14:00", "2026-10-03 18:00") == Walls{"02:45+11:00"});
  REQUIRE(walls("15,45 2 * * *", vixie, there, "2026-10-03 14:00", "2026-10-03 18:00") ==
          Walls{"02:30+11:00", "02:45+11:00"});
}

TEST_CASE("south of the equator the same happens half a year apart", "[cron]") {
  REQUIRE(walls("30 2 * * *", spring, "Australia/Sydney", "2026-04-04 12:00", "2026-04-04 20:00") ==
          Walls{"02:30+11:00", "02:30+10:00"});
  REQUIRE(walls("30 2 * * *", spring, "Australia/Sydney", "2026-10-03 12:00", "2026-10-03 20:00").empty());
  REQUIRE(walls("30 2 * * *", vixie, "Australia/Sydney", "2026-10-03 12:00", "2026-10-03 20:00") ==
          Walls{"03:00+11:00"});
}

TEST_CASE("a schedule that matches the wall fires at exactly the minutes at which it does", "[cron]") {
  const std::string where = GENERATE(as<std::string>{}, "Europe/London", "Australia/Lord_Howe", "UTC");
  const std::string cron = GENERATE(as<std::string>{}, "*/10 * * * *", "7 1,2 * * *", "30 0-23/3 * * 0", "59 1 * * *");
  const std::string from =
      GENERATE(as<std::string>{}, "2026-03-27 00:00", "2026-04-03 00:00", "2026-10-02 00:00", "2026-10-23 00:00");
  const Zone there = zone(where);
  const CronSchedule by_spring = schedule(cron, spring);
  const Time begin = utc(from), end = time_from_nanoseconds(nanoseconds_of(begin) + 4 * ns_per_day);
  std::vector<std::string> expected, found;
  for (Time at = begin; at < end; at = time_from_nanoseconds(nanoseconds_of(at) + ns_per_minute)) {
    const CivilDateTime shown = there.to_civil(at);
    const auto minute = static_cast<std::size_t>(shown.nanoseconds / ns_per_minute);
    const CronExpression& fields = by_spring.expression();
    if (fields.matches_day(shown.date) && fields.hours.test(minute / 60) && fields.minutes.test(minute % 60))
      expected.push_back(on_the_wall(there, at));
  }
  for (const Firing& firing : firings(by_spring, there, begin, end)) found.push_back(on_the_wall(there, firing.at));
  REQUIRE(!expected.empty());
  REQUIRE(found == expected);
}

TEST_CASE("what the clock does to a schedule can be listed before it happens", "[cron]") {
  const Zone london = zone("Europe/London");
  const auto listed = [&](const std::string& cron, CronDialect dialect) {
    Walls all;
    for (const IrregularTime& time :
         schedule(cron, dialect).irregular_times(london, utc("2026-01-01 00:00"), utc("2027-01-01 00:00"))) {
      all.push_back(format_date(time.scheduled_for.date).substr(5) + " " +
                    format_time_of_day(time.scheduled_for.nanoseconds) + " x" + std::to_string(time.firings.size()));
    }
    return all;
  };
  REQUIRE(listed("30 1 * * *", vixie) == Walls{"03-29 01:30 x1", "10-25 01:30 x1"});
  REQUIRE(listed("30 1 * * *", quartz) == Walls{"03-29 01:30 x0", "10-25 01:30 x1"});
  REQUIRE(listed("30 1 * * *", spring) == Walls{"03-29 01:30 x0", "10-25 01:30 x2"});
  REQUIRE(listed("0 1,2 * * *", kubernetes) == Walls{"03-29 01:00 x0", "10-25 01:00 x2"});
  REQUIRE(listed("30 3 * * *", spring).empty());
}
