// Who is connected, and who carries out what they ask.

#include "sim/models/broker/broker_clients.hpp"

#include <algorithm>

namespace premortem {

using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;

namespace {

template <class Connections>
auto* by_number(Connections& all, ClientId client) {
  const auto at = std::lower_bound(all.begin(), all.end(), client,
                                   [](const ClientConnection& one, ClientId number) { return one.client < number; });
  return at == all.end() || at->client != client ? nullptr : &*at;
}

template <class Connection>
auto place_of(Connection& connection, std::uint16_t number) {
  return std::lower_bound(connection.channels.begin(), connection.channels.end(), number,
                          [](const ClientChannel& one, std::uint16_t wanted) { return one.number < wanted; });
}

template <class Connection>
auto* find_channel(Connection& connection, std::uint16_t number) {
  const auto at = place_of(connection, number);
  return at == connection.channels.end() || at->number != number ? nullptr : &*at;
}

}  // namespace

ClientConnection* BrokerClients::connection_of(ClientId client) { return by_number(connections_, client); }
const ClientConnection* BrokerClients::find_connection(ClientId client) const {
  return by_number(connections_, client);
}

ClientChannel* BrokerClients::channel_of(ClientId client, std::uint16_t channel) {
  ClientConnection* const connection = connection_of(client);
  return connection == nullptr ? nullptr : find_channel(*connection, channel);
}

const ClientChannel* BrokerClients::known_channel(ClientId client, std::uint16_t channel) const {
  const ClientConnection* const connection = find_connection(client);
  return connection == nullptr ? nullptr : find_channel(*connection, channel);
}

bool BrokerClients::owns(ConsumerId consumer) const {
  return consumer < subscriptions_.size() && subscriptions_[consumer].client != 0;
}

ClientEvent& BrokerClients::tell(const Call& call, ClientEvent::Kind kind) {
  ClientEvent& event = events_.emplace_back();
  event.kind = kind;
  event.client = call.connection.client;
  event.channel = call.channel.number;
  return event;
}

void BrokerClients::handle(Broker& broker, const BrokerRequest& request, PayloadId payload, std::int64_t now) {
  broker.open_to_clients();
  if (request.kind == Kind::connect || request.kind == Kind::disconnect) return handle_connection(broker, request, now);
  if (request.kind >= Kind::add_vhost) return handle_operator(broker, request, now);
  ClientConnection* const connection = connection_of(request.client);
  if (connection == nullptr || connection->broken) return;
  ClientChannel* channel = find_channel(*connection, request.channel);
  if (request.kind == Kind::open_channel && channel == nullptr && request.channel != 0) {
    channel = &*connection->channels.emplace(place_of(*connection, request.channel));
    channel->number = request.channel;
    Call call{broker, request, *connection, *channel, payload, now};
    tell(call, Told::channel_opened);
    return;
  }
  if (channel == nullptr)
    return fail_connection(broker, *connection, 504, "expected 'channel.open'", request.kind, now);
  if (request.kind == Kind::open_channel && !channel->broken)
    return fail_connection(broker, *connection, 504, "second 'channel.open' seen", request.kind, now);
  Call call{broker, request, *connection, *channel, payload, now};
  if (request.kind == Kind::close_channel) {
    if (!channel->broken) {  // Else it answers us.
      close_channel(broker, *connection, *channel, Returned::released, now);
      tell(call, Told::channel_closed);
    }
    connection->channels.erase(place_of(*connection, request.channel));
    return;
  }
  if (!channel->broken) handle_channel(call);
}

void BrokerClients::handle_connection(Broker& broker, const BrokerRequest& request, std::int64_t now) {
  ClientConnection* known = connection_of(request.client);
  if (request.kind == Kind::disconnect) {
    if (known == nullptr) return;
    close_connection(broker, *known, request.requeue ? Returned::lost : Returned::released, now);
    connections_.erase(connections_.begin() + (known - connections_.data()));
    return;
  }
  if (known != nullptr || request.client == 0) return;
  const auto after = std::upper_bound(connections_.begin(), connections_.end(), request.client,
                                      [](ClientId number, const ClientConnection& one) { return number < one.client; });
  ClientConnection& made = *connections_.emplace(after);
  made.client = request.client;
  made.user = request.name;
  made.name = request.text;
  made.knows_cancel = (request.number & 1) != 0;
  made.knows_blocked = (request.number & 2) != 0;
  made.vhost = broker.find_vhost(request.vhost);
  if (made.vhost == none)
    return fail_connection(broker, made, 530, "vhost " + std::string(request.vhost) + " not found", request.kind, now);
  tell_alarm(made);
}

void BrokerClients::handle_channel(Call& call) {
  switch (call.request.kind) {
    case Kind::declare_exchange:
      return declare_exchange(call);
    case Kind::delete_exchange:
      return delete_exchange(call);
    case Kind::bind_exchange:
    case Kind::unbind_exchange:
      return bind_exchange(call, call.request.kind == Kind::bind_exchange);
    case Kind::declare_queue:
      return declare_queue(call);
    case Kind::bind_queue:
    case Kind::unbind_queue:
      return bind_queue(call, call.request.kind == Kind::bind_queue);
    case Kind::purge_queue:
      return purge_queue(call);
    case Kind::delete_queue:
      return delete_queue(call);
    case Kind::qos:
      return qos(call);
    case Kind::consume:
      return consume(call);
    case Kind::cancel:
      return cancel(call);
    case Kind::publish:
      return publish(call);
    case Kind::get:
      return get(call);
    case Kind::ack:
    case Kind::nack:
    case Kind::reject:
      return settle(call);
    case Kind::recover:
      return recover(call);
    case Kind::confirm_select:
      if (call.channel.mode == ClientChannel::Mode::transacts)
        return fail(call, 406, "cannot switch from tx to confirm mode");
      call.channel.mode = ClientChannel::Mode::confirms;
      if (!call.request.no_wait) tell(call, Told::confirming);
      return;
    case Kind::tx_select:
      return select_transaction(call);
    case Kind::tx_commit:
      return commit(call);
    case Kind::tx_rollback:
      return roll_back(call);
    case Kind::flow:
      if (!call.request.global) return fail(call, 540, "active=false");
      tell(call, Told::flowing).redelivered = true;
      return;
    default:
      return;
  }
}

}  // namespace premortem
