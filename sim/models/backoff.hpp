#pragma once
// Waits between tries, in integers: STRAT-025.

#include <algorithm>
#include <cstdint>

#include "sim/kernel/random.hpp"
#include "sim/models/step_spec.hpp"

namespace premortem {

struct BackoffSpec {
  std::int64_t base = 0;     ///< ns before the second try.
  std::uint32_t factor = 1;  ///< By which each further wait grows.
  std::int64_t cap = -1;     ///< Longest wait; -1: none.
  Jitter jitter = Jitter::none;
};

/// Wait after the given number of failures (1 = the first). Full jitter: uniform in [0, m]; equal: m/2 + uniform in [0,
/// m/2], with m = min(cap, base * factor^(failures - 1)).
constexpr std::int64_t backoff_wait(const BackoffSpec& spec, std::uint32_t failures, std::uint64_t bits) {
  __int128 wait = spec.base;
  const __int128 most = spec.cap >= 0 ? spec.cap : INT64_MAX / 4;
  for (std::uint32_t n = 1; n < failures && wait < most && spec.factor > 1; ++n) wait *= spec.factor;
  const auto longest = static_cast<std::int64_t>(std::min(wait, most));
  switch (spec.jitter) {
    case Jitter::full:
      return uniform_between(bits, 0, longest);
    case Jitter::equal:
      return longest / 2 + uniform_between(bits, 0, longest - longest / 2);
    default:
      return longest;
  }
}

}  // namespace premortem
