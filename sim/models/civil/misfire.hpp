#pragma once
// What a scheduler makes up for when it was not there: BATCH-012, BATCH-024, BATCH-028.

#include <vector>

#include "sim/models/civil/cron_schedule.hpp"

namespace premortem {

enum class MissedPolicy : std::uint8_t {
  skip,   ///< Nothing: the next firing is the next one.
  once,   ///< One run for all that was missed, named after the most recent.
  all,    ///< Every one of them.
  cronie  ///< By how long it was away: up to five minutes all, up to three hours those at a fixed time, then none.
};

/// The firings in (from, until) that are made up for at `until`, in order.
inline std::vector<Firing> missed_firings(const CronSchedule& schedule, const Zone& zone, Time from, Time until,
                                          MissedPolicy policy) {
  std::vector<Firing> missed;
  if (policy == MissedPolicy::skip) return missed;
  // cronie counts whole minutes; the one in which it wakes up it always looks at.
  const std::int64_t this_minute = nanoseconds_of(until) / ns_per_minute;
  const std::int64_t minutes_late = this_minute - nanoseconds_of(from) / ns_per_minute;
  const auto replayed_by_cronie = [&](const Firing& firing) {
    if (minutes_late <= 5 || nanoseconds_of(firing.at) / ns_per_minute == this_minute) return true;
    return minutes_late <= 180 && !schedule.expression().wildcard_time;
  };
  for (std::optional<Firing> next = schedule.next_after(zone, from); next && next->at < until;
       next = schedule.next_after(zone, next->at)) {
    if (policy == MissedPolicy::once) missed.clear();
    if (policy != MissedPolicy::cronie || replayed_by_cronie(*next)) missed.push_back(*next);
  }
  return missed;
}

}  // namespace premortem
