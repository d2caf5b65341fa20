#pragma once
// From what a search found to a section `choices` that a file can hold.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/compiled.hpp"
#include "sim/scenario/node.hpp"

namespace premortem {

/// A list of choices with the rules under which it was asked for.
struct FoundChoices {
  ChoiceKinds kinds{};
  std::int64_t ties_from = 0;                         ///< As of Explored, ns.
  std::uint64_t faults_max = FaultBudget::unlimited;  ///< As of Explored.
  std::vector<std::uint64_t> choices;
};

/// The same run as a list of its own: with the answers to ties before `ties_from`, and to faults over the budget.
/// Nothing, with the reason in `error`, when no section can hold it. Throws Livelock as a run does.
std::optional<FixedChoices> as_fixed(const CompiledScenario& scenario, std::uint64_t seed, const FoundChoices& found,
                                     std::string& error);

/// Without the zeros at the end, which say nothing.
Node choices_section(const FixedChoices& fixed);

}  // namespace premortem
