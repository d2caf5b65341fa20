#pragma once
// When a schedule fires, clock changes included: the table of BATCH-010 to BATCH-014.

#include <optional>
#include <vector>

#include "sim/models/civil/cron_expression.hpp"
#include "sim/models/civil/zone.hpp"

namespace premortem {

struct Firing {
  enum class Note : std::uint8_t { none, moved_out_of_gap, first_pass, second_pass };
  Time at;
  CivilDateTime scheduled_for;  ///< What the wall clock should have shown.
  Note note = Note::none;
  bool operator==(const Firing&) const = default;
};

/// A time that the schedule names and the clock skips or shows twice, with what becomes of it.
struct IrregularTime {
  CivilDateTime scheduled_for;
  LocalMeaning meaning;
  std::vector<Firing> firings;  ///< None, one or two.
};

class CronSchedule {
 public:
  CronSchedule() = default;
  explicit CronSchedule(CronExpression expression) : expression_(std::move(expression)) {}

  /// The first firing after `after`; none within the next 41 years: none ever.
  std::optional<Firing> next_after(const Zone& zone, Time after) const;
  /// What the clock changes in [from, until) do to the schedule, in the order of the wall clock.
  std::vector<IrregularTime> irregular_times(const Zone& zone, Time from, Time until) const;
  const CronExpression& expression() const { return expression_; }

  bool operator==(const CronSchedule&) const = default;

 private:
  /// What becomes of one matching civil time: no firing, one, or two.
  void firings_of(CivilDateTime civil, const LocalMeaning& meaning, std::vector<Firing>& out) const;
  /// The first matching time of a matching day that is later than `after`; both in ns since midnight.
  std::optional<std::int64_t> first_time_after(std::int64_t after) const;
  void next_near_clock_change(const Zone& zone, std::int64_t date, Time after, std::optional<Firing>& best) const;

  CronExpression expression_;
};

}  // namespace premortem
