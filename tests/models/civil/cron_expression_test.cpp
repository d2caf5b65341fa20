#include "tests/models/civil/wall_clock.hpp"

using namespace premortem;
using premortem::testing::firings;
using premortem::testing::schedule;
using premortem::testing::utc;
using Texts = std::vector<std::string>;

namespace {

/// The firings of a period in UTC: "01-02 13:00".
Texts fired(const std::string& cron, CronDialect dialect, const std::string& from, const std::string& until) {
  Texts all;
  for (const Firing& firing : firings(schedule(cron, dialect), Zone(), utc(from), utc(until)))
    all.push_back(Zone().format(firing.at).substr(5));
  return all;
}

/// Days of a month on which a daily expression fires.
std::vector<int> days_fired(const std::string& cron, CronDialect dialect, const std::string& from,
                            const std::string& until) {
  std::vector<int> days;
  for (const Firing& firing : firings(schedule(cron, dialect), Zone(), utc(from), utc(until)))
    days.push_back(date_from_days(firing.scheduled_for.date).day);
  return days;
}

/// "6: message": what is wrong and from which character on.
std::string mistake(const std::string& cron, CronDialect dialect = CronDialect::vixie) {
  CronError error;
  if (parse_cron(cron, dialect, error)) return "";
  return std::to_string(error.position) + ": " + error.message;
}

using Days = std::vector<int>;
constexpr CronDialect vixie = CronDialect::vixie, quartz = CronDialect::quartz, spring = CronDialect::spring,
                      spring_52 = CronDialect::spring_52, kubernetes = CronDialect::kubernetes;

}  // namespace

TEST_CASE("five fields begin with the minute, six with the second", "[cron]") {
  REQUIRE(fired("30 13 * * *", vixie, "2026-01-01 00:00", "2026-01-03 00:00") == Texts{"01-01 13:30", "01-02 13:30"});
  REQUIRE(fired("15 30 13 * * *", spring, "2026-01-01 00:00", "2026-01-02 00:00") == Texts{"01-01 13:30:15"});
  REQUIRE(fired("0 0 12 ? * MON *", quartz, "2026-01-01 00:00", "2026-01-08 00:00") == Texts{"01-05 12:00"});
}

TEST_CASE("steps, ranges, lists and names", "[cron]") {
  const std::string from = "2026-01-01 00:00", until = "2026-01-01 06:00";
  REQUIRE(fired("*/20 5 * * *", vixie, from, until) == Texts{"01-01 05:00", "01-01 05:20", "01-01 05:40"});
  REQUIRE(fired("10/20 5 * * *", vixie, from, until) == Texts{"01-01 05:10", "01-01 05:30", "01-01 05:50"});
  REQUIRE(fired("0 1-5/2 * * *", vixie, from, until) == Texts{"01-01 01:00", "01-01 03:00", "01-01 05:00"});
  REQUIRE(fired("5,7-8 2,4 * * *", vixie, from, until) ==
          Texts{"01-01 02:05", "01-01 02:07", "01-01 02:08", "01-01 04:05", "01-01 04:07", "01-01 04:08"});
  REQUIRE(days_fired("0 0 * JAN mon-wed,Sat", vixie, "2026-01-01 00:00", "2026-02-28 00:00") ==
          Days{3, 5, 6, 7, 10, 12, 13, 14, 17, 19, 20, 21, 24, 26, 27, 28, 31});
  REQUIRE(days_fired("0 0 * * FRI-SUN", vixie, "2026-01-01 00:00", "2026-01-09 00:00") == Days{2, 3, 4});
  REQUIRE(days_fired("0 0 * * 0,7", vixie, "2026-01-01 00:00", "2026-01-20 00:00") == Days{4, 11, 18});
}

TEST_CASE("names for whole schedules", "[cron]") {
  const std::string from = "2026-01-01 00:30", until = "2026-01-06 00:30";
  REQUIRE(fired("@daily", vixie, from, "2026-01-03 00:30") == Texts{"01-02 00:00", "01-03 00:00"});
  REQUIRE(fired("@midnight", kubernetes, from, "2026-01-02 00:30") == Texts{"01-02 00:00"});
  REQUIRE(fired("@hourly", vixie, from, "2026-01-01 03:00") == Texts{"01-01 01:00", "01-01 02:00"});
  REQUIRE(fired("@weekly", vixie, from, until) == Texts{"01-04 00:00"});  // Sunday, under every dialect.
  REQUIRE(fired("@weekly", quartz, from, until) == Texts{"01-04 00:00"});
  REQUIRE(fired("@monthly", vixie, from, "2026-03-02 00:00") == Texts{"02-01 00:00", "03-01 00:00"});
  REQUIRE(fired("@yearly", vixie, from, "2027-12-31 00:00") == Texts{"01-01 00:00"});
  REQUIRE(schedule("@annually") == schedule("@yearly"));
}

