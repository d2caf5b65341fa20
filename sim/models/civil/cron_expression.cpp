#include "sim/models/civil/cron_expression.hpp"

#include <array>
#include <charconv>

#include "sim/models/civil/zone.hpp"

namespace premortem {

namespace {

constexpr std::array<std::string_view, 12> month_names = {"JAN", "FEB", "MAR", "APR", "MAY", "JUN",
                                                          "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"};
constexpr std::array<std::string_view, 7> weekday_names = {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"};

struct FieldRule {
  const char* name;
  int low, high;
};
constexpr FieldRule second_rule{"second", 0, 59}, minute_rule{"minute", 0, 59}, hour_rule{"hour", 0, 23},
    day_rule{"day of the month", 1, 31}, month_rule{"month", 1, 12}, weekday_rule{"weekday", 0, 7};

bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  for (std::size_t n = 0; n < a.size(); ++n) {
    const char upper = a[n] >= 'a' && a[n] <= 'z' ? static_cast<char>(a[n] - 'a' + 'A') : a[n];
    if (upper != b[n]) return false;
  }
  return true;
}

/// Parses one field into a set of numbers.
class FieldParser {
 public:
  FieldParser(std::string_view field, std::size_t offset, FieldRule rule, CronDialect dialect, CronError& error)
      : field_(field), offset_(offset), rule_(rule), dialect_(dialect), error_(error) {}

  template <class Set>
  bool into(Set& set) {
    std::string_view rest = field_;
    while (true) {
      const std::size_t comma = rest.find(',');
      if (!part(rest.substr(0, comma), set)) return false;
      if (comma == std::string_view::npos) return true;
      rest = rest.substr(comma + 1);
    }
  }

  bool number(std::string_view text, int& value) {
    if (rule_.high == 12) {
      for (std::size_t n = 0; n < month_names.size(); ++n) {
        if (equal_ignoring_case(text, month_names[n])) return value = static_cast<int>(n) + 1, true;
      }
    }
    if (rule_.high == 7) {
      for (std::size_t n = 0; n < weekday_names.size(); ++n) {
        if (equal_ignoring_case(text, weekday_names[n])) return value = static_cast<int>(n), true;
      }
    }
    const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (code != std::errc() || end != text.data() + text.size()) {
      return fail("\"" + std::string(text) + "\" is no " + rule_.name + "; write a number from " +
                  std::to_string(rule_.low) + " to " + std::to_string(rule_.high));
    }
    const int low = rule_.high == 7 && dialect_ == CronDialect::quartz ? 1 : rule_.low;
    if (value < low || value > rule_.high) {
      return fail(std::string(rule_.name) + " " + std::to_string(value) + " is outside " + std::to_string(low) + "-" +
                  std::to_string(rule_.high));
    }
    if (rule_.high == 7 && dialect_ == CronDialect::quartz) --value;  // 1 = Sunday: BATCH-004.
    return true;
  }

  bool fail(std::string message) {
    error_ = {offset_, std::move(message)};
    return false;
  }

 private:
  template <class Set>
  bool part(std::string_view text, Set& set) {
    int step = 1, low = rule_.low, high = rule_.high == 7 ? 6 : rule_.high;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
      const std::string_view steps = text.substr(slash + 1);
      const auto [end, code] = std::from_chars(steps.data(), steps.data() + steps.size(), step);
      if (code != std::errc() || end != steps.data() + steps.size() || step < 1) {
        return fail("\"" + std::string(steps) + "\" is no step; write a number from 1");
      }
      text = text.substr(0, slash);
    }
    if (text != "*" && text != "?") {
      const std::size_t dash = text.find('-');
      if (!number(text.substr(0, dash), low)) return false;
      if (dash != std::string_view::npos) {
        if (!number(text.substr(dash + 1), high)) return false;
        if (high == 0 && rule_.high == 7) high = 7;  // MON-SUN
        if (high < low) return fail("the range \"" + std::string(text) + "\" runs backwards; write two, with a comma");
      } else if (slash == std::string_view::npos) {
        high = low;
      }
    }
    for (int value = low; value <= high; value += step) {
      set.set(static_cast<std::size_t>(rule_.high == 7 ? value % 7 : value));
    }
    return true;
  }

