#pragma once
// A broker with clients, as a story writes it: it pretends to be the Machine. Payloads are letters; what clients are
// told becomes lines, as "1.1 delivered t #1 A".

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/field_table.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;
using Lines = std::vector<std::string>;

/// Properties as they go over the wire, from those that the broker reads.
struct Properties {
  std::string headers = {};
  int delivery_mode = -1, priority = -1;
  std::string reply_to = {}, expiration = {}, user = {};

  std::string bytes() const {
    unsigned flags = 0;
    std::string out;
    if (!headers.empty()) {
      flags |= 1U << 13;
      const auto size = static_cast<unsigned>(headers.size());
      out += {static_cast<char>(size >> 24), static_cast<char>(size >> 16), static_cast<char>(size >> 8),
              static_cast<char>(size)};
      out += headers;
    }
    if (delivery_mode >= 0) flags |= 1U << 12, out += static_cast<char>(delivery_mode);
    if (priority >= 0) flags |= 1U << 11, out += static_cast<char>(priority);
    const auto text = [&](unsigned bit, const std::string& value) {
      if (value.empty()) return;
      flags |= 1U << bit;
      out += static_cast<char>(value.size());
      out += value;
    };
    text(9, reply_to), text(8, expiration), text(4, user);
    return std::string{static_cast<char>(flags >> 8), static_cast<char>(flags)} + out;
  }
};

class RabbitWithClients {
 public:
  explicit RabbitWithClients(int version = 4200, std::vector<QueueSpec> queues = {},
                             std::vector<ExchangeSpec> exchanges = {})
      : broker(std::make_shared<const BrokerSpec>(BrokerSpec{std::move(queues), std::move(exchanges), version})) {}

  /// A connection with channel 1 open; nothing of it among the lines.
  ClientId client(std::uint32_t abilities = 3) {
    BrokerRequest request;
    request.kind = Kind::connect;
    request.client = ++clients_made;
    request.vhost = "/";
    request.name = "guest";
    request.number = abilities;
    ask(request);
    open(clients_made, 1);
    told();
    return clients_made;
  }
  void open(ClientId client, std::uint16_t channel) { ask(client, channel, Kind::open_channel); }

  void ask(const BrokerRequest& request, char letter = 0) {
    clients.handle(broker, request, static_cast<PayloadId>(letter), now);
    carry_out();
  }
  template <class Fill>
  void ask(ClientId client, std::uint16_t channel, Kind kind, Fill&& fill) {
    BrokerRequest request;
    request.kind = kind;
    request.client = client;
    request.channel = channel;
    fill(request);
    ask(request);
  }
  void ask(ClientId client, std::uint16_t channel, Kind kind) {
    ask(client, channel, kind, [](BrokerRequest&) {});
  }

  void queue(ClientId client, const std::string& name, const FieldTable& arguments = {}) {
    const std::string table = encode_table(arguments);
    ask(client, 1, Kind::declare_queue,
        [&](BrokerRequest& r) { r.name = name, r.durable = true, r.arguments = table; });
  }
  void exchange(ClientId client, const std::string& name, const std::string& type, const FieldTable& arguments = {}) {
    const std::string table = encode_table(arguments);
    ask(client, 1, Kind::declare_exchange,
        [&](BrokerRequest& r) { r.name = name, r.text = type, r.durable = true, r.arguments = table; });
  }
  void bind(ClientId client, const std::string& name, const std::string& exchange, const std::string& key,
            const FieldTable& arguments = {}) {
    const std::string table = encode_table(arguments);
    ask(client, 1, Kind::bind_queue,
        [&](BrokerRequest& r) { r.name = name, r.exchange = exchange, r.key = key, r.arguments = table; });
  }
  /// Each letter is a message.
  void publish(ClientId client, const std::string& letters, const std::string& key, const std::string& exchange = "",
               const Properties& properties = {}, bool mandatory = false, std::uint16_t channel = 1) {
    const std::string bytes = properties.bytes();
    for (const char letter : letters) {
      BrokerRequest request;
      request.kind = Kind::publish;
      request.client = client;
      request.channel = channel;
      request.key = key;
      request.exchange = exchange;
      request.properties = bytes;
      request.mandatory = mandatory;
      request.body = "1234567890";
      ask(request, letter);
    }
  }
  void consume(ClientId client, const std::string& queue, const std::string& tag, std::uint16_t channel = 1,
               bool no_ack = false, const FieldTable& arguments = {}) {
    const std::string table = encode_table(arguments);
    ask(client, channel, Kind::consume,
        [&](BrokerRequest& r) { r.name = queue, r.text = tag, r.no_ack = no_ack, r.arguments = table; });
  }
  void prefetch(ClientId client, std::uint32_t count, bool global = false, std::uint16_t channel = 1) {
    ask(client, channel, Kind::qos, [&](BrokerRequest& r) { r.number = count, r.global = global; });
  }
  void get(ClientId client, const std::string& queue, bool no_ack = false) {
    ask(client, 1, Kind::get, [&](BrokerRequest& r) { r.name = queue, r.no_ack = no_ack; });
  }
  void settle(ClientId client, Kind kind, std::uint64_t tag, bool multiple = false, bool requeue = false,
              std::uint16_t channel = 1) {
    ask(client, channel, kind, [&](BrokerRequest& r) { r.tag = tag, r.multiple = multiple, r.requeue = requeue; });
  }
  void ack(ClientId client, std::uint64_t tag, bool multiple = false) { settle(client, Kind::ack, tag, multiple); }
  void advance(std::int64_t to) {
    now = to;
    clients.advance(broker, now);
    carry_out();
  }

