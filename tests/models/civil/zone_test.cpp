#include "tests/models/civil/wall_clock.hpp"

using namespace premortem;
using premortem::testing::civil;
using premortem::testing::on_the_wall;
using premortem::testing::utc;
using premortem::testing::zone;

namespace {

using Kind = LocalMeaning::Kind;

/// "unique 2026-01-01 12:00", "skipped 02:00 to 03:00 at ...", "repeated ... and ...": instants in UTC.
std::string meaning(const std::string& where, CalendarDate date, int hour, int minute) {
  const LocalMeaning means = zone(where).to_time(civil(date, hour, minute));
  const Zone in_utc;
  switch (means.kind) {
    case Kind::unique:
      return "unique " + in_utc.format(means.first);
    case Kind::skipped:
      return "skipped " + format_time_of_day(means.gap_from) + " to " + format_time_of_day(means.gap_to) + " at " +
             in_utc.format(means.first);
    case Kind::repeated:
      return "repeated " + in_utc.format(means.first) + " and " + in_utc.format(means.second);
  }
  return "";
}

}  // namespace

TEST_CASE("London and Oslo change their clocks at the same instant, an hour apart on the wall", "[civil]") {
  const CalendarDate spring{2026, 3, 29}, autumn{2026, 10, 25};
  REQUIRE(meaning("Europe/London", spring, 0, 59) == "unique 2026-03-29 00:59");
  REQUIRE(meaning("Europe/London", spring, 1, 0) == "skipped 01:00 to 02:00 at 2026-03-29 01:00");
  REQUIRE(meaning("Europe/London", spring, 1, 59) == "skipped 01:00 to 02:00 at 2026-03-29 01:00");
  REQUIRE(meaning("Europe/London", spring, 2, 0) == "unique 2026-03-29 01:00");
  REQUIRE(meaning("Europe/Oslo", spring, 2, 30) == "skipped 02:00 to 03:00 at 2026-03-29 01:00");
  REQUIRE(meaning("Europe/London", autumn, 1, 0) == "repeated 2026-10-25 00:00 and 2026-10-25 01:00");
  REQUIRE(meaning("Europe/London", autumn, 1, 30) == "repeated 2026-10-25 00:30 and 2026-10-25 01:30");
  REQUIRE(meaning("Europe/London", autumn, 2, 0) == "unique 2026-10-25 02:00");
  REQUIRE(meaning("Europe/Oslo", autumn, 2, 30) == "repeated 2026-10-25 00:30 and 2026-10-25 01:30");
  REQUIRE(meaning("Europe/Oslo", autumn, 3, 0) == "unique 2026-10-25 02:00");
}

TEST_CASE("in UTC every time comes once", "[civil]") {
  REQUIRE(meaning("UTC", {2026, 3, 29}, 1, 30) == "unique 2026-03-29 01:30");
  REQUIRE(meaning("UTC", {2026, 10, 25}, 1, 30) == "unique 2026-10-25 01:30");
  REQUIRE(Zone().transitions().empty());
}

TEST_CASE("south of the equator the hour is repeated in April and missing in October", "[civil]") {
  REQUIRE(meaning("Australia/Sydney", {2026, 4, 5}, 2, 30) == "repeated 2026-04-04 15:30 and 2026-04-04 16:30");
  REQUIRE(meaning("Australia/Sydney", {2026, 10, 4}, 2, 30) == "skipped 02:00 to 03:00 at 2026-10-03 16:00");
}

TEST_CASE("on Lord Howe Island the clock changes by half an hour", "[civil]") {
  const std::string there = "Australia/Lord_Howe";
  REQUIRE(meaning(there, {2026, 4, 5}, 1, 29) == "unique 2026-04-04 14:29");
  REQUIRE(meaning(there, {2026, 4, 5}, 1, 30) == "repeated 2026-04-04 14:30 and 2026-04-04 15:00");
  REQUIRE(meaning(there, {2026, 4, 5}, 2, 0) == "unique 2026-04-04 15:30");
  REQUIRE(meaning(there, {2026, 10, 4}, 2, 15) == "skipped 02:00 to 02:30 at 2026-10-03 15:30");
  REQUIRE(meaning(there, {2026, 10, 4}, 2, 30) == "unique 2026-10-03 15:30");
  REQUIRE(on_the_wall(zone(there), utc("2026-07-01 00:00")) == "10:30+10:30");
  REQUIRE(on_the_wall(zone(there), utc("2026-12-24 00:00")) == "11:00+11:00");
}

