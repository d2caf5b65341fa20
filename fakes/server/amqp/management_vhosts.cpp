// Vhosts: listing, making, deleting.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_client.hpp"
#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json vhost_json(const Call& call, VhostId vhost) {
  Json json;
  json["cluster_state"] = {{node_name, "running"}};
  json["default_queue_type"] = "classic";
  json["description"] = vhost == 0 ? "Default virtual host" : "";
  add_totals(call, vhost, json);
  json["metadata"] = {{"description", json["description"]}, {"tags", Json::array()}};
  json["name"] = call.vhost_name(vhost);
  json["tags"] = Json::array();
  json["tracing"] = false;
  return json;
}

HttpResponse change_vhost(const Call& call, BrokerRequest::Kind kind, const std::string& name) {
  const bool is_new = call.broker().find_vhost(name) == Broker::none;
  BrokerRequest request;
  request.kind = kind;
  request.name = name;
  if (is_new || kind == BrokerRequest::Kind::remove_vhost) operate(call.gateway, request);
  return made(is_new);
}

}  // namespace

HttpResponse answer_vhosts(const Call& call) {
  if (call.path.size() == 1) {
    if (!call.is("GET")) not_allowed();
    Json list = Json::array();
    for (VhostId vhost = 0; vhost < call.broker().vhosts().size(); ++vhost) {
      if (call.broker().vhosts()[vhost].there) list.push_back(vhost_json(call, vhost));
    }
    return listed(call, std::move(list));
  }
  if (call.path.size() == 3 && call.path[2] == "permissions") {
    Call of = call;
    of.path = {"permissions"};
    return answer_permissions(of);
  }
  if (call.path.size() != 2) not_found();
  const std::string& name = call.path[1];
  if (call.is("PUT")) {
    static_cast<void>(call.body());
    return change_vhost(call, BrokerRequest::Kind::add_vhost, name);
  }
  const VhostId vhost = call.vhost(1);
  if (call.is("GET")) return json_response(vhost_json(call, vhost));
  if (!call.is("DELETE")) not_allowed();
  if (vhost == 0) bad_request("the vhost / is the scenario's own and stays");
  return change_vhost(call, BrokerRequest::Kind::remove_vhost, name);
}

}  // namespace premortem::fakes::management
