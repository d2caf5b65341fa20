#include "sim/models/broker/broker.hpp"

#include <algorithm>

namespace premortem {

Broker::Broker(std::shared_ptr<const BrokerSpec> spec) : spec_(std::move(spec)) {
  if (spec_ == nullptr) return;
  queues_.resize(spec_->queues.size());
  unroutable_.resize(spec_->exchanges.size(), 0);
}

void Broker::effect(EffectKind kind, QueueId queue, PayloadId payload, DeathReason reason, ConsumerId consumer) {
  effects_.push_back({kind, reason, 0, queue, consumer, payload});
}

PublishOutcome Broker::publish_to_queue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now,
                                        std::int64_t ttl) {
  const bool taken = enqueue(queue, payload, cause, now, ttl, 0);
  dispatch(queue);
  return {taken ? 1U : 0U, !taken};
}

PublishOutcome Broker::publish(ExchangeId number, std::string_view key, bool mandatory, PayloadId payload,
                               std::uint32_t cause, std::int64_t now) {
  const ExchangeSpec& exchange = spec_->exchanges[number];
  PublishOutcome outcome;
  std::vector<QueueId> reached;  // One copy a queue, however many bindings match: RABBIT-001.
  for (const ExchangeSpec::Binding& binding : exchange.bindings) {
    const bool fits =
        exchange.type == ExchangeSpec::Type::fanout ||
        (exchange.type == ExchangeSpec::Type::topic ? topic_matches(binding.pattern, key) : binding.pattern == key);
    if (!fits || std::find(reached.begin(), reached.end(), binding.queue) != reached.end()) continue;
    reached.push_back(binding.queue);
  }
  for (const QueueId queue : reached) {
    const PublishOutcome one = publish_to_queue(queue, payload, cause, now);
    outcome.copies += one.copies;
    outcome.refused = outcome.refused || one.refused;
  }
  if (!reached.empty()) return outcome;
  if (exchange.alternate >= 0) {
    return publish(static_cast<ExchangeId>(exchange.alternate), key, mandatory, payload, cause, now);
  }
  ++unroutable_[number];
  if (!spec_->queues.empty()) effect(EffectKind::dropped, 0, payload, DeathReason::no_route);
  return outcome;
}

bool Broker::enqueue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now, std::int64_t ttl,
                     std::uint32_t deaths) {
  const QueueSpec& spec = spec_->queues[queue];
  const bool full = spec.length_max >= 0 && queues_[queue].ready >= static_cast<std::uint64_t>(spec.length_max);
  if (full && spec.overflow == QueueSpec::Overflow::reject_publish) {
    effect(EffectKind::dropped, queue, payload, DeathReason::refused);
    return false;
  }
  MessageId message;
  if (!free_.empty()) {
    message = free_.back();
    free_.pop_back();
  } else {
    message = static_cast<MessageId>(messages_.size());
    messages_.emplace_back();
  }
  Message& made = messages_[message];
  made = Message{};
  made.order = order_++ << 20;
  made.enqueued = now;
  const std::int64_t lives = ttl < 0        ? spec.ttl
                             : spec.ttl < 0 ? ttl
                                            : std::min(ttl, spec.ttl);  // The lower: RABBIT-045.
  made.expires = lives < 0 ? INT64_MAX : now + lives;
  made.payload = payload;
  made.cause = cause;
  made.queue = queue;
  made.deaths = deaths;
  effect(EffectKind::enqueued, queue, payload);
  insert_by_order(queue, message);
  if (full) die(queues_[queue].first, DeathReason::length_exceeded, now);  // The oldest goes: RABBIT-044.
  return true;
}

void Broker::insert_by_order(QueueId number, MessageId message) {
  Queue& queue = queues_[number];
  Message& inserted = messages_[message];
  inserted.state = State::ready;
  inserted.queue = number;
  std::uint32_t after = queue.last;
  // Fresh messages go to the tail at once; returned ones look for their place from the head.
  if (after != nil && messages_[after].order > inserted.order) {
    after = nil;
    for (std::uint32_t at = queue.first; at != nil && messages_[at].order < inserted.order; at = messages_[at].next)
      after = at;
  }
  inserted.previous = after;
  inserted.next = after == nil ? queue.first : messages_[after].next;
  (after == nil ? queue.first : messages_[after].next) = message;
  (inserted.next == nil ? queue.last : messages_[inserted.next].previous) = message;
  ++queue.ready;
}

void Broker::unlink(MessageId number) {
  Message& message = messages_[number];
  Queue& queue = queues_[message.queue];
  (message.previous == nil ? queue.first : messages_[message.previous].next) = message.next;
  (message.next == nil ? queue.last : messages_[message.next].previous) = message.previous;
  message.next = message.previous = nil;
  --queue.ready;
}

