#include "sim/kernel/arrival_process.hpp"

#include <algorithm>

namespace premortem {

std::int64_t RateProfile::advance(std::int64_t from, std::uint64_t unit_exponential) const {
  // Everything in units of 2^-68 arrivals: rate (20 places) * ns, against 48 places * ns per hour.
  constexpr unsigned __int128 hour = 3'600'000'000'000ULL;
  unsigned __int128 wanted = static_cast<unsigned __int128>(unit_exponential) * hour >> 28;  // 20 places * ns
  auto segment = std::upper_bound(segments_.begin(), segments_.end(), from,
                                  [](std::int64_t time, const Segment& s) { return time < s.until; });
  for (; segment != segments_.end(); ++segment) {
    const std::int64_t begin = std::max(from, segment->from);
    if (segment->per_hour == 0) continue;
    const auto length = static_cast<unsigned __int128>(segment->until - begin);
    const unsigned __int128 grown = length * segment->per_hour;
    if (wanted < grown) return begin + static_cast<std::int64_t>(wanted / segment->per_hour);
    wanted -= grown;
  }
  return INT64_MAX;
}

std::int64_t RateProfile::expected() const {
  constexpr unsigned __int128 hour = 3'600'000'000'000;
  unsigned __int128 sum = 0;  // In 2^-20 items, a segment at a time: each product fits into 127 bits.
  for (const Segment& segment : segments_) {
    sum += static_cast<unsigned __int128>(segment.per_hour) * static_cast<std::uint64_t>(segment.until - segment.from) /
           hour;
  }
  sum /= one_per_hour;
  return sum > static_cast<unsigned __int128>(INT64_MAX) ? INT64_MAX : static_cast<std::int64_t>(sum);
}

}  // namespace premortem
