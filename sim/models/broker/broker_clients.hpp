#pragma once
// The broker as its clients see it: connections, channels, delivery tags, confirms, transactions, errors. A value, as
// all models; bytes are the business of fakes/wire.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/broker/broker.hpp"
#include "sim/models/broker/client_state.hpp"
#include "sim/models/broker/client_types.hpp"

namespace premortem {

class BrokerClients {
 public:
  /// Carries `request` out at `now` (ns since 1970). What the client is told stands in events(), what it meant for
  /// queues in broker.effects(). `payload`: what a publish carries; it stays the caller's. What events say of payloads
  /// is to be read before the effects are carried out: `left` may end them.
  void handle(Broker& broker, const BrokerRequest& request, PayloadId payload, std::int64_t now);

  /// Whether that subscription is a client's; else it is a simulated worker's.
  bool owns(ConsumerId consumer) const;
  /// Takes whatever the broker has sent to a client's subscription, and tells the client.
  void deliver(Broker& broker, ConsumerId consumer, std::int64_t now);

  /// When something happens next without being asked (messages and queues that expire, acknowledgements that are
  /// overdue); INT64_MAX: nothing will. Queues of a scenario have expirers of their own and do not count.
  std::int64_t next_timer(const Broker& broker) const;
  void advance(Broker& broker, std::int64_t now);

  /// What clients are to be told; the caller takes it away.
  std::vector<ClientEvent>& events() { return events_; }

  /// How long a delivery may stay unacknowledged: RABBIT-048. 0: for ever.
  void set_acknowledgement_timeout(std::int64_t nanoseconds) {
    timeout_ = nanoseconds;
    overdue_from_ = unacked_ == 0 ? INT64_MAX : INT64_MIN;  // Looked at anew.
  }

  // --- For fault rules (client_faults.cpp).
  bool is_confirming(ClientId client, std::uint16_t channel) const;
  /// The first unsettled delivery with that tag; tag 0: with any. Null: there is none. Valid until the next call.
  const UnackedDelivery* unacked_delivery(ClientId client, std::uint16_t channel, std::uint64_t tag) const;
  /// Its client is not told of that delivery, so that it owes nothing for it.
  void leave_untold(ClientId client, std::uint16_t channel, std::uint64_t tag);
  /// Closes the channel or, as the code has it, the connection, as if the broker had found something wrong.
  void fail_by_rule(Broker& broker, const BrokerRequest& request, std::uint16_t code, std::string text,
                    std::int64_t now);
  /// The publish counts, but is nacked. Nothing where the channel does not confirm.
  void refuse_publish(const BrokerRequest& request);
  /// The request counts, but nothing comes of it, and nobody is told.
  void swallow(const BrokerRequest& request);
  /// A second time, without a confirm of its own.
  void publish_again(Broker& broker, const BrokerRequest& request, PayloadId payload, std::int64_t now);
  /// The connection breaks; its client hears nothing but that.
  void cut(Broker& broker, ClientId client, std::int64_t now);

  // --- For an operator.
  /// connection_error 320 CONNECTION_FORCED with that reason.
  void close_client(Broker& broker, ClientId client, std::string_view reason, std::int64_t now);
  std::uint32_t purge(Broker& broker, QueueId queue) const { return broker.purge(queue); }
  /// Consumers are told; no dead letters. REQUIRES: it is no queue of the scenario.
  void delete_queue(Broker& broker, QueueId queue, std::int64_t now);
  /// Closes the connections to it. False: it is not there, or "/".
  bool delete_vhost(Broker& broker, std::string_view name, std::int64_t now);
  /// Memory or disk alarm: every connection hears of it, now or when it opens. An empty reason: it is over.
  void set_blocked(std::string_view reason);
  /// Why publishers have to wait; empty: they have not.
  const std::string& alarm() const { return blocked_; }

