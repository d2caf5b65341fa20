// $year and its like, $dateToParts, $dateFromParts.
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/expression_text.hpp"

namespace premortem::query::expressing {

namespace {

constexpr std::int64_t minute_in_milliseconds = 60'000;

/// The moment as clocks show it at this distance from UTC, which is held within the range.
std::int64_t local_moment(std::int64_t moment, std::int64_t offset_minutes) {
  const std::int64_t shift = offset_minutes * minute_in_milliseconds;
  if (shift > 0 && moment > INT64_MAX - shift) fail(code::overflow, "date is out of range");
  if (shift < 0 && moment < INT64_MIN - shift) fail(code::overflow, "date is out of range");
  return moment + shift;
}

std::int64_t date_argument(const Value& value) {
  const std::optional<std::int64_t> moment = moment_of(value);
  if (!moment) fail(16006, "can't convert from BSON type " + type_of(value) + " to Date");
  return *moment;
}

Value part_of_date(std::string_view name, std::int64_t moment) {
  const auto small = [](std::int64_t number) { return Value::int32(static_cast<std::int32_t>(number)); };
  const CivilTime time = civil_from(moment);
  std::int64_t year = 0, week = 0;
  if (name == "$year") return small(time.year);
  if (name == "$month") return small(time.month);
  if (name == "$dayOfMonth") return small(time.day);
  if (name == "$hour") return small(time.hour);
  if (name == "$minute") return small(time.minute);
  if (name == "$second") return small(time.second);
  if (name == "$millisecond") return small(time.millisecond);
  if (name == "$dayOfWeek") return small(weekday_of(moment) + 1);
  if (name == "$isoDayOfWeek") return small((weekday_of(moment) + 6) % 7 + 1);
  if (name == "$dayOfYear") return small(day_of_year(moment));
  if (name == "$week") return small((day_of_year(moment) + 6 - weekday_of(moment)) / 7);
  iso_week_of(moment, year, week);
  return name == "$isoWeek" ? small(week) : Value::int64(year);
}

struct DatePartNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    const Value value = date->evaluate(variables);
    Holding held(variables);
    held.add(value);
    const Value where = zone == nullptr ? Value() : zone->evaluate(variables);
    if (value.is_nullish() || (zone != nullptr && where.is_nullish())) return Value::null();
    const std::int64_t moment = date_argument(value);
    return part_of_date(name, local_moment(moment, offset_minutes_of(name, where)));
  }
  std::string name;
  NodePointer date, zone;
};

NodePointer parse_date_part(Parser& parser, const std::string& name, const Value& operand) {
  auto node = std::make_shared<DatePartNode>();
  node->name = name;
  const bool is_long = operand.is_document() && !operand.fields().empty() && !operand.fields()[0].name.starts_with('$');
  if (!is_long) {
    std::vector<NodePointer> arguments = parser.parse_arguments(operand);
    if (arguments.size() != 1)
      fail(40536,
           name + " accepts exactly one argument if given an array, but was given " + std::to_string(arguments.size()));
    node->date = std::move(arguments[0]);
    return node;
  }
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "date" && field.name != "timezone")
      fail(40535, "unrecognized option to " + name + ": \"" + field.name + "\"");
    (field.name == "date" ? node->date : node->zone) = parser.parse(field.value);
  }
  if (node->date == nullptr)
    fail(40539, "missing 'date' argument to " + name + ", provided: " + name + ": " + bson::to_shell(operand));
  return node;
}

Value date_to_parts(std::string_view name, Arguments& arguments) {
  if (arguments[0].is_nullish()) return Value::null();
  if (arguments[2].is_null() || arguments[1].is_null()) return Value::null();
  if (!arguments[2].is_missing() && !arguments[2].is(Type::boolean))
    fail(40521, "iso8601 must evaluate to a bool, found " + type_of(arguments[2]));
  const std::int64_t moment = local_moment(date_argument(arguments[0]), offset_minutes_of(name, arguments[1]));
  Value parts = Value::document();
  const auto add = [&](std::string_view part, std::string_view operation) {
    Value value = part_of_date(operation, moment);
    parts.append(part, value.is(Type::int64) ? Value::int32(static_cast<std::int32_t>(value.as_int64())) : value);
  };
  if (arguments[2].truthy()) {
    add("isoWeekYear", "$isoWeekYear"), add("isoWeek", "$isoWeek"), add("isoDayOfWeek", "$isoDayOfWeek");
  } else {
    add("year", "$year"), add("month", "$month"), add("day", "$dayOfMonth");
  }
  add("hour", "$hour"), add("minute", "$minute"), add("second", "$second"), add("millisecond", "$millisecond");
  return parts;
}

