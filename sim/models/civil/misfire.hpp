#pragma once
// What a scheduler makes up for when it was not there: BATCH-024, BATCH-028.

#include <vector>

#include "sim/models/civil/cron_schedule.hpp"

namespace premortem {

enum class MissedPolicy : std::uint8_t {
  skip,  ///< Nothing: the next firing is the next one.
  once,  ///< One run for all that was missed, named after the most recent.
  all    ///< Every one of them.
};

inline std::vector<Firing> missed_firings(const CronSchedule& schedule, const Zone& zone, Time from, Time until,
                                          MissedPolicy policy) {
  std::vector<Firing> missed;
  if (policy == MissedPolicy::skip) return missed;
  for (std::optional<Firing> next = schedule.next_after(zone, from); next && next->at < until;
       next = schedule.next_after(zone, next->at)) {
    if (policy == MissedPolicy::once) missed.clear();
    missed.push_back(*next);
  }
  return missed;
}

}  // namespace premortem
