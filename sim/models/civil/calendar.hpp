#pragma once
// The Gregorian calendar in integers, and what a clock on the wall shows. No zone, no instant.

#include <cstdint>
#include <string>

namespace premortem {

inline constexpr std::int64_t ns_per_second = 1'000'000'000;
inline constexpr std::int64_t ns_per_minute = 60 * ns_per_second;
inline constexpr std::int64_t ns_per_hour = 60 * ns_per_minute;
inline constexpr std::int64_t ns_per_day = 24 * ns_per_hour;

/// A date and time of day as a calendar and a clock on the wall show it.
struct CivilDateTime {
  std::int64_t date = 0;         ///< Days since 1970-01-01.
  std::int64_t nanoseconds = 0;  ///< Since that day's midnight on the clock's face, [0, 24 h).
  bool operator==(const CivilDateTime&) const = default;
};

struct CalendarDate {
  int year = 1970, month = 1, day = 1;
  bool operator==(const CalendarDate&) const = default;
};

/// Days since 1970-01-01 in the proleptic Gregorian calendar. REQUIRES: a date that exists.
std::int64_t days_from_date(CalendarDate date);
CalendarDate date_from_days(std::int64_t days);
int days_in_month(int year, int month);
/// 0 = Sunday ... 6 = Saturday.
int weekday_of(std::int64_t days);

/// REQUIRES: a date that exists, hour 0-23, minute and second 0-59.
CivilDateTime civil_time(CalendarDate date, int hour, int minute, int second = 0);

/// A wall clock's reading as one number: nanoseconds since it showed 1970-01-01 00:00. The reverse of each other.
std::int64_t wall_nanoseconds(CivilDateTime civil);
CivilDateTime civil_from_wall(std::int64_t wall);

/// "2021-08-04".
std::string format_date(std::int64_t days);
/// "2020-01-27 11:00"; with ":05" where there are seconds, and a fraction where there is one.
std::string format_civil(CivilDateTime civil);

}  // namespace premortem