  // --- For a management interface and for diagnosis.
  const std::vector<ClientConnection>& connections() const { return connections_; }
  const ClientConnection* find_connection(ClientId client) const;
  const ClientChannel* known_channel(ClientId client, std::uint16_t channel) const;
  /// By ConsumerId; client 0: none of a client.
  const std::vector<Subscription>& subscriptions() const { return subscriptions_; }
  /// Whether that client has deliveries to settle, and which: "consumer amq.ctag-1 on channel 1: delivery 17
  /// unacknowledged".
  bool owes(ClientId client, std::string& why) const;

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  /// One request on its way.
  struct Call {
    Broker& broker;
    const BrokerRequest& request;
    ClientConnection& connection;
    ClientChannel& channel;
    PayloadId payload;
    std::int64_t now;
  };
  static constexpr std::uint32_t none = Broker::none;

  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.connections_), f(self.subscriptions_), f(self.timeout_), f(self.overdue_from_), f(self.made_),
        f(self.unacked_), f(self.blocked_);
  }

  // --- broker_clients.cpp
  ClientConnection* connection_of(ClientId client);
  void handle_connection(Broker& broker, const BrokerRequest& request, std::int64_t now);
  void handle_channel(Call& call);
  ClientEvent& tell(const Call& call, ClientEvent::Kind kind);
  // --- client_errors.cpp
  /// With the code's own name before the text. Whether channel or connection is closed, the code says.
  void fail(Call& call, std::uint16_t code, std::string text);
  void fail_channel(Broker& broker, ClientConnection& connection, ClientChannel& channel, std::uint16_t code,
                    std::string text, BrokerRequest::Kind request, std::int64_t now);
  void fail_connection(Broker& broker, ClientConnection& connection, std::uint16_t code, std::string text,
                       BrokerRequest::Kind request, std::int64_t now);
  void close_channel(Broker& broker, ClientConnection& connection, ClientChannel& channel, Returned how,
                     std::int64_t now);
  void close_connection(Broker& broker, ClientConnection& connection, Returned how, std::int64_t now);
  // --- client_exchanges.cpp
  void declare_exchange(Call& call);
  void delete_exchange(Call& call);
  void bind_exchange(Call& call, bool binds);
  bool same_exchange(Call& call, const ClientExchange& known);
  ExchangeId existing_exchange(Call& call, std::string_view name);
  std::string place_of_exchange(const Call& call, std::string_view name) const;
  // --- client_queues.cpp
  void declare_queue(Call& call);
  bool same_queue(Call& call, QueueId queue);
  void tell_declared(Call& call, QueueId queue);
  void bind_queue(Call& call, bool binds);
  void purge_queue(Call& call);
  void delete_queue(Call& call);
  QueueId existing_queue(Call& call, std::string_view name);
  std::string place_of_queue(const Call& call, std::string_view name) const;
  void fail_locked(Call& call, std::string_view name);
  void declare_reply_queue(Call& call);
  std::string_view queue_name(Call& call);
  // --- client_publishing.cpp
  void publish(Call& call);
  bool read_note(Call& call, MessageNote& note, std::string_view& headers, std::int64_t& ttl);
  void put(Call& call, ExchangeId exchange, const MessageNote& note, std::string_view headers, std::int64_t ttl,
           PayloadId payload, bool mandatory, std::uint64_t confirm);
  bool reply_directly(const MessageNote& note, PayloadId payload);
  bool finds_reply_token(std::string_view token) const;
  // --- client_consuming.cpp
  void qos(Call& call);
  void consume(Call& call);
  void consume_replies(Call& call, std::string tag);
  void cancel(Call& call);
  void get(Call& call);
  /// Nothing is sent to anybody yet: after_consumer() does, and deletes the queue if that was what it waited for.
  void end_subscription(Broker& broker, ClientChannel& channel, ConsumerId consumer, std::int64_t now);
  void after_consumer(Broker& broker, QueueId queue, std::int64_t now);
  void fail_global_qos(Call& call, QueueId queue);
  // --- client_headers.cpp
  void fill(ClientEvent& event, const Broker& broker, const Delivery& delivery, QueueId queue) const;
  ClientChannel* channel_of(ClientId client, std::uint16_t channel);
  // --- client_settling.cpp
  void settle(Call& call);
  void recover(Call& call);
  std::vector<UnackedDelivery> take_unacked(ClientChannel& channel, std::uint64_t tag, bool multiple);
  void add_unacked(ClientChannel& channel, UnackedDelivery delivery);
  void carry_out(Call& call, const std::vector<UnackedDelivery>& taken, BrokerRequest::Kind kind, bool requeue);
  void go_on(Call& call);
  // --- client_transactions.cpp
  void select_transaction(Call& call);
  void commit(Call& call);
  void roll_back(Call& call);
  void drop_transaction(Broker& broker, ClientChannel& channel);
  // --- client_operator.cpp
  void handle_operator(Broker& broker, const BrokerRequest& request, std::int64_t now);
  void end_queue(Broker& broker, QueueId queue, std::int64_t now);
  void tell_alarm(ClientConnection& connection);
  // --- client_timers.cpp
  std::int64_t overdue_at(const Broker& broker, const ClientChannel& channel) const;

  std::vector<ClientConnection> connections_;  ///< By number, ascending.
  std::vector<Subscription> subscriptions_;    ///< By ConsumerId.
  std::int64_t timeout_ = 1'800'000'000'000;   ///< 30 min: RABBIT-048.
  std::int64_t overdue_from_ = INT64_MAX;      ///< Before it no delivery is overdue; it may be too early.
  std::uint64_t made_ = 0;                     ///< Names of queues, tags and reply addresses that the broker made.
  std::uint64_t unacked_ = 0;                  ///< Deliveries that clients have to settle.
  std::string blocked_;                        ///< Why publishers are blocked; empty: they are not.
  std::vector<ClientEvent> events_;            ///< Taken away after each call: no state.
};

}  // namespace premortem