/// Round robin over those that can take one, highest priority first: RABBIT-014. With a single active consumer, the
/// first that subscribed: RABBIT-040.
ConsumerId Broker::next_consumer(Queue& queue) const {
  const std::size_t count = queue.consumers.size();
  ConsumerId best = nil;
  std::uint32_t best_at = 0;
  const bool single = spec_->queues[static_cast<std::size_t>(&queue - queues_.data())].single_active;
  for (std::uint32_t step = 0; step < count; ++step) {
    const auto at = static_cast<std::uint32_t>(single ? step : (queue.turn + step) % count);
    const Consumer& consumer = consumers_[queue.consumers[at]];
    const bool can = !consumer.halted && (consumer.prefetch == 0 || consumer.unacked < consumer.prefetch);
    if (can && (best == nil || consumer.priority > consumers_[best].priority)) best = queue.consumers[at], best_at = at;
    if (single) break;
  }
  if (best != nil) queue.turn = static_cast<std::uint32_t>((best_at + 1) % count);
  return best;
}

void Broker::dispatch(QueueId number) {
  while (queues_[number].ready > 0) {
    const ConsumerId taker = next_consumer(queues_[number]);
    if (taker == nil) return;
    const MessageId message = queues_[number].first;
    unlink(message);
    Consumer& consumer = consumers_[taker];
    Message& sent = messages_[message];
    sent.state = State::sent;
    sent.consumer = taker;
    ++consumer.unacked;
    ++queues_[number].unacked;
    (consumer.last == nil ? consumer.first : messages_[consumer.last].next) = message;
    sent.previous = consumer.last;
    consumer.last = message;
    effect(EffectKind::delivered, number, sent.payload, DeathReason::none, taker);
  }
}

ConsumerId Broker::subscribe(QueueId queue, std::uint32_t prefetch, bool automatic_ack, std::int32_t priority,
                             std::int64_t) {
  const auto number = static_cast<ConsumerId>(consumers_.size());
  Consumer& consumer = consumers_.emplace_back();
  consumer.queue = queue;
  // A quorum queue sends 2,000 at most to a consumer without a limit: RABBIT-015.
  consumer.prefetch = prefetch == 0 && spec_->queues[queue].type == QueueSpec::Type::quorum ? 2000 : prefetch;
  consumer.automatic = automatic_ack;
  consumer.priority = priority;
  consumer.open = true;
  queues_[queue].consumers.push_back(number);
  dispatch(queue);
  return number;
}

void Broker::set_prefetch(ConsumerId consumer, std::uint32_t prefetch, std::int64_t) {
  consumers_[consumer].prefetch = prefetch;
  dispatch(consumers_[consumer].queue);
}

void Broker::halt(ConsumerId number, bool give_unstarted_back, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  consumer.halted = true;
  while (give_unstarted_back && consumer.first != nil) {
    const MessageId message = consumer.first;
    leave_consumer(message);
    give_back(message, false, now);
  }
  dispatch(consumer.queue);
}

void Broker::go_on(ConsumerId number, std::int64_t) {
  consumers_[number].halted = false;
  dispatch(consumers_[number].queue);
}

void Broker::close(ConsumerId number, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  if (!consumer.open) return;
  consumer.open = false;
  consumer.halted = true;
  std::vector<ConsumerId>& all = queues_[consumer.queue].consumers;
  all.erase(std::find(all.begin(), all.end(), number));
  if (queues_[consumer.queue].turn >= all.size()) queues_[consumer.queue].turn = 0;
  std::vector<MessageId> held;
  for (MessageId message = 0; message < messages_.size(); ++message) {
    const Message& candidate = messages_[message];
    if ((candidate.state == State::sent || candidate.state == State::handled) && candidate.consumer == number)
      held.push_back(message);
  }
  for (const MessageId message : held) {
    leave_consumer(message);
    give_back(message, true, now);  // All of them count as returned, begun or not: RABBIT-032.
  }
  dispatch(consumer.queue);
}

/// Out of the consumer's buffer, if it stands there, and no longer its business.
void Broker::leave_consumer(MessageId number) {
  Message& message = messages_[number];
  Consumer& consumer = consumers_[message.consumer];
  if (message.state == State::sent) {
    (message.previous == nil ? consumer.first : messages_[message.previous].next) = message.next;
    (message.next == nil ? consumer.last : messages_[message.next].previous) = message.previous;
    message.next = message.previous = nil;
  }
  --consumer.unacked;
  --queues_[message.queue].unacked;
  message.consumer = nil;
}

std::optional<Delivery> Broker::receive(ConsumerId number, std::int64_t now) {
  Consumer& consumer = consumers_[number];
  if (consumer.first == nil || consumer.halted) return std::nullopt;
  const MessageId taken = consumer.first;
  Message& message = messages_[taken];
  consumer.first = message.next;
  (message.next == nil ? consumer.last : messages_[message.next].previous) = nil;
  message.next = message.previous = nil;
  message.state = State::handled;
  const Delivery delivery{taken, message.payload, message.deliveries, message.cause, message.deliveries > 0};
  if (consumer.automatic) ack(taken, now);
  return delivery;
}

