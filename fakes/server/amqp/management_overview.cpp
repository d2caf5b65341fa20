// What the broker as a whole is, and whether it is well.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json object_totals(const Call& call) {
  std::size_t connections = 0, channels = 0, consumers = 0;
  for (const ClientConnection& connection : call.clients().connections()) {
    if (connection.broken) continue;
    ++connections;
    channels += connection.channels.size();
  }
  for (const QueueId queue : call.queues()) consumers += call.broker().consumers_of(queue);
  return {{"channels", channels},
          {"connections", connections},
          {"consumers", consumers},
          {"exchanges", call.exchanges().size()},
          {"queues", call.queues().size()}};
}

Json listener(const Call& call, const char* protocol, std::uint16_t port) {
  return {{"node", node_name}, {"protocol", protocol}, {"ip_address", call.spec.host}, {"port", port}};
}

Json node_json(const Call& call) {
  return {{"name", node_name},        {"type", "disc"},
          {"running", true},          {"mem_alarm", !call.clients().alarm().empty()},
          {"disk_free_alarm", false}, {"partitions", Json::array()},
          {"being_drained", false},   {"applications", Json::array()}};
}

}  // namespace

HttpResponse answer_overview(const Call& call) {
  if (!call.is("GET")) not_allowed();
  const std::string version(version_text(call.spec.amqp.version));
  Json json;
  json["management_version"] = version;
  json["rates_mode"] = "none";
  json["exchange_types"] = Json::array();
  using enum ClientExchange::Type;
  for (const ClientExchange::Type type : {direct, fanout, headers, topic})
    json["exchange_types"].push_back({{"name", type_name(type)}, {"enabled", true}});
  json["product_version"] = version;
  json["product_name"] = "RabbitMQ";
  json["rabbitmq_version"] = version;
  json["cluster_name"] = call.spec.amqp.cluster_name;
  json["disable_stats"] = false;
  json["enable_queue_totals"] = false;
  json["message_stats"] = Json::object();
  json["queue_totals"] = Json::object();
  add_totals(call, Broker::none, json["queue_totals"]);
  json["object_totals"] = object_totals(call);
  json["statistics_db_event_queue"] = 0;
  json["node"] = node_name;
  json["listeners"] = {listener(call, "amqp", call.spec.amqp_port), listener(call, "http", call.spec.port)};
  json["contexts"] = Json::array();
  return json_response(json);
}

HttpResponse answer_whoami(const Call& call) {
  if (!call.is("GET")) not_allowed();
  return json_response({{"name", call.user}, {"tags", {"administrator"}}, {"is_internal_user", true}});
}

HttpResponse answer_nodes(const Call& call) {
  if (!call.is("GET")) not_allowed();
  if (call.path.size() == 1) return json_response(Json::array({node_json(call)}));
  if (call.path.size() > 2 || call.path[1] != node_name) not_found();
  return json_response(node_json(call));
}

/// All is well but for the memory alarm.
HttpResponse answer_health(const Call& call) {
  if (!call.is("GET")) not_allowed();
  const bool checks = call.path.front() == "health" && call.path.size() >= 3 && call.path[1] == "checks";
  const bool node = call.path.front() == "healthchecks" && call.path.size() >= 2 && call.path[1] == "node";
  if (!checks && !node) not_found();
  const std::string& what = call.path.size() >= 3 ? call.path[2] : call.path.back();
  if ((what == "alarms" || what == "local-alarms") && !call.clients().alarm().empty()) {
    HttpResponse alarmed =
        json_response({{"status", "failed"}, {"reason", "There are alarms in effect in the cluster"}});
    alarmed.status = 503;
    return alarmed;
  }
  return json_response({{"status", "ok"}});
}

/// As RabbitMQ has it: a message through a queue of its own.
HttpResponse answer_aliveness(const Call& call) {
  if (!call.is("GET")) not_allowed();
  if (call.path.size() != 2) not_found();
  const std::string& vhost = call.vhost_name(call.vhost(1));
  Client client(call.gateway, call.user, vhost);
  BrokerRequest request;
  request.name = request.key = "aliveness-test";
  request.kind = BrokerRequest::Kind::declare_queue;
  client.ask(request);
  request.kind = BrokerRequest::Kind::publish;
  request.body = "test_message";
  client.ask(request);
  request.kind = BrokerRequest::Kind::get;
  request.no_ack = true;
  const std::vector<Client::Told> answer = client.ask(request);
  if (answer.empty() || answer.front().event.kind != ClientEvent::Kind::got)
    return http_error(500, "aliveness-test failed", "the message did not come back");
  return json_response({{"status", "ok"}});
}

}  // namespace premortem::fakes::management
