// Bindings: those that clients made, those of the scenario, and each queue's own to the default exchange.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

/// Names a binding among those between the same two: its key, and something that tells its arguments apart.
std::string properties_key(const Binding& binding) {
  if (binding.arguments.empty()) return binding.key.empty() ? "~" : binding.key;
  static constexpr std::string_view digits = "0123456789abcdef";
  std::string text = binding.key + "~";
  std::uint64_t bits = hash_name(binding.arguments);
  for (int at = 0; at < 16; ++at, bits >>= 4) text += digits[static_cast<std::size_t>(bits & 15)];
  return text;
}

void add_bindings_of(const Call& call, ExchangeId number, std::vector<Binding>& all) {
  const Broker& broker = call.broker();
  const ClientExchange& exchange = broker.exchange(number);
  if (exchange.of_scenario) {
    for (const ExchangeSpec::Binding& one : call.machine.model().broker->exchanges[number].bindings)
      all.push_back({exchange.vhost, exchange.name, broker.queue(one.queue).name, one.pattern, "", true});
  }
  for (const ClientBinding& one : exchange.bindings) {
    const std::string& to = one.to_exchange ? broker.exchange(one.to).name : broker.queue(one.to).name;
    all.push_back({exchange.vhost, exchange.name, to, one.key, one.arguments, !one.to_exchange});
  }
}

Json bindings_json(const Call& call, const std::vector<Binding>& all) {
  Json list = Json::array();
  for (const Binding& one : all) list.push_back(binding_json(call, one));
  return list;
}

HttpResponse bind(const Call& call, Binding binding) {
  const Json how = call.body();
  binding.key = how.value("routing_key", "");
  binding.arguments = table_from(how.value("arguments", Json::object()));
  set_binding(call, binding, true);
  HttpResponse response = made(true);
  response.headers.emplace_back("location", binding.destination + "/" + properties_key(binding));
  return response;
}

/// Between an exchange and a queue or another exchange: /bindings/vhost/e/source/q/destination[/properties_key]
HttpResponse answer_between(const Call& call) {
  const VhostId vhost = call.vhost(1);
  if (call.path[2] != "e" || (call.path[4] != "q" && call.path[4] != "e")) not_found();
  Binding wanted;
  wanted.vhost = vhost;
  wanted.source = call.broker().exchange(call.exchange(vhost, 3)).name;
  wanted.to_queue = call.path[4] == "q";
  wanted.destination = wanted.to_queue ? call.broker().queue(call.queue(vhost, 5)).name
                                       : call.broker().exchange(call.exchange(vhost, 5)).name;
  if (call.path.size() == 6 && call.is("POST")) return bind(call, wanted);
  std::vector<Binding> between = all_bindings(call, vhost);
  std::erase_if(between, [&](const Binding& one) {
    return one.source != wanted.source || one.destination != wanted.destination || one.to_queue != wanted.to_queue;
  });
  if (call.path.size() == 6) {
    if (!call.is("GET")) not_allowed();
    return listed(call, bindings_json(call, between));
  }
  const auto at = std::find_if(between.begin(), between.end(),
                               [&](const Binding& one) { return properties_key(one) == call.path[6]; });
  if (at == between.end()) not_found();
  if (call.is("GET")) return json_response(binding_json(call, *at));
  if (!call.is("DELETE")) not_allowed();
  set_binding(call, *at, false);
  return made(false);
}

}  // namespace

std::vector<Binding> all_bindings(const Call& call, VhostId of) {
  std::vector<Binding> all;
  for (const QueueId queue : call.queues(of)) {
    const ClientQueue& known = call.broker().queue(queue);
    all.push_back({known.vhost, "", known.name, known.name, "", true});
  }
  for (const ExchangeId exchange : call.exchanges(of)) add_bindings_of(call, exchange, all);
  return all;
}

Json binding_json(const Call& call, const Binding& binding) {
  Json json;
  json["source"] = binding.source;
  json["vhost"] = call.vhost_name(binding.vhost);
  json["destination"] = binding.destination;
  json["destination_type"] = binding.to_queue ? "queue" : "exchange";
  json["routing_key"] = binding.key;
  json["arguments"] = table_json(binding.arguments);
  json["properties_key"] = properties_key(binding);
  return json;
}

void set_binding(const Call& call, const Binding& binding, bool binds) {
  using Kind = BrokerRequest::Kind;
  const auto is_there = [&] {
    const std::vector<Binding> all = all_bindings(call, binding.vhost);
    return std::find(all.begin(), all.end(), binding) != all.end();
  };
  if (binds && is_there()) return;
  BrokerRequest request;
  request.kind = binding.to_queue ? (binds ? Kind::bind_queue : Kind::unbind_queue)
                                  : (binds ? Kind::bind_exchange : Kind::unbind_exchange);
  request.name = binding.destination;
  request.exchange = binding.source;
  request.key = binding.key;
  request.arguments = binding.arguments;
  Client(call.gateway, call.user, call.vhost_name(binding.vhost)).ask(request);
  if (!binds && is_there()) bad_request("it is a binding of the scenario's own and stays");
}

HttpResponse answer_bindings(const Call& call) {
  if (call.path.size() >= 6 && call.path.size() <= 7) return answer_between(call);
  if (call.path.size() > 2) not_found();
  if (!call.is("GET")) not_allowed();
  return listed(call, bindings_json(call, all_bindings(call, call.path.size() == 2 ? call.vhost(1) : Broker::none)));
}

}  // namespace premortem::fakes::management
