#pragma once
// What a client of the broker asks, and what the broker tells it: AMQP 0-9-1 as RabbitMQ reads it, without bytes,
// sockets or clock. Sources: protocols.md, A.2 to A.4; RABBIT-001 to RABBIT-063.

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/models/broker/broker_types.hpp"

namespace premortem {

using ClientId = std::uint32_t;  ///< A connection. Numbered by whoever accepts it, from 1; 0: none. Never used again.

/// One request of a client. A flat record, so that a served session can be kept and run again: which members mean
/// something is said at each kind. The texts must live as long as the call that is given them.
struct BrokerRequest {
  enum class Kind : std::uint8_t {
    connect,           ///< vhost, name = user, text = the connection's own name. `number` bit 0: it understands
                       ///< consumer_cancel_notify; bit 1: connection.blocked.
    disconnect,        ///< The connection is over: in good order, or, with `requeue`, it was lost.
    open_channel,      ///< channel
    close_channel,     ///< channel: by its client
    declare_exchange,  ///< name, text = type, passive, durable, auto_delete, internal, no_wait, arguments
    delete_exchange,   ///< name, if_unused, no_wait
    bind_exchange,     ///< name = destination, exchange = source, key, no_wait, arguments
    unbind_exchange,   ///< the same
    declare_queue,     ///< name (empty: the broker makes one), passive, durable, exclusive, auto_delete, no_wait,
                       ///< arguments
    bind_queue,  ///< name (empty: the last declared on this channel, here and below), exchange, key, no_wait, arguments
    unbind_queue,    ///< name, exchange, key, arguments
    purge_queue,     ///< name, no_wait
    delete_queue,    ///< name, if_unused, if_empty, no_wait
    qos,             ///< number = prefetch count, global
    consume,         ///< name, text = consumer tag (empty: the broker makes one), no_local, no_ack, exclusive, no_wait,
                     ///< arguments
    cancel,          ///< text = consumer tag, no_wait
    publish,         ///< exchange, key, mandatory, properties, body
    get,             ///< name, no_ack
    ack,             ///< tag, multiple
    nack,            ///< tag, multiple, requeue
    reject,          ///< tag, requeue
    recover,         ///< requeue; no_wait: recover-async
    confirm_select,  ///< no_wait
    tx_select,
    tx_commit,
    tx_rollback,
    flow,           ///< global = active
    exited,         ///< Nothing that a client asks: the program behind it has ended. number = exit code, text = signal.
    add_vhost,      ///< An operator's, here and below: no client has to be connected, and nobody is answered. name
    remove_vhost,   ///< name; with its connections
    force_close,    ///< number = the connection's client, text = reason: 320 CONNECTION_FORCED
    set_alarm,      ///< text = why publishers are to wait, "low on memory"; empty: they need not any more
    add_rule,       ///< Not for the broker, here and below: a fault rule comes into force. name, body = what it says
    remove_rule,    ///< name
    store_client,   ///< A client of a document store, here and below: channel = the store. It calls itself `text`.
    store_command,  ///< body = a command as BSON, tag = its number, no_wait: nobody waits for an answer.
    store_gone,     ///< The connection is over.
    call_service,   ///< A call of a service's operation: name = the service, key = the operation, body = a JSON object,
                    ///< tag = the call's number, text = as what the caller calls itself.
    count_of_kinds
  };
  Kind kind = Kind::connect;
  ClientId client = 0;
  std::uint16_t channel = 0;  ///< The connection's own number, from 1; 0: the connection as a whole.
  bool passive = false, durable = false, exclusive = false, auto_delete = false, internal = false, no_wait = false;
  bool if_unused = false, if_empty = false, no_local = false, no_ack = false, mandatory = false;
  bool multiple = false, requeue = false, global = false;
  std::uint32_t number = 0;
  std::uint64_t tag = 0;
  std::string_view vhost, name, exchange, key, text;
  std::string_view arguments;   ///< A field table as it goes over the wire, without its length.
  std::string_view properties;  ///< Of a publish: property flags and properties as they go over the wire.
  std::string_view body;
};

/// What a client is told, in the order in which it is to hear it. Answers to requests and what comes unasked are one
/// stream.
struct ClientEvent {
  enum class Kind : std::uint8_t {
    channel_opened,
    channel_closed,  ///< Answer to close_channel.
    exchange_declared,
    exchange_deleted,
    exchange_bound,
    exchange_unbound,
    queue_declared,  ///< text = name, count = messages ready, consumers
    queue_bound,
    queue_unbound,
    queue_purged,   ///< count
    queue_deleted,  ///< count
    qos_set,
    consuming,        ///< text = consumer tag
    cancelled,        ///< text = consumer tag: answer to cancel.
    cancelled_by_us,  ///< text = consumer tag: the queue is gone. RABBIT-025. Only to those who understand it.
    delivered,        ///< text = consumer tag, tag, redelivered, exchange, key, and what `message` says
    got,              ///< tag, redelivered, exchange, key, count = messages left, and what `message` says
    got_nothing,
    returned,  ///< code, text = why, exchange, key, payload
    acked,     ///< tag, multiple: publisher confirm.
    nacked,    ///< tag, multiple
    recovered,
    confirming,
    tx_selected,
    tx_committed,
    tx_rolled_back,
    flowing,           ///< redelivered = active
    channel_error,     ///< code, text: the channel is closed by the broker; `request` = what brought it about.
    connection_error,  ///< the same for the whole connection, channel 0.
    blocked,           ///< text = reason
    unblocked,
    cut  ///< The connection is to break, without a word.
  };
  Kind kind = Kind::channel_opened;
  ClientId client = 0;
  std::uint16_t channel = 0;
  std::uint16_t code = 0;  ///< AMQP's reply code.
  bool multiple = false, redelivered = false;
  /// For errors: the culprit. count_of_kinds: nothing that the client asked (a time-out, an operator).
  BrokerRequest::Kind request = BrokerRequest::Kind::count_of_kinds;
  std::uint32_t count = 0, consumers = 0;
  std::uint64_t tag = 0;
  std::string text, exchange, key;
  PayloadId payload = 0;             ///< What the message carries. Not kept: valid until the next call.
  std::uint32_t delivery_count = 0;  ///< Quorum queues: how often it has come back; -> x-delivery-count.
  bool has_delivery_count = false;   ///< Whether that header is there at all.
  /// x-death and its kin as an encoded field table (as in BrokerRequest::arguments) that takes the place of the same
  /// names among the message's own headers; empty: nothing to add.
  std::string added_headers;
  bool without_expiration = false;  ///< The property `expiration` was taken away when it was dead-lettered.
  bool without_bcc = false;         ///< The header BCC is for the broker alone.
  std::string reply_to;             ///< Takes the place of the property `reply_to`; empty: it stays.

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.kind), f(self.client), f(self.channel), f(self.code), f(self.multiple), f(self.redelivered);
    f(self.request), f(self.count), f(self.consumers), f(self.tag), f(self.text), f(self.exchange), f(self.key);
    f(self.payload), f(self.delivery_count), f(self.has_delivery_count), f(self.added_headers);
    f(self.without_expiration), f(self.without_bcc), f(self.reply_to);
  }
};

}  // namespace premortem
