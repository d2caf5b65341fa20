#include "reports/query/figures.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace premortem {

namespace {

std::string plain(double value) {
  const double rounded = std::round(value * 10) / 10;
  return rounded == std::floor(rounded) ? fmt::format("{:.0f}", rounded) : fmt::format("{:.1f}", rounded);
}

}  // namespace

std::string short_duration(std::int64_t ns) {
  if (ns < 0) return "-" + short_duration(-ns);
  constexpr std::int64_t second = 1'000'000'000;
  if (ns == 0) return "0 s";
  if (ns < 1'000'000) return fmt::format("{} us", ns / 1000);
  if (ns < second) return fmt::format("{} ms", (ns + 500'000) / 1'000'000);
  if (ns < 60 * second) return plain(static_cast<double>(ns) / second) + " s";
  struct Step {
    std::int64_t length;
    const char* name;
  };
  constexpr std::array<Step, 4> steps = {
      {{86400 * second, "d"}, {3600 * second, "h"}, {60 * second, "min"}, {second, "s"}}};
  for (std::size_t n = 0; n + 1 < steps.size(); ++n) {
    if (ns < steps[n].length) continue;
    const std::int64_t whole = ns / steps[n].length, rest = ns % steps[n].length / steps[n + 1].length;
    return fmt::format("{} {}", whole, steps[n].name) +
           (rest == 0 ? "" : fmt::format(" {} {}", rest, steps[n + 1].name));
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
  const std::string mean = duration ? short_duration(static_cast<std::int64_t>(summary.mean)) : plain(summary.mean);
  if (summary.half_width == 0) return mean;
  if (std::isinf(summary.half_width)) return mean + " (one run)";
  const std::string width =
      duration ? short_duration(static_cast<std::int64_t>(summary.half_width)) : plain(summary.half_width);
  return mean + " ±" + (width == "0" ? "0.1" : width);
}

std::string range(const Summary& summary, Measure::Unit unit) {
  if (summary.n == 0) return "–";
  const auto one = [unit](double value) {
    return unit == Measure::Unit::duration ? short_duration(static_cast<std::int64_t>(value)) : plain(value);
  };
  return summary.min == summary.max ? one(summary.min) : one(summary.min) + " .. " + one(summary.max);
}

}  // namespace premortem
