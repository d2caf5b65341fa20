#include "sim/models/civil/cron_schedule.hpp"

#include <algorithm>

namespace premortem {

template <class Visit>
void CronSchedule::matching_times(std::int64_t date, Visit&& visit) const {
  if (!expression_.matches_day(date)) return;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    if (!expression_.hours.test(hour)) continue;
    for (std::size_t minute = 0; minute < 60; ++minute) {
      if (!expression_.minutes.test(minute)) continue;
      for (std::size_t second = 0; second < 60; ++second) {
        if (!expression_.seconds.test(second)) continue;
        visit(CivilDateTime{date, static_cast<std::int64_t>(hour) * ns_per_hour +
                                      static_cast<std::int64_t>(minute) * ns_per_minute +
                                      static_cast<std::int64_t>(second) * ns_per_second});
      }
    }
  }
}

void CronSchedule::firings_of(const Zone& zone, CivilDateTime civil, std::vector<Firing>& out) const {
  const LocalMeaning meaning = zone.to_time(civil);
  const CronDialect dialect = expression_.dialect;
  const bool second_pass_only = dialect == CronDialect::quartz || dialect == CronDialect::spring_52;
  const bool vixie = dialect == CronDialect::vixie;
  switch (meaning.kind) {
    case LocalMeaning::Kind::unique:
      out.push_back({meaning.first, civil, Firing::Note::none});
      return;
    case LocalMeaning::Kind::skipped:
      // Only Vixie makes up for it, and only for jobs at a fixed time: BATCH-013.
      if (vixie && !expression_.wildcard_time) out.push_back({meaning.first, civil, Firing::Note::moved_out_of_gap});
      return;
    case LocalMeaning::Kind::repeated:
      if (!second_pass_only) out.push_back({meaning.first, civil, Firing::Note::first_pass});
      if (!vixie || expression_.wildcard_time) out.push_back({meaning.second, civil, Firing::Note::second_pass});
      return;
  }
}

std::optional<Firing> CronSchedule::next_after(const Zone& zone, Time after) const {
  const std::int64_t today = zone.date_of(after);
  constexpr std::int64_t days_max = 41 * 366;
  std::optional<Firing> best;
  // One day more than the first with a firing: at a clock change the order on the wall is not the order in time.
  std::int64_t last = today + days_max;
  for (std::int64_t date = today - 1; date <= last; ++date) {
    matching_times(date, [&](CivilDateTime civil) {
      std::vector<Firing> firings;
      firings_of(zone, civil, firings);
      for (const Firing& firing : firings) {
        if (firing.at > after && (!best || firing.at < best->at)) best = firing;
      }
    });
    if (best && last > date + 1) last = date + 1;
  }
  return best;
}

std::vector<CivilDateTime> CronSchedule::never_fired(const Zone& zone, Time from, Time until) const {
  std::vector<CivilDateTime> skipped;
  for (std::int64_t date = zone.date_of(from); date <= zone.date_of(until); ++date) {
    matching_times(date, [&](CivilDateTime civil) {
      const LocalMeaning meaning = zone.to_time(civil);
      if (meaning.first < from || meaning.first >= until) return;
      std::vector<Firing> firings;
      firings_of(zone, civil, firings);
      if (firings.empty()) skipped.push_back(civil);
    });
  }
  return skipped;
}

}  // namespace premortem
