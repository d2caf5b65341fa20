#pragma once
// A message broker with RabbitMQ's semantics: RABBIT-001 to RABBIT-060. A state machine without clock or sockets.
//
// Every operation appends to effects() what it meant for others; the caller drains them.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem {

using QueueId = std::uint32_t;
using ExchangeId = std::uint32_t;
using ConsumerId = std::uint32_t;
using MessageId = std::uint32_t;
using PayloadId = std::uint32_t;  ///< What a message carries; owned by the caller.

struct QueueSpec {
  enum class Type : std::uint8_t { classic, quorum };
  enum class Overflow : std::uint8_t { drop_head, reject_publish };
  Type type = Type::classic;
  Overflow overflow = Overflow::drop_head;
  bool single_active = false;        ///< RABBIT-040
  std::int32_t dead_letter = -1;     ///< Queue that takes what is rejected, expired or pushed out; -1: it is gone.
  std::int64_t ttl = -1;             ///< ns; -1: never.
  std::int64_t length_max = -1;      ///< Ready messages; -1: no limit.
  std::int32_t delivery_limit = -1;  ///< Returns before a message is dead-lettered; -1: no limit. RABBIT-030
};

struct ExchangeSpec {
  enum class Type : std::uint8_t { direct, fanout, topic, headers };
  struct Binding {
    QueueId queue = 0;
    std::string pattern;
  };
  Type type = Type::direct;
  std::vector<Binding> bindings;
  std::int32_t alternate = -1;
};

struct BrokerSpec {
  std::vector<QueueSpec> queues;
  std::vector<ExchangeSpec> exchanges;
  int version = 4000;  ///< 3013, 4000, 4200, 4300: several facts flip between them. RABBIT-030, 031, 033
};

/// Why a message left its queue other than by an acknowledgement: RABBIT-050, and what makes it vanish.
enum class DeathReason : std::uint8_t {
  none,
  rejected,
  expired,
  length_exceeded,
  delivery_limit,
  no_route,
  refused,
  cycle
};

enum class EffectKind : std::uint8_t {
  enqueued,   ///< A copy lies in `queue` now: the caller keeps a reference to its payload.
  delivered,  ///< A message waits for `consumer`.
  requeued,
  dead_lettered,  ///< It left `queue` for its dead-letter queue, for `reason`.
  dropped,        ///< It is gone, for `reason`.
  left            ///< A copy has left `queue` for good: the caller gives its reference back.
};

struct Effect {
  EffectKind kind = EffectKind::enqueued;
  DeathReason reason = DeathReason::none;
  std::uint16_t unused = 0;
  QueueId queue = 0;
  ConsumerId consumer = 0;
  PayloadId payload = 0;
};

struct Delivery {
  MessageId message = 0;
  PayloadId payload = 0;
  std::uint32_t delivery_count = 0;  ///< Earlier deliveries.
  std::uint32_t cause = 0;
  bool redelivered = false;  ///< RABBIT-023
};

struct PublishOutcome {
  std::uint32_t copies = 0;  ///< Queues that took it; with 0 a confirm is sent all the same: RABBIT-002.
  bool refused = false;      ///< A full queue with reject-publish: basic.nack. RABBIT-044
};

class Broker {
 public:
  explicit Broker(std::shared_ptr<const BrokerSpec> spec = nullptr);

