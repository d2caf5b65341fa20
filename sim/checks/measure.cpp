#include "sim/checks/measure.hpp"

#include <charconv>

#include "sim/checks/judge.hpp"

namespace premortem {

namespace {

/// "min", "p50", "p99.9", "max" in thousandths; none: no such percentile.
std::optional<std::uint32_t> thousandths_of(std::string_view percentile) {
  if (percentile == "min") return 0;
  if (percentile == "max") return 1000;
  if (!percentile.starts_with('p')) return std::nullopt;
  percentile.remove_prefix(1);
  const std::size_t dot = percentile.find('.');
  const auto number = [](std::string_view digits, std::uint32_t& value) {
    const auto [end, code] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    return code == std::errc() && end == digits.data() + digits.size();
  };
  std::uint32_t percent = 0, tenth = 0;
  if (!number(percentile.substr(0, dot), percent) || percent > 99) return std::nullopt;
  if (dot != std::string_view::npos && (percentile.size() != dot + 2 || !number(percentile.substr(dot + 1), tenth)))
    return std::nullopt;
  const std::uint32_t thousandths = percent * 10 + tenth;
  return thousandths == 0 ? std::nullopt : std::optional(thousandths);
}

}  // namespace

std::optional<MeasureName> measure_named(std::string_view name, const std::vector<JudgedKind>& kinds) {
  MeasureName measure;
  if (name == "detection" || name == "operator-steps") {
    measure.what = name == "detection" ? MeasureName::What::detection : MeasureName::What::operator_steps;
    return measure;
  }
  for (std::uint32_t kind = 0; kind < kinds.size(); ++kind) {
    if (!name.starts_with(kinds[kind].name + ".")) continue;
    measure.kind = kind;
    const std::string_view rest = name.substr(kinds[kind].name.size() + 1);
    if (rest == "arrived") {
      measure.what = MeasureName::What::arrived;
      return measure;
    }
    for (const Fate fate : fates_in_order) {
      if (rest != name_of(fate)) continue;
      measure.fate = fate;
      return measure;
    }
    constexpr std::string_view time = "time-to-done.";
    const auto thousandths = rest.starts_with(time) ? thousandths_of(rest.substr(time.size())) : std::nullopt;
    if (!thousandths) continue;
    measure.what = MeasureName::What::time_to_done;
    measure.thousandths = *thousandths;
    return measure;
  }
  return std::nullopt;
}

bool keeps(const Bound& bound, std::int64_t value, std::uint64_t total, std::int64_t span) {
  __int128 left = value, right = bound.value;
  if (bound.unit == Bound::Unit::share) left *= 10'000, right *= total;
  if (bound.unit == Bound::Unit::rate) left *= __int128{3'600'000'000'000} << 20, right *= span;
  switch (bound.keeps) {
    case Bound::Keeps::below:
      return left < right;
    case Bound::Keeps::above:
      return left > right;
    case Bound::Keeps::at_least:
      return left >= right;
    case Bound::Keeps::at_most:
      return left <= right;
    case Bound::Keeps::exactly:
      return left == right;
  }
  return false;
}

}  // namespace premortem
