#pragma once
// The thread that ends transactions which live too long: MONGO-024.

#include <algorithm>
#include <cstdint>

namespace premortem {

/// How often it looks, ns: half the lifetime limit, but 1 s at least and 60 s at most.
constexpr std::int64_t reaper_period(std::int64_t lifetime) {
  constexpr std::int64_t second = 1'000'000'000;
  return std::clamp(lifetime / 2, second, 60 * second);
}

}  // namespace premortem
