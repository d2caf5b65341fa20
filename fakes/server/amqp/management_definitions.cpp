// Everything that is declared, as one document, out and in.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json picked(const Json& from, std::initializer_list<const char*> members) {
  Json json;
  for (const char* member : members) json[member] = from[member];
  return json;
}

/// `of`: one vhost, whose things then do not name it; none: all.
Json definitions(const Call& call, VhostId of) {
  Json json;
  const std::string version(version_text(call.spec.amqp.version));
  json["rabbit_version"] = version;
  json["rabbitmq_version"] = version;
  json["product_name"] = "RabbitMQ";
  json["product_version"] = version;
  if (of == Broker::none) {
    for (const char* list : {"users", "vhosts", "permissions", "topic_permissions", "global_parameters"})
      json[list] = Json::array();
    for (const User& user : call.gateway.users())
      json["users"].push_back({{"name", user.first}, {"password_hash", ""}, {"tags", {"administrator"}}});
    for (const Vhost& vhost : call.broker().vhosts()) {
      if (vhost.there) json["vhosts"].push_back({{"name", vhost.name}});
    }
  }
  for (const char* list : {"parameters", "policies", "queues", "exchanges", "bindings"}) json[list] = Json::array();
  for (const QueueId queue : call.queues(of)) {
    if (call.broker().queue(queue).exclusive) continue;
    json["queues"].push_back(picked(queue_json(call, queue), {"name", "vhost", "durable", "auto_delete", "arguments"}));
  }
  for (const ExchangeId exchange : call.exchanges(of)) {
    if (call.broker().exchange(exchange).predeclared) continue;
    json["exchanges"].push_back(picked(exchange_json(call, exchange),
                                       {"name", "vhost", "type", "durable", "auto_delete", "internal", "arguments"}));
  }
  for (const Binding& binding : all_bindings(call, of)) {
    if (binding.source.empty()) continue;
    json["bindings"].push_back(picked(binding_json(call, binding), {"source", "vhost", "destination",
                                                                    "destination_type", "routing_key", "arguments"}));
  }
  if (of == Broker::none) return json;
  for (const char* list : {"queues", "exchanges", "bindings"}) {
    for (Json& one : json[list]) one.erase("vhost");
  }
  return json;
}

const Json& list_of(const Json& document, const char* name) {
  static const Json none = Json::array();
  const auto found = document.find(name);
  return found == document.end() ? none : *found;
}

/// Calls f(thing, its vhost) for each; refuses things of a vhost that is not there.
template <class F>
void each_of(const Call& call, const Json& document, const char* list, const std::string& of, F&& f) {
  for (const Json& one : list_of(document, list)) {
    const std::string vhost = of.empty() ? one.at("vhost").get<std::string>() : of;
    if (call.broker().find_vhost(vhost) == Broker::none) bad_request("the vhost " + vhost + " does not exist");
    f(one, vhost);
  }
}

HttpResponse take_in(const Call& call, const std::string& of) {
  const Json document = call.body();
  for (const char* unsupported : {"policies", "parameters"}) {
    if (!list_of(document, unsupported).empty()) not_implemented(std::string(unsupported) + " are not supported");
  }
  for (const Json& vhost : list_of(document, "vhosts")) {
    const auto name = vhost.at("name").get<std::string>();
    BrokerRequest request;
    request.kind = BrokerRequest::Kind::add_vhost;
    request.name = name;
    if (call.broker().find_vhost(name) == Broker::none) operate(call.gateway, request);
  }
  each_of(call, document, "exchanges", of, [&](const Json& one, const std::string& vhost) {
    declare_exchange(call, vhost, one.at("name").get<std::string>(), one);
  });
  each_of(call, document, "queues", of, [&](const Json& one, const std::string& vhost) {
    declare_queue(call, vhost, one.at("name").get<std::string>(), one);
  });
  each_of(call, document, "bindings", of, [&](const Json& one, const std::string& vhost) {
    Binding binding;
    binding.vhost = call.broker().find_vhost(vhost);
    binding.source = one.at("source").get<std::string>();
    binding.destination = one.at("destination").get<std::string>();
    binding.to_queue = one.value("destination_type", std::string("queue")) == "queue";
    binding.key = one.value("routing_key", std::string());
    binding.arguments = table_from(one.value("arguments", Json::object()));
    set_binding(call, binding, true);
  });
  return made(false);
}

}  // namespace

HttpResponse answer_definitions(const Call& call) {
  if (call.path.size() > 2) not_found();
  const VhostId of = call.path.size() == 2 ? call.vhost(1) : Broker::none;
  if (call.is("GET")) return json_response(definitions(call, of));
  if (!call.is("POST")) not_allowed();
  return take_in(call, call.path.size() == 2 ? call.path[1] : "");
}

}  // namespace premortem::fakes::management
