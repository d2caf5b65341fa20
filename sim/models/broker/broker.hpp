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
#include "sim/models/broker/client_topology.hpp"

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

  // --- For clients, whose queues and exchanges come and go. Nothing of it costs anything before open_to_clients().

  static constexpr std::uint32_t none = 0xFFFFFFFF;  ///< No such queue, exchange, vhost.
  /// Makes vhost "/" with its predeclared exchanges, in which the scenario's own queues and exchanges stand under
  /// their names. A second call changes nothing.
  void open_to_clients();
  bool is_open_to_clients() const { return !vhosts_.empty(); }
  int version() const { return spec_ == nullptr ? 4000 : spec_->version; }
  /// The record that what is published from now on names as its cause.
  void set_cause(std::uint32_t record) { cause_ = record; }

  VhostId find_vhost(std::string_view name) const;
  const std::vector<Vhost>& vhosts() const { return vhosts_; }
  VhostId add_vhost(std::string_view name);
  /// With everything in it. REQUIRES: no client is connected to it, and it is not "/".
  void remove_vhost(VhostId vhost);

  ExchangeId find_exchange(VhostId vhost, std::string_view name) const;
  QueueId find_queue(VhostId vhost, std::string_view name) const;
  /// By number; `there` is false in those that are gone.
  const std::vector<ClientExchange>& exchanges() const { return client_exchanges_; }
  const std::vector<ClientQueue>& queues() const { return client_queues_; }
  const ClientExchange& exchange(ExchangeId exchange) const { return client_exchanges_[exchange]; }
  const ClientQueue& queue(QueueId queue) const { return client_queues_[queue]; }
  /// What of it counts: type and limits, whoever declared it.
  const QueueSpec& limits(QueueId queue) const {
    return queue < of_scenario_ ? spec_->queues[queue] : client_queues_[queue].limits;
  }
  /// The scenario can take a queue or an exchange of its own away for a while.
  bool is_away(QueueId queue) const { return queues_[queue].away != 0; }
  bool is_exchange_away(ExchangeId exchange) const {
    return exchange < exchanges_away_.size() && exchanges_away_[exchange] != 0;
  }

  ExchangeId add_exchange(ClientExchange exchange);
  /// With its bindings in both directions. Exchanges that delete themselves with their last binding go with it.
  void remove_exchange(ExchangeId exchange);
  QueueId add_queue(ClientQueue queue, std::int64_t now);
  /// Its messages are gone, without dead letters. REQUIRES: no consumer, and no message of it in anybody's hand.
  void remove_queue(QueueId queue);
  /// Takes out what is ready; tells how much.
  std::uint32_t purge(QueueId queue);
  /// False: it is there already.
  bool bind(ExchangeId from, ClientBinding binding);
  /// Bindings of the scenario stay. False: there is none.
  bool unbind(ExchangeId from, const ClientBinding& binding);
  bool is_bound(ExchangeId exchange) const;
  /// The first queue of the scenario's that a message would reach; none: it reaches none of them.
  QueueId scenario_queue(ExchangeId exchange, std::string_view key, std::string_view headers) const;
  /// The same of any queue.
  QueueId first_queue(ExchangeId exchange, std::string_view key, std::string_view headers) const;
  /// The first queue that a simulated publish to this exchange of the specification reaches; none: no queue.
  QueueId first_queue_of(ExchangeId exchange, std::string_view key) const;
  /// How often a message has come back.
  std::uint32_t returns_of(MessageId message) const { return messages_[message].deliveries; }

  /// Through an exchange, as a client publishes. `headers`: the message's own, as a field table; of use to exchanges of
  /// type headers only.
  PublishOutcome publish(ExchangeId exchange, const MessageNote& note, std::string_view headers, PayloadId payload,
                         std::int64_t ttl, std::int64_t now);
  /// Takes the message at the head, as basic.get does.
  std::optional<Delivery> get(QueueId queue, bool no_ack, std::int64_t now);
  /// As subscribe(), for a client: in a group that shares a limit, or none.
  ConsumerId subscribe_client(QueueId queue, std::uint32_t prefetch, bool no_ack, std::int32_t priority,
                              std::uint32_t group);
  /// basic.cancel: nothing more is sent; what it has in hand stays there. RABBIT-026. Others are served after wake().
  void retire(ConsumerId consumer, std::int64_t now);
  std::uint32_t add_prefetch_group(std::uint32_t limit);
  void set_group(ConsumerId consumer, std::uint32_t group);
  void remove_group(std::uint32_t group) { free_groups_.push_back(group); }
  void set_group_limit(std::uint32_t group, std::uint32_t limit) { groups_[group].limit = limit; }
  /// Sends what can be sent: after a shared limit has got room.
  void wake(QueueId queue, std::int64_t now) { dispatch(queue, now); }
  /// A client acknowledges: effects say so.
  void settle(MessageId message, std::int64_t now);
  /// Several come back together, before anything is sent again. In the order of their delivery.
  void requeue_all(std::vector<MessageId> messages, Returned how, std::int64_t now);
  /// One that somebody has in hand is gone: its queue is deleted.
  void forget(MessageId message);

  /// Bytes of all bodies that clients have sent and that nobody has settled.
  std::uint64_t message_bytes() const { return message_bytes_; }
  /// Those in which something may expire, or which may themselves.
  const std::vector<QueueId>& timed_queues() const { return timed_queues_; }
  QueueId queue_of(MessageId message) const { return messages_[message].queue; }
  std::uint32_t consumers_of(QueueId queue) const {
    return static_cast<std::uint32_t>(queues_[queue].consumers.size());
  }
  const std::vector<ConsumerId>& consumers(QueueId queue) const { return queues_[queue].consumers; }
  std::uint32_t unacked_of(ConsumerId consumer) const { return consumers_[consumer].unacked; }
  /// What it carries for clients; for one that came before they did, what is known.
  MessageNote note(MessageId message) const;
  /// The same of one that receive() or get() has just taken and that is settled.
  const MessageNote& last_note() const { return last_note_; }
  void set_unused_since(QueueId queue, std::int64_t now) { client_queues_[queue].unused_since = now; }
  void set_exclusively_consumed(QueueId queue, bool is) { client_queues_[queue].exclusively_consumed = is; }
  void set_owner(QueueId queue, std::uint32_t client) { client_queues_[queue].owner = client; }

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
    std::uint32_t group = nil;              ///< Whose limit it shares.
    bool halted = false, cancelled = false, automatic = false, open = false;
    bool retired = false;  ///< A client's, and cancelled: its number is free once nothing is in its hand.
    bool of_client = false;
    std::uint8_t unused[2] = {};
  };
  /// A message on its way into a queue.
  struct Arriving {
    PayloadId payload = 0;
    std::uint32_t cause = 0;
    std::int64_t ttl = -1;
    DeathReason reason = DeathReason::none;
    QueueId from = 0;
    const MessageNote* note = nullptr;  ///< Clients will see it.
  };

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.messages_), f(self.queues_), f(self.consumers_), f(self.unroutable_), f(self.exchanges_away_);
    f(self.effects_), f(self.free_), f(self.deaths_), f(self.order_);
    f(self.vhosts_), f(self.client_exchanges_), f(self.client_queues_), f(self.exchanges_by_name_);
    f(self.queues_by_name_), f(self.free_exchanges_), f(self.free_queues_), f(self.timed_queues_),
        f(self.free_consumers_), f(self.notes_);
    f(self.groups_), f(self.free_groups_), f(self.cause_), f(self.last_note_), f(self.of_scenario_),
        f(self.message_bytes_);
  }

  // --- routing.cpp
  PublishOutcome put(QueueId queue, const Arriving& arriving, std::int64_t now);
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
  // --- client_topology.cpp
  void drop_bindings(bool to_exchange, std::uint32_t to);
  void delete_if_unbound(ExchangeId exchange);
  void add_predeclared(VhostId vhost);
  void add_queue_name(QueueId queue);
  void watch_time_of(QueueId queue);
  // --- client_routing.cpp
  void find_client_route(ExchangeId exchange, const MessageNote& note, std::string_view headers,
                         std::vector<QueueId>& reached) const;
  void add_bound_queues(ExchangeId exchange, std::string_view key, std::vector<QueueId>& reached) const;
  // --- client_messages.cpp
  MessageNote& note_of(MessageId message);
  void count_bytes(const Message& message, MessageId number, bool more);
  bool is_full(QueueId queue, const Arriving& arriving) const;
  bool is_too_full(QueueId queue) const;
  std::uint64_t rank(QueueId queue, const Arriving& arriving) const;
  void die_for_clients(MessageId message, DeathReason reason, std::int64_t now);
  void dead_letter(QueueId queue, const Message& message, MessageNote note, std::vector<Death> deaths,
                   DeathReason reason, std::int64_t now);
  // --- settling.cpp
  void give_back(MessageId message, Returned how, std::int64_t now);
  void give_back_all(ConsumerId consumer, bool also_handled, Returned how, std::int64_t now);
  void leave_consumer(MessageId message);
  void leave_line(ConsumerId consumer);
  void free_consumer(ConsumerId consumer);
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

  // For clients; empty before open_to_clients().
  std::uint32_t of_scenario_ = 0;  ///< Queues of the scenario: from the specification.
  std::uint32_t cause_ = 0;        ///< Record that is the cause of what clients publish.
  std::vector<Vhost> vhosts_;
  std::vector<ClientExchange> client_exchanges_;
  std::vector<ClientQueue> client_queues_;
  std::vector<ExchangeId> exchanges_by_name_;  ///< Sorted by vhost and name.
  std::vector<QueueId> queues_by_name_;
  std::vector<ExchangeId> free_exchanges_;
  std::vector<QueueId> free_queues_;
  std::vector<QueueId> timed_queues_;
  std::vector<ConsumerId> free_consumers_;
  std::vector<MessageNote> notes_;  ///< By message.
  std::vector<PrefetchGroup> groups_;
  std::vector<std::uint32_t> free_groups_;
  MessageNote last_note_;
  std::uint64_t message_bytes_ = 0;
};

/// Adds a line to x-death. Newest first; one line a queue and reason: RABBIT-053.
void add_death(std::vector<Death>& deaths, QueueId queue, DeathReason reason);

/// Whether a topic pattern (`*` one word, `#` any number) fits a routing key.
bool topic_matches(std::string_view pattern, std::string_view key);

}  // namespace premortem