  std::string_view field_;
  std::size_t offset_;
  FieldRule rule_;
  CronDialect dialect_;
  CronError& error_;
};

bool parse_days(std::string_view field, std::size_t offset, CronDialect dialect, CronExpression& into,
                CronError& error) {
  into.any_day = field == "?" || field.starts_with('*');
  if (field == "L" || field == "l") return into.last_day = true;
  return FieldParser(field, offset, day_rule, dialect, error).into(into.days);
}

bool parse_weekdays(std::string_view field, std::size_t offset, CronDialect dialect, CronExpression& into,
                    CronError& error) {
  into.any_weekday = field == "?" || field.starts_with('*');
  FieldParser parser(field, offset, weekday_rule, dialect, error);
  int day = 0;
  if (field.size() > 1 && (field.back() == 'L' || field.back() == 'l')) {
    if (!parser.number(field.substr(0, field.size() - 1), day)) return false;
    into.last_weekdays = static_cast<std::uint8_t>(1U << (day % 7));
    return true;
  }
  const std::size_t hash = field.find('#');
  if (hash != std::string_view::npos) {
    int nth = 0;
    const std::string_view count = field.substr(hash + 1);
    const auto [end, code] = std::from_chars(count.data(), count.data() + count.size(), nth);
    if (!parser.number(field.substr(0, hash), day)) return false;
    if (code != std::errc() || end != count.data() + count.size() || nth < 1 || nth > 5) {
      return parser.fail("\"" + std::string(count) + "\" is no week of a month; write 1 to 5 behind #");
    }
    into.nth_weekdays.emplace_back(day % 7, nth);
    return true;
  }
  return parser.into(into.weekdays);
}

std::string_view macro(std::string_view text) {
  constexpr std::array<std::array<std::string_view, 2>, 7> macros = {{{"@yearly", "0 0 1 1 *"},
                                                                      {"@annually", "0 0 1 1 *"},
                                                                      {"@monthly", "0 0 1 * *"},
                                                                      {"@weekly", "0 0 * * 0"},
                                                                      {"@daily", "0 0 * * *"},
                                                                      {"@midnight", "0 0 * * *"},
                                                                      {"@hourly", "0 * * * *"}}};
  for (const auto& [name, meaning] : macros) {
    if (text == name) return meaning;
  }
  return text;
}

}  // namespace

std::optional<CronExpression> parse_cron(std::string_view text, CronDialect dialect, CronError& error) {
  const std::string_view written = text;
  text = macro(text);
  if (text.starts_with('@')) {
    error = {0, "\"" + std::string(text) + "\" is no schedule; write @hourly, @daily, @weekly, @monthly or @yearly"};
    return std::nullopt;
  }
  const bool weekly_macro = written == "@weekly" && dialect == CronDialect::quartz;
  if (weekly_macro) text = "0 0 * * 1";
  std::vector<std::pair<std::string_view, std::size_t>> fields;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == ' ' || text[at] == '\t') {
      ++at;
      continue;
    }
    std::size_t end = text.find_first_of(" \t", at);
    if (end == std::string_view::npos) end = text.size();
    fields.emplace_back(text.substr(at, end - at), at);
    at = end;
  }
  if (fields.size() == 7 && (fields[6].first == "*" || fields[6].first == "?")) fields.pop_back();
  if (fields.size() != 5 && fields.size() != 6) {
    error = {0, "a schedule has five fields (minute hour day month weekday) or six (second first), not " +
                    std::to_string(fields.size())};
    return std::nullopt;
  }
  CronExpression parsed;
  parsed.dialect = dialect;
  std::size_t next = 0;
  const auto field = [&](FieldRule rule, auto& set) {
    const auto [content, offset] = fields[next++];
    return FieldParser(content, offset, rule, dialect, error).into(set);
  };
  if (fields.size() == 6) {
    if (!field(second_rule, parsed.seconds)) return std::nullopt;
  } else {
    parsed.seconds.set(0);
  }
  parsed.wildcard_time = fields[next].first.starts_with('*') || fields[next + 1].first.starts_with('*');
  if (!field(minute_rule, parsed.minutes) || !field(hour_rule, parsed.hours)) return std::nullopt;
  if (!parse_days(fields[next].first, fields[next].second, dialect, parsed, error)) return std::nullopt;
  ++next;
  if (!field(month_rule, parsed.months)) return std::nullopt;
  if (!parse_weekdays(fields[next].first, fields[next].second, dialect, parsed, error)) return std::nullopt;
  return parsed;
}

bool CronExpression::matches_day(std::int64_t date) const {
  const CalendarDate calendar = date_from_days(date);
  if (!months.test(static_cast<std::size_t>(calendar.month))) return false;
  const int length = days_in_month(calendar.year, calendar.month), weekday = weekday_of(date);
  const bool day = last_day ? calendar.day == length : days.test(static_cast<std::size_t>(calendar.day));
  bool week = weekdays.test(static_cast<std::size_t>(weekday));
  if ((last_weekdays >> weekday & 1) != 0) week = calendar.day + 7 > length;
  for (const auto& [nth_day, nth] : nth_weekdays)
    week = week || (nth_day == weekday && (calendar.day - 1) / 7 + 1 == nth);
  // BATCH-003: Vixie and Kubernetes run when either restricted day field fits; Spring wants all.
  const bool either = dialect == CronDialect::vixie || dialect == CronDialect::kubernetes;
  return either && !any_day && !any_weekday ? day || week : day && week;
}

}  // namespace premortem
