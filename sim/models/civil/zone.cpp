#include "sim/models/civil/zone.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"

namespace premortem {

std::size_t Zone::period_at(Time time) const {
  const auto next = std::upper_bound(transitions_.begin(), transitions_.end(), nanoseconds_of(time),
                                     [](std::int64_t at, const ZoneTransition& t) { return at < t.at; });
  return static_cast<std::size_t>(next - transitions_.begin());
}

ZonePeriod Zone::period(std::size_t n) const {
  const auto offset_of = [this](std::size_t number) {
    return number == 0 ? first_offset_ : transitions_[number - 1].offset;
  };
  ZonePeriod period;
  period.offset = offset_of(n);
  if (n > 0) {
    period.from = transitions_[n - 1].at;
    period.jump_at_from = period.offset - offset_of(n - 1);
  }
  if (n < transitions_.size()) {
    period.until = transitions_[n].at;
    period.jump_at_until = transitions_[n].offset - period.offset;
  }
  return period;
}

LocalMeaning Zone::to_time(CivilDateTime civil) const {
  const std::int64_t wall = wall_nanoseconds(civil);
  LocalMeaning meaning;
  bool found = false;
  // No offset reaches two days, so no period that begins later than that can show this time.
  const auto begin = std::lower_bound(transitions_.begin(), transitions_.end(), wall - 2 * ns_per_day,
                                      [](const ZoneTransition& t, std::int64_t at) { return t.at < at; });
  for (auto n = static_cast<std::size_t>(begin - transitions_.begin()); n <= transitions_.size(); ++n) {
    const ZonePeriod here = period(n);
    if (here.from != INT64_MIN && here.from > wall + 2 * ns_per_day) break;
    const std::int64_t instant = wall - here.offset;
    if (instant >= here.from && instant < here.until) {
      meaning.kind = found ? LocalMeaning::Kind::repeated : LocalMeaning::Kind::unique;
      meaning.second = time_from_nanoseconds(instant);
      if (!found) meaning.first = meaning.second;
      found = true;
    }
    if (n == transitions_.size() || found) continue;
    const std::int64_t wall_before = here.until + here.offset, wall_after = wall_before + here.jump_at_until;
    if (wall < wall_before || wall >= wall_after) continue;
    meaning.kind = LocalMeaning::Kind::skipped;
    meaning.first = meaning.second = time_from_nanoseconds(here.until);
    meaning.gap_from = wall_before - civil.date * ns_per_day;
    meaning.gap_to = wall_after - civil.date * ns_per_day;
  }
  return meaning;
}

std::uint64_t Zone::rules_hash(Time from, Time until) const {
  std::uint64_t hash = combine(0x7A6F6E65, static_cast<std::uint64_t>(offset_at(from)));
  for (std::size_t n = period_at(from) + 1; n <= transitions_.size(); ++n) {
    const ZonePeriod here = period(n);
    if (here.from >= nanoseconds_of(until)) break;
    if (here.jump_at_from == 0) continue;  // A new name for the same offset moves no clock.
    hash = combine(combine(hash, static_cast<std::uint64_t>(here.from)), static_cast<std::uint64_t>(here.offset));
  }
  return hash;
}

std::string format_utc(Time time) { return format_civil(civil_from_wall(nanoseconds_of(time))) + " UTC"; }

}  // namespace premortem
