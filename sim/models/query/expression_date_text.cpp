// $dateToString, $dateFromString.
#include <algorithm>
#include <array>

#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

constexpr std::array<std::string_view, 12> month_names{"January",   "February", "March",    "April",
                                                       "May",       "June",     "July",     "August",
                                                       "September", "October",  "November", "December"};

std::string padded_number(std::int64_t number, std::size_t width) {
  std::string text = std::to_string(number);
  return text.size() < width ? std::string(width - text.size(), '0') + text : text;
}

std::string offset_text(std::int64_t minutes, bool in_minutes) {
  const std::int64_t size = minutes < 0 ? -minutes : minutes;
  const std::string sign = minutes < 0 ? "-" : "+";
  return in_minutes ? sign + padded_number(size, 3) : sign + padded_number(size / 60, 2) + padded_number(size % 60, 2);
}

std::string format_part(char specifier, std::int64_t local, std::int64_t offset_minutes) {
  const CivilTime time = civil_from(local);
  std::int64_t year = 0, week = 0;
  iso_week_of(local, year, week);
  const auto four_digits = [](std::int64_t number) {
    if (number < 0 || number > 9999)
      fail(18537, "Could not convert date to string: date component was outside the supported range of 0-9999: " +
                      std::to_string(number));
    return padded_number(number, 4);
  };
  switch (specifier) {
    case '%':
      return "%";
    case 'Y':
      return four_digits(time.year);
    case 'G':
      return four_digits(year);
    case 'm':
      return padded_number(time.month, 2);
    case 'd':
      return padded_number(time.day, 2);
    case 'H':
      return padded_number(time.hour, 2);
    case 'M':
      return padded_number(time.minute, 2);
    case 'S':
      return padded_number(time.second, 2);
    case 'L':
      return padded_number(time.millisecond, 3);
    case 'j':
      return padded_number(day_of_year(local), 3);
    case 'w':
      return std::to_string(weekday_of(local) + 1);
    case 'u':
      return std::to_string((weekday_of(local) + 6) % 7 + 1);
    case 'U':
      return padded_number((day_of_year(local) + 6 - weekday_of(local)) / 7, 2);
    case 'V':
      return padded_number(week, 2);
    case 'b':
      return std::string(month_names[static_cast<std::size_t>(time.month - 1)].substr(0, 3));
    case 'B':
      return std::string(month_names[static_cast<std::size_t>(time.month - 1)]);
    case 'z':
    case 'Z':
      return offset_text(offset_minutes, specifier == 'Z');
    default:
      fail(18536, std::string("Invalid format character '%") + specifier + "' in format string");
  }
}

/// Reads a date off the front of a text, part by part.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : rest_(text) {}
  bool at_end() const { return rest_.empty(); }
  bool skip(char letter) {
    if (rest_.empty() || rest_[0] != letter) return false;
    rest_.remove_prefix(1);
    return true;
  }
  bool number(std::size_t least, std::size_t most, std::int64_t& number) {
    std::size_t size = 0;
    number = 0;
    while (size < most && size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9')
      number = number * 10 + (rest_[size++] - '0');
    rest_.remove_prefix(size);
    return size >= least;
  }
  bool fraction(std::int64_t& milliseconds) {
    std::size_t size = 0;
    milliseconds = 0;
    for (; size < rest_.size() && rest_[size] >= '0' && rest_[size] <= '9'; ++size) {
      if (size < 3) milliseconds = milliseconds * 10 + (rest_[size] - '0');
    }
    for (std::size_t at = size; at < 3; ++at) milliseconds *= 10;
    rest_.remove_prefix(size);
    return size > 0 && size <= 9;
  }
  bool month_name(std::int64_t& month) {
    for (std::size_t at = 0; at < month_names.size(); ++at) {
      for (const std::size_t size : {month_names[at].size(), std::size_t{3}}) {
        const std::string_view name = month_names[at].substr(0, size);
        const bool same =
            rest_.size() >= size && std::equal(name.begin(), name.end(), rest_.begin(),
                                               [](char left, char right) { return (left | 32) == (right | 32); });
        if (!same) continue;
        rest_.remove_prefix(size);
        month = static_cast<std::int64_t>(at) + 1;
        return true;
      }
    }
    return false;
  }
  bool offset(std::int64_t& minutes) {
    if (skip('Z') || skip('z')) {
      minutes = 0;
      return true;
    }
    const bool negative = !rest_.empty() && rest_[0] == '-';
    std::int64_t hours = 0, more = 0;
    if (!skip('+') && !skip('-')) return false;
    if (!number(2, 2, hours)) return false;
    if ((skip(':') || !at_end()) && !number(2, 2, more)) return false;
    minutes = (hours * 60 + more) * (negative ? -1 : 1);
    return true;
  }

 private:
  std::string_view rest_;
};

