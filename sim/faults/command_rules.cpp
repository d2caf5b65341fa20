#include "sim/faults/command_rules.hpp"

#include <algorithm>
#include <string>

#include "sim/kernel/random.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {

using Kind = OperationSpec::Kind;
using Do = RuleSpec::Do;
using When = RuleSpec::When;

/// Only the fields that the rule reads: texts that nobody asks for are not interned.
Word field_of(Machine& machine, const Command& command, RuleField field) {
  const auto text = [&](std::string_view value) -> Word {
    return machine.world().texts.intern(machine.model().texts, value);
  };
  switch (field) {
    case RuleField::protocol:
      return text(command.protocol);
    case RuleField::command:
      return text(command.name);
    case RuleField::system:
      return text(command.system);
    case RuleField::queue:
      return text(command.queue);
    case RuleField::exchange:
      return text(command.exchange);
    case RuleField::key:
      return text(command.key);
    case RuleField::client:
      return text(command.client);
    case RuleField::collection:
      return text(command.collection);
    case RuleField::attempt:
      return word_of(command.attempt);
    case RuleField::item:
      return command.item == item_none ? 0 : word_of(machine.world().items[command.item].id);
  }
  return 0;
}

bool matches(Machine& machine, const RuleSpec& rule, const Command& command) {
  Word fields[rule_fields] = {};
  for_each_load(rule.match, [&](const ExpressionOp& op) {
    if (op.source_or_type == static_cast<std::uint8_t>(Source::element_field))
      fields[op.a] = field_of(machine, command, static_cast<RuleField>(op.a));
  });
  Subject subject;
  subject.element = fields;
  return machine.evaluate_part(rule.match, subject) != 0;
}

/// The last part of "store.find-and-modify".
std::string_view own_name(std::string_view operation) { return operation.substr(operation.rfind('.') + 1); }

std::string_view command_name(const OperationSpec& operation) {
  switch (operation.kind) {
    case Kind::publish:
      return "basic.publish";
    case Kind::deliver:
      return "basic.deliver";
    case Kind::ack:
      return "basic.ack";
    case Kind::append:
      return "Produce";
    case Kind::read:
      return "Fetch";
    case Kind::commit:
      return "OffsetCommit";
    case Kind::document:
      return own_name(operation.name) == "commit" ? "commitTransaction" : own_name(operation.name);
    case Kind::call:
      return own_name(operation.name);
  }
  return {};
}

std::string_view protocol_of(Kind kind) {
  if (kind == Kind::document) return "mongodb";
  if (kind == Kind::call) return "http";
  return kind == Kind::publish || kind == Kind::deliver || kind == Kind::ack ? "amqp" : "kafka";
}

/// What the rule does to a real program's call of a service. False: it means nothing there.
bool apply_to_outside_call(Machine& machine, const RuleSpec& rule, std::uint64_t luck, Strike& strike) {
  const bool after = rule.when == When::after;
  switch (rule.act) {
    case Do::observe:
      return true;
    case Do::error:
      if (strike.fails) return false;
      strike.fails = true;
      strike.applied = after;
      strike.error = rule.error;
      return true;
    case Do::drop:
      (after ? strike.unheard : strike.lost) = true;
      return true;
    case Do::close:
      strike.cuts = true;
      strike.applied = after;
      return true;
    case Do::delay:
    case Do::stall: {
      std::int64_t& length = after ? strike.answer_delay : strike.delay;
      length = std::min(length + std::min(machine.rule_length(rule, luck), longest_length), longest_length);
      return true;
    }
    case Do::duplicate:
      return strike.doubled = true;
    case Do::nack:
    case Do::redeliver:
      return false;
  }
  return false;
}

