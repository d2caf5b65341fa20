#pragma once
// A message broker with RabbitMQ's semantics: RABBIT-001 to RABBIT-054. A state machine without clock or sockets.
//
// Every operation appends to effects() what it meant for others; the caller drains them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/models/broker/broker_types.hpp"

namespace premortem {

class Broker {
 public:
  explicit Broker(std::shared_ptr<const BrokerSpec> spec = nullptr);

  /// Through the default exchange. `ttl` in ns is the message's own; -1: none. The lower of both counts: RABBIT-045.
  PublishOutcome publish_to_queue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now,
                                  std::int64_t ttl = -1);
  PublishOutcome publish(ExchangeId exchange, std::string_view key, PayloadId payload, std::uint32_t cause,
                         std::int64_t now, std::int64_t ttl = -1);
  /// Whether the queue is there. While it is not, what is published to it finds no route, and it delivers nothing.
  void set_queue_there(QueueId queue, bool there, std::int64_t now);
  void set_exchange_there(ExchangeId exchange, bool there) { exchanges_away_[exchange] = there ? 0 : 1; }

  /// `prefetch` unacknowledged messages at most, 0: no limit. RABBIT-015. `automatic_ack`: what is sent counts as
  /// acknowledged, and nothing limits how much is sent. RABBIT-017. Messages come after go_on().
  ConsumerId subscribe(QueueId queue, std::uint32_t prefetch, bool automatic_ack, std::int32_t priority);
  void set_prefetch(ConsumerId consumer, std::uint32_t prefetch, std::int64_t now);
  /// For what is sent from now on.
  void set_automatic_ack(ConsumerId consumer, bool automatic_ack) { consumers_[consumer].automatic = automatic_ack; }
  /// Takes nothing new for a while, and keeps what has been sent.
  void hold_back(ConsumerId consumer) { consumers_[consumer].halted = true; }
  /// basic.cancel in good order: takes nothing new; what it has not begun and what it left lying goes back.
  void cancel(ConsumerId consumer, std::int64_t now);
  /// After hold_back() or cancel(); whoever was cancelled stands last in line again.
  void go_on(ConsumerId consumer, std::int64_t now);
  /// The channel is closed: all unacknowledged messages go back, and the client subscribes again at once. RABBIT-018
  void lose_connection(ConsumerId consumer, std::int64_t now);
  /// The consumer is gone: all its unacknowledged messages go back. RABBIT-022
  void close(ConsumerId consumer, Returned how, std::int64_t now);
  /// The next message that has been sent to the consumer; none: wait for an effect.
  std::optional<Delivery> receive(ConsumerId consumer);
  /// Whether receive() has one for it that it need not acknowledge: it is the consumer's, even if it is to stop.
  bool has_settled(ConsumerId consumer) const;
  void ack(MessageId message, std::int64_t now);
  /// Nobody will settle it: it stays unacknowledged until the consumer is cancelled or dies. LISTEN-001
  void leave(MessageId message);
  /// Back into its queue. `how` is nacked or rejected.
  void requeue(MessageId message, Returned how, std::int64_t now);
  /// To the dead-letter queue, or gone: RABBIT-019.
  void reject(MessageId message, std::int64_t now);

  /// When the message at the head expires; INT64_MAX: never. RABBIT-045
  std::int64_t next_expiry(QueueId queue) const;
  void expire(QueueId queue, std::int64_t now);

  std::uint64_t ready(QueueId queue) const { return queues_[queue].ready; }
  std::uint64_t unacked(QueueId queue) const { return queues_[queue].unacked; }
  /// What the exchange, asked last, had no queue for.
  std::uint64_t unroutable(ExchangeId exchange) const { return unroutable_[exchange]; }
  /// Age of the oldest ready message, ns.
  std::int64_t oldest(QueueId queue, std::int64_t now) const;
  /// The ready messages, in order.
  std::vector<MessageId> peek(QueueId queue) const;
  PayloadId payload(MessageId message) const { return messages_[message].payload; }
  /// x-death, newest first.
  const std::vector<Death>& deaths(MessageId message) const { return deaths_[message]; }
  bool is_ready(MessageId message, QueueId queue) const {
    return messages_[message].state == State::ready && messages_[message].queue == queue;
  }
  /// Takes a ready message out and publishes it to another queue, as a shovel does.
  PublishOutcome move(MessageId message, QueueId to, std::int64_t now);

