// What the answers of the management API have in common: refusals, lists, and finding what a path names.

#include "fakes/server/amqp/management_call.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "sim/models/machine.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

void refuse(int status, std::string_view error, std::string_view reason) {
  throw Refusal(http_error(status, error, reason));
}
void bad_request(std::string_view reason) { refuse(400, "bad_request", reason); }
void not_found() { refuse(404, "Object Not Found", "Not Found"); }
void not_allowed() { refuse(405, "Method Not Allowed", "Method Not Allowed"); }
void not_implemented(std::string_view reason) { refuse(501, "not_implemented", reason); }

const Broker& Call::broker() const { return machine.world().broker; }
const BrokerClients& Call::clients() const { return machine.world().clients; }

Json Call::body() const {
  if (request.body.empty()) return Json::object();
  Json parsed = Json::parse(request.body, nullptr, false);
  if (!parsed.is_object()) refuse(400, "not_json", "the body is no JSON object");
  return parsed;
}

bool Call::flag(std::string_view parameter) const { return request.parameter(parameter).value_or("") == "true"; }

VhostId Call::vhost(std::size_t at) const {
  const VhostId found = at < path.size() ? broker().find_vhost(path[at]) : Broker::none;
  if (found == Broker::none) not_found();
  return found;
}

QueueId Call::queue(VhostId of, std::size_t at) const {
  const QueueId found = find_queue(of, path.at(at));
  if (found == Broker::none) not_found();
  return found;
}

ExchangeId Call::exchange(VhostId of, std::size_t at) const {
  const ExchangeId found = find_exchange(of, path.at(at) == default_exchange ? "" : path[at]);
  if (found == Broker::none) not_found();
  return found;
}

const std::string& Call::vhost_name(VhostId vhost) const { return broker().vhosts()[vhost].name; }

QueueId Call::find_queue(VhostId vhost, std::string_view name) const {
  const QueueId found = broker().find_queue(vhost, name);
  return found == Broker::none || broker().is_away(found) ? Broker::none : found;
}

ExchangeId Call::find_exchange(VhostId vhost, std::string_view name) const {
  const ExchangeId found = broker().find_exchange(vhost, name);
  return found == Broker::none || broker().is_exchange_away(found) ? Broker::none : found;
}

namespace {

/// Of `all` those that are there, sorted as RabbitMQ lists them.
template <class Things, class IsAway>
std::vector<std::uint32_t> there(const Broker& broker, const Things& all, VhostId of, const IsAway& is_away) {
  std::vector<std::uint32_t> found;
  for (std::uint32_t number = 0; number < all.size(); ++number) {
    if (all[number].there && !is_away(number) && (of == Broker::none || all[number].vhost == of))
      found.push_back(number);
  }
  const std::vector<Vhost>& vhosts = broker.vhosts();
  std::sort(found.begin(), found.end(), [&](std::uint32_t left, std::uint32_t right) {
    if (all[left].vhost != all[right].vhost) return vhosts[all[left].vhost].name < vhosts[all[right].vhost].name;
    return all[left].name < all[right].name;
  });
  return found;
}

std::size_t number_of(const HttpRequest& request, std::string_view parameter, std::size_t otherwise) {
  const auto given = request.parameter(parameter);
  if (!given) return otherwise;
  std::size_t number = 0;
  const auto [end, wrong] = std::from_chars(given->data(), given->data() + given->size(), number);
  if (wrong != std::errc() || end != given->data() + given->size() || number == 0)
    bad_request(std::string(parameter) + " is no positive number");
  return number;
}

}  // namespace

std::vector<QueueId> Call::queues(VhostId of) const {
  return there(broker(), broker().queues(), of, [&](QueueId queue) { return broker().is_away(queue); });
}

std::vector<ExchangeId> Call::exchanges(VhostId of) const {
  return there(broker(), broker().exchanges(), of,
               [&](ExchangeId exchange) { return broker().is_exchange_away(exchange); });
}

std::string Call::connection_name(ClientId client) const {
  const std::uint16_t peer = gateway.peer_port(client);
  const std::string from = peer == 0 ? "client " + std::to_string(client) : spec.host + ":" + std::to_string(peer);
  return from + " -> " + spec.host + ":" + std::to_string(spec.amqp_port);
}

HttpResponse json_response(const Json& body, int status) {
  HttpResponse response;
  response.status = status;
  response.body = body.dump(-1, ' ', false, Json::error_handler_t::replace);
  return response;
}

HttpResponse made(bool is_new) {
  HttpResponse response;
  response.status = is_new ? 201 : 204;
  return response;
}

HttpResponse listed(const Call& call, Json list) {
  if (!call.request.parameter("page")) return json_response(list);
  const std::size_t page = number_of(call.request, "page", 1);
  const std::size_t size = std::min<std::size_t>(number_of(call.request, "page_size", 100), 500);
  const std::size_t total = list.size();
  Json kept = Json::array();
  const std::string_view name = call.request.parameter("name").value_or("");
  for (Json& one : list) {
    if (name.empty() || one.value("name", std::string()).find(name) != std::string::npos)
      kept.push_back(std::move(one));
  }
  const std::size_t pages = std::max<std::size_t>((kept.size() + size - 1) / size, 1);
  if (page > pages) refuse(400, "page_out_of_range", "page " + std::to_string(page) + " of " + std::to_string(pages));
  Json items = Json::array();
  for (std::size_t at = (page - 1) * size; at < std::min(page * size, kept.size()); ++at) items.push_back(kept[at]);
  Json answer;
  answer["filtered_count"] = kept.size();
  answer["item_count"] = items.size();
  answer["items"] = std::move(items);
  answer["page"] = page;
  answer["page_count"] = pages;
  answer["page_size"] = size;
  answer["total_count"] = total;
  return json_response(answer);
}

}  // namespace premortem::fakes::management
