#include "sim/explore/retimed_step.hpp"

#include <algorithm>

namespace premortem {

std::optional<std::uint32_t> step_number(const Model& model, std::string_view id) {
  const auto found = std::ranges::find(model.timeline, id, &TimelineSpec::id);
  if (found == model.timeline.end()) return std::nullopt;
  return static_cast<std::uint32_t>(found - model.timeline.begin());
}

std::shared_ptr<const CompiledScenario> with_step_at(const CompiledScenario& scenario, std::uint32_t entry,
                                                     std::optional<std::int64_t> at) {
  const auto model = std::make_shared<Model>(*scenario.model);
  TimelineSpec& step = model->timeline[entry];
  step.when = TimelineSpec::When::at;
  step.after_entry = step.after_monitor = unset;
  step.low = step.high = at.value_or(model->ends);  // The run stops before its end.
  const auto changed = std::make_shared<CompiledScenario>(scenario);
  changed->model = model;
  return changed;
}

}  // namespace premortem