void Broker::free_message(MessageId number) {
  messages_[number].state = State::free;
  free_.push_back(number);
}

void Broker::ack(MessageId number, std::int64_t) {
  Message& message = messages_[number];
  if (message.state != State::handled && message.state != State::sent) return;
  const QueueId queue = message.queue;
  leave_consumer(number);
  effect(EffectKind::left, queue, message.payload);
  free_message(number);
  dispatch(queue);
}

void Broker::reject(MessageId number, bool requeue, std::int64_t now) {
  Message& message = messages_[number];
  if (message.state != State::handled && message.state != State::sent) return;
  const QueueId queue = message.queue;
  leave_consumer(number);
  if (requeue) {
    give_back(number, true, now);
  } else {
    message.deaths = 0;  // A rejection breaks the cycle: RABBIT-054.
    die(number, DeathReason::rejected, now);
  }
  dispatch(queue);
}

/// Back into its queue: to its old place in a classic queue (RABBIT-020); in a quorum queue before the fresh ones, or,
/// up to 3.13 and without a limit, to the tail (RABBIT-033).
void Broker::give_back(MessageId number, bool counts, std::int64_t now) {
  Message& message = messages_[number];
  const QueueSpec& spec = spec_->queues[message.queue];
  ++message.deliveries;
  if (spec.type == QueueSpec::Type::quorum) {
    const std::int32_t limit = spec.delivery_limit;
    if (limit >= 0 && counts && static_cast<std::int64_t>(message.deliveries) > limit) {
      message.deaths = 0;
      die(number, DeathReason::delivery_limit, now);
      return;
    }
    if (limit < 0 && spec_->version < 4000) message.order = order_++ << 20;
  }
  effect(EffectKind::requeued, message.queue, message.payload);
  insert_by_order(message.queue, number);
}

/// Leaves its queue for the dead-letter queue, or for good: RABBIT-019, RABBIT-050.
void Broker::die(MessageId number, DeathReason reason, std::int64_t now) {
  if (messages_[number].state == State::ready) unlink(number);
  const Message message = messages_[number];
  const std::int32_t to = spec_->queues[message.queue].dead_letter;
  const std::uint32_t bit = 1U << (message.queue & 31U);
  const bool cycle = reason != DeathReason::rejected && (message.deaths & bit) != 0;
  free_message(number);
  if (to < 0 || cycle) {
    effect(EffectKind::dropped, message.queue, message.payload, cycle ? DeathReason::cycle : reason);
    effect(EffectKind::left, message.queue, message.payload);
    return;
  }
  effect(EffectKind::dead_lettered, message.queue, message.payload, reason);
  const std::uint32_t deaths = reason == DeathReason::rejected ? 0 : message.deaths | bit;
  enqueue(static_cast<QueueId>(to), message.payload, message.cause, now, -1, deaths);
  effect(EffectKind::left, message.queue, message.payload);
  dispatch(static_cast<QueueId>(to));
}

std::int64_t Broker::next_expiry(QueueId queue) const {
  const std::uint32_t first = queues_[queue].first;
  return first == nil ? INT64_MAX : messages_[first].expires;
}

void Broker::expire(QueueId queue, std::int64_t now) {
  while (queues_[queue].first != nil && messages_[queues_[queue].first].expires <= now) {
    die(queues_[queue].first, DeathReason::expired, now);
  }
}

std::int64_t Broker::oldest(QueueId queue, std::int64_t now) const {
  std::int64_t age = 0;
  for (std::uint32_t at = queues_[queue].first; at != nil; at = messages_[at].next) {
    age = std::max(age, now - messages_[at].enqueued);
  }
  return age;
}

std::vector<MessageId> Broker::peek(QueueId queue) const {
  std::vector<MessageId> messages;
  for (std::uint32_t at = queues_[queue].first; at != nil; at = messages_[at].next) messages.push_back(at);
  return messages;
}

void Broker::move(MessageId number, QueueId to, std::int64_t now) {
  unlink(number);
  const Message message = messages_[number];
  free_message(number);
  enqueue(to, message.payload, message.cause, now, -1, 0);
  effect(EffectKind::left, message.queue, message.payload);
  dispatch(to);
}

bool topic_matches(std::string_view pattern, std::string_view key) {
  const auto head = [](std::string_view text) { return text.substr(0, text.find('.')); };
  const auto tail = [](std::string_view text) {
    const std::size_t dot = text.find('.');
    return dot == std::string_view::npos ? std::string_view() : text.substr(dot + 1);
  };
  if (pattern.empty()) return key.empty();
  if (head(pattern) == "#") {
    if (tail(pattern).empty()) return true;
    for (std::string_view rest = key;; rest = tail(rest)) {
      if (topic_matches(tail(pattern), rest)) return true;
      if (rest.empty()) return false;
    }
  }
  if (key.empty() || (head(pattern) != "*" && head(pattern) != head(key))) return false;
  return topic_matches(tail(pattern), tail(key)) || (tail(pattern) == "#" && tail(key).empty());
}

}  // namespace premortem
