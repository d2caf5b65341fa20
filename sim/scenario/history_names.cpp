#include "sim/scenario/history_names.hpp"

namespace premortem {

HistoryNames history_names(const CompiledScenario& scenario) {
  const Model& model = *scenario.model;
  HistoryNames names;
  for (const ItemKind& kind : model.items) names.kinds.push_back({kind.name, kind.first_id});
  for (const ComponentSpec& component : model.components) names.systems.push_back(component.name);
  names.texts = model.texts;
  names.errors = model.errors;
  for (const TimelineSpec& entry : model.timeline) names.steps.push_back(entry.id);
  for (const ServiceOperationSpec& operation : model.service_operations) names.operations.push_back(operation.name);
  for (const SettingSpec& setting : model.settings) names.settings.push_back(setting.address);
  for (const FaultSpec& fault : model.faults) names.faults.push_back(fault.id);
  for (const CheckSpec& check : scenario.judge->checks) names.checks.push_back(check.name);
  names.expressions = model.expression_addresses;
  names.zone = model.zone.name();
  return names;
}

}  // namespace premortem
