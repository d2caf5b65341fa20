// How everything stands at this instant.

#include <nlohmann/json.hpp>

#include "fakes/server/control.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/model_names.hpp"

namespace premortem::fakes::control {

using Json = nlohmann::ordered_json;

namespace {

Json systems(const Machine& machine) {
  Json list = Json::array();
  for (std::size_t number = 0; number < machine.model().components.size(); ++number) {
    const auto& system = machine.model().components[number];
    const ComponentState& state = machine.world().components[number];
    list.push_back({{"name", system.name},
                    {"is", name_of(system.kind)},
                    {"on", state.on != 0},
                    {"up", state.up != 0},
                    {"paused", state.paused != 0},
                    {"external", system.external}});
  }
  return list;
}

Json queues(const Broker& broker) {
  Json list = Json::array();
  for (QueueId number = 0; number < broker.queues().size(); ++number) {
    const ClientQueue& queue = broker.queue(number);
    if (!queue.there || broker.is_away(number)) continue;
    list.push_back({{"name", queue.name},
                    {"vhost", broker.vhosts()[queue.vhost].name},
                    {"ready", broker.ready(number)},
                    {"unacked", broker.unacked(number)},
                    {"consumers", broker.consumers_of(number)}});
  }
  return list;
}

Json channel_json(const BrokerClients& clients, const ClientChannel& channel) {
  Json consumers = Json::array(), owes = Json::array();
  for (const ConsumerId consumer : channel.consumers) consumers.push_back(clients.subscriptions()[consumer].tag);
  for (std::size_t at = channel.first; at < channel.unacked.size(); ++at) {
    const UnackedDelivery& delivery = channel.unacked[at];
    if (delivery.settled == 0 && delivery.gone == 0) owes.push_back(delivery.tag);
  }
  return {{"number", channel.number}, {"consumers", std::move(consumers)}, {"owes", std::move(owes)}};
}

Json connections(const World& world) {
  Json list = Json::array();
  for (const ClientConnection& connection : world.clients.connections()) {
    if (connection.broken) continue;
    Json channels = Json::array();
    for (const ClientChannel& channel : connection.channels) {
      if (!channel.broken) channels.push_back(channel_json(world.clients, channel));
    }
    list.push_back({{"client", connection.client},
                    {"name", connection.name},
                    {"user", connection.user},
                    {"vhost", world.broker.vhosts()[connection.vhost].name},
                    {"channels", std::move(channels)}});
  }
  return list;
}

}  // namespace

HttpResponse answer_state(const Machine& machine, const Pacer& pacer) {
  Json json;
  json["now"] = instant_text(pacer.now());
  json["systems"] = systems(machine);
  json["queues"] = queues(machine.world().broker);
  json["connections"] = connections(machine.world());
  HttpResponse response;
  response.body = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

}  // namespace premortem::fakes::control
