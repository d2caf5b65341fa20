#include "fakes/pacing/replay.hpp"

#include <algorithm>

#include "sim/models/machine.hpp"

namespace premortem::fakes {

std::int64_t SessionReplay::drive(Machine& machine, std::int64_t until) {
  for (const KeptRequest& kept : session_.requests) {
    if (kept.at() >= until) break;
    // What was due at that instant had happened before anybody could ask: see Pacer.
    machine.run_until(time_from_nanoseconds(kept.at() + 1));
    machine.set_now(kept.at());
    machine.request(kept.request());
  }
  std::int64_t ends = until;
  if (session_.ended) {
    ends = std::min(until, session_.ends);
  } else if (!session_.requests.empty()) {
    ends = std::min(until, session_.requests.back().at() + 1);
  }
  machine.run_until(time_from_nanoseconds(ends));
  return ends;
}

}  // namespace premortem::fakes
