// Who is connected: connections, their channels, their consumers. Only real programs are; simulated consumers of a
// queue are counted with it, and stand in no list.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json details(const Call& call, const ClientConnection& connection) {
  return {{"name", call.connection_name(connection.client)},
          {"peer_host", call.spec.host},
          {"peer_port", call.gateway.peer_port(connection.client)}};
}

std::string channel_name(const Call& call, const ClientConnection& connection, std::uint16_t number) {
  return call.connection_name(connection.client) + " (" + std::to_string(number) + ")";
}

Json connection_json(const Call& call, const ClientConnection& connection) {
  Json json;
  json["auth_mechanism"] = "PLAIN";
  json["channel_max"] = call.spec.amqp.limits.channel_max;
  json["channels"] = connection.channels.size();
  json["client_properties"] = {
      {"connection_name", connection.name},
      {"capabilities",
       {{"consumer_cancel_notify", connection.knows_cancel}, {"connection.blocked", connection.knows_blocked}}}};
  json["frame_max"] = call.spec.amqp.limits.max_frame;
  json["host"] = call.spec.host;
  json["name"] = call.connection_name(connection.client);
  json["node"] = node_name;
  json["peer_host"] = call.spec.host;
  json["peer_port"] = call.gateway.peer_port(connection.client);
  json["port"] = call.spec.amqp_port;
  json["protocol"] = "AMQP 0-9-1";
  json["ssl"] = false;
  json["state"] = connection.told_blocked ? "blocked" : "running";
  json["type"] = "network";
  json["user"] = connection.user;
  json["user_provided_name"] = connection.name;
  json["user_who_performed_action"] = connection.user;
  json["vhost"] = call.vhost_name(connection.vhost);
  return json;
}

Json channel_json(const Call& call, const ClientConnection& connection, const ClientChannel& channel) {
  std::uint64_t unacknowledged = 0, held = 0;
  for (std::size_t at = channel.first; at < channel.unacked.size(); ++at)
    unacknowledged += channel.unacked[at].settled == 0 ? 1 : 0;
  for (const HeldSettling& one : channel.held_settlings) held += one.deliveries.size();
  Json json;
  json["acks_uncommitted"] = held;
  json["confirm"] = channel.mode == ClientChannel::Mode::confirms;
  json["connection_details"] = details(call, connection);
  json["consumer_count"] = channel.consumers.size();
  json["global_prefetch_count"] = 0;
  json["messages_unacknowledged"] = unacknowledged;
  json["messages_uncommitted"] = channel.held_publishes.size();
  json["messages_unconfirmed"] = 0;
  json["name"] = channel_name(call, connection, channel.number);
  json["node"] = node_name;
  json["number"] = channel.number;
  json["prefetch_count"] = channel.prefetch;
  json["state"] = "running";
  json["transactional"] = channel.mode == ClientChannel::Mode::transacts;
  json["user"] = connection.user;
  json["vhost"] = call.vhost_name(connection.vhost);
  return json;
}

Json consumer_json(const Call& call, const ClientConnection& connection, const Subscription& consumer) {
  const ClientQueue& queue = call.broker().queue(consumer.queue);
  Json json;
  json["ack_required"] = !consumer.no_ack;
  json["active"] = true;
  json["activity_status"] = "up";
  json["arguments"] = table_json(consumer.arguments);
  json["channel_details"] = {{"connection_name", call.connection_name(connection.client)},
                             {"name", channel_name(call, connection, consumer.channel)},
                             {"node", node_name},
                             {"number", consumer.channel},
                             {"peer_host", call.spec.host},
                             {"peer_port", call.gateway.peer_port(connection.client)},
                             {"user", connection.user}};
  json["consumer_tag"] = consumer.tag;
  json["exclusive"] = consumer.exclusive;
  json["prefetch_count"] = consumer.prefetch;
  json["queue"] = {{"name", queue.name}, {"vhost", call.vhost_name(queue.vhost)}};
  return json;
}

/// The connection of that name; refuses with 404.
const ClientConnection& named(const Call& call, const std::string& name) {
  for (const ClientConnection& connection : call.clients().connections()) {
    if (!connection.broken && call.connection_name(connection.client) == name) return connection;
  }
  not_found();
}

void add_channels(const Call& call, const ClientConnection& connection, Json& list) {
  for (const ClientChannel& channel : connection.channels) {
    if (!channel.broken) list.push_back(channel_json(call, connection, channel));
  }
}

HttpResponse close(const Call& call, const ClientConnection& connection) {
  const std::string given(call.request.header("X-Reason"));
  const std::string reason = given.empty() ? "Closed via management plugin" : given;
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::force_close;
  request.number = connection.client;
  request.text = reason;
  operate(call.gateway, request);
  return made(false);
}

}  // namespace

Json consumers_json(const Call& call, VhostId vhost, QueueId queue) {
  Json list = Json::array();
  for (const Subscription& consumer : call.clients().subscriptions()) {
    const ClientConnection* connection = call.clients().find_connection(consumer.client);
    if (connection == nullptr || connection->broken) continue;
    if (vhost != Broker::none && connection->vhost != vhost) continue;
    if (queue != Broker::none && consumer.queue != queue) continue;
    list.push_back(consumer_json(call, *connection, consumer));
  }
  return list;
}

HttpResponse answer_connections(const Call& call) {
  if (call.path.size() == 1) {
    if (!call.is("GET")) not_allowed();
    Json list = Json::array();
    for (const ClientConnection& connection : call.clients().connections()) {
      if (!connection.broken) list.push_back(connection_json(call, connection));
    }
    return listed(call, std::move(list));
  }
  const ClientConnection& connection = named(call, call.path[1]);
  if (call.path.size() == 3 && call.path[2] == "channels") {
    Json list = Json::array();
    add_channels(call, connection, list);
    return listed(call, std::move(list));
  }
  if (call.path.size() != 2) not_found();
  if (call.is("DELETE")) return close(call, connection);
  if (!call.is("GET")) not_allowed();
  return json_response(connection_json(call, connection));
}

HttpResponse answer_channels(const Call& call) {
  if (!call.is("GET")) not_allowed();
  Json list = Json::array();
  for (const ClientConnection& connection : call.clients().connections()) {
    if (!connection.broken) add_channels(call, connection, list);
  }
  if (call.path.size() == 1) return listed(call, std::move(list));
  for (const Json& channel : list) {
    if (call.path.size() == 2 && channel["name"] == call.path[1]) return json_response(channel);
  }
  not_found();
}

HttpResponse answer_consumers(const Call& call) {
  if (call.path.size() > 2) not_found();
  if (!call.is("GET")) not_allowed();
  return listed(call, consumers_json(call, call.path.size() == 2 ? call.vhost(1) : Broker::none, Broker::none));
}

}  // namespace premortem::fakes::management
