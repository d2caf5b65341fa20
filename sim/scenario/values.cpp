#include "sim/scenario/values.hpp"

#include <array>
#include <cctype>
#include <vector>

namespace premortem {

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

namespace {

std::vector<std::string_view> words(std::string_view text) {
  std::vector<std::string_view> all;
  while (!(text = trim(text)).empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    all.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return all;
}

/// A decimal number times `scale`, exactly; nothing if it is no number, negative, too large, or has a rest.
std::optional<std::int64_t> scaled(std::string_view text, std::int64_t scale) {
  const std::size_t dot = text.find('.');
  const std::string_view whole = text.substr(0, dot);
  const std::string_view fraction = dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  if (whole.empty() || (dot != std::string_view::npos && fraction.empty())) return std::nullopt;
  __int128 value = 0, divisor = 1;
  for (const std::string_view part : {whole, fraction}) {
    for (const char digit : part) {
      if (digit < '0' || digit > '9' || value > INT64_MAX || divisor > INT64_MAX / 10) return std::nullopt;
      value = value * 10 + (digit - '0');
      if (part.data() == fraction.data()) divisor *= 10;
    }
  }
  value *= scale;
  if (value % divisor != 0) return std::nullopt;
  value /= divisor;
  if (value > INT64_MAX / 4) return std::nullopt;
  return static_cast<std::int64_t>(value);
}

struct NamedUnit {
  std::string_view name;
  std::int64_t length;
};
constexpr std::array<NamedUnit, 12> units = {{{"ns", 1},
                                              {"us", 1'000},
                                              {"ms", 1'000'000},
                                              {"s", 1'000'000'000},
                                              {"min", 60'000'000'000},
                                              {"h", 3'600'000'000'000},
                                              {"day", 86'400'000'000'000},
                                              {"days", 86'400'000'000'000},
                                              {"d", 86'400'000'000'000},
                                              {"week", 604'800'000'000'000},
                                              {"weeks", 604'800'000'000'000},
                                              {"w", 604'800'000'000'000}}};

std::optional<std::int64_t> unit_length(std::string_view name) {
  for (const NamedUnit& unit : units) {
    if (unit.name == name && name != "d" && name != "w") return unit.length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  const std::vector<std::string_view> parts = words(text);
  if (parts.empty() || parts.size() % 2 != 0) return std::nullopt;
  std::int64_t total = 0;
  for (std::size_t n = 0; n < parts.size(); n += 2) {
    const auto unit = unit_length(parts[n + 1]);
    if (!unit) return std::nullopt;
    const auto value = scaled(parts[n], *unit);
    if (!value || *value > INT64_MAX / 4 - total) return std::nullopt;
    total += *value;
  }
  return Duration{total};
}

std::string format_duration(Duration duration) {
  std::int64_t rest = duration.count();
  if (rest == 0) return "0 s";
  std::string text = rest < 0 ? "-" : "";
  if (rest < 0) rest = -rest;
  const std::size_t sign = text.size();
  constexpr std::array<NamedUnit, 3> large = {
      {{"days", 86'400'000'000'000}, {"h", 3'600'000'000'000}, {"min", 60'000'000'000}}};
  for (const NamedUnit& unit : large) {
    const std::int64_t count = rest / unit.length;
    if (count == 0) continue;
    if (text.size() > sign) text += ' ';
    text += std::to_string(count) + " " + (unit.name == "days" && count == 1 ? "day" : std::string(unit.name));
    rest %= unit.length;
  }
  if (rest == 0) return text;
  if (text.size() > sign) text += ' ';
  std::string seconds = std::to_string(rest / 1'000'000'000), fraction = std::to_string(rest % 1'000'000'000);
  fraction.insert(0, 9 - fraction.size(), '0');
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return text + seconds + (fraction.empty() ? "" : "." + fraction) + " s";
}

namespace {

std::optional<std::int64_t> parse_value(std::string_view text, Unit unit) {
  if (unit == Unit::count) return scaled(trim(text), 1);
  const auto duration = parse_duration(text);
  return duration ? std::optional<std::int64_t>(duration->count()) : std::nullopt;
}

std::optional<Distribution> named_distribution(std::string_view name, std::string_view rest, Unit unit,
                                               std::string& error) {
  Distribution made;
  if (name == "poisson") {
    if (unit == Unit::duration)
      return error = "\"poisson\" draws counts; write \"exponential 4 s\" for a duration", std::nullopt;
    const auto mean = scaled(trim(rest), 1000);
    if (!mean || *mean > 100'000'000) return error = "write \"poisson 10\", with a mean up to 100000", std::nullopt;
    made.kind = Distribution::Kind::poisson, made.first = *mean;
    return made;
  }
  if (name == "exponential") {
    const auto mean = parse_value(rest, unit);
    if (!mean) return error = "write \"exponential 4 s\"", std::nullopt;
    made.kind = Distribution::Kind::exponential, made.first = *mean;
    return made;
  }
  if (name == "lognormal") {
    const std::size_t at = rest.find(" p99 ");
    const auto median = parse_value(rest.substr(0, at), unit);
    const auto p99 = at == std::string_view::npos ? std::nullopt : parse_value(rest.substr(at + 5), unit);
    if (!median || !p99 || *median <= 0 || *p99 <= *median) {
      return error = "write \"lognormal 4 s p99 30 s\", median first and the 99th percentile above it", std::nullopt;
    }
    made.kind = Distribution::Kind::lognormal, made.first = *median, made.second = *p99;
    return made;
  }
  const std::size_t at = rest.find(" shape ");
  const auto mean = parse_value(rest.substr(0, at), unit);
  const auto shape = at == std::string_view::npos ? std::nullopt : scaled(trim(rest.substr(at + 7)), 1000);
  if (!mean || !shape || *shape < 500)
    return error = "write \"gamma 4 s shape 2\", with a shape of at least 0.5", std::nullopt;
  made.kind = Distribution::Kind::gamma, made.first = *mean, made.second = *shape;
  return made;
}

}  // namespace

std::optional<Distribution> parse_distribution(std::string_view text, Unit unit, std::string& error) {
  text = trim(text);
  const std::size_t space = text.find(' ');
  const std::string_view name = text.substr(0, space);
  for (const std::string_view known : {"poisson", "exponential", "lognormal", "gamma"}) {
    if (name == known)
      return named_distribution(name, space == std::string_view::npos ? "" : text.substr(space), unit, error);
  }
  const std::size_t dots = text.find("..");
  if (dots != std::string_view::npos) {
    const auto low = parse_value(text.substr(0, dots), unit), high = parse_value(text.substr(dots + 2), unit);
    if (!low || !high) {
      error = unit == Unit::count ? "write \"1 .. 13\"" : "write \"2 s .. 6 s\", a unit at both ends";
      return std::nullopt;
    }
    if (*high < *low) return error = "the range runs backwards; write the smaller value first", std::nullopt;
    return uniform_distribution(*low, *high);
  }
  const auto value = parse_value(text, unit);
  if (value) return constant_distribution(*value);
  if (unit == Unit::count && parse_duration(text)) {
    error = "\"" + std::string(text) + "\" is a duration; a count is a bare number";
  } else if (unit == Unit::duration && is_bare_number(text)) {
    error = std::string(text) + " is a bare number; write \"" + std::string(text) + " s\"";
  } else if (unit == Unit::count) {
    error = "\"" + std::string(text) + "\" is no count; write a bare number, \"1 .. 13\" or \"poisson 10\"";
  } else {
    error = "\"" + std::string(text) + "\" is no duration; write \"10 s\", \"20 min\" or \"2 s .. 6 s\"";
  }
  return std::nullopt;
}

std::optional<std::uint64_t> parse_rate(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto unit = unit_length(trim(text.substr(slash + 1)));
  const auto count = scaled(trim(text.substr(0, slash)), std::int64_t{1} << 40);
  if (!unit || !count) return std::nullopt;
  constexpr std::int64_t hour = 3'600'000'000'000;
  const __int128 per_hour = (static_cast<__int128>(*count) * hour / *unit) >> 20;
  if (per_hour > static_cast<__int128>(1'000'000'000'000) << 20) return std::nullopt;  // No run would end.
  return static_cast<std::uint64_t>(per_hour);
}

std::optional<std::int64_t> parse_share(std::string_view text) {
  text = trim(text);
  if (text.empty() || text.back() != '%') return std::nullopt;
  text.remove_suffix(1);
  return scaled(trim(text), 100);
}

bool is_bare_number(std::string_view text) {
  text = trim(text);
  if (!text.empty() && text.front() == '-') text.remove_prefix(1);
  return scaled(text, 1'000'000'000).has_value();
}

}  // namespace premortem
