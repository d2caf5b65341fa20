// $dateAdd, $dateSubtract, $dateDiff, $dateTrunc.
#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/expression_text.hpp"

namespace premortem::query::expressing {

namespace {

struct TimeUnit {
  std::string_view name;
  std::int64_t milliseconds = 0;  ///< Of one; 0: its months are what counts.
  std::int64_t months = 0;
};

constexpr std::array<TimeUnit, 9> time_units{{{"year", 0, 12},
                                              {"quarter", 0, 3},
                                              {"month", 0, 1},
                                              {"week", 7 * day_in_milliseconds},
                                              {"day", day_in_milliseconds},
                                              {"hour", 3'600'000},
                                              {"minute", 60'000},
                                              {"second", 1000},
                                              {"millisecond", 1}}};

const TimeUnit* find_unit(const std::string& name) {
  const auto found =
      std::find_if(time_units.begin(), time_units.end(), [&](const TimeUnit& each) { return each.name == name; });
  return found == time_units.end() ? nullptr : &*found;
}

[[noreturn]] void fail_out_of_range(std::string_view name) {
  fail(code::overflow, std::string(name) + ": the date is out of range");
}

std::int64_t within_range(std::string_view name, __int128 moment) {
  if (moment < INT64_MIN || moment > INT64_MAX) fail_out_of_range(name);
  return static_cast<std::int64_t>(moment);
}

/// The last day of the month where it has no such day.
std::int64_t add_months(std::string_view name, std::int64_t moment, std::int64_t months) {
  CivilTime time = civil_from(moment);
  constexpr std::int64_t months_max = 4'000'000'000;  // More than there are in the range of dates.
  if (months > months_max || months < -months_max) fail_out_of_range(name);
  const std::int64_t all = time.year * 12 + time.month - 1 + months;
  time.year = floor_divide(all, 12), time.month = all - time.year * 12 + 1;
  const std::int64_t begin = days_from_civil(time.year, time.month, 1);
  const std::int64_t end = days_from_civil(time.month == 12 ? time.year + 1 : time.year, time.month % 12 + 1, 1);
  time.day = std::min(time.day, end - begin);
  const std::optional<std::int64_t> result = milliseconds_from(time);
  if (!result) fail_out_of_range(name);
  return *result;
}

Value add_to_date(std::string_view name, Arguments& arguments) {
  for (std::size_t at = 0; at < 3; ++at) {
    if (arguments[at].is_nullish()) return Value::null();
  }
  if (arguments[3].is_null()) return Value::null();
  const std::string begin(name);
  const std::optional<std::int64_t> start = moment_of(arguments[0]);
  if (!start) fail(5166403, begin + " requires startDate to be convertible to a date");
  if (!arguments[1].is_string()) fail(5166404, begin + " expects string defining the time unit");
  const TimeUnit* unit = find_unit(arguments[1].as_text());
  if (unit == nullptr) fail(code::failed_to_parse, "unknown time unit value: " + arguments[1].as_text());
  const std::optional<std::int64_t> whole = exact_integer(arguments[2]);
  if (!whole) fail(5166405, begin + " expects integer amount of time units");
  if (*whole == INT64_MIN) fail_out_of_range(name);
  const std::int64_t amount = name == "$dateAdd" ? *whole : -*whole;
  const std::int64_t shift = offset_minutes_of(name, arguments[3]) * 60'000;
  if (unit->months == 0)
    return Value::date(
        within_range(name, static_cast<__int128>(*start) + static_cast<__int128>(amount) * unit->milliseconds));
  if (amount > 4'000'000'000 || amount < -4'000'000'000) fail_out_of_range(name);
  const std::int64_t local = within_range(name, static_cast<__int128>(*start) + shift);
  return Value::date(within_range(name, static_cast<__int128>(add_months(name, local, amount * unit->months)) - shift));
}

const TimeUnit& unit_argument(std::string_view name, const Value& unit) {
  if (!unit.is_string()) fail(5439013, std::string(name) + " requires 'unit' to be a string, but got " + type_of(unit));
  const TimeUnit* found = find_unit(unit.as_text());
  if (found == nullptr)
    fail(5439014, std::string(name) + " parameter 'unit' value cannot be recognized as a time unit: " + unit.as_text());
  return *found;
}

/// 0: Sunday.
std::int64_t weekday_argument(std::string_view name, const Value& day) {
  if (day.is_missing()) return 0;
  if (!day.is_string())
    fail(5439015, std::string(name) + " requires 'startOfWeek' to be a string, but got " + type_of(day));
  constexpr std::array<std::string_view, 7> days{"sunday",   "monday", "tuesday", "wednesday",
                                                 "thursday", "friday", "saturday"};
  std::string small = day.as_text();
  std::transform(small.begin(), small.end(), small.begin(),
                 [](char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; });
  for (std::size_t at = 0; at < days.size(); ++at) {
    if (small == days[at] || small == days[at].substr(0, 3)) return static_cast<std::int64_t>(at);
  }
  fail(5439016,
       std::string(name) + " parameter 'startOfWeek' value cannot be recognized as a day of a week: " + day.as_text());
}

/// Months since the year 0, or units since 1970; the same for all moments that one unit has.
std::int64_t unit_number(const TimeUnit& unit, std::int64_t local, std::int64_t first_weekday) {
  const CivilTime time = civil_from(local);
  if (unit.months != 0) return floor_divide(time.year * 12 + time.month - 1, unit.months);
  if (unit.name != "week") return floor_divide(local, unit.milliseconds);
  const std::int64_t days = floor_divide(local, day_in_milliseconds);
  return floor_divide(days + 4 - first_weekday, 7);  // 1970 began on a Thursday.
}

std::int64_t date_argument_of(std::string_view name, std::string_view what, const Value& value, int error) {
  const std::optional<std::int64_t> moment = moment_of(value);
  if (!moment)
    fail(error, std::string(name) + " requires " + in_quotes(what) + " to be a date, but got " + type_of(value));
  return *moment;
}

Value difference_of_dates(std::string_view name, Arguments& arguments) {
  for (std::size_t at = 0; at < 3; ++at) {
    if (arguments[at].is_nullish()) return Value::null();
  }
  if (arguments[3].is_null() || arguments[4].is_null()) return Value::null();
  const std::int64_t start = date_argument_of(name, "startDate", arguments[0], 5166307),
                     end = date_argument_of(name, "endDate", arguments[1], 5166307);
  const TimeUnit& unit = unit_argument(name, arguments[2]);
  const std::int64_t shift = offset_minutes_of(name, arguments[3]) * 60'000;
  const std::int64_t weekday = unit.name == "week" ? weekday_argument(name, arguments[4]) : 0;
  const std::int64_t from = unit_number(unit, within_range(name, static_cast<__int128>(start) + shift), weekday);
  const std::int64_t to = unit_number(unit, within_range(name, static_cast<__int128>(end) + shift), weekday);
  return Value::int64(within_range(name, static_cast<__int128>(to) - from));
}

std::int64_t bin_argument(const Value& size) {
  if (size.is_missing()) return 1;
  const std::optional<std::int64_t> whole = exact_integer(size);
  if (!whole)
    fail(5439017, "$dateTrunc requires 'binSize' to be a 64-bit integer, but got value '" + bson::to_shell(size) +
                      "' of type " + type_of(size));
  if (*whole <= 0)
    fail(5439018, "$dateTrunc requires 'binSize' to be greater than 0, but got value " + std::to_string(*whole));
  if (*whole > 100'000'000'000) fail(5439019, "$dateTrunc requires 'binSize' to be smaller");
  return *whole;
}

/// Bins are counted from the beginning of the year 2000, as in the server.
Value truncate_date(std::string_view name, Arguments& arguments) {
  if (arguments[0].is_nullish() || arguments[1].is_nullish()) return Value::null();
  for (std::size_t at = 2; at < 5; ++at) {
    if (arguments[at].is_null()) return Value::null();
  }
  const std::int64_t moment = date_argument_of(name, "date", arguments[0], 5439012);
  const TimeUnit& unit = unit_argument(name, arguments[1]);
  const std::int64_t bin = bin_argument(arguments[2]);
  const std::int64_t shift = offset_minutes_of(name, arguments[3]) * 60'000;
  const std::int64_t weekday = unit.name == "week" ? weekday_argument(name, arguments[4]) : 0;
  const std::int64_t local = within_range(name, static_cast<__int128>(moment) + shift);
  constexpr std::int64_t days_to_2000 = 10957;  // A Saturday, 6.
  if (unit.months != 0) {
    const CivilTime time = civil_from(local);
    const std::int64_t months = (time.year - 2000) * 12 + time.month - 1, size = unit.months * bin;
    const std::int64_t first = floor_divide(months, size) * size;
    CivilTime begin{2000 + floor_divide(first, 12), first - floor_divide(first, 12) * 12 + 1, 1, 0, 0, 0, 0};
    const std::optional<std::int64_t> result = milliseconds_from(begin);
    if (!result) fail_out_of_range(name);
    return Value::date(within_range(name, static_cast<__int128>(*result) - shift));
  }
  const std::int64_t reference = (days_to_2000 + (unit.name == "week" ? (weekday + 1) % 7 : 0)) * day_in_milliseconds;
  const __int128 size = static_cast<__int128>(unit.milliseconds) * bin,
                 distance = static_cast<__int128>(local) - reference;
  __int128 bins = distance / size;
  if (distance % size < 0) --bins;
  return Value::date(within_range(name, bins * size + reference - shift));
}

const std::array<Operator, 4> date_arithmetic{{
    {"$dateAdd", 3, 4, add_to_date, {"startDate", "unit", "amount", "timezone"}, 5166400, 5166401, 5166402},
    {"$dateSubtract", 3, 4, add_to_date, {"startDate", "unit", "amount", "timezone"}, 5166400, 5166401, 5166402},
    {"$dateDiff",
     3,
     5,
     difference_of_dates,
     {"startDate", "endDate", "unit", "timezone", "startOfWeek"},
     5166301,
     5166302,
     5166303},
    {"$dateTrunc",
     2,
     5,
     truncate_date,
     {"date", "unit", "binSize", "timezone", "startOfWeek"},
     5439007,
     5439008,
     5439009},
}};

}  // namespace

std::span<const Operator> date_arithmetic_operators() { return date_arithmetic; }

}  // namespace premortem::query::expressing
