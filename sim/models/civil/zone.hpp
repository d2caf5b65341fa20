#pragma once
// Time zones as values: a table of transitions, taken from the zone database once and then part of the Model.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/kernel/time.hpp"

namespace premortem {

/// A date and time of day as a calendar and a clock on the wall show it.
struct CivilDateTime {
  std::int64_t date = 0;         ///< Days since 1970-01-01.
  std::int64_t nanoseconds = 0;  ///< Since that day's midnight, [0, 24 h).
  bool operator==(const CivilDateTime&) const = default;
};

struct CalendarDate {
  int year = 1970, month = 1, day = 1;
  bool operator==(const CalendarDate&) const = default;
};
/// From nanoseconds on the wall clock since 1970-01-01 00:00 there.
CivilDateTime civil_from_local(std::int64_t local);
/// Days since 1970-01-01 in the proleptic Gregorian calendar. REQUIRES: a date that exists.
std::int64_t days_from_date(CalendarDate date);
CalendarDate date_from_days(std::int64_t days);
int days_in_month(int year, int month);
/// 0 = Sunday ... 6 = Saturday.
int weekday_of(std::int64_t days);

/// From `at` on, local time is UTC + offset.
struct ZoneTransition {
  std::int64_t at = 0;      ///< ns, UTC.
  std::int64_t offset = 0;  ///< ns.
  bool operator==(const ZoneTransition&) const = default;
};

/// What a civil time means in a zone.
struct LocalMeaning {
  enum class Kind : std::uint8_t { unique, skipped, repeated } kind = Kind::unique;
  Time first;   ///< The instant; for repeated: the first pass; for skipped: the instant of the jump.
  Time second;  ///< For repeated: the second pass.
  std::int64_t gap_from = 0,
               gap_to = 0;  ///< For skipped: the wall clock goes from here to there, ns since midnight of `date`.
};

class Zone {
 public:
  /// UTC.
  Zone() = default;
  /// `transitions` sorted by time.
  Zone(std::string name, std::int64_t first_offset, std::vector<ZoneTransition> transitions)
      : name_(std::move(name)), first_offset_(first_offset), transitions_(std::move(transitions)) {}

  const std::string& name() const { return name_; }
  std::int64_t offset_at(Time time) const;
  CivilDateTime to_civil(Time time) const;
  LocalMeaning to_time(CivilDateTime civil) const;
  /// Days since 1970-01-01 on the calendar of the zone.
  std::int64_t date_of(Time time) const { return to_civil(time).date; }
  /// A stretch of time that has one date and one offset; at most a day.
  struct Day {
    std::int64_t from = 0, until = 0;  ///< ns, UTC; [from, until).
    std::int64_t date = 0;             ///< Days since 1970-01-01.
  };
  /// The stretch that `time` is in, for whoever asks for dates again and again.
  Day day_at(Time time) const;
  /// First instant of that day.
  Time start_of_date(std::int64_t date) const;
  /// The offset that holds all through a day and the days beside it; nothing when the clock changes in them.
  std::optional<std::int64_t> steady_offset(std::int64_t date) const;
  /// Over what the zone says between the two instants: equal rules, equal hash, whatever database they came from.
  std::uint64_t rules_hash(Time from, Time until) const;
  /// "2020-01-27 11:00"; with ":05" where there are seconds, and a fraction where there is one.
  std::string format(Time time) const;
  const std::vector<ZoneTransition>& transitions() const { return transitions_; }

  bool operator==(const Zone&) const = default;

 private:
  std::string name_ = "UTC";
  std::int64_t first_offset_ = 0;
  std::vector<ZoneTransition> transitions_;
};

inline constexpr std::int64_t ns_per_second = 1'000'000'000;
inline constexpr std::int64_t ns_per_minute = 60 * ns_per_second;
inline constexpr std::int64_t ns_per_hour = 60 * ns_per_minute;
inline constexpr std::int64_t ns_per_day = 24 * ns_per_hour;

/// "2021-08-04".
std::string format_date(std::int64_t days);
/// "01:30"; with ":05" where there are seconds, and a fraction where there is one. Of ns since midnight.
std::string format_time_of_day(std::int64_t nanoseconds);

}  // namespace premortem
