// Queues: what they hold, declaring, deleting, emptying.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

void add_counts(std::uint64_t ready, std::uint64_t unacknowledged, Json& to) {
  to["messages"] = ready + unacknowledged;
  to["messages_ready"] = ready;
  to["messages_unacknowledged"] = unacknowledged;
}

HttpResponse delete_queue(const Call& call, const std::string& vhost, const std::string& name) {
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::delete_queue;
  request.name = name;
  request.if_unused = call.flag("if-unused");
  request.if_empty = call.flag("if-empty");
  Client(call.gateway, call.user, vhost).ask(request);
  return made(false);
}

HttpResponse answer_contents(const Call& call, const std::string& vhost, const std::string& name) {
  if (!call.is("DELETE")) not_allowed();
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::purge_queue;
  request.name = name;
  Client(call.gateway, call.user, vhost).ask(request);
  return made(false);
}

HttpResponse answer_bindings_of(const Call& call, VhostId vhost, const std::string& name) {
  Json list = Json::array();
  for (const Binding& binding : all_bindings(call, vhost)) {
    if (binding.to_queue && binding.destination == name) list.push_back(binding_json(call, binding));
  }
  return listed(call, std::move(list));
}

}  // namespace

Json queue_json(const Call& call, QueueId number) {
  const ClientQueue& queue = call.broker().queue(number);
  const QueueSpec& limits = call.broker().limits(number);
  Json json;
  json["arguments"] = table_json(queue.arguments);
  json["auto_delete"] = queue.auto_delete;
  json["consumer_capacity"] = 0;
  json["consumer_utilisation"] = 0;
  json["consumers"] = call.broker().consumers_of(number);
  json["durable"] = queue.durable;
  json["effective_policy_definition"] = Json::object();
  json["exclusive"] = queue.exclusive;
  add_counts(call.broker().ready(number), call.broker().unacked(number), json);
  json["name"] = queue.name;
  json["node"] = node_name;
  json["operator_policy"] = nullptr;
  if (queue.owner != 0) json["owner_pid_details"] = {{"name", call.connection_name(queue.owner)}};
  json["policy"] = nullptr;
  json["single_active_consumer_tag"] = nullptr;
  json["state"] = "running";
  json["type"] = limits.type == QueueSpec::Type::quorum ? "quorum" : "classic";
  json["vhost"] = call.vhost_name(queue.vhost);
  return json;
}

void add_totals(const Call& call, VhostId of, Json& to) {
  std::uint64_t ready = 0, unacknowledged = 0;
  for (const QueueId queue : call.queues(of)) {
    ready += call.broker().ready(queue);
    unacknowledged += call.broker().unacked(queue);
  }
  add_counts(ready, unacknowledged, to);
}

bool declare_queue(const Call& call, const std::string& vhost, const std::string& name, const Json& how) {
  const bool is_new = call.find_queue(call.broker().find_vhost(vhost), name) == Broker::none;
  const std::string arguments = table_from(how.value("arguments", Json::object()));
  BrokerRequest request;
  request.kind = BrokerRequest::Kind::declare_queue;
  request.name = name;
  request.durable = how.value("durable", true);
  request.auto_delete = how.value("auto_delete", false);
  request.exclusive = how.value("exclusive", false);
  request.arguments = arguments;
  Client(call.gateway, call.user, vhost).ask(request);
  return is_new;
}

HttpResponse answer_queues(const Call& call) {
  if (call.path.size() < 3) {
    if (!call.is("GET")) not_allowed();
    Json list = Json::array();
    for (const QueueId queue : call.queues(call.path.size() == 2 ? call.vhost(1) : Broker::none))
      list.push_back(queue_json(call, queue));
    return listed(call, std::move(list));
  }
  const VhostId vhost = call.vhost(1);
  const std::string &in = call.path[1], &name = call.path[2];
  if (call.path.size() == 3 && call.is("PUT")) return made(declare_queue(call, in, name, call.body()));
  const QueueId queue = call.queue(vhost, 2);
  if (call.path.size() == 3 && call.is("DELETE")) return delete_queue(call, in, name);
  if (call.path.size() == 3) {
    if (!call.is("GET")) not_allowed();
    Json json = queue_json(call, queue);
    json["consumer_details"] = consumers_json(call, vhost, queue);
    json["deliveries"] = json["incoming"] = Json::array();
    return json_response(json);
  }
  if (call.path.size() == 4 && call.path[3] == "contents") return answer_contents(call, in, name);
  if (call.path.size() == 4 && call.path[3] == "get") return get_messages(call, vhost, queue);
  if (call.path.size() == 4 && call.path[3] == "bindings") return answer_bindings_of(call, vhost, name);
  not_found();
}

}  // namespace premortem::fakes::management