TEST_CASE("L is the last day, 5L the last Friday, 1#2 the second Monday", "[cron]") {
  const std::string from = "2026-01-01 00:00", until = "2026-04-01 00:00";
  REQUIRE(fired("0 0 L * *", spring, from, until) == Texts{"01-31 00:00", "02-28 00:00", "03-31 00:00"});
  REQUIRE(fired("0 0 15,L 2 *", spring, from, until) == Texts{"02-15 00:00", "02-28 00:00"});
  REQUIRE(fired("0 0 * * 5L", spring, from, until) == Texts{"01-30 00:00", "02-27 00:00", "03-27 00:00"});
  REQUIRE(fired("0 0 ? * 6L", quartz, from, until) == Texts{"01-30 00:00", "02-27 00:00", "03-27 00:00"});
  REQUIRE(fired("0 0 ? * FRIL", quartz, from, until) == Texts{"01-30 00:00", "02-27 00:00", "03-27 00:00"});
  REQUIRE(fired("0 0 * * 1#2", spring, from, until) == Texts{"01-12 00:00", "02-09 00:00", "03-09 00:00"});
  REQUIRE(fired("0 0 * * MON#1,FRI#5", spring, from, until) ==
          Texts{"01-05 00:00", "01-30 00:00", "02-02 00:00", "03-02 00:00"});
}

TEST_CASE("BATCH-003: both day fields restricted: either under Vixie and Kubernetes, both under Spring, none in Quartz",
          "[cron]") {
  const std::string january = "2026-01-01 00:00", february = "2026-02-01 00:00", march = "2026-03-01 00:00";
  REQUIRE(days_fired("0 0 13 * 5", vixie, january, february) == Days{2, 9, 13, 16, 23, 30});
  REQUIRE(days_fired("0 0 13 * 5", kubernetes, january, february) == Days{2, 9, 13, 16, 23, 30});
  REQUIRE(days_fired("0 0 13 * 5", spring, january, march) == Days{13});  // Only in February the 13th is a Friday.
  REQUIRE(days_fired("0 0 13 * 5", spring_52, january, march) == Days{13});
  REQUIRE(mistake("0 0 13 * 5", quartz) ==
          "9: Quartz restricts the day of the month or the weekday, not both; write ? for one");
  REQUIRE(days_fired("0 0 13 * ?", quartz, january, march) == Days{13, 13});
  REQUIRE(days_fired("0 0 * * 5", vixie, january, "2026-01-12 00:00") == Days{2, 9});
}

TEST_CASE("BATCH-003: a day field with a step counts as any for Vixie, but as a restriction for Kubernetes", "[cron]") {
  REQUIRE(days_fired("0 0 */2 * 1", vixie, "2026-01-01 00:00", "2026-02-01 00:00") == Days{5, 19});
  REQUIRE(days_fired("0 0 */2 * 1", kubernetes, "2026-01-01 00:00", "2026-01-14 00:00") ==
          Days{1, 3, 5, 7, 9, 11, 12, 13});
  REQUIRE(days_fired("0 0 */1 * 1", kubernetes, "2026-01-01 00:00", "2026-01-14 00:00") == Days{5, 12});
}

TEST_CASE("BATCH-004: five is Friday everywhere but in Quartz, where it is Thursday", "[cron]") {
  const std::string from = "2026-01-01 00:00", until = "2026-01-08 00:00";  // From a Thursday on.
  REQUIRE(days_fired("0 0 * * 5", vixie, from, until) == Days{2});
  REQUIRE(days_fired("0 0 * * 5", kubernetes, from, until) == Days{2});
  REQUIRE(days_fired("0 0 0 * * 5", spring, from, until) == Days{2});
  REQUIRE(days_fired("0 0 0 ? * 5", quartz, from, until) == Days{1});
  REQUIRE(days_fired("0 0 0 ? * FRI", quartz, from, until) == Days{2});
  REQUIRE(days_fired("0 0 0 ? * 2-6", quartz, from, until) == Days{1, 2, 5, 6, 7});
  REQUIRE(days_fired("0 0 0 * * 0", spring, from, until) == Days{4});
  REQUIRE(days_fired("0 0 0 * * 7", spring, from, until) == Days{4});
  REQUIRE(days_fired("0 0 0 ? * 7", quartz, from, until) == Days{3});
}

