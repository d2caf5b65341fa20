#pragma once
// Work of a command that has nothing to do with its neighbours.

#include <cstdint>
#include <functional>

namespace premortem::cli {

/// Calls `work(job)` for each job from 0 to `jobs` - 1, on `threads` threads, of which the caller's is one; in any
/// order. The first exception of any of them is thrown when all threads have ended; the jobs that nobody has begun are
/// left out.
void side_by_side(unsigned threads, std::uint64_t jobs, const std::function<void(std::uint64_t)>& work);

}  // namespace premortem::cli
