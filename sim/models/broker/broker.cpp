// Queues: what comes in, in which order it lies there, and to whom it is sent.

#include "sim/models/broker/broker.hpp"

#include <algorithm>

namespace premortem {

namespace {
/// Set in the order of what is fresh. What comes back to a quorum queue has smaller numbers: RABBIT-033.
constexpr std::uint64_t fresh = std::uint64_t{1} << 63;
}  // namespace

Broker::Broker(std::shared_ptr<const BrokerSpec> spec) : spec_(std::move(spec)) {
  if (spec_ == nullptr) return;
  queues_.resize(spec_->queues.size());
  of_scenario_ = static_cast<std::uint32_t>(spec_->queues.size());
  unroutable_.resize(spec_->exchanges.size(), 0);
  exchanges_away_.resize(spec_->exchanges.size(), 0);
}

MessageId Broker::new_message() {
  if (free_.empty()) {
    messages_.emplace_back();
    deaths_.emplace_back();
    return static_cast<MessageId>(messages_.size() - 1);
  }
  const MessageId message = free_.back();
  free_.pop_back();
  messages_[message] = Message{};
  return message;
}

void Broker::free_message(MessageId number) {
  messages_[number].state = State::free;
  deaths_[number].clear();
  if (number < notes_.size()) {
    message_bytes_ -= notes_[number].size;
    notes_[number] = MessageNote{};
  }
  free_.push_back(number);
}

/// False: a full queue refused it.
bool Broker::enqueue(QueueId queue, const Arriving& arriving, std::vector<Death> deaths, std::int64_t now) {
  const QueueSpec& spec = limits(queue);
  if (spec.overflow == QueueSpec::Overflow::reject_publish && is_full(queue, arriving)) {
    effects_.push_back({EffectKind::dropped, DeathReason::refused, 0, queue, 0, nil, arriving.payload});
    return false;
  }
  const MessageId message = new_message();
  Message& made = messages_[message];
  made.order = order_++ | fresh;
  if (is_open_to_clients()) {
    made.order |= rank(queue, arriving);
    note_of(message) = arriving.note == nullptr ? MessageNote{} : *arriving.note;
    message_bytes_ += notes_[message].size;
  }
  made.enqueued = now;
  made.last_sent = INT64_MIN;
  const std::int64_t lives = arriving.ttl < 0 ? spec.ttl
                             : spec.ttl < 0   ? arriving.ttl
                                              : std::min(arriving.ttl, spec.ttl);  // The lower: RABBIT-045.
  made.expires = lives < 0 ? INT64_MAX : now + lives;
  made.payload = arriving.payload;
  made.cause = arriving.cause;
  deaths_[message] = std::move(deaths);
  effects_.push_back({EffectKind::enqueued, arriving.reason, 0, queue, arriving.from, nil, arriving.payload});
  insert_by_order(queue, message);
  dispatch(queue, now);
  // The oldest go: RABBIT-044.
  while (is_too_full(queue)) die(queues_[queue].first, DeathReason::length_exceeded, now);
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
  if (message < notes_.size()) count_bytes(inserted, message, true);
}

void Broker::unlink(MessageId number) {
  Message& message = messages_[number];
  Queue& queue = queues_[message.queue];
  (message.previous == nil ? queue.first : messages_[message.previous].next) = message.next;
  (message.next == nil ? queue.last : messages_[message.next].previous) = message.previous;
  message.next = message.previous = nil;
  --queue.ready;
  if (number < notes_.size()) count_bytes(message, number, false);
}

/// Round robin over those that can take one, highest priority first: RABBIT-014. With a single active consumer, only
/// the first in line: RABBIT-040.
ConsumerId Broker::next_consumer(QueueId number) {
  Queue& queue = queues_[number];
  const std::size_t count = queue.consumers.size();
  const bool single = limits(number).single_active;
  ConsumerId best = nil;
  std::size_t best_at = 0;
  for (std::size_t step = 0; step < count; ++step) {
    const std::size_t at = single ? step : (queue.turn + step) % count;
    const Consumer& consumer = consumers_[queue.consumers[at]];
    if (consumer.cancelled) continue;
    const bool room = consumer.automatic || ((consumer.prefetch == 0 || consumer.unacked < consumer.prefetch) &&
                                             (consumer.group == nil || groups_[consumer.group].limit == 0 ||
                                              groups_[consumer.group].unacked < groups_[consumer.group].limit));
    if (room && !consumer.halted && (best == nil || consumer.priority > consumers_[best].priority)) {
      best = queue.consumers[at];
      best_at = at;
    }
    if (single) break;
  }
  if (best != nil) queue.turn = static_cast<std::uint32_t>((best_at + 1) % count);
  return best;
}

void Broker::send(MessageId message, ConsumerId taker, std::int64_t now) {
  Consumer& consumer = consumers_[taker];
  Message& sent = messages_[message];
  sent.state = State::sent;
  sent.consumer = taker;
  sent.settled = consumer.automatic;
  sent.at_once = sent.last_sent == now ? sent.at_once + 1 : 1;
  sent.last_sent = now;
  if (!sent.settled) {
    ++consumer.unacked;
    ++queues_[sent.queue].unacked;
    if (consumer.group != nil) ++groups_[consumer.group].unacked;
  }
  (consumer.last == nil ? consumer.first : messages_[consumer.last].next) = message;
  sent.previous = consumer.last;
  consumer.last = message;
  effects_.push_back({EffectKind::delivered, DeathReason::none, 0, sent.queue, 0, taker, sent.payload});
}

void Broker::dispatch(QueueId number, std::int64_t now) {
  while (queues_[number].ready > 0 && queues_[number].away == 0) {
    const MessageId head = queues_[number].first;
    // What came at this instant may still be taken at once, even with a life of nothing: RABBIT-046.
    if (messages_[head].expires <= now && messages_[head].enqueued < now) {
      die(head, DeathReason::expired, now);
      continue;
    }
    const ConsumerId taker = next_consumer(number);
    if (taker == nil) break;
    unlink(head);
    send(head, taker, now);
  }
  expire(number, now);
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

}  // namespace premortem