/// Nothing: the part is null, and so is the date.
std::optional<std::int64_t> date_part_argument(const Value& value, std::string_view name, std::int64_t instead) {
  if (value.is_missing()) return instead;
  if (value.is_nullish()) return {};
  const bool is_wide = name == "second" || name == "millisecond";
  const std::optional<std::int64_t> whole = is_wide ? exact_integer(value) : exact_int32(value);
  if (!whole)
    fail(40515, in_quotes(name) + " must evaluate to an integer, found " + type_of(value) + " with value " +
                    bson::to_shell(value));
  const bool is_year = name == "year" || name == "isoWeekYear";
  if (is_year && (*whole < 1 || *whole > 9999))
    fail(name == "year" ? 40523 : 31095,
         in_quotes(name) + " must evaluate to an integer in the range 1 to 9999, found " + std::to_string(*whole));
  if (!is_wide && (*whole < -32768 || *whole > 32767))
    fail(31034, in_quotes(name) + " must evaluate to a value in the range [-32768, 32767]; value " +
                    std::to_string(*whole) + " is not in range");
  return whole;
}

Value date_from_parts(std::string_view name, Arguments& arguments) {
  constexpr std::array<std::string_view, 10> names{"year",   "month",       "day",         "hour",    "minute",
                                                   "second", "millisecond", "isoWeekYear", "isoWeek", "isoDayOfWeek"};
  const bool is_iso = !arguments[7].is_missing();
  if (!is_iso && arguments[0].is_missing())
    fail(40516, "$dateFromParts requires either 'year' or 'isoWeekYear' to be present");
  for (const std::size_t at : is_iso ? std::array<std::size_t, 3>{0, 1, 2} : std::array<std::size_t, 3>{7, 8, 9}) {
    if (!arguments[at].is_missing())
      fail(is_iso ? 40489 : 40525, "$dateFromParts does not allow mixing natural dates with ISO dates");
  }
  std::array<std::int64_t, 10> parts{};
  for (std::size_t at = 0; at < names.size(); ++at) {
    const bool from_one = at == 1 || at == 2 || at > 7;
    const std::int64_t instead = at == 0 || at == 7 ? 1970 : from_one ? 1 : 0;
    const std::optional<std::int64_t> part = date_part_argument(arguments[at], names[at], instead);
    if (!part) return Value::null();
    parts[at] = *part;
  }
  if (arguments[10].is_null()) return Value::null();
  CivilTime time{parts[0], parts[1], parts[2], parts[3], parts[4], parts[5], parts[6]};
  if (is_iso) {
    // The fourth of January is always in the first week.
    const std::int64_t fourth = days_from_civil(parts[7], 1, 4);
    const std::int64_t monday = (weekday_of(fourth * day_in_milliseconds) + 6) % 7;
    time.year = 1970, time.month = 1;
    time.day = 1 + fourth - monday + (parts[8] - 1) * 7 + parts[9] - 1;
  }
  time.minute -= offset_minutes_of(name, arguments[10]);
  const std::optional<std::int64_t> moment = milliseconds_from(time);
  if (!moment) fail(code::overflow, "$dateFromParts: the date is out of range");
  return Value::date(*moment);
}

const std::array<SpecialOperator, 13> date_parts{{
    {"$year", parse_date_part},
    {"$month", parse_date_part},
    {"$dayOfMonth", parse_date_part},
    {"$hour", parse_date_part},
    {"$minute", parse_date_part},
    {"$second", parse_date_part},
    {"$millisecond", parse_date_part},
    {"$dayOfWeek", parse_date_part},
    {"$isoDayOfWeek", parse_date_part},
    {"$dayOfYear", parse_date_part},
    {"$week", parse_date_part},
    {"$isoWeek", parse_date_part},
    {"$isoWeekYear", parse_date_part},
}};

const std::array<Operator, 2> whole_dates{{
    {"$dateToParts", 1, 3, date_to_parts, {"date", "timezone", "iso8601"}, 40524, 40520, 40522},
    {"$dateFromParts",
     0,
     11,
     date_from_parts,
     {"year", "month", "day", "hour", "minute", "second", "millisecond", "isoWeekYear", "isoWeek", "isoDayOfWeek",
      "timezone"},
     40519,
     40518,
     40516},
}};

}  // namespace

std::span<const SpecialOperator> date_part_operators() { return date_parts; }
std::span<const Operator> date_parts_operators() { return whole_dates; }

}  // namespace premortem::query::expressing
