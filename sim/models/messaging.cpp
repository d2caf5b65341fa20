// Steps that pass things on: publish, send, redrive; and what faults do to any operation.

#include <algorithm>

#include "sim/models/errors.hpp"
#include "sim/models/fault_decision.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

Flow Machine::do_publish(ActivityId self, Instruction i) {
  const PublishSpec& publish = model_.publishes[i.operand];
  const auto hand = static_cast<PayloadId>(publish.hand_is_payload ? locals(self)[publish.hand_slot] : 0);
  const ItemId item = hand == 0 ? item_none : world_.payloads.head(hand).item;
  const Strike strike = this->strike(publish.target.operation, item, self, head(self).luck, head(self).cause);
  if (strike.fails && !strike.applied) return raise(self, strike.error);
  if (strike.lost) {
    record_of(self, RecordKind::dropped, item, 0);
    return Flow::next;
  }
  const Word key = publish.key == unset ? 0 : evaluate(publish.key, subject_of(self));
  for (int copy = strike.doubled ? 2 : 1; copy > 0; --copy) {
    const PayloadId payload = build(model_.builds[publish.target.build], hand, item, subject_of(self));
    if (publish.buffer_slot != 0) {
      if (locals(self)[publish.buffer_slot] == 0) locals(self)[publish.buffer_slot] = world_.lists.create(false);
      std::vector<Word>& buffer = world_.lists[static_cast<ListId>(locals(self)[publish.buffer_slot])].values;
      buffer.insert(buffer.end(), {i.operand, payload, key});
    } else {
      hand_over(publish.target, payload, key, publish.key != unset, self);
    }
  }
  if (strike.fails) return raise(self, strike.error);
  return Flow::next;
}

/// deliver() for a payload that belongs to the caller until the target has taken its own reference.
void Machine::hand_over(const Target& target, PayloadId payload, Word key, bool has_key, ActivityId self) {
  const ItemId item = world_.payloads.head(payload).item;
  hold(item);  // So that it is never nobody's between two hands.
  if (target.kind == Target::Kind::queue || target.kind == Target::Kind::exchange) {
    deliver(target, payload, key, has_key, 0, self);
    release_payload(payload);  // The queues hold references of their own.
  } else {
    deliver(target, payload, key, has_key, 0, self);
  }
  let_go(item);
}

Flow Machine::do_send(ActivityId self, Instruction i) {
  const SendSpec& send = model_.sends[i.operand];
  const auto hand = static_cast<PayloadId>(send.hand_is_payload ? locals(self)[send.hand_slot] : 0);
  std::vector<Word> fields(model_.items[send.kind].fields.size(), 0);
  for (std::size_t field = 0; field < fields.size(); ++field) {
    const FieldSource& source = send.fields[field];
    if (source.from == FieldSource::From::expression) fields[field] = evaluate(source.index, subject_of(self));
    if (source.from == FieldSource::From::carried && hand != 0)
      fields[field] = world_.payloads.words(hand)[source.index];
  }
  const std::uint64_t luck = combine(combine(head(self).luck, send.purpose), locals(self)[send.count_slot]++);
  const std::uint32_t component = head(self).component;
  const std::uint32_t before = kernel().records;
  const ItemId item = create_item(send.kind, luck, component, head(self).cause, fields.data());
  head(self).cause = before;
  ++world_.sent;
  if (send.counts_for != unset) ++world_.timeline[send.counts_for].times;
  const PayloadId payload = build(model_.builds[send.target.build], 0, item, subject_of(self));
  const Strike strike = this->strike(send.target.operation, item, self, luck, head(self).cause);
  if (strike.lost) {
    record_of(self, RecordKind::dropped, item, 0);
    release_payload(payload);
    return Flow::next;
  }
  if (strike.fails) {
    release_payload(payload);
    return raise(self, strike.error);
  }
  const std::uint64_t own_luck = head(self).luck;
  head(self).luck = luck;
  hand_over(send.target, payload, 0, false, self);
  head(self).luck = own_luck;
  return Flow::next;
}

