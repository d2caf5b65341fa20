#include "sim/models/civil/calendar.hpp"

namespace premortem {

namespace {

std::int64_t floor_divide(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0 ? 1 : 0); }

std::string padded(std::int64_t value, std::size_t digits) {
  std::string text = std::to_string(value);
  if (text.size() < digits) text.insert(0, digits - text.size(), '0');
  return text;
}

}  // namespace

/// Source for both directions: the era arithmetic of H. Hinnant, "chrono-Compatible Low-Level Date Algorithms".
std::int64_t days_from_date(CalendarDate date) {
  const std::int64_t year = date.year - (date.month <= 2 ? 1 : 0);
  const std::int64_t era = floor_divide(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t day_of_year = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day - 1;
  return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

CalendarDate date_from_days(std::int64_t days) {
  const std::int64_t shifted = days + 719468;
  const std::int64_t era = floor_divide(shifted, 146097);
  const std::int64_t day_of_era = shifted - era * 146097;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month = (5 * day_of_year + 2) / 153;
  CalendarDate date;
  date.day = static_cast<int>(day_of_year - (153 * month + 2) / 5 + 1);
  date.month = static_cast<int>(month < 10 ? month + 3 : month - 9);
  date.year = static_cast<int>(year_of_era + era * 400 + (date.month <= 2 ? 1 : 0));
  return date;
}

int days_in_month(int year, int month) {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

int weekday_of(std::int64_t days) {
  const std::int64_t since_sunday = days + 4;  // 1970-01-01 was a Thursday.
  return static_cast<int>(since_sunday - floor_divide(since_sunday, 7) * 7);
}

CivilDateTime civil_time(CalendarDate date, int hour, int minute, int second) {
  return {days_from_date(date), hour * ns_per_hour + minute * ns_per_minute + second * ns_per_second};
}

std::int64_t wall_nanoseconds(CivilDateTime civil) { return civil.date * ns_per_day + civil.nanoseconds; }

CivilDateTime civil_from_wall(std::int64_t wall) {
  const std::int64_t date = floor_divide(wall, ns_per_day);
  return {date, wall - date * ns_per_day};
}

std::string format_date(std::int64_t days) {
  const CalendarDate date = date_from_days(days);
  return padded(date.year, 4) + "-" + padded(date.month, 2) + "-" + padded(date.day, 2);
}

std::string format_civil(CivilDateTime civil) {
  std::string text = format_date(civil.date) + " " + padded(civil.nanoseconds / ns_per_hour, 2) + ":" +
                     padded(civil.nanoseconds / ns_per_minute % 60, 2);
  const std::int64_t seconds = civil.nanoseconds / ns_per_second % 60, rest = civil.nanoseconds % ns_per_second;
  if (seconds == 0 && rest == 0) return text;
  text += ":" + padded(seconds, 2);
  if (rest == 0) return text;
  std::string fraction = padded(rest, 9);
  while (fraction.back() == '0') fraction.pop_back();
  return text + "." + fraction;
}

}  // namespace premortem
