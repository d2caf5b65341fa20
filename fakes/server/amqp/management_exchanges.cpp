// Exchanges, and what is bound to them.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

/// `source`: of what comes from it; else of what comes to it.
HttpResponse answer_bindings_of(const Call& call, VhostId vhost, const std::string& name, bool source) {
  Json list = Json::array();
  for (const Binding& binding : all_bindings(call, vhost)) {
    if (source ? binding.source == name : !binding.to_queue && binding.destination == name)
      list.push_back(binding_json(call, binding));
  }
  return listed(call, std::move(list));
}

HttpResponse delete_exchange(const Call& call, const std::string& vhost, const std::string& name) {
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::delete_exchange;
  request.name = name;
  request.if_unused = call.flag("if-unused");
  Client(call.gateway, call.user, vhost).ask(request);
  return made(false);
}

}  // namespace

Json exchange_json(const Call& call, ExchangeId number) {
  const ClientExchange& exchange = call.broker().exchange(number);
  Json json;
  json["arguments"] = table_json(exchange.arguments);
  json["auto_delete"] = exchange.auto_delete;
  json["durable"] = exchange.durable;
  json["internal"] = exchange.internal;
  json["name"] = exchange.name;
  json["type"] = type_name(exchange.type);
  json["user_who_performed_action"] = exchange.predeclared ? "rmq-internal" : call.gateway.users().front().first;
  json["vhost"] = call.vhost_name(exchange.vhost);
  return json;
}

bool declare_exchange(const Call& call, const std::string& vhost, const std::string& name, const Json& how) {
  const bool is_new = call.find_exchange(call.broker().find_vhost(vhost), name) == Broker::none;
  const std::string arguments = table_from(how.value("arguments", Json::object()));
  const std::string type = how.value("type", "direct");
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::declare_exchange;
  request.name = name;
  request.text = type;
  request.durable = how.value("durable", true);
  request.auto_delete = how.value("auto_delete", false);
  request.internal = how.value("internal", false);
  request.arguments = arguments;
  Client(call.gateway, call.user, vhost).ask(request);
  return is_new;
}

HttpResponse answer_exchanges(const Call& call) {
  if (call.path.size() < 3) {
    if (!call.is("GET")) not_allowed();
    Json list = Json::array();
    for (const ExchangeId exchange : call.exchanges(call.path.size() == 2 ? call.vhost(1) : Broker::none))
      list.push_back(exchange_json(call, exchange));
    return listed(call, std::move(list));
  }
  const VhostId vhost = call.vhost(1);
  const std::string& in = call.path[1];
  const std::string name = call.path[2] == default_exchange ? "" : call.path[2];
  if (call.path.size() == 3 && call.is("PUT")) return made(declare_exchange(call, in, name, call.body()));
  const ExchangeId exchange = call.exchange(vhost, 2);
  if (call.path.size() == 3 && call.is("DELETE")) return delete_exchange(call, in, name);
  if (call.path.size() == 3) {
    if (!call.is("GET")) not_allowed();
    return json_response(exchange_json(call, exchange));
  }
  if (call.path.size() == 4 && call.path[3] == "publish") return publish_message(call, vhost, exchange);
  if (call.path.size() == 5 && call.path[3] == "bindings" && call.path[4] == "source")
    return answer_bindings_of(call, vhost, name, true);
  if (call.path.size() == 5 && call.path[3] == "bindings" && call.path[4] == "destination")
    return answer_bindings_of(call, vhost, name, false);
  not_found();
}

}  // namespace premortem::fakes::management
