#pragma once
// Whether two half runs will go on alike, whatever order brought them about.

#include "sim/explore/execution.hpp"

namespace premortem {

/// Forgets what no longer matters to how `run` goes on - dead events, the names of pending ones, frames that were given
/// back - and returns a digest of the rest. Half runs with equal digests have the same futures, each under as many
/// choices. From `any_order_from` on, ns, what is due at one instant goes in every order: in which order it was
/// scheduled names the alternatives only, and does not tell two half runs apart. Sound, not complete: two that differ
/// only in the numbers that their activities or messages were given have different digests, as some things are done in
/// the order of these numbers.
/// REQUIRES: `run` stopped at a tie.
Digest settle_and_key(HalfRun& run, std::int64_t any_order_from);

}  // namespace premortem