  /// Where an unsettled message is.
  enum class Whereabouts : std::uint8_t {
    ready,    ///< In its queue.
    sent,     ///< In a consumer's buffer: its worker has not begun it.
    handled,  ///< A worker has it in hand.
    left      ///< A worker is done with it, and nobody will settle it.
  };
  /// Calls f(queue, payload, whereabouts) for every message, in order of their numbers.
  template <class F>
  void each_message(F&& f) const {
    for (const Message& message : messages_) {
      if (message.state == State::free) continue;
      f(message.queue, message.payload,
        static_cast<Whereabouts>(static_cast<std::uint8_t>(message.state) - std::uint8_t{1}));
    }
  }

  std::vector<Effect>& effects() { return effects_; }

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  static constexpr std::uint32_t nil = 0xFFFFFFFF;
  /// sent: in a consumer's buffer. handled: its handler has it. left: unacknowledged, and nobody will do it.
  enum class State : std::uint8_t { free, ready, sent, handled, left };
  struct Message {
    std::uint64_t order = 0;  ///< Place in the queue: smaller is nearer to the head.
    std::int64_t enqueued = 0;
    std::int64_t expires = 0;  ///< INT64_MAX: never.
    std::int64_t last_sent = 0;
    PayloadId payload = 0;
    std::uint32_t cause = 0;
    std::uint32_t next = nil, previous = nil;
    QueueId queue = 0;
    ConsumerId consumer = nil;
    std::uint32_t deliveries = 0;  ///< That have come back.
    std::uint32_t failures = 0;    ///< Those of them that count towards the delivery limit.
    std::uint32_t at_once = 0;     ///< Deliveries at `last_sent`.
    State state = State::free;
    bool settled = false;
    std::uint8_t unused[2] = {};
  };
  struct Queue {
    std::uint32_t first = nil, last = nil;
    std::uint32_t ready = 0, unacked = 0;
    std::uint32_t turn = 0;  ///< Consumer after which the round goes on.
    std::uint32_t away = 0;
    std::vector<ConsumerId> consumers;  ///< In the order in which they subscribed.

    template <class F>
    void fields(F&& f) {
      f(first), f(last), f(ready), f(unacked), f(turn), f(away), f(consumers);
    }
    template <class F>
    void fields(F&& f) const {
      f(first), f(last), f(ready), f(unacked), f(turn), f(away), f(consumers);
    }
  };
  struct Consumer {
    QueueId queue = 0;
    std::uint32_t prefetch = 0;
    std::uint32_t unacked = 0;
    std::uint32_t left = 0;
    std::int32_t priority = 0;
    std::uint32_t first = nil, last = nil;  ///< Messages sent and not begun.
    bool halted = false, cancelled = false, automatic = false, open = false;
  };
  /// A message on its way into a queue.
  struct Arriving {
    PayloadId payload = 0;
    std::uint32_t cause = 0;
    std::int64_t ttl = -1;
    DeathReason reason = DeathReason::none;
    QueueId from = 0;
  };

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.messages_), f(self.queues_), f(self.consumers_), f(self.unroutable_), f(self.exchanges_away_);
    f(self.effects_), f(self.free_), f(self.deaths_), f(self.order_);
  }

  // --- routing.cpp
  void find_route(const ExchangeSpec& exchange, std::string_view key, std::vector<QueueId>& reached) const;
  // --- broker.cpp
  MessageId new_message();
  bool enqueue(QueueId queue, const Arriving& arriving, std::vector<Death> deaths, std::int64_t now);
  void insert_by_order(QueueId queue, MessageId message);
  void unlink(MessageId message);
  void dispatch(QueueId queue, std::int64_t now);
  void send(MessageId message, ConsumerId consumer, std::int64_t now);
  ConsumerId next_consumer(QueueId queue);
  void free_message(MessageId message);
  // --- settling.cpp
  void give_back(MessageId message, Returned how, std::int64_t now);
  void give_back_all(ConsumerId consumer, bool also_handled, Returned how, std::int64_t now);
  void leave_consumer(MessageId message);
  void leave_line(ConsumerId consumer);
  // --- dead_letters.cpp
  void die(MessageId message, DeathReason reason, std::int64_t now);

  std::shared_ptr<const BrokerSpec> spec_;
  std::vector<Message> messages_;
  std::vector<Queue> queues_;
  std::vector<Consumer> consumers_;
  std::vector<std::uint64_t> unroutable_;
  std::vector<std::uint8_t> exchanges_away_;
  std::vector<Effect> effects_;
  std::vector<MessageId> free_;
  std::vector<std::vector<Death>> deaths_;  ///< By message.
  std::uint64_t order_ = 1;
};

/// Whether a topic pattern (`*` one word, `#` any number) fits a routing key.
bool topic_matches(std::string_view pattern, std::string_view key);

}  // namespace premortem
