#pragma once
// Distributions of durations and counts: one draw of 64 bits gives one value, in integers, monotone in the bits, so
// that runs that share their draws stay coupled when a parameter changes.

#include <cstdint>
#include <vector>

namespace premortem {

/// A plain value. All values are int64: nanoseconds or counts, never negative; too large ones become INT64_MAX.
struct Distribution {
  enum class Kind : std::uint8_t {
    constant,     ///< first
    uniform,      ///< first .. second, both included; the only kind that counts as a range
    exponential,  ///< mean = first
    lognormal,    ///< median = first, 99th percentile = second > first
    /// mean = first, shape = second / 1000 ≥ 0.2; by Wilson and Hilferty's cube-root transformation. From shape 1 on,
    /// the mean is 0.2 % too small at most and probabilities err by 0.013; below, it is a likeness only: at shape 0.5
    /// the mean is 1 % too small, at 0.2 it is 8 %, and a quarter of the values are 0.
    gamma,      ///< see above
    poisson,    ///< mean = first / 1000, at most 100,000; a count
    empirical,  ///< one of the samples, sorted, each equally likely
    weighted    ///< index into samples, which are cumulated weights
  };
  Kind kind = Kind::constant;
  std::int64_t first = 0;
  std::int64_t second = 0;
  std::vector<std::int64_t> samples;

  bool is_range() const { return kind == Kind::uniform && first < second; }
  /// Smallest and largest value of a range; `first` for a constant.
  std::int64_t low() const { return first; }
  std::int64_t high() const { return kind == Kind::uniform ? second : first; }
  bool operator==(const Distribution&) const = default;
};

Distribution constant_distribution(std::int64_t value);
Distribution uniform_distribution(std::int64_t low, std::int64_t high);
/// Weights as integers, e.g. percent; at least one positive. Values are indices.
Distribution weighted_distribution(const std::vector<std::int64_t>& weights);

/// The value for these bits.
std::int64_t sample(const Distribution& distribution, std::uint64_t bits);

/// An exponential variable of mean 1, with 48 binary places; below 44.4.
std::uint64_t exponential_fixed(std::uint64_t bits);

}  // namespace premortem
