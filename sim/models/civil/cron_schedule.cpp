#include "sim/models/civil/cron_schedule.hpp"

#include <algorithm>

namespace premortem {

namespace {

/// Up to here cronie takes a jump of the clock for a clock change, beyond it for a correction: BATCH-012.
constexpr std::int64_t clock_change_max = 3 * ns_per_hour;
/// Having started something, cronie rests so long before it looks at the next of the minutes that the clock skipped.
/// Source: cronie, src/cron.c, the case "medium" of its main loop.
constexpr std::int64_t rest_between_replays = 10 * ns_per_second;

template <std::size_t size>
std::size_t first_set(const std::bitset<size>& bits, std::size_t from) {
  while (from < size && !bits.test(from)) ++from;
  return from;
}

}  // namespace

std::optional<std::int64_t> CronSchedule::first_time_after(std::int64_t after) const {
  const std::int64_t earliest = after < 0 ? 0 : after / ns_per_second + 1;
  if (earliest >= 24 * 3600) return std::nullopt;
  const auto hour_now = static_cast<std::size_t>(earliest / 3600);
  const auto minute_now = static_cast<std::size_t>(earliest / 60 % 60);
  const auto second_now = static_cast<std::size_t>(earliest % 60);
  for (std::size_t hour = first_set(expression_.hours, hour_now); hour < 24;
       hour = first_set(expression_.hours, hour + 1)) {
    const bool this_hour = hour == hour_now;
    for (std::size_t minute = first_set(expression_.minutes, this_hour ? minute_now : 0); minute < 60;
         minute = first_set(expression_.minutes, minute + 1)) {
      const bool this_minute = this_hour && minute == minute_now;
      const std::size_t second = first_set(expression_.seconds, this_minute ? second_now : 0);
      if (second < 60) return static_cast<std::int64_t>(hour * 3600 + minute * 60 + second) * ns_per_second;
    }
  }
  return std::nullopt;
}

void CronSchedule::firings_of(CivilDateTime civil, const LocalMeaning& meaning, std::vector<Firing>& out) const {
  const CronDialect dialect = expression_.dialect;
  const bool second_pass_only = dialect == CronDialect::quartz || dialect == CronDialect::spring_52;
  const bool vixie = dialect == CronDialect::vixie;
  switch (meaning.kind) {
    case LocalMeaning::Kind::unique:
      out.push_back({meaning.first, civil, Firing::Note::none});
      return;
    case LocalMeaning::Kind::skipped: {
      // Only Vixie makes up for it, and only for jobs at a fixed time: BATCH-013.
      if (!vixie || expression_.wildcard_time || meaning.gap_to - meaning.gap_from > clock_change_max) return;
      std::int64_t rest = 0;
      for (auto before = first_time_after(meaning.gap_from - 1); before && *before < civil.nanoseconds;
           before = first_time_after(*before)) {
        rest += rest_between_replays;
      }
      const Time at = time_from_nanoseconds(nanoseconds_of(meaning.first) + rest);
      out.push_back({at, civil, Firing::Note::moved_out_of_gap});
      return;
    }
    case LocalMeaning::Kind::repeated:
      if (!second_pass_only) out.push_back({meaning.first, civil, Firing::Note::first_pass});
      if (!vixie || expression_.wildcard_time) out.push_back({meaning.second, civil, Firing::Note::second_pass});
      return;
  }
}

/// At a clock change the order on the wall is not the order in time: looks at every time of the day that may be next.
void CronSchedule::next_near_clock_change(const Zone& zone, std::int64_t date, Time after,
                                          std::optional<Firing>& best) const {
  const std::int64_t midnight = date * ns_per_day, now = nanoseconds_of(after);
  std::int64_t least = INT64_MAX, most = INT64_MIN;
  for (const std::int64_t near : {midnight - ns_per_day, midnight, midnight + ns_per_day, midnight + 2 * ns_per_day}) {
    least = std::min(least, zone.offset_at(time_from_nanoseconds(near)));
    most = std::max(most, zone.offset_at(time_from_nanoseconds(near)));
  }
  // What was moved out of a gap fires after its time on the wall.
  const std::int64_t moved = expression_.wildcard_time ? 0 : clock_change_max;
  for (auto next = first_time_after(now + least - moved - midnight - 1); next; next = first_time_after(*next)) {
    if (best && midnight + *next - most > nanoseconds_of(best->at)) return;
    const CivilDateTime civil{date, *next};
    std::vector<Firing> firings;
    firings_of(civil, zone.to_time(civil), firings);
    for (const Firing& firing : firings) {
      if (firing.at > after && (!best || firing.at < best->at)) best = firing;
    }
  }
}

std::optional<Firing> CronSchedule::next_after(const Zone& zone, Time after) const {
  const std::int64_t today = zone.date_of(after);
  constexpr std::int64_t days_max = 41 * 366;
  std::optional<Firing> best;
  // One day more than the first with a firing: at a clock change the order on the wall is not the order in time.
  std::int64_t last = today + days_max;
  for (std::int64_t date = today - 1; date <= last; ++date) {
    if (!expression_.matches_day(date)) continue;
    if (const auto offset = zone.steady_offset(date)) {
      const std::int64_t midnight = date * ns_per_day - *offset;
      if (const auto next = first_time_after(nanoseconds_of(after) - midnight)) {
        const Time at = time_from_nanoseconds(midnight + *next);
        if (!best || at < best->at) best = Firing{at, {date, *next}, Firing::Note::none};
      }
    } else {
      next_near_clock_change(zone, date, after, best);
    }
    if (best && last > date + 1) last = date + 1;
  }
  return best;
}

std::vector<IrregularTime> CronSchedule::irregular_times(const Zone& zone, Time from, Time until) const {
  std::vector<IrregularTime> times;
  for (const ZoneTransition& change : zone.transitions()) {
    if (change.at < nanoseconds_of(from) || change.at >= nanoseconds_of(until)) continue;
    const std::int64_t before = change.at + zone.offset_at(time_from_nanoseconds(change.at - 1));
    const std::int64_t after = change.at + change.offset;
    const std::int64_t end = std::max(before, after);
    CivilDateTime wall = civil_from_local(std::min(before, after) - 1);
    for (; wall.date * ns_per_day < end; ++wall.date, wall.nanoseconds = -1) {
      if (!expression_.matches_day(wall.date)) continue;
      for (auto next = first_time_after(wall.nanoseconds); next && wall.date * ns_per_day + *next < end;
           next = first_time_after(*next)) {
        IrregularTime time{{wall.date, *next}, zone.to_time({wall.date, *next}), {}};
        firings_of(time.scheduled_for, time.meaning, time.firings);
        times.push_back(std::move(time));
      }
    }
  }
  return times;
}

}  // namespace premortem
