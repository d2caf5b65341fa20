#include "sim/scenario/expression/utc_time.hpp"

#include "sim/scenario/civil_times.hpp"

namespace premortem::expression_syntax {

namespace {

/// Two digits below `bound` at `at`.
std::optional<std::int64_t> two_digits(std::string_view text, std::size_t at, std::int64_t bound) {
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return std::nullopt;
  const std::int64_t value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return value < bound ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> utc_time(std::string_view text) {
  constexpr std::string_view zone = " UTC";
  if (!text.ends_with(zone)) return std::nullopt;
  text.remove_suffix(zone.size());
  constexpr std::size_t minutes_size = 16, seconds_size = 19;  // Of "2021-08-02 13:00" and "2021-08-02 13:00:05".
  if (text.size() != minutes_size && text.size() != seconds_size) return std::nullopt;
  const bool marked = text[10] == ' ' && text[13] == ':' && (text.size() == minutes_size || text[16] == ':');
  const auto date = parse_date(text.substr(0, 10));
  const auto hour = two_digits(text, 11, 24);
  const auto minute = two_digits(text, 14, 60);
  const auto second = text.size() == seconds_size ? two_digits(text, 17, 60) : std::optional<std::int64_t>(0);
  if (!marked || !date || !hour || !minute || !second) return std::nullopt;
  std::int64_t nanoseconds = 0;
  const std::int64_t seconds = *date * 86'400 + *hour * 3'600 + *minute * 60 + *second;
  if (__builtin_mul_overflow(seconds, std::int64_t{1'000'000'000}, &nanoseconds)) return std::nullopt;
  return nanoseconds;
}

}  // namespace premortem::expression_syntax
