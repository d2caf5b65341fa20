// Consumers of clients: what differs from the scenario's own workers, who never hold more than they are told.

#include <algorithm>

#include "sim/models/broker/broker.hpp"

namespace premortem {

ConsumerId Broker::subscribe_client(QueueId queue, std::uint32_t prefetch, bool no_ack, std::int32_t priority,
                                    std::uint32_t group) {
  auto number = static_cast<ConsumerId>(consumers_.size());
  if (free_consumers_.empty()) {
    consumers_.emplace_back();
  } else {
    number = free_consumers_.back();
    free_consumers_.pop_back();
    consumers_[number] = Consumer{};
  }
  Consumer& consumer = consumers_[number];
  consumer.queue = queue;
  consumer.automatic = no_ack;
  consumer.priority = priority;
  consumer.group = group;
  consumer.open = consumer.halted = consumer.of_client = true;
  queues_[queue].consumers.push_back(number);
  set_prefetch(number, prefetch, INT64_MIN);
  client_queues_[queue].has_consumed = true;
  return number;
}

void Broker::retire(ConsumerId number, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  const QueueId queue = consumer.queue;
  consumer.open = false;
  consumer.halted = consumer.cancelled = true;
  leave_line(number);
  std::vector<MessageId> unsent;
  while (consumer.first != nil) {
    const MessageId message = consumer.first;
    const Message& sent = messages_[message];
    leave_consumer(message);
    if (!sent.settled) {
      unsent.push_back(message);
      continue;
    }
    effects_.push_back({EffectKind::dropped, DeathReason::connection_lost, 0, queue, 0, nil, sent.payload});
    effects_.push_back({EffectKind::left, DeathReason::none, 0, queue, 0, nil, sent.payload});
    free_message(message);
  }
  for (const MessageId message : unsent) give_back(message, Returned::released, now);
  consumer.retired = true;
  if (consumer.unacked == 0) free_consumer(number);
  if (queues_[queue].consumers.empty()) client_queues_[queue].unused_since = now;
}

void Broker::free_consumer(ConsumerId number) {
  consumers_[number] = Consumer{};
  free_consumers_.push_back(number);
}

std::uint32_t Broker::add_prefetch_group(std::uint32_t limit) {
  if (free_groups_.empty()) {
    groups_.push_back({limit, 0});
    return static_cast<std::uint32_t>(groups_.size() - 1);
  }
  const std::uint32_t group = free_groups_.back();
  free_groups_.pop_back();
  groups_[group] = {limit, 0};
  return group;
}

void Broker::set_group(ConsumerId number, std::uint32_t group) {
  consumers_[number].group = group;
  groups_[group].unacked += consumers_[number].unacked;
}

std::optional<Delivery> Broker::get(QueueId queue, bool no_ack, std::int64_t now) {
  expire(queue, now);
  client_queues_[queue].unused_since = now;
  const MessageId taken = queues_[queue].first;
  if (taken == nil) return std::nullopt;
  unlink(taken);
  Message& message = messages_[taken];
  Delivery delivery;
  delivery.message = taken;
  delivery.payload = message.payload;
  delivery.delivery_count = message.deliveries;
  delivery.cause = message.cause;
  delivery.redelivered = message.deliveries > 0;
  delivery.settled = no_ack;
  if (no_ack) {
    last_note_ = note(taken);
    effects_.push_back({EffectKind::left, DeathReason::none, 0, queue, 0, nil, message.payload});
    free_message(taken);
    return delivery;
  }
  message.state = State::handled;
  message.consumer = nil;
  message.settled = false;
  ++queues_[queue].unacked;
  return delivery;
}

void Broker::settle(MessageId message, std::int64_t now) {
  const Message& settled = messages_[message];
  effects_.push_back(
      {EffectKind::acknowledged, DeathReason::none, 0, settled.queue, 0, settled.consumer, settled.payload});
  ack(message, now);
}

void Broker::requeue_all(std::vector<MessageId> messages, Returned how, std::int64_t now) {
  for (const MessageId message : messages) leave_consumer(message);
  std::vector<QueueId> queues;
  queues.reserve(messages.size());
  for (const MessageId message : messages) queues.push_back(messages_[message].queue);
  // To quorum queues in the order in which they were delivered. RABBIT-033
  for (const MessageId message : messages) {
    if (limits(messages_[message].queue).type == QueueSpec::Type::quorum) give_back(message, how, now);
  }
  // To classic ones from the back, so that each finds its place at the head at once. RABBIT-020
  std::sort(messages.begin(), messages.end(),
            [this](MessageId a, MessageId b) { return messages_[a].order > messages_[b].order; });
  for (const MessageId message : messages) {
    if (messages_[message].state == State::handled) give_back(message, how, now);
  }
  std::sort(queues.begin(), queues.end());
  queues.erase(std::unique(queues.begin(), queues.end()), queues.end());
  for (const QueueId queue : queues) {
    while (is_too_full(queue)) die(queues_[queue].first, DeathReason::length_exceeded, now);  // RABBIT-044
    dispatch(queue, now);
  }
}

void Broker::forget(MessageId message) {
  leave_consumer(message);
  const Message& gone = messages_[message];
  effects_.push_back({EffectKind::dropped, DeathReason::purged, 0, gone.queue, 0, nil, gone.payload});
  effects_.push_back({EffectKind::left, DeathReason::none, 0, gone.queue, 0, nil, gone.payload});
  free_message(message);
}

}  // namespace premortem
