#pragma once
// The one wall clock of the fakes. It never enters a World: only when something happens depends on it, never what.

#include <chrono>
#include <cstdint>

namespace premortem::fakes {

/// ns since some instant of this machine's; never goes back.
inline std::int64_t steady_now() {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

}  // namespace premortem::fakes
