#pragma once
// Whether two half runs will go on alike, whatever order brought them about.

#include "sim/explore/execution.hpp"

namespace premortem {

/// Forgets what no longer matters to how `run` goes on - dead events, the names of pending ones, frames that were given
/// back - and returns a digest of the rest. Half runs with equal digests go on alike under the same choices. Sound, not
/// complete: two that differ only in the numbers that their activities or messages were given have different digests.
Digest settle_and_key(HalfRun& run);

}  // namespace premortem
