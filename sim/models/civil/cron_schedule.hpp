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

class CronSchedule {
 public:
  CronSchedule() = default;
  explicit CronSchedule(CronExpression expression) : expression_(std::move(expression)) {}

  /// The first firing after `after`; none within the next 41 years: none ever.
  std::optional<Firing> next_after(const Zone& zone, Time after) const;
  /// Civil times of [from, until) that match the expression and at which it does not fire.
  std::vector<CivilDateTime> never_fired(const Zone& zone, Time from, Time until) const;
  const CronExpression& expression() const { return expression_; }

  bool operator==(const CronSchedule&) const = default;

 private:
  /// What becomes of one matching civil time: no firing, one, or two.
  void firings_of(const Zone& zone, CivilDateTime civil, std::vector<Firing>& out) const;
  template <class Visit>
  void matching_times(std::int64_t date, Visit&& visit) const;

  CronExpression expression_;
};

}  // namespace premortem
