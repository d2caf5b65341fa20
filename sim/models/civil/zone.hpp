#pragma once
// Time zones as values: a table of transitions, taken from the zone database once and then part of the Model.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/time.hpp"
#include "sim/models/civil/calendar.hpp"

namespace premortem {

/// From `at` on, local time is UTC + offset.
struct ZoneTransition {
  std::int64_t at = 0;      ///< ns, UTC.
  std::int64_t offset = 0;  ///< ns.
  bool operator==(const ZoneTransition&) const = default;
};

/// A stretch of time without a clock change: [from, until), ns UTC, with what the clock does at both ends.
struct ZonePeriod {
  std::int64_t from = INT64_MIN, until = INT64_MAX;
  std::int64_t offset = 0;        ///< ns.
  std::int64_t jump_at_from = 0;  ///< ns by which the wall clock jumps at `from`: > 0 leaves a gap, < 0 repeats.
  std::int64_t jump_at_until = 0;
};

/// What a civil time means in a zone.
struct LocalMeaning {
  enum class Kind : std::uint8_t { unique, skipped, repeated } kind = Kind::unique;
  Time first;   ///< The instant; for repeated: the first pass; for skipped: the instant of the jump.
  Time second;  ///< For repeated: the second pass; otherwise the same as first.
  /// For skipped: the wall clock goes from here to there, ns since midnight of `date`.
  std::int64_t gap_from = 0, gap_to = 0;
};

/// Knows nothing before its first and after its last transition: whoever makes one gives it a table that is long enough.
class Zone {
 public:
  /// UTC.
  Zone() = default;
  /// `transitions` sorted by time, no two at the same instant.
  Zone(std::string name, std::int64_t first_offset, std::vector<ZoneTransition> transitions)
      : name_(std::move(name)), first_offset_(first_offset), transitions_(std::move(transitions)) {}

  const std::string& name() const { return name_; }
  const std::vector<ZoneTransition>& transitions() const { return transitions_; }

  /// Number of the period that contains `time`; period n ends at transition n.
  std::size_t period_at(Time time) const;
  /// REQUIRES: n <= transitions().size().
  ZonePeriod period(std::size_t n) const;

  std::int64_t offset_at(Time time) const { return period(period_at(time)).offset; }
  CivilDateTime to_civil(Time time) const { return civil_from_wall(nanoseconds_of(time) + offset_at(time)); }
  LocalMeaning to_time(CivilDateTime civil) const;

  /// Days since 1970-01-01 on the calendar of the zone. Yesterday is this minus 1, never "24 h ago": BATCH-015.
  std::int64_t date_of(Time time) const { return to_civil(time).date; }
  /// The first instant of that day: midnight, or the jump that skips it.
  Time start_of_date(std::int64_t date) const { return to_time({date, 0}).first; }

  /// Over what the zone says in [from, until): equal rules, equal hash, whatever its name and database version.
  std::uint64_t rules_hash(Time from, Time until) const;

  /// "2020-01-27 11:00", as format_civil; which pass of a repeated hour it is, it does not say.
  std::string format(Time time) const { return format_civil(to_civil(time)); }

  bool operator==(const Zone&) const = default;

 private:
  std::string name_ = "UTC";
  std::int64_t first_offset_ = 0;
  std::vector<ZoneTransition> transitions_;
};

/// "2020-01-27 11:00 UTC".
std::string format_utc(Time time);

}  // namespace premortem
