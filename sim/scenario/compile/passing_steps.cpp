// Steps that pass things on: call, publish, send, redrive.

#include "sim/kernel/random.hpp"
#include "sim/scenario/compile/step_compiler.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

void StepCompiler::may_be_late(Target& target, const Node& name) {
  compiler_.uses(component_, target.operation);
  if (!compiler_.disturbed(name.text.substr(0, name.text.find('.')))) return;
  target.strike_slot = builder_.slot(SlotKind::scalar);
  target.late_slot = builder_.slot(SlotKind::held);
}

std::uint64_t StepCompiler::name_of_use(const Node& node, const std::string& operation) {
  const std::uint32_t before = used_[operation]++;
  if (before == 0) return 0;
  const std::string at = place(node);
  if (timeline_entry == unset && !at.empty()) return hash_name(at + "." + operation);
  return hash_name(address_ + "." + operation + "." + std::to_string(before + 1));
}

void StepCompiler::call(const Node& node) {
  const Node& name = *node.find("call");
  const auto found = compiler_.service_operations_.find(name.text);
  if (found == compiler_.service_operations_.end()) {
    std::vector<std::string> names;
    for (const auto& [known, number] : compiler_.service_operations_) names.push_back(known);
    error(name, "call", "there is no operation \"" + name.text + "\"" + did_you_mean(name.text, names));
    return;
  }
  const std::uint32_t number = found->second;
  if (compiler_.service_state_[number] == 1) {
    error(name, "call", "\"" + name.text + "\" calls itself in a circle; a service cannot wait for its own reply");
    return;
  }
  compiler_.compile_operation(number);
  compiler_.uses(component_, model_.service_operations[number].operation);
  CallSpec spec;
  spec.operation = number;
  const std::uint16_t shape = model_.service_operations[number].shape;
  spec.build =
      compiler_.build_for(shape, hand_shape(), node.find("with"), scope_, spoken(place(node), address_, node, "with"));
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  spec.state_slot = builder_.slot(SlotKind::scalar);
  if (const Node* timeout = node.find("timeout")) {
    spec.timeout =
        compiler_.range_setting(timeout, place(node).empty() ? "" : place(node) + ".timeout", Unit::duration, 0);
    compiler_.raised_.insert("Timeout");
  }
  if (const Node* as = node.find("as")) {
    const std::optional<Type> type = compiler_.reply_types_[number];
    if (!type) {
      error(*as, "as", "\"" + name.text + "\" replies nothing; remove \"as\", or give it a \"reply\" step");
    } else {
      spec.keeps_result = true;
      spec.result_kind = type->base == BaseType::object ? SlotKind::payload
                         : type->base == BaseType::list ? SlotKind::list
                                                        : SlotKind::scalar;
      spec.result_slot = builder_.slot(spec.result_kind);
      scope_.results[as->text] = {spec.result_slot, *type};
    }
  }
  spec.apart = name_of_use(node, "call " + name.text);
  model_.calls.push_back(spec);
  const auto operand = static_cast<std::uint32_t>(model_.calls.size() - 1);
  builder_.emit(operation::call, 0, 0, operand);
  builder_.emit(operation::called, 0, 0, operand);
}

void StepCompiler::publish(const Node& node) {
  const Node& name = *node.find("publish");
  const auto target = compiler_.target(name, "/systems/" + address_ + "/publish");
  if (!target) return;
  if (target->kind == Target::Kind::service) {
    error(name, "publish", "\"" + name.text + "\" is a service; write \"call\"");
    return;
  }
  PublishSpec spec;
  spec.target = *target;
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  const std::uint32_t component = compiler_.component_of(name.text);
  spec.target.build = compiler_.build_for(compiler_.component_shapes_[component], hand_shape(), node.find("with"),
                                          scope_, spoken(place(node), address_, node, "with"));
  const std::string at = "/systems/" + address_ + "/publish";
  spec.key = compiler_.routing_key(node, *target, scope_, at);
  spec.confirm = compiler_.confirm(node, *target, place(node), at);
  spec.confirm.apart = name_of_use(node, "confirm");
  spec.apart = name_of_use(node, "publish " + name.text);
  spec.purpose = combine(hash_name(address_ + ".publish." + name.text), spec.apart);
  spec.ttl = compiler_.message_ttl(node, *target, place(node), at);
  if (target->kind == Target::Kind::log) spec.buffer_slot = buffer_slot;
  if (spec.confirm.confirms != unset) spec.confirm.outcome_slot = builder_.slot(SlotKind::scalar);
  may_be_late(spec.target, name);
  model_.publishes.push_back(spec);
  builder_.emit(operation::publish, 0, 0, static_cast<std::uint32_t>(model_.publishes.size() - 1));
  if (spec.confirm.confirms != unset) builder_.emit(operation::confirmed, spec.confirm.outcome_slot);
}

