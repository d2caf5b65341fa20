#include "sim/models/civil/cron_field.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

namespace premortem::cron_syntax {

namespace {

struct FieldRule {
  const char* name;
  int low, high;
  std::vector<std::string_view> names;  ///< For low, low + 1 and so on.
};

FieldRule rule_of(FieldKind kind, CronDialect dialect) {
  switch (kind) {
    case FieldKind::second:
      return {"second", 0, 59, {}};
    case FieldKind::minute:
      return {"minute", 0, 59, {}};
    case FieldKind::hour:
      return {"hour", 0, 23, {}};
    case FieldKind::day:
      return {"day of the month", 1, 31, {}};
    case FieldKind::month:
      return {"month", 1, 12, {"JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}};
    case FieldKind::year:
      return {"year", CronExpression::year_first, CronExpression::year_last, {}};
    case FieldKind::weekday:
      break;
  }
  const int low = dialect == CronDialect::quartz ? 1 : 0;  // BATCH-004
  const int high = dialect == CronDialect::kubernetes ? 6 : 7;
  return {"weekday", low, high, {"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}};
}

char upper(char letter) { return letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter; }

std::string upper(std::string_view text) {
  std::string shouted(text);
  std::transform(shouted.begin(), shouted.end(), shouted.begin(), [](char letter) { return upper(letter); });
  return shouted;
}

std::optional<int> whole_number(std::string_view text) {
  int value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || text.front() == '-' || code != std::errc() || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

std::string quoted(std::string_view text) { return "\"" + std::string(text) + "\""; }

class FieldParser {
 public:
  FieldParser(FieldText field, FieldKind kind, CronDialect dialect, FieldValues& values, CronError& error)
      : field_(field), kind_(kind), dialect_(dialect), rule_(rule_of(kind, dialect)), values_(values), error_(error) {}

  bool parse() {
    values_.star = field_.text.starts_with('*') || field_.text == "?";
    if (dialect_ == CronDialect::kubernetes) values_.star = false;
    for (std::size_t from = 0; from <= field_.text.size();) {
      const std::size_t comma = std::min(field_.text.find(',', from), field_.text.size());
      const std::string_view part = field_.text.substr(from, comma - from);
      if (part.empty()) return fail(part, "a value is missing beside the comma");
      if (!rule_part(part)) return false;
      from = comma + 1;
    }
    return true;
  }

 private:
  bool fail(std::string_view where, std::string message) {
    error_.position = field_.position + static_cast<std::size_t>(where.data() - field_.text.data());
    error_.message = std::move(message);
    return false;
  }

  /// A number in the dialect's own count, or a name as 0, 1, ... from its list plus the lowest number.
  bool number(std::string_view text, int& value) {
    const auto name = std::find(rule_.names.begin(), rule_.names.end(), upper(text));
    if (name != rule_.names.end()) {
      value = rule_.low + static_cast<int>(name - rule_.names.begin());
      return true;
    }
    const auto parsed = whole_number(text);
    if (!parsed) {
      return fail(text, text.empty() ? std::string("a ") + rule_.name + " is missing here"
                                     : quoted(text) + " is no " + rule_.name +
                                           (rule_.names.empty() ? expected() : did_you_mean(upper(text), rule_.names)));
    }
    value = *parsed;
    if (value >= rule_.low && value <= rule_.high) return true;
    std::string message = std::string(rule_.name) + " " + std::to_string(value) + " is outside " +
                          std::to_string(rule_.low) + "-" + std::to_string(rule_.high);
    if (kind_ == FieldKind::hour && value == 24) message += "; midnight is hour 0";
    if (kind_ == FieldKind::weekday && value == 0) message += "; Quartz counts from 1 = Sunday";
    if (kind_ == FieldKind::weekday && value == 7) message += "; Kubernetes writes Sunday as 0";
    return fail(text, message);
  }

  std::string expected() const {
    return "; write a number from " + std::to_string(rule_.low) + " to " + std::to_string(rule_.high);
  }

  void set(int value) {
    if (kind_ == FieldKind::weekday) value = (value - rule_.low) % 7;
    if (kind_ == FieldKind::year) value -= CronExpression::year_first;
    values_.numbers.set(static_cast<std::size_t>(value));
  }

  bool range_part(std::string_view part) {
    const std::size_t slash = part.find('/');
    const std::string_view range = part.substr(0, slash);
    int step = 1;
    if (slash != std::string_view::npos) {
      const auto parsed = whole_number(part.substr(slash + 1));
      if (!parsed || *parsed < 1) {
        return fail(part.substr(slash), quoted(part.substr(slash + 1)) + " is no step; write a number from 1");
      }
      step = *parsed;
    }
    const int span = kind_ == FieldKind::weekday ? 7 : rule_.high - rule_.low + 1;
    int low = rule_.low, high = rule_.low + span - 1;
    const bool question = range == "?";
    if (question && kind_ != FieldKind::day && kind_ != FieldKind::weekday) {
      return fail(part, "? stands for any day only; write * for any " + std::string(rule_.name));
    }
    if (range == "*" || question) {
      // robfig's parser, unlike Vixie's, takes `*/2` for a restriction.
      if (dialect_ == CronDialect::kubernetes && step == 1) values_.star = true;
    } else {
      const std::size_t dash = range.find('-');
      if (!number(range.substr(0, dash), low)) return false;
      if (dash != std::string_view::npos) {
        if (!number(range.substr(dash + 1), high)) return false;
        if (high < low && kind_ == FieldKind::weekday && high == 0) high = 7;  // MON-SUN
        if (high < low && dialect_ != CronDialect::quartz) {
          return fail(range, "the range " + quoted(range) + " runs backwards; write two ranges with a comma");
        }
        if (high < low) high += span;
      } else if (slash == std::string_view::npos) {
        high = low;
      }
    }
    for (int value = low; value <= high; value += std::min(step, span)) {
      set(value > rule_.high && kind_ != FieldKind::weekday ? value - span : value);
    }
    return true;
  }

  bool rule_part(std::string_view part) {
    const std::string text = upper(part);
    if (kind_ == FieldKind::day && (text.starts_with('L') || text.ends_with('W'))) return day_rule(part, text);
    if (kind_ != FieldKind::weekday) return range_part(part);
    const std::size_t hash = part.find('#');
    if (hash != std::string_view::npos) {
      const auto nth = whole_number(part.substr(hash + 1));
      if (nth && *nth >= 1 && *nth <= 5) {
        return weekday_rule(CronDayRule::Kind::nth_weekday, *nth, part.substr(0, hash));
      }
      return fail(part.substr(hash), quoted(part.substr(hash + 1)) + " is no week of a month; write 1 to 5 behind #");
    }
    if (text == "L") {
      if (dialect_ == CronDialect::quartz) return set(7), true;  // Its last day of the week is Saturday.
      return fail(part, "L needs a weekday before it, such as FRIL for the last Friday of the month");
    }
    if (!text.ends_with('L')) return range_part(part);
    return weekday_rule(CronDayRule::Kind::last_weekday, 0, part.substr(0, part.size() - 1));
  }

  bool weekday_rule(CronDayRule::Kind kind, int nth, std::string_view weekday) {
    int day = 0;
    if (!number(weekday, day)) return false;
    values_.rules.push_back({kind, nth, (day - rule_.low) % 7});
    return true;
  }

  bool day_rule(std::string_view part, const std::string& text) {
    CronDayRule rule;
    if (text == "LW" || text == "WL") {
      rule.kind = CronDayRule::Kind::last_workday;
    } else if (text.starts_with("L-")) {
      const auto before = whole_number(part.substr(2));
      if (!before || *before < 1 || *before > 30) return fail(part.substr(2), "write 1 to 30 days behind L-");
      rule.number = *before;
    } else if (text.ends_with('W')) {
      rule.kind = CronDayRule::Kind::nearest_workday;
      if (!number(part.substr(0, part.size() - 1), rule.number)) return false;
    } else if (text != "L") {
      return fail(part, quoted(part) + " is no day of the month; write L, L-3, LW or 15W");
    }
    values_.rules.push_back(rule);
    return true;
  }

  FieldText field_;
  FieldKind kind_;
  CronDialect dialect_;
  FieldRule rule_;
  FieldValues& values_;
  CronError& error_;
};

/// Letters to change, add or leave out (Levenshtein, 1966).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t n = 0; n < row.size(); ++n) row[n] = n;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t n = 0; n < b.size(); ++n) {
      const std::size_t changed = diagonal + (a[i] == b[n] ? 0 : 1);
      diagonal = row[n + 1];
      row[n + 1] = std::min({changed, row[n] + 1, row[n + 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::string did_you_mean(std::string_view text, const std::vector<std::string_view>& candidates) {
  std::string_view best;
  std::size_t least = 3;
  for (const std::string_view candidate : candidates) {
    const std::size_t apart = text.size() > candidate.size() && text.starts_with(candidate) ? 0 : distance(text, candidate);
    // Of a three-letter name, two letters must be right; longer ones may be two letters off.
    if (apart >= least || apart + 2 > candidate.size()) continue;
    best = candidate;
    least = apart;
  }
  if (best.empty()) {
    return candidates.empty() ? std::string()
                              : "; write " + std::string(candidates.front()) + " to " + std::string(candidates.back());
  }
  return "; did you mean " + std::string(best) + "?";
}

bool parse_field(FieldText field, FieldKind kind, CronDialect dialect, FieldValues& values, CronError& error) {
  return FieldParser(field, kind, dialect, values, error).parse();
}

}  // namespace premortem::cron_syntax
