// Consumers: workers that take messages from a queue, handle them and acknowledge them.

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

Flow Machine::do_receive_message(ActivityId self, Instruction i) {
  const std::uint16_t component = head(self).component;
  const ConsumerSpec& spec = model_.consumers[i.operand];
  ConsumerState& state = world_.consumers[i.operand];
  const std::uint32_t worker = head(self).run;
  const ConsumerId subscription = state.subscriptions[worker];
  // What counted as acknowledged when it was sent is this process's own: no broker would take it back.
  const bool owes = world_.components[component].paused == 0 && world_.broker.has_settled(subscription);
  if (worker >= setting(spec.workers) && !owes) {  // Fewer are wanted now, and this one has nothing in hand.
    world_.broker.close(subscription, Returned::released, now());
    drain_broker(head(self).cause);
    world_.worker_of_subscription[subscription] = no_activity;
    state.workers[worker] = no_activity;
    end_activity(*this, self);
    return Flow::ended;
  }
  if (!running(component) && !owes) return block_and_repeat(self, consumer_waits);
  const std::optional<Delivery> delivery = world_.broker.receive(subscription);
  if (!delivery) return block_and_repeat(self, consumer_waits);
  count_turn(self, delivery->at_once);
  const ItemId item = world_.payloads.head(delivery->payload).item;
  // What died elsewhere and came back has other luck than before, as a redelivery has.
  const std::uint64_t tries = delivery->delivery_count + (std::uint64_t{delivery->deaths} << 32);
  const std::uint64_t luck = combine(combine(luck_of_payload(delivery->payload), spec.purpose), tries);
  const Strike strike = this->strike(
      {spec.deliver_operation, self, delivery->payload, luck, delivery->cause, unset, delivery->delivery_count});
  if (strike.lost || strike.fails) {  // It does not reach the worker; the broker learns of it as of a lost connection.
    if (!delivery->settled) {
      world_.broker.requeue(delivery->message, Returned::lost, now());
    } else {  // RABBIT-017: written to the socket is delivered; what is lost there is gone.
      record(RecordKind::dropped, component, item, static_cast<std::uint64_t>(DeathReason::connection_lost),
             delivery->cause);
    }
    drain_broker(delivery->cause);
    --head(self).counter;
    return sleep(self, 1'000'000'000);
  }
  retain_payload(delivery->payload);
  set_slot(self, 0, SlotKind::payload, delivery->payload);
  hold(item);
  locals(self)[spec.attempt_slot] = delivery->delivery_count;
  locals(self)[spec.message_slot] = delivery->settled ? 0 : Word{delivery->message} + 1;
  locals(self)[spec.redelivered_slot] = delivery->redelivered ? 1 : 0;
  locals(self)[spec.deaths_slot] = delivery->deaths;
  head(self).cause = delivery->cause;
  head(self).luck = luck;
  record_of(self, RecordKind::delivered, item, delivery->delivery_count);
  ++world_.components[component].running;
  if (delivery->settled) record_of(self, RecordKind::acknowledged, item, 0);
  drain_broker(head(self).cause);
  return strike.delay > 0 ? sleep(self, strike.delay) : Flow::next;
}

/// The message in hand is done with: the worker is free for the next one.
void Machine::put_down_message(ActivityId self) {
  const std::uint32_t number = model_.components[head(self).component].number;
  const Word message = locals(self)[model_.consumers[number].message_slot];
  if (message != 0) world_.broker.leave(static_cast<MessageId>(message - 1));  // Nobody has settled it.
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
    const auto hand = static_cast<PayloadId>(locals(self)[0]);
    const auto returns = static_cast<std::uint32_t>(locals(self)[spec.attempt_slot]);
    const Strike strike =
        this->strike({spec.ack_operation, self, hand, head(self).luck, head(self).cause, unset, returns});
    if (strike.unheard) {  // It stays unacknowledged for as long as the connection lives.
      world_.broker.leave(static_cast<MessageId>(message - 1));
    } else if (strike.lost || strike.fails) {  // The broker never hears of it and delivers again: RABBIT-022.
      world_.broker.requeue(static_cast<MessageId>(message - 1), Returned::lost, now());
    } else {
      record_of(self, RecordKind::acknowledged, item, 0);
      world_.broker.ack(static_cast<MessageId>(message - 1), now());
    }
    locals(self)[spec.message_slot] = 0;
    drain_broker(head(self).cause);
  }
  put_down_message(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

Flow Machine::do_settle_by_hand(ActivityId self, Instruction i) {
  const std::uint32_t number = model_.components[head(self).component].number;
  const ConsumerSpec& spec = model_.consumers[number];
  const Word message = locals(self)[spec.message_slot];
  const auto id = static_cast<MessageId>(message - 1);
  if (message == 0) {  // Settled twice: the broker closes the channel, with everything that was sent on it. RABBIT-018
    world_.broker.lose_connection(world_.consumers[number].subscriptions[head(self).run], now());
    drain_broker(head(self).cause);
    return Flow::next;
  }
  locals(self)[spec.message_slot] = 0;
  const auto hand = static_cast<PayloadId>(locals(self)[0]);
  const auto returns = static_cast<std::uint32_t>(locals(self)[spec.attempt_slot]);
  const Strike strike =
      i.small == 0 ? this->strike({spec.ack_operation, self, hand, head(self).luck, head(self).cause, unset, returns})
                   : Strike{};
  if (strike.unheard) {
    world_.broker.leave(id);
  } else if (strike.lost || strike.fails) {  // The broker never hears of it and delivers again: RABBIT-022.
    world_.broker.requeue(id, Returned::lost, now());
  } else if (i.small == 0) {
    record_of(self, RecordKind::acknowledged, item_in_hand(self, 0), 0);
    world_.broker.ack(id, now());
  } else if (i.small == 1) {
    world_.broker.reject(id, now());
  } else {
    stumbles_at_ = head(self).counter - 1;
    world_.broker.requeue(id, Returned::rejected, now());
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
        world_.broker.reject(id, now());
        break;
      case Then::discard:
        world_.broker.ack(id, now());
        break;
      case Then::park:
        dead_letter(item, parked_reason, head(self).cause, component);
        world_.broker.ack(id, now());
        break;
      case Then::leave:
        world_.broker.leave(id);
        break;
      default:
        world_.broker.requeue(id, Returned::nacked, now());
    }
    locals(self)[spec.message_slot] = 0;
    drain_broker(head(self).cause);
  } else if (then == Then::park) {
    dead_letter(item, parked_reason, head(self).cause, component);
  }
  put_down_message(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

}  // namespace premortem
