#pragma once
// The scenarios that several benchmarks run.

#include <memory>

#include "sim/scenario/compiled.hpp"

namespace bench {

/// Two workers and a counter, about a hundred events.
std::shared_ptr<const premortem::CompiledScenario> small_scenario();
std::shared_ptr<const premortem::CompiledScenario> nav_scenario();
std::shared_ptr<const premortem::CompiledScenario> esr_scenario();
/// ESR's first day up to an hour after the thirteen commands.
std::shared_ptr<const premortem::CompiledScenario> esr_burst();

}  // namespace bench