bool is_real(const CivilTime& time) {
  if (time.month < 1 || time.month > 12 || time.day < 1 || time.hour > 24 || time.minute > 59 || time.second > 59)
    return false;
  const std::int64_t begin = days_from_civil(time.year, time.month, 1);
  const std::int64_t end =
      time.month == 12 ? days_from_civil(time.year + 1, 1, 1) : days_from_civil(time.year, time.month + 1, 1);
  return time.day <= end - begin;
}

bool read_iso(DateReader& reader, CivilTime& time, std::int64_t& offset) {
  if (!reader.number(4, 4, time.year)) return false;
  const bool dashes = reader.skip('-'), slashes = !dashes && reader.skip('/');
  if (!reader.number(dashes || slashes ? 1 : 2, 2, time.month)) return false;
  if (dashes && !reader.skip('-')) return false;
  if (slashes && !reader.skip('/')) return false;
  if (!reader.number(dashes || slashes ? 1 : 2, 2, time.day)) return false;
  if (reader.at_end()) return true;
  if (!reader.skip('T') && !reader.skip('t') && !reader.skip(' ')) return false;
  if (!reader.number(1, 2, time.hour)) return false;
  const bool colons = reader.skip(':');
  if (!reader.number(2, 2, time.minute)) return false;
  if (colons ? reader.skip(':') : false) {
    if (!reader.number(2, 2, time.second)) return false;
    if ((reader.skip('.') || reader.skip(',')) && !reader.fraction(time.millisecond)) return false;
  }
  reader.skip(' ');
  return reader.at_end() || (reader.offset(offset) && reader.at_end());
}

bool read_by(DateReader& reader, char specifier, CivilTime& time, std::int64_t& offset, std::int64_t& day_in_year) {
  switch (specifier) {
    case 'Y':
      return reader.number(4, 4, time.year);
    case 'm':
      return reader.number(1, 2, time.month);
    case 'd':
      return reader.number(1, 2, time.day);
    case 'H':
      return reader.number(1, 2, time.hour);
    case 'M':
      return reader.number(1, 2, time.minute);
    case 'S':
      return reader.number(1, 2, time.second);
    case 'L':
      return reader.number(1, 3, time.millisecond);
    case 'j':
      return reader.number(3, 3, day_in_year);
    case 'b':
    case 'B':
      return reader.month_name(time.month);
    case 'z':
      return reader.offset(offset);
    case '%':
      return reader.skip('%');
    case 'G':
    case 'V':
    case 'u':
    case 'Z':
      fail(code::command_not_supported,
           std::string("$dateFromString with '%") + specifier + "' in its format is not supported");
    default:
      fail(18536, std::string("Invalid format character '%") + specifier + "' in format string");
  }
}

std::optional<std::string> format_argument(const Value& format, std::string_view name, int error) {
  if (format.is_missing()) return "";
  if (format.is_nullish()) return {};
  if (!format.is_string())
    fail(error, std::string(name) + " requires that 'format' be a string, found: " + type_of(format));
  return format.as_text();
}

/// What is evaluated only when it is needed.
std::optional<Value> fallback(const std::vector<NodePointer>& nodes, std::size_t at, Variables& variables) {
  if (nodes[at] == nullptr) return {};
  return nodes[at]->evaluate(variables);
}

