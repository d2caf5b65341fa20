// Consumers: workers that take messages from a queue, handle them and acknowledge them.

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

Flow Machine::do_receive_message(ActivityId self, Instruction i) {
  const std::uint16_t component = head(self).component;
  const ConsumerSpec& spec = model_.consumers[i.operand];
  ConsumerState& state = world_.consumers[i.operand];
  const std::uint32_t worker = head(self).run;
  if (worker >= setting(spec.workers)) {  // Fewer workers are wanted now, and this one has nothing in hand.
    world_.broker.close(state.subscriptions[worker], now());
    drain_broker(head(self).cause);
    world_.worker_of_subscription[state.subscriptions[worker]] = no_activity;
    state.workers[worker] = no_activity;
    end_activity(*this, self);
    return Flow::ended;
  }
  if (!running(component)) return block_and_repeat(self, i.operand);
  const std::optional<Delivery> delivery = world_.broker.receive(state.subscriptions[worker], now());
  if (!delivery) return block_and_repeat(self, i.operand);
  drain_broker(delivery->cause);
  const ItemId item = world_.payloads.head(delivery->payload).item;
  const Strike strike = this->strike(spec.deliver_operation, item, self, 0, head(self).cause);
  if (strike.lost ||
      strike.fails) {  // The delivery does not reach the worker; the broker learns of it as of a lost connection.
    world_.broker.reject(delivery->message, true, now());
    drain_broker(delivery->cause);
    --head(self).counter;
    return sleep(self, 1'000'000'000);
  }
  retain_payload(delivery->payload);
  set_slot(self, 0, SlotKind::payload, delivery->payload);
  hold(item);
  locals(self)[spec.attempt_slot] = delivery->delivery_count;
  locals(self)[spec.message_slot] = Word{delivery->message} + 1;
  locals(self)[spec.redelivered_slot] = delivery->redelivered ? 1 : 0;
  head(self).cause = delivery->cause;
  head(self).luck = combine(combine(item == item_none ? delivery->message : world_.items[item].luck, spec.purpose),
                            delivery->delivery_count);
  record_of(self, RecordKind::delivered, item, delivery->delivery_count);
  ++world_.components[component].running;
  if (static_cast<AckMode>(setting(spec.ack)) == AckMode::on_receipt) {
    world_.broker.ack(delivery->message, now());
    locals(self)[spec.message_slot] = 0;
    record_of(self, RecordKind::acknowledged, item, 0);
    drain_broker(head(self).cause);
  }
  return strike.delay > 0 ? sleep(self, strike.delay) : Flow::next;
}

/// The message in hand is done with: the worker is free for the next one.
void Machine::put_down_message(ActivityId self) {
  const std::uint32_t number = model_.components[head(self).component].number;
  let_go(item_in_hand(self, 0));
  const std::vector<SlotKind>& kinds = model_.programs[head(self).program].slots;
  clear_slots(self, 0, static_cast<std::uint8_t>(kinds.size()));
  locals(self)[model_.consumers[number].message_slot] = 0;
  --world_.components[head(self).component].running;
  head(self).scope = 0;
}

Flow Machine::do_settle_message(ActivityId self, Instruction i) {
  const ConsumerSpec& spec = model_.consumers[i.operand];
  const Word message = locals(self)[spec.message_slot];
  if (message != 0 && static_cast<AckMode>(setting(spec.ack)) != AckMode::by_hand) {
    const ItemId item = item_in_hand(self, 0);
    const Strike strike = this->strike(spec.ack_operation, item, self, head(self).luck, head(self).cause);
    if (strike.lost || strike.fails) {  // The broker never hears of it and delivers again: RABBIT-022.
      world_.broker.reject(static_cast<MessageId>(message - 1), true, now());
    } else {
      record_of(self, RecordKind::acknowledged, item, 0);
      world_.broker.ack(static_cast<MessageId>(message - 1), now());
    }
    drain_broker(head(self).cause);
  }
  put_down_message(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

Flow Machine::do_settle_by_hand(ActivityId self, Instruction i) {
  const ConsumerSpec& spec = model_.consumers[model_.components[head(self).component].number];
  const Word message = locals(self)[spec.message_slot];
  if (message == 0) return Flow::next;
  locals(self)[spec.message_slot] = 0;
  if (i.small == 0) {
    record_of(self, RecordKind::acknowledged, item_in_hand(self, 0), 0);
    world_.broker.ack(static_cast<MessageId>(message - 1), now());
  } else {
    world_.broker.reject(static_cast<MessageId>(message - 1), i.small == 2, now());
  }
  drain_broker(head(self).cause);
  return Flow::next;
}

Flow Machine::give_up_message(ActivityId self, Then then) {
  const std::uint16_t component = head(self).component;
  const ConsumerSpec& spec = model_.consumers[model_.components[component].number];
  const Word message = locals(self)[spec.message_slot];
  const ItemId item = item_in_hand(self, 0);
  if (then == Then::crash) {
    crash_component(component, draw(spec.restart, spec.purpose, head(self).luck), head(self).cause);
    return Flow::ended;
  }
  if (message != 0) {
    const auto id = static_cast<MessageId>(message - 1);
    switch (then) {
      case Then::reject:
        world_.broker.reject(id, false, now());
        break;
      case Then::discard:
        world_.broker.ack(id, now());
        break;
      case Then::park:
        dead_letter(item, parked_reason, head(self).cause, component);
        world_.broker.ack(id, now());
        break;
      case Then::leave:
        break;
      default:
        world_.broker.reject(id, true, now());
    }
    drain_broker(head(self).cause);
  } else if (then == Then::park) {
    dead_letter(item, parked_reason, head(self).cause, component);
  }
  put_down_message(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

}  // namespace premortem
