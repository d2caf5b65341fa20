#include "sim/models/model_names.hpp"

#include "sim/models/broker/request_names.hpp"
#include "sim/models/errors.hpp"

namespace premortem {

namespace {

std::uint32_t component_of(const Model& model, ComponentKind kind, std::uint32_t number) {
  for (std::size_t n = 0; n < model.components.size(); ++n) {
    const ComponentSpec& one = model.components[n];
    if (one.kind == kind && one.number == number) return static_cast<std::uint32_t>(n);
  }
  return HistoryNames::no_system;
}

}  // namespace

std::string_view name_of(ComponentKind kind) {
  constexpr std::string_view names[] = {"queue", "exchange", "log",     "documents", "service",  "consumer", "stream",
                                        "job",   "toggles",  "monitor", "arrivals",  "timeline", "broker",   "clients"};
  return names[static_cast<std::size_t>(kind)];
}

HistoryNames model_names(const Model& model) {
  HistoryNames names;
  for (const ItemKind& kind : model.items) names.kinds.push_back({kind.name, kind.first_id});
  for (const ComponentSpec& component : model.components) {
    names.systems.push_back(component.name);
    names.system_kinds.emplace_back(name_of(component.kind));
  }
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
  for (const RuleSpec& rule : model.fault_rules) names.faults.push_back(rule.name);
  names.expressions = model.expression_addresses;
  if (model.clients_component != no_component) names.requests = request_names();
  names.system_sources.assign(model.components.size(), HistoryNames::no_system);
  for (const ConsumerSpec& consumer : model.consumers)
    names.system_sources[consumer.component] = component_of(model, ComponentKind::queue, consumer.queue);
  for (const StreamSpec& stream : model.streams)
    names.system_sources[stream.component] = component_of(model, ComponentKind::log, stream.log);
  names.zone = model.zone.name();
  names.begins = model.begins;
  names.ends = model.ends;
  names.zone_offsets.push_back({model.begins, model.zone.offset_at(time_from_nanoseconds(model.begins))});
  for (const ZoneTransition& transition : model.zone.transitions()) {
    if (transition.at > model.begins && transition.at <= model.ends)
      names.zone_offsets.push_back({transition.at, transition.offset});
  }
  return names;
}

}  // namespace premortem
