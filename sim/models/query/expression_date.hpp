#pragma once
// Dates as years, months and days, in UTC or at a fixed distance from it. No time zones with rules.

#include <cstdint>
#include <optional>
#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::query::expressing {

inline constexpr std::int64_t day_in_milliseconds = 86'400'000;

struct CivilTime {
  std::int64_t year = 1970;
  std::int64_t month = 1, day = 1;  ///< From 1.
  std::int64_t hour = 0, minute = 0, second = 0, millisecond = 0;
};

std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day);
CivilTime civil_from(std::int64_t milliseconds);
/// Parts may be out of their ranges; they carry over. Nothing when it is out of range as a whole.
std::optional<std::int64_t> milliseconds_from(const CivilTime& time);
/// 0: Sunday.
std::int64_t weekday_of(std::int64_t milliseconds);
std::int64_t day_of_year(std::int64_t milliseconds);
void iso_week_of(std::int64_t milliseconds, std::int64_t& year, std::int64_t& week);
std::int64_t floor_divide(std::int64_t number, std::int64_t divisor);

/// "2026-11-27T01:02:03.004Z".
std::string iso_text(std::int64_t milliseconds);
/// By the server's format specifiers, %Y and its like. Throws CommandError 18535 and 18536.
std::string format_date(const std::string& format, std::int64_t milliseconds, std::int64_t offset_minutes);
/// ISO 8601 and what is near to it, or by a format. Nothing when it is none. An offset in the text counts.
std::optional<std::int64_t> parse_date(const std::string& text, const std::string& format, std::int64_t offset_minutes);

/// Of "+02:00", "UTC", "GMT", "Z", or a missing value. Throws CommandError 40485 for zones with rules.
std::int64_t offset_minutes_of(std::string_view name, const bson::Value& zone);
/// A date, timestamp or object id as milliseconds; nothing for others.
std::optional<std::int64_t> moment_of(const bson::Value& value);

}  // namespace premortem::query::expressing
