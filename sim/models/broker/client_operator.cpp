// What an operator does, and what a queue's end means for those who use it.

#include <algorithm>

#include "sim/models/broker/broker_clients.hpp"

namespace premortem {

using Kind = BrokerRequest::Kind;
using Told = ClientEvent::Kind;

/// Consumers are cancelled (RABBIT-025), what somebody has in hand belongs to nobody any more.
void BrokerClients::end_queue(Broker& broker, QueueId queue, std::int64_t now) {
  while (broker.consumers_of(queue) != 0) {
    const ConsumerId consumer = broker.consumers(queue).front();
    const Subscription ended = subscriptions_[consumer];
    ClientChannel* const channel = channel_of(ended.client, ended.channel);
    deliver(broker, consumer, now);
    end_subscription(broker, *channel, consumer, now);
    const ClientConnection* const connection = find_connection(ended.client);
    if (!connection->knows_cancel || connection->broken || channel->broken) continue;
    ClientEvent& event = events_.emplace_back();
    event.kind = Told::cancelled_by_us;
    event.client = ended.client;
    event.channel = ended.channel;
    event.text = ended.tag;
  }
  const auto forget = [&](UnackedDelivery& one) {
    if (one.settled != 0 || one.gone != 0 || broker.queue_of(one.message) != queue) return;
    broker.forget(one.message);
    one.gone = 1;
  };
  for (ClientConnection& connection : connections_) {
    for (ClientChannel& channel : connection.channels) {
      std::for_each(channel.unacked.begin(), channel.unacked.end(), forget);
      for (HeldSettling& held : channel.held_settlings)
        std::for_each(held.deliveries.begin(), held.deliveries.end(), forget);
    }
  }
  broker.remove_queue(queue);
}

void BrokerClients::handle_operator(Broker& broker, const BrokerRequest& request, std::int64_t now) {
  if (request.kind == Kind::add_vhost && broker.find_vhost(request.name) == none) {
    broker.add_vhost(request.name);
  } else if (request.kind == Kind::remove_vhost) {
    delete_vhost(broker, request.name, now);
  } else if (request.kind == Kind::force_close) {
    close_client(broker, request.number, request.text, now);
  } else if (request.kind == Kind::set_alarm) {
    set_blocked(request.text);
  }
}

void BrokerClients::delete_queue(Broker& broker, QueueId queue, std::int64_t now) { end_queue(broker, queue, now); }

void BrokerClients::close_client(Broker& broker, ClientId client, std::string_view reason, std::int64_t now) {
  ClientConnection* const connection = connection_of(client);
  if (connection == nullptr || connection->broken) return;
  fail_connection(broker, *connection, 320, std::string(reason), Kind::count_of_kinds, now);
}

bool BrokerClients::delete_vhost(Broker& broker, std::string_view name, std::int64_t now) {
  const VhostId vhost = broker.find_vhost(name);
  if (vhost == none || name == "/") return false;
  for (ClientConnection& connection : connections_) {
    if (connection.vhost != vhost || connection.broken) continue;
    fail_connection(broker, connection, 320, "vhost '" + std::string(name) + "' is deleted", Kind::count_of_kinds, now);
  }
  for (QueueId queue = 0; queue < broker.queues().size(); ++queue) {
    if (broker.queue(queue).there && broker.queue(queue).vhost == vhost) end_queue(broker, queue, now);
  }
  broker.remove_vhost(vhost);
  return true;
}

void BrokerClients::set_blocked(std::string_view reason) {
  blocked_ = reason;
  for (ClientConnection& connection : connections_) {
    if (!connection.broken) tell_alarm(connection);
  }
}

/// Whether it understands that or not: whoever publishes has to wait. RABBIT-064
void BrokerClients::tell_alarm(ClientConnection& connection) {
  const bool blocked = !blocked_.empty();
  if (connection.told_blocked == blocked) return;
  connection.told_blocked = blocked;
  ClientEvent& event = events_.emplace_back();
  event.kind = blocked ? Told::blocked : Told::unblocked;
  event.client = connection.client;
  event.text = blocked_;
}

bool BrokerClients::owes(ClientId client, std::string& why) const {
  const ClientConnection* const connection = find_connection(client);
  if (connection == nullptr) return false;
  for (const ClientChannel& channel : connection->channels) {
    for (std::size_t at = channel.first; at < channel.unacked.size(); ++at) {
      const UnackedDelivery& one = channel.unacked[at];
      if (one.settled != 0 || one.gone != 0 || one.untold != 0) continue;
      const bool known = one.consumer < subscriptions_.size() && subscriptions_[one.consumer].client == client;
      why = (known ? "consumer " + subscriptions_[one.consumer].tag + " on channel " : "channel ") +
            std::to_string(channel.number) + ": delivery " + std::to_string(one.tag) + " unacknowledged";
      return true;
    }
  }
  return false;
}

}  // namespace premortem
