// The broker, its queues and exchanges, and what publishers say beside what they publish.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

namespace {

bool broker_takes(const Target& target) {
  return target.kind == Target::Kind::queue || target.kind == Target::Kind::exchange;
}
}  // namespace

void Compiler::compile_broker(const Node& systems) {
  const std::string* known = nullptr;
  for (const Node::Member& member : systems.members) {
    if (model_.components[component_of(member.first)].kind != ComponentKind::broker) continue;
    const std::string address = "/systems/" + member.first;
    if (known != nullptr) {
      error(member.second, address,
            "\"" + *known + "\" is the broker already; all queues and exchanges belong to one, remove the other");
      continue;
    }
    known = &member.first;
    if (const Node* version = member.second.find("version")) {
      const std::string& text = version->text;
      broker_.version = text == "3.10"   ? 3010
                        : text == "3.13" ? 3013
                        : text == "4.2"  ? 4200
                        : text == "4.3"  ? 4300
                                         : 4000;
    }
    if (const Node* takes = member.second.find("confirm"))
      confirm_takes_ = range_setting(takes, member.first + ".confirm", Unit::duration, 0);
  }
}

/// The kinds of items that a system says it carries; those that there are not have been told elsewhere.
std::vector<std::uint32_t> Compiler::kinds_of(const Node& system) const {
  std::vector<std::uint32_t> kinds;
  const Node* of = system.find("of");
  if (of == nullptr) return kinds;
  for (const Node& kind : of->is(Node::Kind::array) ? of->items : std::vector<Node>{*of}) {
    const auto known = item_kinds_.find(kind.text);
    if (known != item_kinds_.end()) kinds.push_back(known->second);
  }
  return kinds;
}

void Compiler::compile_queue(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name, address = "/systems/" + name;
  QueueSpec& queue = broker_.queues[model_.components[component].number];
  QueueExtra& extra = model_.queues[model_.components[component].number];
  extra.component = static_cast<std::uint16_t>(component);
  extra.shape = component_shapes_[component] = shape_for(node, name, address);
  const Node* wire_name = node.find("name");
  queue.name = wire_name != nullptr ? wire_name->text : name;
  extra.kinds = kinds_of(node);
  const Node* type = node.find("type");
  queue.type = type != nullptr && type->text == "quorum" ? QueueSpec::Type::quorum : QueueSpec::Type::classic;
  const bool quorum = queue.type == QueueSpec::Type::quorum;
  queue.delivery_limit = quorum && broker_.version >= 4000 ? 20 : -1;  // RABBIT-030
  if (const Node* limit = node.find("delivery-limit")) {
    queue.delivery_limit = limit->is(Node::Kind::integer) ? static_cast<std::int32_t>(limit->integer) : -1;
    if (!quorum && queue.delivery_limit >= 0) {
      error(*limit, address + "/delivery-limit",
            "a classic queue has no delivery limit; write \"type\": \"quorum\", or remove it");  // RABBIT-036
    }
  }
  if (const Node* ttl = node.find("ttl")) {
    if (const auto parsed = parse_duration(ttl->text)) queue.ttl = parsed->count();
  }
  if (const Node* length = node.find("length-max")) queue.length_max = length->integer;
  if (const Node* overflow = node.find("overflow")) {
    if (overflow->text == "reject-publish") queue.overflow = QueueSpec::Overflow::reject_publish;
    if (queue.length_max < 0) {
      error(*overflow, address + "/overflow",
            "without \"length-max\" the queue is never full; write \"length-max\", or remove it");
    }
  }
  if (const Node* single = node.find("single-active")) queue.single_active = single->boolean;
  const Node* dead = node.find("dead-letter");
  if (dead != nullptr && dead->text != "none") {
    if (const auto to = this->component(*dead, "queue", address + "/dead-letter"))
      queue.dead_letter = static_cast<std::int32_t>(model_.components[*to].number);
  }
  extra.expires = queue.ttl >= 0;
  operation(name + ".publish", extra.component, OperationSpec::Kind::publish);
  operation(name + ".deliver", extra.component, OperationSpec::Kind::deliver);
  operation(name + ".ack", extra.component, OperationSpec::Kind::ack);
}

