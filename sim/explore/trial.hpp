#pragma once
// One run, judged down to the single item: what searches, windows and explanations repeat with one thing changed.

#include <cstdint>
#include <string_view>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/history/history.hpp"
#include "sim/kernel/chooser.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

/// What one run amounts to. Items of two trials belong together when kind and id agree: both are named, not counted,
/// so a change elsewhere in the scenario renames nobody.
struct Trial {
  std::vector<JudgedItem> items;                         ///< By number of the item, in order of arrival.
  std::vector<FateCounts> fates;                         ///< By kind.
  std::vector<CheckResult> checks;                       ///< In the order of the scenario; without `expected`.
  std::vector<std::vector<std::uint32_t>> broken_items;  ///< By check: as Judge::checks() says.
  std::uint64_t events = 0;
  std::size_t misfits = 0;  ///< Of the scenario's own `choices`: not asked for, or none of the alternatives.

  /// The check of that name; null if there is none.
  const CheckResult* check(std::string_view name) const;
  /// The item of that kind (by number) and id; null if none arrived.
  const JudgedItem* item(std::uint32_t kind, std::int64_t id) const;
};

/// Runs the scenario from its beginning to the end of its clock. `chooser` and `observer` may be null and must outlive
/// the call; without a chooser every choice is made as `choices` of the scenario say, or drawn by name. Throws Livelock
/// as a run does. A run that takes more than `events_max` events, by a margin, ends early, with no checks: a change may
/// have made it boundless.
Trial run_trial(const CompiledScenario& scenario, std::uint64_t seed, Chooser* chooser = nullptr,
                Observer* observer = nullptr, std::uint64_t events_max = UINT64_MAX);

}  // namespace premortem
