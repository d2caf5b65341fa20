#pragma once
// Zones, instants and firings as the tests beside write them: "2026-03-29 01:00" in UTC, "02:30+01:00" on a wall.

#include <string>
#include <vector>

#include "sim/models/civil/cron_schedule.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/zone_database.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

inline Time utc(const std::string& text) {
  std::string error;
  const auto time = parse_time(text, Zone(), INT64_MIN, error);
  INFO(error);
  REQUIRE(time);
  return time_from_nanoseconds(time->low);
}

/// With its rules from 2010 to 2030.
inline Zone zone(const std::string& name) {
  const auto loaded = load_zone(name, utc("2011-01-01 00:00"), utc("2028-01-01 00:00"));
  REQUIRE(loaded);
  return *loaded;
}

inline CivilDateTime civil(CalendarDate date, int hour, int minute) {
  return {days_from_date(date), hour * ns_per_hour + minute * ns_per_minute};
}

/// "02:30+01:00": what the clock on the wall shows, and how far it is ahead of UTC.
inline std::string on_the_wall(const Zone& zone, Time time) {
  const std::int64_t minutes = zone.offset_at(time) / ns_per_minute, size = minutes < 0 ? -minutes : minutes;
  return format_time_of_day(zone.to_civil(time).nanoseconds) + (minutes < 0 ? "-" : "+") +
         format_time_of_day(size * ns_per_minute);
}

inline CronSchedule schedule(const std::string& text, CronDialect dialect = CronDialect::vixie) {
  CronError error;
  const auto parsed = parse_cron(text, dialect, error);
  INFO(text + ": " + error.message);
  REQUIRE(parsed);
  return CronSchedule(*parsed);
}

inline std::vector<Firing> firings(const CronSchedule& schedule, const Zone& zone, Time from, Time until) {
  std::vector<Firing> all;
  for (auto next = schedule.next_after(zone, time_from_nanoseconds(nanoseconds_of(from) - 1)); next && next->at < until;
       next = schedule.next_after(zone, next->at)) {
    all.push_back(*next);
  }
  return all;
}

/// The walls at the firings in [from, until), both in UTC.
inline std::vector<std::string> walls(const std::string& cron, CronDialect dialect, const std::string& where,
                                      const std::string& from, const std::string& until) {
  const Zone there = zone(where);
  std::vector<std::string> all;
  for (const Firing& firing : firings(schedule(cron, dialect), there, utc(from), utc(until)))
    all.push_back(on_the_wall(there, firing.at));
  return all;
}

}  // namespace premortem::testing
