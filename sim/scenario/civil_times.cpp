#include "sim/scenario/civil_times.hpp"

#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  if (from + count > text.size()) return std::nullopt;
  int value = 0;
  for (std::size_t n = from; n < from + count; ++n) {
    if (text[n] < '0' || text[n] > '9') return std::nullopt;
    value = value * 10 + (text[n] - '0');
  }
  return value;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

std::string clock_time(std::int64_t ns) {
  const auto two = [](std::int64_t n) { return std::string(n < 10 ? "0" : "") + std::to_string(n); };
  return two(ns / ns_per_hour) + ":" + two(ns / ns_per_minute % 60);
}

/// One civil time; `day` is changed when it names a date.
std::optional<std::int64_t> parse_instant(std::string_view text, const Zone& zone, std::int64_t& day,
                                          std::string& error) {
  const std::string written(text);
  const bool utc = take_suffix(text, " UTC");
  const bool first = take_suffix(text, " first"), second = take_suffix(text, " second");
  text = trim(text);
  std::int64_t date = day;
  if (text.starts_with("next day ")) {
    if (day == INT64_MIN) return error = "\"next day\" has no day before it; write the date", std::nullopt;
    date = day + 1;
    text.remove_prefix(9);
  } else if (text.size() > 10 && text[4] == '-') {
    const auto parsed = parse_date(text.substr(0, 10));
    if (!parsed)
      return error = "\"" + written + "\" names no date between 1900 and 2150; write \"2020-01-27 13:00\"",
             std::nullopt;
    date = *parsed;
    text = trim(text.substr(10));
  } else if (date == INT64_MIN) {
    return error = "\"" + written + "\" has no date here; write \"2020-01-27 " + written + "\"", std::nullopt;
  }
  std::int64_t fraction = 0;  // Down to the nanosecond, as reports print it.
  if (text.size() > 9 && text.size() <= 18 && text[8] == '.' &&
      text.find_first_not_of("0123456789", 9) == std::string_view::npos) {
    for (std::size_t place = 9; place < 18; ++place)
      fraction = fraction * 10 + (place < text.size() ? text[place] - '0' : 0);
    text = text.substr(0, 8);
  }
  const auto hour = digits(text, 0, 2), minute = digits(text, 3, 2);
  const auto seconds = text.size() == 8 ? digits(text, 6, 2) : std::optional<int>(0);
  if ((text.size() != 5 && text.size() != 8) || !hour || !minute || !seconds || text[2] != ':' || *hour > 23 ||
      *minute > 59 || *seconds > 59 || (text.size() == 8 && text[5] != ':')) {
    return error =
               "\"" + written + "\" is no time; write \"13:00\", \"2020-01-27 13:00\", \"next day 08:00\" or \"+2 h\"",
           std::nullopt;
  }
  const std::int64_t of_day = *hour * ns_per_hour + *minute * ns_per_minute + *seconds * ns_per_second + fraction;
  day = date;
  const auto comes_once = [&]() -> std::optional<std::int64_t> {
    error = "\"" + written + "\": that time comes once; write it without \"" + (first ? "first" : "second") + "\"";
    return std::nullopt;
  };
  if (utc) return first || second ? comes_once() : std::optional(date * ns_per_day + of_day);
  const LocalMeaning meaning = zone.to_time({date, of_day});
  switch (meaning.kind) {
    case LocalMeaning::Kind::unique:
      return first || second ? comes_once() : std::optional(nanoseconds_of(meaning.first));
    case LocalMeaning::Kind::skipped:
      error = format_date(date) + " " + clock_time(of_day) + " does not exist in " + zone.name() +
              " (the clock goes from " + clock_time(meaning.gap_from) + " to " + clock_time(meaning.gap_to) +
              "); write " + clock_time(of_day + meaning.gap_to - meaning.gap_from) + " or give UTC";
      return std::nullopt;
    case LocalMeaning::Kind::repeated:
      if (first) return nanoseconds_of(meaning.first);
      if (second) return nanoseconds_of(meaning.second);
      error = format_date(date) + " " + clock_time(of_day) + " comes twice; write \"" + clock_time(of_day) +
              " first\" or \"" + clock_time(of_day) + " second\"";
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
  // Nanoseconds in 64 bits reach from 1677 to 2262; waits need room behind the last instant.
  if (!year || !month || !day || *year < 1900 || *year > 2150 || *month < 1 || *month > 12 || *day < 1 ||
      *day > days_in_month(*year, *month))
    return std::nullopt;
  return days_from_date({*year, *month, *day});
}

std::optional<TimeSpec> parse_time(std::string_view text, const Zone& zone, std::int64_t day, std::string& error) {
  text = trim(text);
  TimeSpec spec;
  if (text == "end") {
    spec.kind = TimeSpec::Kind::end;
    return spec;
  }
  const std::size_t dots = text.find("..");
  if (text.starts_with('+')) {
    spec.kind = TimeSpec::Kind::offset;
    std::string_view low = trim(text.substr(1, dots == std::string_view::npos ? dots : dots - 1));
    std::string_view high = dots == std::string_view::npos ? low : trim(text.substr(dots + 2));
    if (high.starts_with('+')) high.remove_prefix(1);
    const auto from =
        parse_duration(dots != std::string_view::npos && is_bare_number(low) && high.find(' ') != std::string_view::npos
                           ? std::string(low) + std::string(high.substr(high.find(' ')))
                           : std::string(low));
    const auto to = parse_duration(high);
    if (!from || !to)
      return error = "\"" + std::string(text) + "\" is no offset; write \"+2 h\" or \"+10 min .. 45 min\"",
             std::nullopt;
    if (*to < *from) return error = "the range runs backwards; write the smaller value first", std::nullopt;
    spec.low = from->count(), spec.high = to->count();
    return spec;
  }
  std::int64_t date = day;
  const auto low = parse_instant(trim(text.substr(0, dots)), zone, date, error);
  if (!low) return std::nullopt;
  spec.low = spec.high = *low;
  spec.date = date;
  if (dots == std::string_view::npos) return spec;
  const auto high = parse_instant(trim(text.substr(dots + 2)), zone, date, error);
  if (!high) return std::nullopt;
  if (*high < *low) return error = "the range runs backwards; write the earlier time first", std::nullopt;
  spec.high = *high;
  return spec;
}

}  // namespace premortem
