// What is asked of logs, services, queues and exchanges, before any handler is compiled.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/compiler.hpp"
#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

namespace {

constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";

}  // namespace

void Compiler::compile_logs_and_queues(const Node& systems) {
  broker_.queues.resize(model_.queues.size());
  compile_broker(systems);
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    const ComponentSpec& spec = model_.components[component];
    const std::string address = "/systems/" + member.first;
    const auto own = static_cast<std::uint16_t>(component);
    if (spec.kind == ComponentKind::queue) {
      compile_queue(component, member.second);
    } else if (spec.kind == ComponentKind::exchange) {
      component_shapes_[component] = shape_for(member.second, member.first, address);
      operation(member.first + ".publish", own, OperationSpec::Kind::publish);
    } else if (spec.kind == ComponentKind::log) {
      LogSpec& log = model_.logs[spec.number];
      log.component = own;
      log.shape = component_shapes_[component] = shape_for(member.second, member.first, address);
      if (const Node* partitions = member.second.find("partitions")) {
        if (partitions->integer < 1)
          error(*partitions, address + "/partitions", "a log has at least one partition; write 1");
        log.log.partitions = static_cast<std::uint32_t>(std::max<std::int64_t>(1, partitions->integer));
      }
      log.log.keeps = 7 * 24 * 3600 * one_second;
      if (const Node* keeps = member.second.find("keeps")) {
        if (const auto parsed = parse_duration(keeps->text)) log.log.keeps = parsed->count();
      }
      if (const Node* segment = member.second.find("segment")) {
        if (const auto parsed = parse_duration(segment->text)) log.log.segment = parsed->count();
      }
      if (log.log.keeps < model_.ends - model_.begins) {
        log.expirer = static_cast<ProgramCounter>(model_.code.size());
        model_.code.push_back({operation::expire_events, 0, 0, spec.number});
      }
      operation(member.first + ".append", own, OperationSpec::Kind::append);
      operation(member.first + ".read", own, OperationSpec::Kind::read);
    } else if (spec.kind == ComponentKind::service) {
      component_shapes_[component] = shape_for(member.second, member.first, address);
      std::uint32_t workers = unset, workers_wanted = unset;
      if (const Node* count = member.second.find("workers")) {
        workers = static_cast<std::uint32_t>(model_.resources.size());
        model_.resources.push_back(static_cast<std::uint32_t>(count->integer));
        workers_wanted = count_setting(member.second, "workers", member.first, 1);
      }
      for (const Node::Member& offered : member.second.find("offers")->members) {
        ServiceOperationSpec made;
        made.name = member.first + "." + offered.first;
        made.component = own;
        made.operation = operation(made.name, own, OperationSpec::Kind::call);
        made.workers_wanted = workers_wanted;
        made.shape = component_shapes_[component];
        made.kinds = kinds_of(member.second);
        made.workers = workers;
        made.purpose = hash_name(made.name);
        service_operations_[made.name] = static_cast<std::uint32_t>(model_.service_operations.size());
        model_.service_operations.push_back(made);
        service_nodes_.push_back(&offered.second);
        service_state_.push_back(0);
        reply_types_.emplace_back();
      }
    } else if (spec.kind == ComponentKind::stream) {
      const std::uint32_t commit = operation(member.first + ".commit", own, OperationSpec::Kind::commit);
      const std::uint32_t log = component_of(member.second.find("reads")->text);
      if (log != unset) model_.operations[commit].counterpart = static_cast<std::uint16_t>(log);
    }
  }
  for (const Node::Member& member : systems.members) {  // A key may speak of any system.
    const std::uint32_t component = component_of(member.first);
    const Node* key = member.second.find("key");
    if (model_.components[component].kind != ComponentKind::log || key == nullptr) continue;
    NameScope scope(*this);
    scope.hand = Hand{0, object_type(component_shapes_[component]), {}, {}, {}};
    Node over_event = *key;
    if (key->text.find_first_not_of(word_characters) == std::string::npos) {  // A field may stand there bare.
      std::vector<std::string> names = {"id"};
      for (const FieldSpec& field : model_.shapes[component_shapes_[component]].fields) names.push_back(field.name);
      over_event.text = "it." + key->text;
      if (std::find(names.begin(), names.end(), key->text) == names.end()) {
        error(*key, "/systems/" + member.first + "/key",
              "its events have no field \"" + key->text + "\"" + did_you_mean(key->text, names));
        continue;
      }
    }
    model_.logs[model_.components[component].number].key = expression(over_event, member.first + ".key", scope, {});
  }
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    if (model_.components[component].kind != ComponentKind::exchange) continue;
    compile_exchange(component, member.second);
  }
  find_resting_queues(systems);
}

}  // namespace premortem
