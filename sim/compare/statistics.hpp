#pragma once
// Samples of a measure over seeds, and differences between strategies under the same seeds.

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace premortem {

/// Doubles are welcome here: nothing that a run depends on is computed from them.
struct Summary {
  std::size_t n = 0;
  double mean = 0;
  double min = 0, max = 0;
  double half_width =
      0;  ///< Of the interval for the mean by Student's t; 0 when all samples are equal; infinite for n = 1.

  bool operator==(const Summary&) const = default;
};

/// `level`: e.g. 0.95.
Summary summarize(const std::vector<double>& samples, double level);

enum class Difference : std::uint8_t { none_shown, lower, higher };
constexpr std::string_view name_of(Difference difference) {
  return difference == Difference::lower    ? "lower"
         : difference == Difference::higher ? "higher"
                                            : "no difference shown";
}

/// Of samples[i] - baseline[i], pair by pair: the same seed on both sides.
struct Paired {
  Summary of;
  Difference difference = Difference::none_shown;  ///< Shown when the interval does not hold 0.
};
Paired compare_paired(const std::vector<double>& samples, const std::vector<double>& baseline, double level);

/// The q-quantile (0 < q <= 1) of samples by nearest rank; none: no samples.
std::optional<double> quantile(std::vector<double> samples, double q);

}  // namespace premortem
