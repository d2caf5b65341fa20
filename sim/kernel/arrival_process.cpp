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

}  // namespace premortem
