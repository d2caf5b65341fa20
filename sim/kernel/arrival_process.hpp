#pragma once
// Non-homogeneous Poisson arrivals: a rate that is constant in pieces, integrated and inverted in integers.

#include <cstdint>
#include <vector>

namespace premortem {

/// How often something arrives, over time.
class RateProfile {
 public:
  /// From `from` to `until` (ns), `per_hour` / 2^20 arrivals an hour.
  struct Segment {
    std::int64_t from = 0, until = 0;
    std::uint64_t per_hour = 0;
    bool operator==(const Segment&) const = default;
  };
  static constexpr std::uint64_t one_per_hour = std::uint64_t{1} << 20;

  /// Segments in order of time, not overlapping.
  void add(Segment segment) { segments_.push_back(segment); }
  bool empty() const { return segments_.empty(); }

  /// The instant after `from` at which the integrated rate has grown by `unit_exponential` (48 binary places, see
  /// exponential_fixed); INT64_MAX when the profile ends before.
  std::int64_t advance(std::int64_t from, std::uint64_t unit_exponential) const;

  /// Arrivals on average over all segments, rounded down; INT64_MAX when there are more.
  std::int64_t expected() const;

  bool operator==(const RateProfile&) const = default;

 private:
  std::vector<Segment> segments_;
};

}  // namespace premortem
