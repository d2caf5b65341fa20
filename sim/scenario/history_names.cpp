#include "sim/scenario/history_names.hpp"

#include "sim/models/model_names.hpp"

namespace premortem {

HistoryNames history_names(const CompiledScenario& scenario) {
  HistoryNames names = model_names(*scenario.model);
  for (const CheckSpec& check : scenario.judge->checks) names.checks.push_back(check.name);
  for (std::size_t kind = 0; kind < names.kinds.size(); ++kind) names.kinds[kind].due = scenario.judge->kinds[kind].due;
  for (std::size_t n = 0; n < scenario.provenance.size() && n < scenario.judge->operator_steps.size(); ++n) {
    const Provenance& one = scenario.provenance[n];
    names.step_origins.push_back(
        {std::string(name_of(one.kind)), one.text, one.believing, scenario.judge->operator_steps[n]});
  }
  return names;
}

}  // namespace premortem