Value date_to_string(std::string_view name, Arguments& arguments, const std::vector<NodePointer>& nodes,
                     Variables& variables) {
  const Value &date = arguments[0], &zone = arguments[2];
  const std::optional<std::string> format = format_argument(arguments[1], name, 18533);
  if (!format || zone.is_null()) return Value::null();
  const std::int64_t offset = offset_minutes_of(name, zone);
  if (date.is_nullish()) return fallback(nodes, 3, variables).value_or(Value::null());
  const std::optional<std::int64_t> moment = moment_of(date);
  if (!moment) fail(16006, "can't convert from BSON type " + type_of(date) + " to Date");
  const bool is_utc = zone.is_missing() || offset == 0;
  const std::string usual = is_utc ? "%Y-%m-%dT%H:%M:%S.%LZ" : "%Y-%m-%dT%H:%M:%S.%L";
  return Value::string(format_date(arguments[1].is_missing() ? usual : *format, *moment, offset));
}

Value date_from_string(std::string_view name, Arguments& arguments, const std::vector<NodePointer>& nodes,
                       Variables& variables) {
  const Value& text = arguments[0];
  const std::optional<std::string> format = format_argument(arguments[1], name, 40684);
  if (text.is_nullish()) return fallback(nodes, 4, variables).value_or(Value::null());
  if (!format || arguments[2].is_null()) return Value::null();
  const std::int64_t offset = offset_minutes_of(name, arguments[2]);
  if (!text.is_string() && nodes[3] == nullptr)
    fail(241, "$dateFromString requires that 'dateString' be a string, found: " + type_of(text) + " with value " +
                  (text.is_number() ? "a number" : type_of(text)));
  const std::optional<std::int64_t> moment =
      text.is_string() ? parse_date(text.as_text(), *format, offset) : std::optional<std::int64_t>();
  if (moment) return Value::date(*moment);
  if (std::optional<Value> instead = fallback(nodes, 3, variables)) return std::move(*instead);
  fail(241, "Error parsing date string '" + text.as_text() + "'");
}

const std::array<Operator, 2> date_texts{{
    {"$dateToString", 1, 4, nullptr, {"date", "format", "timezone", "onNull"}, 18629, 18534, 18628, 3, date_to_string},
    {"$dateFromString",
     1,
     5,
     nullptr,
     {"dateString", "format", "timezone", "onError", "onNull"},
     40540,
     40541,
     40542,
     3,
     date_from_string},
}};

}  // namespace

std::string format_date(const std::string& format, std::int64_t milliseconds, std::int64_t offset_minutes) {
  CivilTime shifted = civil_from(milliseconds);
  shifted.minute += offset_minutes;
  const std::optional<std::int64_t> local = milliseconds_from(shifted);
  if (!local) fail(18537, "Could not convert date to string: date component was outside the supported range of 0-9999");
  std::string text;
  for (std::size_t at = 0; at < format.size(); ++at) {
    if (format[at] != '%') {
      text.push_back(format[at]);
      continue;
    }
    if (++at == format.size()) fail(18535, "Unmatched '%' at end of format string");
    text += format_part(format[at], *local, offset_minutes);
  }
  return text;
}

std::optional<std::int64_t> parse_date(const std::string& text, const std::string& format,
                                       std::int64_t offset_minutes) {
  DateReader reader(text);
  CivilTime time;
  std::int64_t day_in_year = 0;
  if (format.empty()) {
    if (!read_iso(reader, time, offset_minutes)) return {};
  } else {
    for (std::size_t at = 0; at < format.size(); ++at) {
      if (format[at] != '%') {
        if (!reader.skip(format[at])) return {};
        continue;
      }
      if (++at == format.size()) fail(18535, "Unmatched '%' at end of format string");
      if (!read_by(reader, format[at], time, offset_minutes, day_in_year)) return {};
    }
    if (!reader.at_end()) return {};
  }
  if (!is_real(time)) return {};
  if (day_in_year > 0) time.month = 1, time.day = day_in_year;
  time.minute -= offset_minutes;
  return milliseconds_from(time);
}

std::span<const Operator> date_text_operators() { return date_texts; }
}  // namespace premortem::query::expressing
