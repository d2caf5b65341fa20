#pragma once
// The numbers that checks put bounds on and reports show: items that met a fate, time to done, detection, operator
// steps.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/checks/fate.hpp"

namespace premortem {

struct JudgedKind;

/// A measure's name, taken apart.
struct MeasureName {
  enum class What : std::uint8_t { fate, arrived, time_to_done, detection, operator_steps };
  What what = What::fate;
  std::uint32_t kind = 0;         ///< Of items; for the first three.
  Fate fate = Fate::done;         ///< For `fate`.
  std::uint32_t thousandths = 0;  ///< For `time_to_done`: 0 the shortest, 500 the median, 1000 the longest.

  bool of_items() const { return what <= What::time_to_done; }
  bool is_duration() const { return what == What::time_to_done || what == What::detection; }
  /// Counts items that a share or a rate can be taken of.
  bool is_part() const { return what <= What::arrived; }
};

/// "application.lost", "application.arrived", "application.time-to-done.p99.9" (min, p1 to p99.9, max), "detection",
/// "operator-steps".
std::optional<MeasureName> measure_named(std::string_view name, const std::vector<JudgedKind>& kinds);

/// What a check demands of a measure.
struct Bound {
  enum class Keeps : std::uint8_t { below, above, at_least, at_most, exactly };
  enum class Unit : std::uint8_t {
    plain,  ///< A count, or ns.
    share,  ///< 1/100 of a percent of the items that were judged.
    rate    ///< An hour, in 2^-20, over the whole clock.
  };
  Keeps keeps = Keeps::below;
  Unit unit = Unit::plain;
  std::int64_t value = 0;

  bool operator==(const Bound&) const = default;
};

/// `total`: how many were judged. `span`: the length of the clock, ns. Exact: nothing is rounded.
bool keeps(const Bound& bound, std::int64_t value, std::uint64_t total, std::int64_t span);

}  // namespace premortem
