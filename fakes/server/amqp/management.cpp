// Who may ask, and who answers what.

#include "fakes/server/amqp/management.hpp"

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"

namespace premortem::fakes {

namespace {

using namespace management;

struct Route {
  std::string_view word;
  HttpResponse (*answer)(const Call& call);
};

constexpr Route routes[] = {{"overview", answer_overview},
                            {"whoami", answer_whoami},
                            {"nodes", answer_nodes},
                            {"health", answer_health},
                            {"healthchecks", answer_health},
                            {"aliveness-test", answer_aliveness},
                            {"users", answer_users},
                            {"permissions", answer_permissions},
                            {"policies", answer_policies},
                            {"operator-policies", answer_policies},
                            {"parameters", answer_policies},
                            {"global-parameters", answer_policies},
                            {"vhosts", answer_vhosts},
                            {"queues", answer_queues},
                            {"exchanges", answer_exchanges},
                            {"bindings", answer_bindings},
                            {"connections", answer_connections},
                            {"channels", answer_channels},
                            {"consumers", answer_consumers},
                            {"definitions", answer_definitions},
                            {"topic-permissions", answer_policies}};

HttpResponse unauthorized() {
  HttpResponse response = http_error(401, "not_authorized", "Login failed");
  response.headers.emplace_back("www-authenticate", "Basic realm=\"RabbitMQ Management\"");
  return response;
}

}  // namespace

HttpResponse Management::answer(const HttpRequest& request) {
  const Machine* machine = pacer_.machine();
  if (machine == nullptr) return http_error(503, "not_running", "the run has not begun, or is over");
  if (request.path.size() < 2 || request.path[0] != "api") return http_error(404, "Object Not Found", "Not Found");
  const auto credentials = basic_credentials(request);
  if (!credentials || !gateway_.accepts(credentials->user, credentials->password)) return unauthorized();
  Call call{request, {request.path.begin() + 1, request.path.end()}, gateway_, spec_, *machine, credentials->user};
  while (!call.path.empty() && call.path.back().empty()) call.path.pop_back();  // "/api/vhosts/"
  try {
    for (const Route& route : routes) {
      if (!call.path.empty() && route.word == call.path.front()) return route.answer(call);
    }
    not_found();
  } catch (const Refusal& refusal) {
    return refusal.response();
  } catch (const nlohmann::json::exception& wrong) {  // A member of another type than it must have.
    return http_error(400, "bad_request", wrong.what());
  }
}

}  // namespace premortem::fakes
