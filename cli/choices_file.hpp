#pragma once
// A list of choices as a file: what `explore` found, for `run` to repeat.

#include <string>
#include <vector>

#include "sim/kernel/chooser.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem::cli {

struct SavedChoices {
  std::string scenario_hash;  ///< CompiledScenario::scenario_hash of what was explored.
  std::uint64_t seed = 1;
  ChoiceKinds kinds{};
  std::int64_t ties_from = 0;  ///< ns.
  std::uint64_t faults_max = FaultBudget::unlimited;
  std::vector<std::uint64_t> choices;
};

/// "tie,duration" -> kinds; throws UsageError.
ChoiceKinds parse_kinds(const std::vector<std::string>& names);

void write_choices(const std::string& path, const SavedChoices& saved);
/// Throws UsageError when it is no such file, or of another scenario.
SavedChoices read_choices(const std::string& path, const CompiledScenario& scenario);

}  // namespace premortem::cli
