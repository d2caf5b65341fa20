#include "reports/query/figures.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace premortem {

namespace {

std::string plain(double value) {
  const double rounded = std::round(value * 10) / 10 + 0.0;  // No "-0".
  return rounded == std::floor(rounded) ? fmt::format("{:.0f}", rounded) : fmt::format("{:.1f}", rounded);
}

}  // namespace

std::string short_duration(std::int64_t ns) {
  if (ns < 0) return "-" + short_duration(-ns);
  constexpr std::int64_t second = 1'000'000'000;
  if (ns == 0) return "0 s";
  if (ns < 1000) return fmt::format("{} ns", ns);
  if (ns < 1'000'000) return fmt::format("{} us", ns / 1000);
  if (ns < second) return fmt::format("{} ms", (ns + 500'000) / 1'000'000);
  if (ns < 60 * second) return plain(static_cast<double>(ns) / second) + " s";
  struct Step {
    std::int64_t length;
    const char* name;
  };
  constexpr std::array<Step, 4> steps = {
      {{86400 * second, "d"}, {3600 * second, "h"}, {60 * second, "min"}, {second, "s"}}};
  const std::size_t n = ns >= steps[0].length ? 0 : ns >= steps[1].length ? 1 : 2;
  const std::int64_t whole = ns / steps[n].length, rest = ns % steps[n].length / steps[n + 1].length;
  return fmt::format("{} {}", whole, steps[n].name) + (rest == 0 ? "" : fmt::format(" {} {}", rest, steps[n + 1].name));
}

std::string rough_duration(std::int64_t ns) {
  struct Step {
    double length;
    const char* name;
  };
  constexpr std::array<Step, 6> steps = {
      {{86400e9, "d"}, {3600e9, "h"}, {60e9, "min"}, {1e9, "s"}, {1e6, "ms"}, {1e3, "us"}}};
  const auto length = static_cast<double>(ns);
  for (const Step& step : steps) {
    if (length < step.length) continue;
    const double value = length / step.length;
    return (value < 9.95 ? plain(value) : fmt::format("{:.0f}", value)) + " " + step.name;
  }
  return fmt::format("{} ns", ns);
}

std::string figure(const Measure& measure) {
  if (!measure.value) return measure.name == "detection" ? "never" : "–";
  return measure.unit == Measure::Unit::duration ? short_duration(*measure.value) : std::to_string(*measure.value);
}

std::string mean_with_interval(const Summary& summary, Measure::Unit unit) {
  if (summary.n == 0) return "–";
  const bool duration = unit == Measure::Unit::duration;
  std::string mean = duration ? short_duration(std::llround(summary.mean)) : plain(summary.mean);
  if (summary.half_width == 0) return mean;
  if (std::isinf(summary.half_width)) return mean + " ±?";
  if (duration) return mean + " ±" + rough_duration(std::llround(summary.half_width));
  // An interval that is not nothing does not read as nothing.
  return mean + " ±" + (summary.half_width < 0.05 ? "<0.1" : plain(summary.half_width));
}

std::string range(const Summary& summary, Measure::Unit unit) {
  if (summary.n == 0) return "–";
  const auto one = [unit](double value) {
    return unit == Measure::Unit::duration ? short_duration(std::llround(value)) : plain(value);
  };
  return summary.min == summary.max ? one(summary.min) : one(summary.min) + " .. " + one(summary.max);
}

std::string counted(std::uint64_t count, const std::string& one) {
  return std::to_string(count) + " " +
         (count == 1           ? one
          : one.ends_with("y") ? one.substr(0, one.size() - 1) + "ies"
                               : one + "s");
}

std::string listed(const std::vector<std::string>& names) {
  std::string all;
  for (std::size_t n = 0; n < names.size(); ++n)
    all += (n == 0 ? "" : n + 1 == names.size() ? " and " : ", ") + names[n];
  return all;
}

}  // namespace premortem
