#include "sim/models/expression/text_form.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

namespace premortem {

namespace {

constexpr std::int64_t nanoseconds_per_second = 1'000'000'000;
constexpr std::int64_t nanoseconds_per_day = 86'400 * nanoseconds_per_second;

std::string padded(std::int64_t value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - std::min(width, digits.size()), '0') + digits;
}

std::string date_form(std::int64_t days) {
  // The calendar types end at the year 32767; further away only the count of days is left.
  constexpr std::int64_t far = 11'000'000;
  if (days > far || days < -far) return "day " + std::to_string(days);
  const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{days}}};
  const int year = static_cast<int>(date.year());
  return (year < 0 ? "-" : "") + padded(std::abs(year), 4) + "-" + padded(static_cast<unsigned>(date.month()), 2) +
         "-" + padded(static_cast<unsigned>(date.day()), 2);
}

std::string time_form(std::int64_t nanoseconds) {
  std::int64_t days = nanoseconds / nanoseconds_per_day;
  std::int64_t rest = nanoseconds % nanoseconds_per_day;
  if (rest < 0) {
    rest += nanoseconds_per_day;
    --days;
  }
  const std::int64_t seconds = rest / nanoseconds_per_second;
  std::string fraction = padded(rest % nanoseconds_per_second, 9);
  fraction.erase(fraction.find_last_not_of('0') + 1);
  return date_form(days) + "T" + padded(seconds / 3600, 2) + ":" + padded(seconds / 60 % 60, 2) + ":" +
         padded(seconds % 60, 2) + (fraction.empty() ? "" : "." + fraction) + "Z";
}

std::string duration_form(std::int64_t nanoseconds) {
  struct Unit {
    std::uint64_t length;
    std::string_view name;
  };
  constexpr std::array<Unit, 7> units = {{{86'400'000'000'000U, "days"},
                                          {3'600'000'000'000U, "h"},
                                          {60'000'000'000U, "min"},
                                          {1'000'000'000U, "s"},
                                          {1'000'000U, "ms"},
                                          {1'000U, "us"},
                                          {1U, "ns"}}};
  if (nanoseconds == 0) return "0 s";
  std::string text = nanoseconds < 0 ? "-" : "";
  const auto bits = static_cast<std::uint64_t>(nanoseconds);
  std::uint64_t rest = nanoseconds < 0 ? 0U - bits : bits;
  for (const Unit& unit : units) {
    const std::uint64_t count = rest / unit.length;
    rest %= unit.length;
    if (count == 0) continue;
    if (text.size() > 1) text += ' ';
    text += std::to_string(count) + " " + (count == 1 && unit.name == "days" ? "day" : std::string(unit.name));
  }
  return text;
}

template <class Number>
std::optional<Number> number_from_text(std::string_view text) {
  Number number{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

std::string text_form(BaseType type, Word value) {
  switch (type) {
    case BaseType::boolean:
      return value != 0 ? "true" : "false";
    case BaseType::real: {
      std::array<char, 32> buffer{};
      return {buffer.data(), std::to_chars(buffer.data(), buffer.data() + buffer.size(), real_of(value)).ptr};
    }
    case BaseType::date:
      return date_form(integer_of(value));
    case BaseType::time:
      return time_form(integer_of(value));
    case BaseType::duration:
      return duration_form(integer_of(value));
    default:
      return std::to_string(integer_of(value));
  }
}

std::optional<std::int64_t> integer_from_text(std::string_view text) { return number_from_text<std::int64_t>(text); }

std::optional<double> real_from_text(std::string_view text) {
  const std::optional<double> number = number_from_text<double>(text);
  return number && std::isfinite(*number) ? number : std::nullopt;
}

std::int64_t code_points(std::string_view text) {
  return std::count_if(text.begin(), text.end(),
                       [](char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; });
}

}  // namespace premortem