/// What the rule does to a simulated operation. False: it means nothing there.
bool apply(Machine& machine, const RuleSpec& rule, Kind kind, bool answered, std::uint64_t luck, Strike& strike) {
  const bool after = rule.when == When::after;
  const bool sends = kind == Kind::publish || kind == Kind::append || kind == Kind::call;
  const bool unheard = kind == Kind::deliver || kind == Kind::ack;  // Nobody hears of an answer.
  const auto fails = [&](std::uint32_t error) {
    if (strike.fails || (after && (unheard || kind == Kind::read))) return false;
    strike.fails = true;
    strike.applied = after;
    strike.error = error;
    return true;
  };
  switch (rule.act) {
    case Do::observe:
      return true;
    case Do::error:
      return fails(rule.error);
    case Do::nack:
      return kind == Kind::publish && answered &&
             fails(error::refused);  // RABBIT-044: what a publisher learns of a nack.
    case Do::drop:
      if (kind == Kind::ack) return strike.unheard = !after;
      if (after && kind == Kind::publish) return strike.unheard = answered;  // RABBIT-007: only the time-out tells.
      if (after || kind == Kind::document || kind == Kind::read) return fails(error::timeout);
      return strike.lost = true;
    case Do::close:
      return fails(error::unavailable);
    case Do::delay:
    case Do::stall: {
      if (kind == Kind::ack) return false;  // Nobody waits for it.
      const std::int64_t length = std::min(machine.rule_length(rule, luck), longest_length);
      if (after) {  // Of the answers, only a confirm is a thing of its own.
        if (kind != Kind::publish || !answered) return false;
        strike.answer_delay = std::min(strike.answer_delay + length, longest_length);
        return true;
      }
      strike.delay = std::min(strike.delay + length, longest_length);
      return true;
    }
    case Do::duplicate:
      if (!sends) return false;
      return strike.doubled = true;
    case Do::redeliver:
      if (!unheard) return false;
      return strike.lost = true;  // The broker never hears of it, and delivers again: RABBIT-022.
  }
  return false;
}

}  // namespace

void choose_command_rules(Machine& machine, const Command& command, std::vector<std::uint32_t>& chosen) {
  World& world = machine.world();
  for (std::uint32_t number = 0; number < world.fault_rules.size(); ++number) {
    if (world.fault_rules[number].removed != 0) continue;
    const RuleSpec& rule = machine.rule(number);
    if (machine.now() < rule.from || machine.now() >= rule.until || !matches(machine, rule, command)) continue;
    RuleState& state = world.fault_rules[number];
    ++state.seen;
    if (rule.nth >= 0 && state.seen != rule.nth) continue;
    if (rule.first >= 0 && state.seen > rule.first) continue;
    if (rule.limit >= 0 && state.struck >= rule.limit) continue;
    if (rule.share >= 0) {
      const std::uint64_t luck = combine(command.luck, static_cast<std::uint64_t>(state.seen));
      Chooser* const chooser = machine.chooser(Choice::Kind::fault);
      const bool hit =
          chooser != nullptr
              ? chooser->choose({Choice::Kind::fault, luck, rule.purpose, 0, 2}) == 1
              : static_cast<std::int64_t>(random_bits(world.kernel.seed, luck, rule.purpose, 0) >> 32) < rule.share;
      if (!hit) continue;
    }
    chosen.push_back(number);
  }
}

void strike_by_rules(Machine& machine, const Attempt& attempt, Strike& strike) {
  const World& world = machine.world();
  const Model& model = machine.model();
  const OperationSpec& operation = model.operations[attempt.operation];
  const ComponentSpec& asked = model.components[operation.component];
  Command command;
  command.protocol = protocol_of(operation.kind);
  command.name = command_name(operation);
  command.system = asked.name;
  const bool outside = !attempt.client.empty();
  command.client = outside ? attempt.client : model.components[world.kernel.activities[attempt.asker].component].name;
  command.attempt = std::int64_t{attempt.delivery} + 1;
  command.item = attempt.hand == 0 ? item_none : world.payloads.head(attempt.hand).item;
  // Keyed by who asks for what, as in FaultPlan::strike().
  command.luck = combine(attempt.luck, operation.purpose);
  std::string key;
  if (attempt.key != unset && model.expressions[attempt.key].type == types::text)
    key = machine.text(attempt.key_about_hand ? machine.evaluate_about(attempt.key, attempt.asker, attempt.hand)
                                              : machine.evaluate(attempt.key, machine.subject_of(attempt.asker)));
  // Queues and exchanges by the names that real clients know, too: `system` is the scenario's own.
  if (asked.kind == ComponentKind::queue) command.queue = key = model.broker->queues[asked.number].name;
  if (asked.kind == ComponentKind::exchange) {
    command.exchange = model.broker->exchanges[asked.number].name;
    const QueueId queue = world.broker.first_queue_of(asked.number, key);
    if (queue != Broker::none) command.queue = model.broker->queues[queue].name;
  }
  command.key = key;
  std::vector<std::uint32_t> chosen;
  choose_command_rules(machine, command, chosen);
  for (const std::uint32_t number : chosen) {
    const RuleSpec& rule = machine.rule(number);
    const std::uint64_t luck = combine(command.luck, number);
    const bool means_something = outside ? apply_to_outside_call(machine, rule, luck, strike)
                                         : apply(machine, rule, operation.kind, attempt.answered, luck, strike);
    machine.rule_struck(number, means_something, operation.component, command.item, attempt.cause);
  }
}

}  // namespace premortem