  /// Through the default exchange.
  PublishOutcome publish_to_queue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now,
                                  std::int64_t ttl = -1);
  PublishOutcome publish(ExchangeId exchange, std::string_view key, bool mandatory, PayloadId payload,
                         std::uint32_t cause, std::int64_t now);

  /// `prefetch` unacknowledged messages at most, 0: no limit. RABBIT-015
  ConsumerId subscribe(QueueId queue, std::uint32_t prefetch, bool automatic_ack, std::int32_t priority,
                       std::int64_t now);
  void set_prefetch(ConsumerId consumer, std::uint32_t prefetch, std::int64_t now);
  /// Takes nothing new; with `give_back`, what it has not begun goes back to the queue.
  void halt(ConsumerId consumer, bool give_back, std::int64_t now);
  void go_on(ConsumerId consumer, std::int64_t now);
  /// The connection is gone: all its unacknowledged messages go back. RABBIT-022
  void close(ConsumerId consumer, std::int64_t now);
  /// The next message that has been sent to the consumer; none: wait for an effect.
  std::optional<Delivery> receive(ConsumerId consumer, std::int64_t now);
  void ack(MessageId message, std::int64_t now);
  void reject(MessageId message, bool requeue, std::int64_t now);

  /// When the message at the head expires; INT64_MAX: never. RABBIT-045
  std::int64_t next_expiry(QueueId queue) const;
  void expire(QueueId queue, std::int64_t now);

  std::uint64_t ready(QueueId queue) const { return queues_[queue].ready; }
  std::uint64_t unacked(QueueId queue) const { return queues_[queue].unacked; }
  std::uint64_t unroutable(ExchangeId exchange) const { return unroutable_[exchange]; }
  /// Age of the oldest ready message, ns.
  std::int64_t oldest(QueueId queue, std::int64_t now) const;
  /// The ready messages, in order.
  std::vector<MessageId> peek(QueueId queue) const;
  PayloadId payload(MessageId message) const { return messages_[message].payload; }
  bool is_ready(MessageId message, QueueId queue) const {
    return messages_[message].state == State::ready && messages_[message].queue == queue;
  }
  /// Takes a ready message out and publishes it to another queue, as a shovel does.
  void move(MessageId message, QueueId to, std::int64_t now);

  std::vector<Effect>& effects() { return effects_; }

  template <class F>
  void fields(F&& f) {
    f(messages_), f(queues_), f(consumers_), f(unroutable_), f(effects_), f(free_), f(order_);
  }
  template <class F>
  void fields(F&& f) const {
    f(messages_), f(queues_), f(consumers_), f(unroutable_), f(effects_), f(free_), f(order_);
  }

 private:
  static constexpr std::uint32_t nil = 0xFFFFFFFF;
  enum class State : std::uint8_t { free, ready, sent, handled };  ///< sent: in a consumer's buffer.
  struct Message {
    std::uint64_t order = 0;  ///< Place in the queue: smaller is nearer to the head.
    std::int64_t enqueued = 0;
    std::int64_t expires = 0;  ///< INT64_MAX: never.
    PayloadId payload = 0;
    std::uint32_t cause = 0;
    std::uint32_t next = nil, previous = nil;
    QueueId queue = 0;
    ConsumerId consumer = nil;
    std::uint32_t deliveries = 0;
    std::uint32_t deaths = 0;  ///< Queues that it has died in without a rejection since, as bits: cycles. RABBIT-054
    State state = State::free;
    std::uint8_t unused[7] = {};
  };
  struct Queue {
    std::uint32_t first = nil, last = nil;
    std::uint32_t ready = 0, unacked = 0;
    std::uint32_t turn = 0;  ///< Consumer after which the round goes on.
    std::uint32_t unused = 0;
    std::vector<ConsumerId> consumers;

    template <class F>
    void fields(F&& f) {
      f(first), f(last), f(ready), f(unacked), f(turn), f(unused), f(consumers);
    }
    template <class F>
    void fields(F&& f) const {
      f(first), f(last), f(ready), f(unacked), f(turn), f(unused), f(consumers);
    }
  };
  struct Consumer {
    QueueId queue = 0;
    std::uint32_t prefetch = 0;
    std::uint32_t unacked = 0;
    std::int32_t priority = 0;
    std::uint32_t first = nil, last = nil;  ///< Messages sent and not begun.
    bool open = false, halted = false, automatic = false, unused = false;
  };

  void effect(EffectKind kind, QueueId queue, PayloadId payload, DeathReason reason = DeathReason::none,
              ConsumerId consumer = nil);
  bool enqueue(QueueId queue, PayloadId payload, std::uint32_t cause, std::int64_t now, std::int64_t ttl,
               std::uint32_t deaths);
  void insert_by_order(QueueId queue, MessageId message);
  void unlink(MessageId message);
  void dispatch(QueueId queue);
  ConsumerId next_consumer(Queue& queue) const;
  void give_back(MessageId message, bool counts, std::int64_t now);
  void die(MessageId message, DeathReason reason, std::int64_t now);
  void free_message(MessageId message);
  void leave_consumer(MessageId message);

  std::shared_ptr<const BrokerSpec> spec_;
  std::vector<Message> messages_;
  std::vector<Queue> queues_;
  std::vector<Consumer> consumers_;
  std::vector<std::uint64_t> unroutable_;
  std::vector<Effect> effects_;
  std::vector<MessageId> free_;
  std::uint64_t order_ = 1;
};

/// Whether a topic pattern (`*` one word, `#` any number) fits a routing key.
bool topic_matches(std::string_view pattern, std::string_view key);

}  // namespace premortem
