// The proleptic Gregorian calendar. Source: Hinnant, "chrono-Compatible Low-Level Date Algorithms".
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {
constexpr std::int64_t days_in_era = 146097;  // 400 years.

std::string with_zeros(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  if (text.size() < width) text.insert(0, width - text.size(), '0');
  return text;
}
}  // namespace

std::int64_t floor_divide(std::int64_t number, std::int64_t divisor) {
  const std::int64_t quotient = number / divisor;
  return quotient - ((number % divisor != 0 && (number < 0) != (divisor < 0)) ? 1 : 0);
}

std::int64_t days_from_civil(std::int64_t year, std::int64_t month, std::int64_t day) {
  const std::int64_t from_march = month <= 2 ? year - 1 : year;
  const std::int64_t era = floor_divide(from_march, 400);
  const std::int64_t year_of_era = from_march - era * 400;
  const std::int64_t day_of = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;
  return era * days_in_era + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of + day - 1 - 719468;
}

CivilTime civil_from(std::int64_t milliseconds) {
  CivilTime time;
  const std::int64_t days = floor_divide(milliseconds, day_in_milliseconds);
  std::int64_t rest = milliseconds % day_in_milliseconds;  // Days times their length may be out of range.
  if (rest < 0) rest += day_in_milliseconds;
  const std::int64_t shifted = days + 719468, era = floor_divide(shifted, days_in_era);
  const std::int64_t day_of_era = shifted - era * days_in_era;
  const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  const std::int64_t day_in_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_in_year + 2) / 153;
  time.day = day_in_year - (153 * month_from_march + 2) / 5 + 1;
  time.month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
  time.year = year_of_era + era * 400 + (time.month <= 2 ? 1 : 0);
  time.millisecond = rest % 1000, rest /= 1000;
  time.second = rest % 60, rest /= 60;
  time.minute = rest % 60, time.hour = rest / 60;
  return time;
}

std::optional<std::int64_t> milliseconds_from(const CivilTime& time) {
  // Wide enough for every sum of parts of 32 bits and a little more.
  constexpr std::int64_t year_max = 300'000'000;
  const std::int64_t months = time.month - 1;
  const std::int64_t year = time.year + floor_divide(months, 12), month = months - floor_divide(months, 12) * 12 + 1;
  if (year > year_max || year < -year_max) return {};
  const __int128 days = static_cast<__int128>(days_from_civil(year, month, 1)) + time.day - 1;
  const __int128 seconds =
      static_cast<__int128>(time.hour) * 3600 + static_cast<__int128>(time.minute) * 60 + time.second;
  const __int128 total = days * day_in_milliseconds + seconds * 1000 + time.millisecond;
  if (total < INT64_MIN || total > INT64_MAX) return {};
  return static_cast<std::int64_t>(total);
}

std::int64_t weekday_of(std::int64_t milliseconds) {
  const std::int64_t days = floor_divide(milliseconds, day_in_milliseconds) + 4;  // 1970 began on a Thursday.
  return days - floor_divide(days, 7) * 7;
}

std::int64_t day_of_year(std::int64_t milliseconds) {
  const CivilTime time = civil_from(milliseconds);
  return floor_divide(milliseconds, day_in_milliseconds) - days_from_civil(time.year, 1, 1) + 1;
}

void iso_week_of(std::int64_t milliseconds, std::int64_t& year, std::int64_t& week) {
  // The week belongs to the year that its Thursday is in.
  const std::int64_t days = floor_divide(milliseconds, day_in_milliseconds);
  const std::int64_t weekday = weekday_of(milliseconds);
  const std::int64_t thursday = days + 4 - (weekday == 0 ? 7 : weekday);
  // A day of the week may lie beyond what milliseconds can say; its days cannot.
  const std::int64_t era = floor_divide(thursday, days_in_era);
  year = civil_from((thursday - era * days_in_era) * day_in_milliseconds).year + era * 400;
  week = (thursday - days_from_civil(year, 1, 1)) / 7 + 1;
}

std::string iso_text(std::int64_t milliseconds) {
  const CivilTime time = civil_from(milliseconds);
  const std::string year = time.year < 0 ? "-" + with_zeros(-time.year, 4) : with_zeros(time.year, 4);
  return year + "-" + with_zeros(time.month, 2) + "-" + with_zeros(time.day, 2) + "T" + with_zeros(time.hour, 2) + ":" +
         with_zeros(time.minute, 2) + ":" + with_zeros(time.second, 2) + "." + with_zeros(time.millisecond, 3) + "Z";
}

std::optional<std::int64_t> moment_of(const Value& value) {
  if (value.is(Type::date)) return value.as_int64();
  if (value.is(Type::timestamp)) return std::int64_t{value.timestamp_seconds()} * 1000;
  if (!value.is(Type::object_id)) return {};
  std::int64_t seconds = 0;
  for (std::size_t at = 0; at < 4; ++at) seconds = seconds * 256 + static_cast<unsigned char>(value.as_text()[at]);
  return (seconds >= 0x80000000LL ? seconds - 0x100000000LL : seconds) * 1000;
}

std::int64_t offset_minutes_of(std::string_view name, const Value& zone) {
  if (zone.is_missing()) return 0;
  if (!zone.is_string()) fail(40517, "timezone must evaluate to a string, found " + type_of(zone));
  const std::string& text = zone.as_text();
  if (text == "UTC" || text == "GMT" || text == "Z" || text == "Etc/UTC") return 0;
  const bool has_sign = !text.empty() && (text[0] == '+' || text[0] == '-');
  std::string digits;
  for (std::size_t at = 1; at < text.size(); ++at) {
    if (text[at] == ':' && at == 3) continue;
    digits.push_back(text[at]);
  }
  const bool all_digits = digits.find_first_not_of("0123456789") == std::string::npos;
  if (!has_sign || !all_digits || (digits.size() != 2 && digits.size() != 4)) {
    if (text.find('/') != std::string::npos)
      fail(code::command_not_supported, std::string(name) + " with the time zone \"" + text +
                                            "\" is not supported: only UTC and distances from it like \"+02:00\"");
    fail(40485, "unrecognized time zone identifier: \"" + text + "\"");
  }
  const std::int64_t number = std::stoll(digits);
  const std::int64_t minutes = digits.size() == 2 ? number * 60 : number / 100 * 60 + number % 100;
  return text[0] == '-' ? -minutes : minutes;
}

}  // namespace premortem::query::expressing
