// What fault rules do to clients: answers that the broker would not give by itself.

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;

bool BrokerClients::is_confirming(ClientId client, std::uint16_t channel) const {
  const ClientChannel* const known = known_channel(client, channel);
  return known != nullptr && !known->broken && known->mode == ClientChannel::Mode::confirms;
}

const UnackedDelivery* BrokerClients::unacked_delivery(ClientId client, std::uint16_t channel,
                                                       std::uint64_t tag) const {
  const ClientChannel* const known = known_channel(client, channel);
  if (known == nullptr) return nullptr;
  for (std::size_t at = known->first; at < known->unacked.size(); ++at) {
    const UnackedDelivery& one = known->unacked[at];
    if (one.settled == 0 && one.gone == 0 && (one.tag == tag || tag == 0)) return &one;
  }
  return nullptr;
}

void BrokerClients::leave_untold(ClientId client, std::uint16_t channel, std::uint64_t tag) {
  ClientChannel* const known = channel_of(client, channel);
  if (known == nullptr) return;
  for (std::size_t at = known->first; at < known->unacked.size(); ++at) {
    if (known->unacked[at].tag == tag) known->unacked[at].untold = 1;
  }
}

/// Codes 311 to 313 and 403 to 406 close the channel, all others the connection.
void BrokerClients::fail_by_rule(Broker& broker, const BrokerRequest& request, std::uint16_t code, std::string text,
                                 std::int64_t now) {
  ClientConnection* const connection = connection_of(request.client);
  if (connection == nullptr || connection->broken) return;
  ClientChannel* const channel = channel_of(request.client, request.channel);
  const bool soft = (code >= 311 && code <= 313) || (code >= 403 && code <= 406);
  if (soft && channel != nullptr) {
    if (!channel->broken) fail_channel(broker, *connection, *channel, code, std::move(text), request.kind, now);
    return;
  }
  fail_connection(broker, *connection, code, std::move(text), request.kind, now);
}

void BrokerClients::refuse_publish(const BrokerRequest& request) {
  ClientChannel* const channel = channel_of(request.client, request.channel);
  if (channel == nullptr || channel->mode != ClientChannel::Mode::confirms) return;
  ClientEvent& event = events_.emplace_back();
  event.kind = Told::nacked;
  event.client = request.client;
  event.channel = request.channel;
  event.tag = channel->next_confirm++;
}

void BrokerClients::swallow(const BrokerRequest& request) {
  ClientChannel* const channel = channel_of(request.client, request.channel);
  if (request.kind == Kind::publish && channel != nullptr && channel->mode == ClientChannel::Mode::confirms)
    ++channel->next_confirm;
}

void BrokerClients::publish_again(Broker& broker, const BrokerRequest& request, PayloadId payload, std::int64_t now) {
  ClientChannel* const channel = channel_of(request.client, request.channel);
  if (channel == nullptr || channel->broken) return;
  const ClientChannel::Mode mode = channel->mode;
  if (mode == ClientChannel::Mode::confirms) channel->mode = ClientChannel::Mode::plain;  // Confirmed once only.
  handle(broker, request, payload, now);
  if (ClientChannel* const still = channel_of(request.client, request.channel)) still->mode = mode;
}

void BrokerClients::cut(Broker& broker, ClientId client, std::int64_t now) {
  ClientConnection* const connection = connection_of(client);
  if (connection == nullptr || connection->broken) return;
  ClientEvent& event = events_.emplace_back();
  event.kind = Told::cut;
  event.client = client;
  close_connection(broker, *connection, Returned::lost, now);
  connections_.erase(connections_.begin() + (connection - connections_.data()));
}

}  // namespace premortem
