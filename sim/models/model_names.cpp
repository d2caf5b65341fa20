#include "sim/models/model_names.hpp"

#include "sim/models/errors.hpp"

namespace premortem {

HistoryNames model_names(const Model& model) {
  HistoryNames names;
  for (const ItemKind& kind : model.items) names.kinds.push_back({kind.name, kind.first_id});
  for (const ComponentSpec& component : model.components) names.systems.push_back(component.name);
  names.texts = model.texts;
  names.errors = model.errors;
  names.error_codes.assign(model.errors.size(), 0);
  for (std::size_t n = 0; n < model.errors.size() && n < error::standard_count; ++n)
    names.error_codes[n] = error::standard_codes[n];
  for (const TimelineSpec& entry : model.timeline) {
    names.steps.push_back(entry.id);
    names.step_sentences.push_back(entry.sentence);
  }
  for (const ServiceOperationSpec& operation : model.service_operations) names.operations.push_back(operation.name);
  for (const SettingSpec& setting : model.settings) names.settings.push_back(setting.address);
  for (const FaultSpec& fault : model.faults) names.faults.push_back(fault.id);
  names.expressions = model.expression_addresses;
  names.zone = model.zone.name();
  return names;
}

}  // namespace premortem