  /// What clients were told since it was last asked.
  Lines told() { return std::exchange(lines, {}); }
  /// The letters of what was delivered or fetched since then, redelivered ones in small.
  std::string letters() {
    std::string all;
    for (const ClientEvent& event : std::exchange(heard, {})) {
      if (event.kind == Told::delivered || event.kind == Told::got)
        all += static_cast<char>(event.payload + (event.redelivered ? 32 : 0));
    }
    lines.clear();
    return all;
  }
  std::string lies(const std::string& name) const {
    std::string all;
    const QueueId queue = broker.find_queue(0, name);
    for (const MessageId message : broker.peek(queue)) all += static_cast<char>(broker.payload(message));
    return all;
  }

  Broker broker;
  BrokerClients clients;
  std::int64_t now = 0;
  ClientId clients_made = 0;
  Lines lines;
  std::vector<ClientEvent> heard;
  std::vector<Effect> effects;  ///< All of them.
  std::int64_t references = 0;  ///< To payloads that queues and transactions hold.

 private:
  void carry_out() {
    for (std::size_t at = 0; at < broker.effects().size(); ++at) {
      const Effect effect = broker.effects()[at];
      effects.push_back(effect);
      if (effect.kind == EffectKind::delivered && clients.owns(effect.consumer))
        clients.deliver(broker, effect.consumer, now);
      if (effect.kind == EffectKind::enqueued || effect.kind == EffectKind::kept) ++references;
      if (effect.kind == EffectKind::left || effect.kind == EffectKind::given_back) --references;
    }
    broker.effects().clear();
    for (const ClientEvent& event : clients.events()) lines.push_back(line_of(event)), heard.push_back(event);
    clients.events().clear();
  }
  static std::string line_of(const ClientEvent& event);
};

inline std::string RabbitWithClients::line_of(const ClientEvent& event) {
  static const char* const names[] = {"channel_opened",
                                      "channel_closed",
                                      "exchange_declared",
                                      "exchange_deleted",
                                      "exchange_bound",
                                      "exchange_unbound",
                                      "queue_declared",
                                      "queue_bound",
                                      "queue_unbound",
                                      "queue_purged",
                                      "queue_deleted",
                                      "qos_set",
                                      "consuming",
                                      "cancelled",
                                      "cancelled_by_us",
                                      "delivered",
                                      "got",
                                      "got_nothing",
                                      "returned",
                                      "acked",
                                      "nacked",
                                      "recovered",
                                      "confirming",
                                      "tx_selected",
                                      "tx_committed",
                                      "tx_rolled_back",
                                      "flowing",
                                      "channel_error",
                                      "connection_error",
                                      "blocked",
                                      "unblocked"};
  std::string line = std::to_string(event.client) + "." + std::to_string(event.channel) + " " +
                     names[static_cast<std::size_t>(event.kind)];
  if (event.code != 0) line += " " + std::to_string(event.code);
  if (!event.text.empty()) line += " " + event.text;
  if (event.tag != 0) line += " #" + std::to_string(event.tag);
  if (event.kind == Told::queue_declared)
    line += " " + std::to_string(event.count) + "/" + std::to_string(event.consumers);
  if (event.kind == Told::queue_purged || event.kind == Told::queue_deleted || event.kind == Told::got)
    line += " " + std::to_string(event.count);
  if (event.payload != 0) line += std::string(" ") + static_cast<char>(event.payload);
  if (event.redelivered && event.kind != Told::flowing) line += " again";
  return line;
}

}  // namespace premortem::testing
