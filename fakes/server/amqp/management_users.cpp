// Users, permissions and policies. Users are those that serve was started with, and may do everything; policies there
// are none. To change any of it is refused aloud.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json user_json(const std::string& name) {
  return {{"name", name},
          {"password_hash", ""},
          {"hashing_algorithm", "rabbit_password_hashing_sha256"},
          {"tags", {"administrator"}},
          {"limits", Json::object()}};
}

Json permission_json(const std::string& user, const std::string& vhost) {
  return {{"user", user}, {"vhost", vhost}, {"configure", ".*"}, {"write", ".*"}, {"read", ".*"}};
}

bool is_known(const Call& call, const std::string& name) {
  const std::vector<User>& users = call.gateway.users();
  return std::any_of(users.begin(), users.end(), [&](const User& one) { return one.first == name; });
}

bool allows_everything(const Json& how) {
  const auto all = [&](const char* which) { return how.value(which, std::string()) == ".*"; };
  return all("configure") && all("write") && all("read");
}

}  // namespace

HttpResponse answer_users(const Call& call) {
  if (!call.is("GET")) not_implemented("users are those that serve was started with: --user NAME:PASSWORD");
  if (call.path.size() == 1) {
    Json list = Json::array();
    for (const User& user : call.gateway.users()) list.push_back(user_json(user.first));
    return listed(call, std::move(list));
  }
  if (!is_known(call, call.path[1])) not_found();
  if (call.path.size() == 2) return json_response(user_json(call.path[1]));
  if (call.path.size() != 3 || call.path[2] != "permissions") not_found();
  Json list = Json::array();
  for (const Vhost& vhost : call.broker().vhosts()) {
    if (vhost.there) list.push_back(permission_json(call.path[1], vhost.name));
  }
  return listed(call, std::move(list));
}

HttpResponse answer_permissions(const Call& call) {
  if (call.path.size() == 1 && call.is("GET")) {
    Json list = Json::array();
    for (const User& user : call.gateway.users()) {
      for (const Vhost& vhost : call.broker().vhosts()) {
        if (vhost.there) list.push_back(permission_json(user.first, vhost.name));
      }
    }
    return listed(call, std::move(list));
  }
  if (call.path.size() != 3) not_found();
  static_cast<void>(call.vhost(1));
  if (!is_known(call, call.path[2])) not_found();
  if (call.is("GET")) return json_response(permission_json(call.path[2], call.path[1]));
  if (call.is("PUT") && allows_everything(call.body())) return made(false);
  not_implemented("permissions are not modelled: every user may do everything");
}

HttpResponse answer_policies(const Call& call) {
  const std::string& what = call.path.front();
  if (!call.is("GET")) not_implemented(what + " are not supported");
  if (call.path.size() > 2) not_found();
  return listed(call, Json::array());
}

}  // namespace premortem::fakes::management