void StepCompiler::send(const Node& node) {
  const auto kind = compiler_.item_kind(*node.find("send"), "/systems/" + address_ + "/send");
  const Node* to = node.find("to");
  const auto target = to == nullptr ? std::nullopt : compiler_.target(*to, "/systems/" + address_ + "/to");
  if (!kind || !target) return;
  SendSpec spec;
  spec.kind = *kind;
  spec.target = *target;
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  spec.count_slot = builder_.slot(SlotKind::scalar);
  spec.counts_for = timeline_entry;
  spec.purpose = hash_name((place(node).empty() ? address_ : place(node)) + ".send");
  const std::uint64_t apart = name_of_use(node, "send");
  if (place(node).empty()) spec.purpose = told_apart(spec.purpose, apart);
  const ItemKind& item = model_.items[*kind];
  spec.fields.resize(item.fields.size());
  if (const auto shape = hand_shape()) {
    const std::vector<FieldSpec>& carried = model_.shapes[*shape].fields;
    for (std::size_t n = 0; n < item.fields.size(); ++n) {
      for (std::size_t c = 0; c < carried.size(); ++c) {
        if (carried[c].name == item.fields[n].name && carried[c].type == item.fields[n].type) {
          spec.fields[n] = {FieldSource::From::carried, static_cast<std::uint16_t>(c)};
        }
      }
    }
  }
  if (const Node* with = node.find("with")) {
    for (const Node::Member& member : with->members) {
      std::size_t field = item.fields.size();
      std::vector<std::string> names;
      for (std::size_t n = 0; n < item.fields.size(); ++n) {
        names.push_back(item.fields[n].name);
        if (item.fields[n].name == member.first) field = n;
      }
      if (field == item.fields.size()) {
        error(member.second, "with",
              item.name + " has no field \"" + member.first + "\"" + did_you_mean(member.first, names));
        continue;
      }
      const std::string at = spoken(place(node), address_, node, "with." + member.first);
      spec.fields[field] = {FieldSource::From::expression, static_cast<std::uint16_t>(compiler_.expression(
                                                               member.second, at, scope_, item.fields[field].type))};
    }
  }
  const std::uint32_t component = compiler_.component_of(to->text.substr(0, to->text.find('.')));
  NameScope empty(compiler_);
  spec.target.build = compiler_.build_for(compiler_.component_shapes_[component], {}, nullptr, empty, address_, *kind);
  const std::string where = "/systems/" + address_ + "/send";
  spec.key = compiler_.routing_key(node, *target, scope_, where);
  if (timeline_entry == unset) {  // People do not wait for confirms.
    spec.confirm = compiler_.confirm(node, *target, place(node), where);
    spec.confirm.apart = name_of_use(node, "confirm");
    spec.ttl = compiler_.message_ttl(node, *target, place(node), where);
  }
  if (spec.confirm.confirms != unset) spec.confirm.outcome_slot = builder_.slot(SlotKind::scalar);
  may_be_late(spec.target, *to);
  model_.sends.push_back(spec);
  builder_.emit(operation::send_item, 0, 0, static_cast<std::uint32_t>(model_.sends.size() - 1));
  if (spec.confirm.confirms != unset) builder_.emit(operation::confirmed, spec.confirm.outcome_slot);
}

void StepCompiler::redrive(const Node& node) {
  const auto from = compiler_.component(*node.find("redrive"), "queue", "/systems/" + address_ + "/redrive");
  const Node* to_node = node.find("to");
  const auto to =
      to_node == nullptr ? std::nullopt : compiler_.component(*to_node, "queue", "/systems/" + address_ + "/to");
  if (!from || !to) return;
  RedriveSpec spec;
  spec.from = model_.components[*from].number;
  spec.to = model_.components[*to].number;
  spec.hand_slot = builder_.slot(SlotKind::scalar);  // Looks at messages that the queue still owns.
  spec.list_slot = builder_.slot(SlotKind::list);
  spec.index_slot = builder_.slot(SlotKind::scalar);
  spec.counts_for = timeline_entry;
  spec.purpose = hash_name(address_ + ".redrive");
  const std::uint16_t shape = compiler_.component_shapes_[*from];
  if (const Node* where = node.find("where")) {
    NameScope scope(compiler_);
    scope.hand = Hand{spec.hand_slot, object_type(shape), {}, {}, {}};
    scope.element = Element{Element::Kind::message, shape, model_.components[*from].name};
    spec.where = compiler_.expression_setting(*where, spoken(place(node), address_, node, "where"),
                                              joined(place(node), "where"), scope, types::boolean);
  }
  if (const Node* sort = node.find("sort")) {
    const std::vector<FieldSpec>& fields = model_.shapes[shape].fields;
    for (std::size_t n = 0; n < fields.size(); ++n) {
      if (fields[n].name != sort->text) continue;
      spec.sort = static_cast<std::int32_t>(n);
      spec.sorts_text = fields[n].type == types::text;
    }
    if (spec.sort < 0) error(*sort, "sort", "the messages have no field \"" + sort->text + "\"");
  }
  if (const Node* gap = node.find("gap"))
    spec.gap = compiler_.range_setting(gap, place(node).empty() ? "" : place(node) + ".gap", Unit::duration, 0);
  model_.redrives.push_back(spec);
  builder_.emit(operation::redrive, 0, 0, static_cast<std::uint32_t>(model_.redrives.size() - 1));
}

}  // namespace premortem
