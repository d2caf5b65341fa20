#pragma once
// The names of a compiled scenario, for readers of its histories.

#include "sim/history/names.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

HistoryNames history_names(const CompiledScenario& scenario);

}  // namespace premortem
