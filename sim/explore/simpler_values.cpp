// Values that are easier to read, by their notation alone.

#include <algorithm>
#include <array>
#include <string_view>

#include "sim/explore/reduction.hpp"
#include "sim/kernel/time.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

std::size_t effort_of(std::string_view text) {
  return text.size() * 4 +
         static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) { return c > '0' && c <= '9'; }));
}

using Texts = std::vector<std::string>;

/// Whole units, from the largest that fits.
void rounder_durations(Duration duration, Texts& simpler) {
  using namespace std::chrono_literals;
  for (const Duration unit : std::array<Duration, 5>{24h, 1h, 1min, 1s, 1ms}) {
    if (duration < unit) continue;
    simpler.push_back(format_duration(unit));
    simpler.push_back(format_duration(duration / unit * unit));
    simpler.push_back(format_duration((duration / unit + 1) * unit));
  }
}

/// "2 s .. 6 s" -> "2 s", "6 s"; "lognormal 4 s p99 30 s" -> "4 s".
void without_spread(const std::string& text, Texts& simpler) {
  std::string ignored;
  if (const std::size_t dots = text.find(" .. "); dots != std::string::npos) {
    simpler.push_back(text.substr(0, dots));
    simpler.push_back(text.substr(dots + 4));
    return;
  }
  const std::size_t digit = text.find_first_of("0123456789");
  if (digit == std::string::npos || digit == 0) return;
  if (!parse_distribution(text, Unit::duration, ignored) && !parse_distribution(text, Unit::count, ignored)) return;
  for (std::size_t end = text.size(); end > digit; --end) {
    const std::string part = text.substr(digit, end - digit);
    if (parse_duration(part)) return simpler.push_back(part);
  }
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// "2020-01-27 12:58:41" -> to the minute, to ten, to the hour before and after, to midnight.
void rounder_times(const std::string& text, Texts& simpler) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || colon < 2 || colon + 2 >= text.size()) return;
  if (!is_digit(text[colon - 1]) || !is_digit(text[colon - 2]) || !is_digit(text[colon + 1])) return;
  std::string minutes = text.substr(0, colon + 3);
  const bool alone = minutes.size() == text.size() || text[colon + 3] == ':';  // No range, no zone behind it.
  if (!alone) return;
  std::string hour = minutes, midnight = minutes, next = minutes, tens = minutes;
  hour.replace(colon + 1, 2, "00");
  tens[colon + 2] = '0';
  midnight.replace(colon - 2, 5, "00:00");
  const int value = (text[colon - 2] - '0') * 10 + text[colon - 1] - '0';
  next.replace(colon - 2, 5, (value < 9 ? "0" : "") + std::to_string(value + 1) + ":00");
  for (std::string* rounder : {&midnight, &hour, &next, &tens, &minutes}) {
    if (rounder != &next || value < 23) simpler.push_back(std::move(*rounder));
  }
}

/// Each side of the first "&&" or "||" that stands outside of brackets and quotes.
void halves(const std::string& text, Texts& simpler) {
  int depth = 0;
  bool quoted = false;
  for (std::size_t at = 0; at + 1 < text.size(); ++at) {
    const char c = text[at];
    if (c == '\'') quoted = !quoted;
    if (quoted) continue;
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    const std::string_view two = std::string_view(text).substr(at, 2);
    if (depth != 0 || (two != "&&" && two != "||")) continue;
    std::string left = text.substr(0, at), right = text.substr(at + 2);
    left.erase(left.find_last_not_of(' ') + 1);
    right.erase(0, std::min(right.find_first_not_of(' '), right.size()));
    simpler.push_back(std::move(left));
    simpler.push_back(std::move(right));
    return;
  }
}

Texts simpler_texts(const std::string& text) {
  Texts simpler;
  if (const auto duration = parse_duration(text)) rounder_durations(*duration, simpler);
  without_spread(text, simpler);
  rounder_times(text, simpler);
  if (parse_rate(text)) simpler.insert(simpler.end(), {"1/day", "1/h"});
  halves(text, simpler);
  return simpler;
}

}  // namespace

std::size_t effort_of(const Node& value) {
  switch (value.kind) {
    case Node::Kind::integer:
      return static_cast<std::size_t>(std::max<std::int64_t>(value.integer, 0));
    case Node::Kind::text:
      return effort_of(std::string_view(value.text));
    default:
      return 0;
  }
}

std::vector<Node> simpler_values(const Node& value) {
  std::vector<Node> simpler;
  if (value.is(Node::Kind::integer) && value.integer > 1) {
    for (const std::int64_t count : {std::int64_t{1}, std::int64_t{2}, value.integer / 2, value.integer - 1}) {
      simpler.push_back(Node::of_integer(count, value.at));
    }
  } else if (value.is(Node::Kind::text)) {
    for (std::string& text : simpler_texts(value.text)) simpler.push_back(Node::of_text(std::move(text), value.at));
    std::string ignored;
    if (!parse_duration(value.text) && parse_distribution(value.text, Unit::count, ignored)) {
      return {Node::of_integer(1, value.at), Node::of_integer(2, value.at)};
    }
  }
  std::erase_if(simpler, [&](const Node& other) { return effort_of(other) >= effort_of(value); });
  return simpler;
}

}  // namespace premortem