void Compiler::compile_exchange(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name, address = "/systems/" + name;
  const std::uint32_t number = model_.components[component].number;
  ExchangeSpec& exchange = broker_.exchanges[number];
  const Node* wire_name = node.find("name");
  exchange.name = wire_name != nullptr ? wire_name->text : name;
  const Node* type = node.find("type");
  if (type != nullptr && type->text == "fanout") exchange.type = ExchangeSpec::Type::fanout;
  if (type != nullptr && type->text == "topic") exchange.type = ExchangeSpec::Type::topic;
  if (const Node* to = node.find("to")) {
    for (const Node::Member& binding : to->members) {
      const Node queue = Node::of_text(binding.first, binding.second.key_at);
      const auto target = this->component(queue, "queue", address + "/to");
      if (!target) continue;
      const std::vector<Node> patterns =
          binding.second.is(Node::Kind::array) ? binding.second.items : std::vector<Node>{binding.second};
      for (const Node& pattern : patterns)
        exchange.bindings.push_back({model_.components[*target].number, pattern.text});
    }
  }
  const Node* alternate = node.find("alternate");
  if (alternate == nullptr || alternate->text == "none") return;
  const auto other = this->component(*alternate, "exchange", address + "/alternate");
  if (!other) return;
  exchange.alternate = static_cast<std::int32_t>(model_.components[*other].number);
  std::int32_t at = exchange.alternate;
  for (std::size_t step = 0; step < broker_.exchanges.size() && at >= 0; ++step) {
    if (at == static_cast<std::int32_t>(number)) {
      error(*alternate, address + "/alternate", "its alternates lead back to it; let one of them be \"none\"");
      exchange.alternate = -1;
      return;
    }
    at = broker_.exchanges[static_cast<std::size_t>(at)].alternate;
  }
}

/// Queues in which what died comes to rest: no consumer takes it from there by itself, and it does not expire into
/// another queue, as in a queue for later tries.
void Compiler::find_resting_queues(const Node& systems) {
  for (const QueueSpec& queue : broker_.queues) {
    if (queue.dead_letter >= 0) model_.queues[static_cast<std::size_t>(queue.dead_letter)].is_dead_letter = true;
  }
  for (std::size_t number = 0; number < broker_.queues.size(); ++number) {
    if (broker_.queues[number].ttl >= 0 && broker_.queues[number].dead_letter >= 0)
      model_.queues[number].is_dead_letter = false;
  }
  for (const Node::Member& member : systems.members) {
    const ComponentSpec& spec = model_.components[component_of(member.first)];
    const Node* reads = member.second.find("reads");
    if (spec.kind != ComponentKind::consumer || !spec.on || reads == nullptr) continue;
    const std::uint32_t queue = component_of(reads->text);
    if (queue != unset && model_.components[queue].kind == ComponentKind::queue)
      model_.queues[model_.components[queue].number].is_dead_letter = false;
  }
}

std::uint32_t Compiler::routing_key(const Node& of, const Target& target, NameScope& scope,
                                    const std::string& address) {
  const Node* key = of.find("key");
  const bool exchange = target.kind == Target::Kind::exchange;
  if (key == nullptr) {
    if (exchange && broker_.exchanges[target.number].type != ExchangeSpec::Type::fanout) {
      error(of, address, "an exchange that is no fanout routes by \"key\", and there is none; write it: an expression");
    }
    return unset;
  }
  if (!exchange && target.kind != Target::Kind::log) {
    error(*key, address, "only exchanges and logs have keys; remove it");
    return unset;
  }
  return expression(*key, address + ".key", scope, exchange ? std::optional(types::text) : std::nullopt);
}

ConfirmSpec Compiler::confirm(const Node& of, const Target& target, const std::string& place,
                              const std::string& address) {
  ConfirmSpec spec;
  for (const char* key : {"confirms", "mandatory", "timeout"}) {
    const Node* value = of.find(key);
    if (value == nullptr) continue;
    if (!broker_takes(target))
      error(*value, address, "only a broker says what became of a message; remove \"" + std::string(key) + "\"");
    const Node* confirms = of.find("confirms");
    if (std::string_view(key) == "timeout" && confirms == nullptr)
      error(*value, address, "without \"confirms\" nobody waits; write \"confirms\": true, or remove it");
  }
  if (!broker_takes(target)) return spec;
  spec.confirms = boolean_setting(of, "confirms", place, false);
  spec.mandatory = boolean_setting(of, "mandatory", place, false);
  spec.timeout = range_setting(of.find("timeout"), joined(place, "timeout"), Unit::duration, 5 * one_second);
  spec.takes = confirm_takes_;
  spec.purpose = hash_name(address + ".confirm");
  if (of.find("confirms") != nullptr) raised_.insert({"Refused", "NotFound", "Timeout"});
  if (of.find("mandatory") != nullptr) raised_.insert({"Unroutable", "NotFound"});
  return spec;
}

std::uint32_t Compiler::message_ttl(const Node& of, const Target& target, const std::string& place,
                                    const std::string& address) {
  const Node* ttl = of.find("ttl");
  if (ttl == nullptr) return unset;
  if (!broker_takes(target)) {
    error(*ttl, address, "only messages in queues expire; remove \"ttl\"");
    return unset;
  }
  messages_expire_ = true;
  return range_setting(ttl, joined(place, "ttl"), Unit::duration, 0);
}

}  // namespace premortem
