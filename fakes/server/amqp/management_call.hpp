#pragma once
// One request of the management API on its way, and what those who answer it share.

#include <exception>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "fakes/server/amqp/management.hpp"
#include "sim/models/broker/broker_clients.hpp"

namespace premortem::fakes::management {

/// Thrown by whoever cannot do what is asked: the answer that says so.
class Refusal final : public std::exception {
 public:
  explicit Refusal(HttpResponse response) : response_(std::move(response)) {}
  const HttpResponse& response() const { return response_; }

 private:
  HttpResponse response_;
};
[[noreturn]] void refuse(int status, std::string_view error, std::string_view reason);
[[noreturn]] void bad_request(std::string_view reason);
/// 404 as RabbitMQ words it.
[[noreturn]] void not_found();
/// 405
[[noreturn]] void not_allowed();
/// 501: RabbitMQ could, and we say aloud that we cannot.
[[noreturn]] void not_implemented(std::string_view reason);

struct Call {
  const HttpRequest& request;
  std::vector<std::string> path;  ///< Behind /api.
  AmqpGateway& gateway;
  const ManagementSpec& spec;
  const Machine& machine;
  std::string user;

  const Broker& broker() const;
  const BrokerClients& clients() const;
  bool is(std::string_view method) const { return request.method == method; }
  /// The body as an object; an empty one is an empty object. Refuses what is none.
  nlohmann::ordered_json body() const;
  bool flag(std::string_view parameter) const;

  /// What the path names at that place; refuses with 404 what is not there.
  VhostId vhost(std::size_t at) const;
  QueueId queue(VhostId vhost, std::size_t at) const;
  ExchangeId exchange(VhostId vhost, std::size_t at) const;
  const std::string& vhost_name(VhostId vhost) const;

  /// none: it is not there at present.
  QueueId find_queue(VhostId vhost, std::string_view name) const;
  ExchangeId find_exchange(VhostId vhost, std::string_view name) const;
  /// Those that are there, by vhost and name; of one vhost or, with none, of all.
  std::vector<QueueId> queues(VhostId of = Broker::none) const;
  std::vector<ExchangeId> exchanges(VhostId of = Broker::none) const;

  /// "127.0.0.1:54321 -> 127.0.0.1:5672", as RabbitMQ names connections.
  std::string connection_name(ClientId client) const;
};

/// The name under which the default exchange is asked for.
inline constexpr std::string_view default_exchange = "amq.default";
inline constexpr const char* node_name = "rabbit@localhost";

HttpResponse json_response(const nlohmann::ordered_json& body, int status = 200);
/// Without a body: 201 when something was made, else 204.
HttpResponse made(bool is_new);
/// A list, or the page of it that is asked for, and of that those with the asked-for name in theirs.
HttpResponse listed(const Call& call, nlohmann::ordered_json list);

// Who answers what: by the first word behind /api.
HttpResponse answer_overview(const Call& call);     // management_overview.cpp
HttpResponse answer_whoami(const Call& call);       // management_overview.cpp
HttpResponse answer_nodes(const Call& call);        // management_overview.cpp
HttpResponse answer_health(const Call& call);       // management_overview.cpp: health, healthchecks
HttpResponse answer_aliveness(const Call& call);    // management_overview.cpp
HttpResponse answer_users(const Call& call);        // management_users.cpp
HttpResponse answer_permissions(const Call& call);  // management_users.cpp
HttpResponse answer_policies(const Call& call);     // management_users.cpp
HttpResponse answer_vhosts(const Call& call);       // management_vhosts.cpp
HttpResponse answer_queues(const Call& call);       // management_queues.cpp
HttpResponse answer_exchanges(const Call& call);    // management_exchanges.cpp
HttpResponse answer_bindings(const Call& call);     // management_bindings.cpp
HttpResponse answer_connections(const Call& call);  // management_connections.cpp
HttpResponse answer_channels(const Call& call);     // management_connections.cpp
HttpResponse answer_consumers(const Call& call);    // management_connections.cpp
HttpResponse answer_definitions(const Call& call);  // management_definitions.cpp

// Parts of several answers.
HttpResponse publish_message(const Call& call, VhostId vhost, ExchangeId exchange);     // management_messages.cpp
HttpResponse get_messages(const Call& call, VhostId vhost, QueueId queue);              // management_messages.cpp
nlohmann::ordered_json queue_json(const Call& call, QueueId queue);                     // management_queues.cpp
nlohmann::ordered_json exchange_json(const Call& call, ExchangeId exchange);            // management_exchanges.cpp
nlohmann::ordered_json consumers_json(const Call& call, VhostId vhost, QueueId queue);  // management_connections.cpp
/// messages, messages_ready, messages_unacknowledged of all queues of a vhost, or of all.
void add_totals(const Call& call, VhostId of, nlohmann::ordered_json& to);  // management_queues.cpp
/// 201 or 204; refuses what the broker refuses.
bool declare_queue(const Call& call, const std::string& vhost, const std::string& name,
                   const nlohmann::ordered_json& how);
bool declare_exchange(const Call& call, const std::string& vhost, const std::string& name,
                      const nlohmann::ordered_json& how);

/// A binding as the API tells it.
struct Binding {
  VhostId vhost = 0;
  std::string source, destination, key, arguments;
  bool to_queue = true;

  bool operator==(const Binding&) const = default;
};
std::vector<Binding> all_bindings(const Call& call, VhostId of = Broker::none);  // management_bindings.cpp
nlohmann::ordered_json binding_json(const Call& call, const Binding& binding);
/// What is bound already stays as it is. Bindings of the scenario cannot be unbound: refused.
void set_binding(const Call& call, const Binding& binding, bool binds);

}  // namespace premortem::fakes::management