/// Moves what lay in the queue when the redrive began, one message after the other.
Flow Machine::do_redrive(ActivityId self, Instruction i) {
  const RedriveSpec& redrive = model_.redrives[i.operand];
  if (locals(self)[redrive.list_slot] == 0) {
    const ListId list = world_.lists.create(false);
    locals(self)[redrive.list_slot] = list;
    locals(self)[redrive.index_slot] = 0;
    std::vector<Word> chosen;
    for (const MessageId message : world_.broker.peek(redrive.from)) {
      const PayloadId payload = world_.broker.payload(message);
      const Word keep = locals(self)[redrive.hand_slot];
      locals(self)[redrive.hand_slot] = payload;
      if (redrive.where == unset || evaluate_setting(redrive.where, subject_of(self)) != 0) chosen.push_back(message);
      locals(self)[redrive.hand_slot] = keep;
    }
    if (redrive.sort >= 0) {
      const auto field = static_cast<std::size_t>(redrive.sort);
      std::stable_sort(chosen.begin(), chosen.end(), [&](Word left, Word right) {
        const Word x = world_.payloads.words(world_.broker.payload(static_cast<MessageId>(left)))[field];
        const Word y = world_.payloads.words(world_.broker.payload(static_cast<MessageId>(right)))[field];
        return redrive.sorts_text ? text(x) < text(y) : integer_of(x) < integer_of(y);
      });
    }
    world_.lists[list].values = chosen;
  }
  const auto list = static_cast<ListId>(locals(self)[redrive.list_slot]);
  const Word index = locals(self)[redrive.index_slot];
  if (index >= world_.lists[list].values.size()) {
    set_slot(self, redrive.list_slot, SlotKind::list, 0);
    return Flow::next;
  }
  if (redrive.counts_for != unset) ++world_.timeline[redrive.counts_for].times;
  ++locals(self)[redrive.index_slot];
  const auto message = static_cast<MessageId>(world_.lists[list].values[index]);
  if (world_.broker.is_ready(message, redrive.from)) {  // It may have been taken meanwhile.
    const PayloadId payload = world_.broker.payload(message);
    const ItemId item = world_.payloads.head(payload).item;
    hold(item);
    record_of(self, RecordKind::published, item, model_.queues[redrive.to].component);
    world_.broker.move(message, redrive.to, now());
    drain_broker(head(self).cause);
    let_go(item);
  }
  --head(self).counter;
  if (index + 1 >= world_.lists[list].values.size()) return Flow::next;
  return redrive.gap == unset ? Flow::next
                              : sleep(self, draw(redrive.gap, redrive.purpose, combine(head(self).luck, index)));
}

Machine::Strike Machine::strike_by_faults(std::uint32_t operation, ItemId item, ActivityId self, std::uint64_t luck,
                                          std::uint32_t cause) {
  Strike strike;
  const Subject subject = subject_of(self);
  for (ActiveFault& active : world_.faults) {
    if (active.over != 0 || active.until <= now()) continue;
    const FaultSpec& fault = model_.faults[active.fault];
    if (std::find(fault.operations.begin(), fault.operations.end(), operation) == fault.operations.end()) continue;
    const FaultDecision decision = decide_fault(
        fault, active, [&](std::uint32_t expression) { return evaluate(expression, subject) != 0; },
        random_bits(kernel().seed, luck, fault.purpose, static_cast<std::uint64_t>(active.seen)));
    if (!decision.strikes) continue;
    record(RecordKind::fault_applied, model_.operations[operation].component, item, active.fault, cause);
    switch (fault.kind) {
      case FaultSpec::Kind::fail:
      case FaultSpec::Kind::cut:
        strike.fails = true;
        strike.applied = fault.applied;
        strike.error = fault.error;
        break;
      case FaultSpec::Kind::slow:
        strike.delay += draw(fault.by, fault.purpose, combine(luck, static_cast<std::uint64_t>(active.seen)));
        break;
      case FaultSpec::Kind::lose:
        strike.lost = true;
        break;
      case FaultSpec::Kind::duplicate:
        strike.doubled = true;
        break;
      case FaultSpec::Kind::skew:
        break;
    }
  }
  return strike;
}

/// Before an operation on a store: faults strike, and its own time passes.
Flow Machine::do_before_operation(ActivityId self, Instruction i) {
  const OperationSpec& operation = model_.operations[i.small];
  std::int64_t length = 0;
  locals(self)[i.slot] = 0;  // What struck an earlier operation that never came to its end is over.
  if (!world_.faults.empty()) {
    const Strike strike = this->strike(i.small, item_in_hand(self, 0), self, head(self).luck, head(self).cause);
    if (strike.fails && !strike.applied) return raise(self, strike.error);
    length += strike.delay;
    if (strike.fails) locals(self)[i.slot] = Word{strike.error} + 1;
  }
  if (operation.takes != unset) length += draw(operation.takes, operation.purpose, combine(head(self).luck, i.operand));
  return sleep(self, length);
}

/// After it: an operation that happened may still be reported as failed.
Flow Machine::do_after_operation(ActivityId self, Instruction i) {
  const Word failed = locals(self)[i.slot];
  if (failed == 0) return Flow::next;
  locals(self)[i.slot] = 0;
  return raise(self, static_cast<std::uint32_t>(failed - 1));
}

}  // namespace premortem
