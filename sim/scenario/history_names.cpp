#include "sim/scenario/history_names.hpp"

#include "sim/models/model_names.hpp"

namespace premortem {

HistoryNames history_names(const CompiledScenario& scenario) {
  HistoryNames names = model_names(*scenario.model);
  for (const CheckSpec& check : scenario.judge->checks) names.checks.push_back(check.name);
  return names;
}

}  // namespace premortem