TEST_CASE("a day can be missing altogether, and a day can begin after midnight", "[civil]") {
  REQUIRE(meaning("Pacific/Apia", {2011, 12, 30}, 12, 0) == "skipped 00:00 to 24:00 at 2011-12-30 10:00");
  // Cairo's clock goes from 00:00 to 01:00.
  REQUIRE(Zone().format(zone("Africa/Cairo").start_of_date(days_from_date({2026, 4, 24}))) == "2026-04-23 22:00");
  REQUIRE(on_the_wall(zone("Africa/Cairo"), utc("2026-04-23 22:00")) == "01:00+03:00");
}

TEST_CASE("civil time and instant are each other's inverse, whatever the zone", "[civil]") {
  for (const char* name : {"Europe/London", "Australia/Lord_Howe", "America/St_Johns", "Asia/Kathmandu"}) {
    const Zone there = zone(name);
    for (Time at = utc("2026-01-01 00:00"); at < utc("2027-01-01 00:00");
         at = time_from_nanoseconds(nanoseconds_of(at) + 7 * ns_per_minute)) {
      const LocalMeaning means = there.to_time(there.to_civil(at));
      REQUIRE(means.kind != Kind::skipped);
      REQUIRE((means.first == at || means.second == at));
    }
  }
}

TEST_CASE("BATCH-015: yesterday is not the day of 24 hours ago when the day between was short or long", "[civil]") {
  const Zone london = zone("Europe/London");
  std::vector<std::string> wrong;
  for (std::int64_t date = days_from_date({2026, 1, 2}); date < days_from_date({2027, 1, 1}); ++date) {
    for (const std::int64_t of_day : {ns_per_hour / 2, 23 * ns_per_hour + ns_per_hour / 2}) {
      const Time run = london.to_time({date, of_day}).first;
      const Time day_before = time_from_nanoseconds(nanoseconds_of(run) - ns_per_day);
      if (london.date_of(day_before) != date - 1) wrong.push_back(london.format(run));
    }
  }
  // Behind the day of 23 hours it goes one day too far; at the end of the day of 25 hours it does not leave the day.
  REQUIRE(wrong == std::vector<std::string>{"2026-03-30 00:30", "2026-10-25 23:30"});
}

TEST_CASE("a day is steady when no clock change is near it", "[civil]") {
  const Zone london = zone("Europe/London");
  const std::int64_t change = days_from_date({2026, 3, 29});
  REQUIRE(london.steady_offset(change - 2) == 0);
  REQUIRE(!london.steady_offset(change - 1));
  REQUIRE(!london.steady_offset(change));
  REQUIRE(!london.steady_offset(change + 1));
  REQUIRE(london.steady_offset(change + 2) == ns_per_hour);
}

TEST_CASE("equal rules have an equal hash, whatever the zone is called", "[civil]") {
  const Time from = utc("2026-01-01 00:00"), until = utc("2027-01-01 00:00"), march = utc("2026-03-01 00:00");
  const auto hash = [&](const std::string& name, Time end) { return zone(name).rules_hash(from, end); };
  REQUIRE(hash("Europe/London", until) == hash("GB", until));
  REQUIRE(hash("Europe/London", until) != hash("Europe/Oslo", until));
  REQUIRE(hash("Europe/London", until) != hash("UTC", until));
  REQUIRE(hash("Europe/London", march) == hash("UTC", march));  // Until its clock changes, London has UTC.
  REQUIRE(hash("Europe/Oslo", march) != hash("UTC", march));
  // What lies outside of the span makes no difference.
  const Zone london = zone("Europe/London");
  std::vector<ZoneTransition> other = london.transitions();
  for (ZoneTransition& change : other) {
    if (change.at >= nanoseconds_of(until)) change.offset += ns_per_hour;
  }
  REQUIRE(Zone("elsewhere", 0, other).rules_hash(from, until) == london.rules_hash(from, until));
  REQUIRE(Zone("elsewhere", 0, other).rules_hash(from, utc("2028-01-01 00:00")) !=
          london.rules_hash(from, utc("2028-01-01 00:00")));
}
