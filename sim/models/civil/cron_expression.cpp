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
    return for_each_part([&](std::string_view text) { return part(text, set); });
  }

  /// What stands between the commas, until `visit` says no.
  template <class Visit>
  bool for_each_part(Visit&& visit) {
    std::string_view rest = field_;
    while (true) {
      const std::size_t comma = rest.find(',');
      if (!visit(rest.substr(0, comma))) return false;
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
      return fail(text, "\"" + std::string(text) + "\" is no " + rule_.name + "; " + advice(text));
    }
    if (value < lowest() || value > rule_.high) {
      return fail(text, std::string(rule_.name) + " " + std::to_string(value) + " is outside " +
                            std::to_string(lowest()) + "-" + std::to_string(rule_.high) + "; " + advice(text));
    }
    if (rule_.high == 7 && dialect_ == CronDialect::quartz) --value;  // 1 = Sunday: BATCH-004.
    return true;
  }

  /// `text`: the part of the field that is wrong.
  bool fail(std::string_view text, std::string message) {
    error_ = {offset_ + static_cast<std::size_t>(text.data() - field_.data()), std::move(message)};
    return false;
  }

  template <class Set>
  bool part(std::string_view text, Set& set) {
    int step = 1, low = rule_.low, high = rule_.high == 7 ? 6 : rule_.high;
    const std::size_t slash = text.find('/');
    if (slash != std::string_view::npos) {
      const std::string_view steps = text.substr(slash + 1);
      const auto [end, code] = std::from_chars(steps.data(), steps.data() + steps.size(), step);
      if (code != std::errc() || end != steps.data() + steps.size() || step < 1) {
        return fail(steps, "\"" + std::string(steps) + "\" is no step; write a number from 1");
      }
      if (step > rule_.high) {
        return fail(steps, "a step of " + std::string(steps) + " is longer than the field, which ends at " +
                               std::to_string(rule_.high) + ": only its first value would fit; write that");
      }
      text = text.substr(0, slash);
    }
    if (text != "*" && text != "?") {
      const std::size_t dash = text.find('-');
      if (!number(text.substr(0, dash), low)) return false;
      if (dash != std::string_view::npos) {
        if (!number(text.substr(dash + 1), high)) return false;
        if (high == 0 && rule_.high == 7) high = 7;  // MON-SUN
        if (high < low)
          return fail(text, "the range \"" + std::string(text) + "\" runs backwards; write two, with a comma");
      } else if (slash == std::string_view::npos) {
        high = low;
      }
    }
    for (int value = low; value <= high; value += step) {
      set.set(static_cast<std::size_t>(rule_.high == 7 ? value % 7 : value));
    }
    return true;
  }

 private:
  int lowest() const { return rule_.high == 7 && dialect_ == CronDialect::quartz ? 1 : rule_.low; }
  std::string advice(std::string_view text) const {
    if (rule_.high == 31 && !text.empty() && (text.back() == 'W' || text.front() == 'L'))
      return "of Quartz's letters only L alone is modelled here: the last day of the month";
    if (rule_.high == 7 && text == "L") return "write the last such day of the month as 5L";
    if (text.find('~') != std::string_view::npos) return "a random choice is a range of \"delay\"";
    const std::string names = rule_.high == 12 ? ", or JAN to DEC" : rule_.high == 7 ? ", or SUN to SAT" : "";
    return "write a number from " + std::to_string(lowest()) + " to " + std::to_string(rule_.high) + names;
  }

  std::string_view field_;
  std::size_t offset_;
  FieldRule rule_;
  CronDialect dialect_;
  CronError& error_;
};

/// Whether a field says "any": `?`, and `*` also with a step, which robfig/cron counts as a restriction. BATCH-003.
bool says_any(std::string_view field, CronDialect dialect) {
  if (field == "?") return true;
  if (dialect != CronDialect::kubernetes) return field.starts_with('*');
  return field == "*" || field == "*/1" || field == "?/1";
}

bool parse_days(std::string_view field, std::size_t offset, CronDialect dialect, CronExpression& into,
                CronError& error) {
  into.any_day = says_any(field, dialect);
  FieldParser parser(field, offset, day_rule, dialect, error);
  return parser.for_each_part([&](std::string_view part) {
    if (part == "L" || part == "l") return into.last_day = true;
    return parser.part(part, into.days);
  });
}

/// `1#2`: the second such weekday of the month.
bool parse_nth_weekday(FieldParser& parser, std::string_view part, std::size_t hash, CronExpression& into) {
  int day = 0, nth = 0;
  const std::string_view count = part.substr(hash + 1);
  const auto [end, code] = std::from_chars(count.data(), count.data() + count.size(), nth);
  if (!parser.number(part.substr(0, hash), day)) return false;
  if (code != std::errc() || end != count.data() + count.size() || nth < 1 || nth > 5) {
    return parser.fail(count, "\"" + std::string(count) + "\" is no week of a month; write 1 to 5 behind #");
  }
  into.nth_weekdays.emplace_back(day % 7, nth);
  return true;
}

bool parse_weekdays(std::string_view field, std::size_t offset, CronDialect dialect, CronExpression& into,
                    CronError& error) {
  into.any_weekday = says_any(field, dialect);
  FieldParser parser(field, offset, weekday_rule, dialect, error);
  return parser.for_each_part([&](std::string_view part) {
    int day = 0;
    if (part.size() > 1 && (part.back() == 'L' || part.back() == 'l')) {
      if (!parser.number(part.substr(0, part.size() - 1), day)) return false;
      into.last_weekdays = static_cast<std::uint8_t>(into.last_weekdays | 1U << (day % 7));
      return true;
    }
    const std::size_t hash = part.find('#');
    return hash != std::string_view::npos ? parse_nth_weekday(parser, part, hash, into)
                                          : parser.part(part, into.weekdays);
  });
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
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {  // BATCH-014
    error = {0, "no zone stands in a schedule; write it under \"zone\""};
    return std::nullopt;
  }
  if (written == "@weekly" && dialect == CronDialect::quartz) text = "0 0 ? * 1";
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
  if (fields.size() == 7) {
    const auto [year, offset] = fields.back();
    if (year != "*" && year != "?") {
      error = {offset, "of years only * is modelled; write *, or leave the seventh field out"};
      return std::nullopt;
    }
    fields.pop_back();
  }
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
  if (dialect == CronDialect::quartz && !parsed.any_day && !parsed.any_weekday) {  // BATCH-003
    error = {fields[next].second, "Quartz restricts the day of the month or the weekday, not both; write ? for one"};
    return std::nullopt;
  }
  return parsed;
}

bool CronExpression::matches_day(std::int64_t date) const {
  const CalendarDate calendar = date_from_days(date);
  if (!months.test(static_cast<std::size_t>(calendar.month))) return false;
  const int length = days_in_month(calendar.year, calendar.month), weekday = weekday_of(date);
  const bool day = days.test(static_cast<std::size_t>(calendar.day)) || (last_day && calendar.day == length);
  bool week = weekdays.test(static_cast<std::size_t>(weekday));
  if ((last_weekdays >> weekday & 1) != 0) week = week || calendar.day + 7 > length;
  for (const auto& [nth_day, nth] : nth_weekdays)
    week = week || (nth_day == weekday && (calendar.day - 1) / 7 + 1 == nth);
  // BATCH-003: Vixie and Kubernetes run when either restricted day field fits; Spring wants all.
  const bool either = dialect == CronDialect::vixie || dialect == CronDialect::kubernetes;
  return either && !any_day && !any_weekday ? day || week : day && week;
}

}  // namespace premortem
