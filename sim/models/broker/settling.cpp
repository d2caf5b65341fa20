// Consumers: subscribing, receiving, acknowledging, giving back.

#include <algorithm>

#include "sim/models/broker/broker.hpp"

namespace premortem {

ConsumerId Broker::subscribe(QueueId queue, std::uint32_t prefetch, bool automatic_ack, std::int32_t priority) {
  const auto number = static_cast<ConsumerId>(consumers_.size());
  Consumer& consumer = consumers_.emplace_back();
  consumer.queue = queue;
  consumer.automatic = automatic_ack;
  consumer.priority = priority;
  consumer.open = true;
  consumer.halted = true;
  queues_[queue].consumers.push_back(number);
  set_prefetch(number, prefetch, INT64_MIN);
  return number;
}

void Broker::set_prefetch(ConsumerId number, std::uint32_t prefetch, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  // A quorum queue sends 2,000 at most to a consumer without a limit: RABBIT-015.
  const bool capped = prefetch == 0 && limits(consumer.queue).type == QueueSpec::Type::quorum;
  consumer.prefetch = capped ? 2000 : prefetch;
  if (!consumer.halted) dispatch(consumer.queue, now);
}

void Broker::cancel(ConsumerId number, std::int64_t now) {
  consumers_[number].halted = consumers_[number].cancelled = true;
  give_back_all(number, false, Returned::released, now);
  dispatch(consumers_[number].queue, now);
}

void Broker::go_on(ConsumerId number, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  if (consumer.cancelled) {
    leave_line(number);
    queues_[consumer.queue].consumers.push_back(number);
  }
  consumer.halted = consumer.cancelled = false;
  dispatch(consumer.queue, now);
}

void Broker::lose_connection(ConsumerId number, std::int64_t now) {
  leave_line(number);
  give_back_all(number, true, Returned::lost, now);
  queues_[consumers_[number].queue].consumers.push_back(number);
  dispatch(consumers_[number].queue, now);
}

void Broker::close(ConsumerId number, Returned how, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  if (!consumer.open) return;
  consumer.open = false;
  consumer.halted = consumer.cancelled = true;
  leave_line(number);
  give_back_all(number, true, how, now);
  while (has_settled(number)) {  // They counted as delivered, and nobody has seen them: RABBIT-017.
    const MessageId message = consumers_[number].first;
    leave_consumer(message);
    const Message& gone = messages_[message];
    effects_.push_back({EffectKind::dropped, DeathReason::connection_lost, 0, gone.queue, 0, nil, gone.payload});
    effects_.push_back({EffectKind::left, DeathReason::none, 0, gone.queue, 0, nil, gone.payload});
    free_message(message);
  }
  dispatch(consumers_[number].queue, now);
}

/// Out of the queue's line of consumers; the round goes on with whoever came after it.
void Broker::leave_line(ConsumerId number) {
  Queue& queue = queues_[consumers_[number].queue];
  const auto at = std::find(queue.consumers.begin(), queue.consumers.end(), number);
  if (static_cast<std::uint32_t>(at - queue.consumers.begin()) < queue.turn) --queue.turn;
  queue.consumers.erase(at);
  if (queue.turn >= queue.consumers.size()) queue.turn = 0;
}

/// What has been sent and not begun, what was left lying, and, if wanted, what is being handled; in the order in which
/// it lay in the queue.
void Broker::give_back_all(ConsumerId number, bool also_handled, Returned how, std::int64_t now) {
  if (consumers_[number].first == nil && consumers_[number].unacked == 0) return;
  std::vector<MessageId> held;
  for (MessageId message = 0; message < messages_.size(); ++message) {
    const Message& candidate = messages_[message];
    if (candidate.consumer != number || candidate.settled) continue;
    const State state = candidate.state;
    if (state == State::sent || state == State::left || (also_handled && state == State::handled))
      held.push_back(message);
  }
  std::sort(held.begin(), held.end(),
            [this](MessageId a, MessageId b) { return messages_[a].order < messages_[b].order; });
  for (const MessageId message : held) {
    leave_consumer(message);
    give_back(message, how, now);  // All of them count, begun or not: RABBIT-032.
  }
}

/// Out of the consumer's buffer, if it stands there, and no longer its business.
void Broker::leave_consumer(MessageId number) {
  Message& message = messages_[number];
  if (message.consumer == nil) {  // Somebody fetched it: basic.get.
    if (!message.settled) --queues_[message.queue].unacked;
    return;
  }
  Consumer& consumer = consumers_[message.consumer];
  if (message.state == State::sent) {
    (message.previous == nil ? consumer.first : messages_[message.previous].next) = message.next;
    (message.next == nil ? consumer.last : messages_[message.next].previous) = message.previous;
    message.next = message.previous = nil;
  }
  if (message.state == State::left) --consumer.left;
  if (!message.settled) {
    --consumer.unacked;
    --queues_[message.queue].unacked;
    if (consumer.group != nil) --groups_[consumer.group].unacked;
  }
  if (consumer.retired && consumer.unacked == 0) free_consumer(message.consumer);
  message.consumer = nil;
}

bool Broker::has_settled(ConsumerId number) const {
  const std::uint32_t first = consumers_[number].first;
  return first != nil && messages_[first].settled;
}

std::optional<Delivery> Broker::receive(ConsumerId number) {
  Consumer& consumer = consumers_[number];
  if (consumer.first == nil || (consumer.halted && !has_settled(number))) return std::nullopt;
  const MessageId taken = consumer.first;
  Message& message = messages_[taken];
  Delivery delivery;
  delivery.message = taken;
  delivery.payload = message.payload;
  delivery.delivery_count = message.deliveries;
  for (const Death& death : deaths_[taken]) delivery.deaths += death.count;
  delivery.at_once = message.at_once;
  delivery.cause = message.cause;
  delivery.redelivered = message.deliveries > 0;
  delivery.settled = message.settled;
  if (message.settled) {
    leave_consumer(taken);
    if (consumer.of_client) last_note_ = note(taken);
    effects_.push_back({EffectKind::left, DeathReason::none, 0, message.queue, 0, nil, message.payload});
    free_message(taken);
    return delivery;
  }
  consumer.first = message.next;
  (message.next == nil ? consumer.last : messages_[message.next].previous) = nil;
  message.next = message.previous = nil;
  message.state = State::handled;
  return delivery;
}

void Broker::ack(MessageId number, std::int64_t now) {
  const Message& message = messages_[number];
  const QueueId queue = message.queue;
  leave_consumer(number);
  effects_.push_back({EffectKind::left, DeathReason::none, 0, queue, 0, nil, message.payload});
  free_message(number);
  dispatch(queue, now);
}

void Broker::leave(MessageId number) {
  messages_[number].state = State::left;
  ++consumers_[messages_[number].consumer].left;
}

void Broker::requeue(MessageId number, Returned how, std::int64_t now) {
  const QueueId queue = messages_[number].queue;
  leave_consumer(number);
  give_back(number, how, now);
  while (is_too_full(queue)) die(queues_[queue].first, DeathReason::length_exceeded, now);  // RABBIT-044
  dispatch(queue, now);
}

void Broker::reject(MessageId number, std::int64_t now) {
  const QueueId queue = messages_[number].queue;
  leave_consumer(number);
  die(number, DeathReason::rejected, now);
  dispatch(queue, now);
}

/// Back into its queue: to its old place in a classic queue (RABBIT-020); in a quorum queue before the fresh ones, in
/// the order of return, or, up to 3.13 and without a limit, to the tail (RABBIT-033).
void Broker::give_back(MessageId number, Returned how, std::int64_t now) {
  Message& message = messages_[number];
  const QueueSpec& spec = limits(message.queue);
  ++message.deliveries;
  if (spec.type == QueueSpec::Type::quorum) {
    // Up to 4.2 whatever has been delivered counts; then only what failed: RABBIT-031.
    if (spec_->version < 4300 || how == Returned::rejected || how == Returned::lost) ++message.failures;
    if (spec.delivery_limit >= 0 && message.failures > static_cast<std::uint32_t>(spec.delivery_limit)) {
      die(number, DeathReason::delivery_limit, now);
      return;
    }
    message.order = order_++;
    if (spec.delivery_limit < 0 && spec_->version < 4000) message.order |= std::uint64_t{1} << 63;
  }
  effects_.push_back({EffectKind::requeued, DeathReason::none, 0, message.queue, 0, nil, message.payload});
  insert_by_order(message.queue, number);
}

}  // namespace premortem