TEST_CASE("every mistake is said with its place and with advice", "[cron]") {
  REQUIRE(mistake("0 13 * *") ==
          "0: a schedule has five fields (minute hour day month weekday) or six (second first), not 4");
  REQUIRE(mistake("") == "0: a schedule has five fields (minute hour day month weekday) or six (second first), not 0");
  REQUIRE(mistake("0 0 13 * * ? 2026") == "13: of years only * is modelled; write *, or leave the seventh field out");
  REQUIRE(mistake("60 13 * * *") == "0: minute 60 is outside 0-59; write a number from 0 to 59");
  REQUIRE(mistake("0 24 * * *") == "2: hour 24 is outside 0-23; write a number from 0 to 23");
  REQUIRE(mistake("0 0 0 * *") == "4: day of the month 0 is outside 1-31; write a number from 1 to 31");
  REQUIRE(mistake("0 0 1 13 *") == "6: month 13 is outside 1-12; write a number from 1 to 12, or JAN to DEC");
  REQUIRE(mistake("0 0 * * 8") == "8: weekday 8 is outside 0-7; write a number from 0 to 7, or SUN to SAT");
  REQUIRE(mistake("0 0 ? * 0", quartz) == "8: weekday 0 is outside 1-7; write a number from 1 to 7, or SUN to SAT");
  REQUIRE(mistake("61 0 0 * * *") == "0: second 61 is outside 0-59; write a number from 0 to 59");
  REQUIRE(mistake("0,15,x 13 * * *") == "5: \"x\" is no minute; write a number from 0 to 59");
  REQUIRE(mistake("0,,5 13 * * *") == "2: \"\" is no minute; write a number from 0 to 59");
  REQUIRE(mistake("5, 13 * * *") == "2: \"\" is no minute; write a number from 0 to 59");
  REQUIRE(mistake("0 13 * Juli *") == "7: \"Juli\" is no month; write a number from 1 to 12, or JAN to DEC");
  REQUIRE(mistake("0 13 * * Mo") == "9: \"Mo\" is no weekday; write a number from 0 to 7, or SUN to SAT");
  REQUIRE(mistake("0 17-9 * * *") == "2: the range \"17-9\" runs backwards; write two, with a comma");
  REQUIRE(mistake("*/0 * * * *") == "2: \"0\" is no step; write a number from 1");
  REQUIRE(mistake("*/a * * * *") == "2: \"a\" is no step; write a number from 1");
  REQUIRE(mistake("*/90 * * * *") ==
          "2: a step of 90 is longer than the field, which ends at 59: only its first value would fit; write that");
  REQUIRE(mistake("0 0 * * 1#6") == "10: \"6\" is no week of a month; write 1 to 5 behind #");
  REQUIRE(mistake("0 0 * * 9#1") == "8: weekday 9 is outside 0-7; write a number from 0 to 7, or SUN to SAT");
  REQUIRE(mistake("0 0 15W * *", quartz) ==
          "4: \"15W\" is no day of the month; of Quartz's letters only L alone is modelled here: the last day of the "
          "month");
  REQUIRE(mistake("0 0 * * L") == "8: \"L\" is no weekday; write the last such day of the month as 5L");
  REQUIRE(mistake("0~30 1 * * *") == "0: \"0~30\" is no minute; a random choice is a range of \"delay\"");
  REQUIRE(mistake("@reboot") == "0: \"@reboot\" is no schedule; write @hourly, @daily, @weekly, @monthly or @yearly");
  REQUIRE(mistake("TZ=Europe/Oslo 0 13 * * *") == "0: no zone stands in a schedule; write it under \"zone\"");
  REQUIRE(mistake("99999999999 13 * * *") == "0: \"99999999999\" is no minute; write a number from 0 to 59");
}

TEST_CASE("a day that never comes has no firing, and 29 February comes every fourth year", "[cron]") {
  REQUIRE(!schedule("0 0 30 2 *").next_after(Zone(), utc("2026-01-01 00:00")));
  REQUIRE(Zone().format(schedule("0 0 29 2 *").next_after(Zone(), utc("2026-01-01 00:00"))->at) == "2028-02-29 00:00");
}

TEST_CASE("the next firing is later than the instant asked about, also between two seconds", "[cron]") {
  const CronSchedule every_second = schedule("* * * * * *");
  const Time noon = utc("2026-01-01 12:00");
  REQUIRE(Zone().format(every_second.next_after(Zone(), noon)->at) == "2026-01-01 12:00:01");
  const Time later = time_from_nanoseconds(nanoseconds_of(noon) + 1'500'000'000);
  REQUIRE(Zone().format(every_second.next_after(Zone(), later)->at) == "2026-01-01 12:00:02");
  REQUIRE(Zone().format(schedule("0 0 * * *").next_after(Zone(), utc("2026-12-31 23:59"))->at) == "2027-01-01 00:00");
}
