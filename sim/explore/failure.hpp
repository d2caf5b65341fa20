#pragma once
// What a failing case is: a check that is broken, and by what.

#include <cstdint>
#include <optional>
#include <string>

#include "sim/checks/judge.hpp"
#include "sim/explore/trial.hpp"

namespace premortem {

/// How a run breaks a check, told by the first item that does.
struct Failure {
  /// "lost after WriteConflict, given up": the item's fate and the last thing that went wrong with it. Of a check that
  /// counts no items: empty.
  std::string cause;
  std::uint64_t events = 0;                 ///< Of the whole run.
  std::optional<std::int64_t> first_at;     ///< First violation, ns.
  std::optional<std::int64_t> arrived;      ///< When that item arrived, ns.
  std::optional<std::int64_t> finished_at;  ///< When it finished, ns; none: it did not.
  /// Other items were judged and met the check: the machinery works, but not for this one.
  bool others_fare_well = false;
  std::optional<std::int64_t> other_arrived;  ///< When the first item of the same kind arrived that is done, ns.
};

/// Nothing when the check holds, was not exercised, is not there, the run goes round in a circle, or takes more than
/// `events_max` events. `chooser`: as of run_trial().
std::optional<Failure> failure_of(const CompiledScenario& scenario, std::uint64_t seed, const std::string& check,
                                  std::uint64_t events_max = UINT64_MAX, Chooser* chooser = nullptr);

}  // namespace premortem
