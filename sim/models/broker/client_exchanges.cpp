// What clients do with exchanges.

#include "sim/models/broker/broker_clients.hpp"
#include "sim/models/broker/client_names.hpp"
#include "sim/models/broker/queue_arguments.hpp"

namespace premortem {

using Told = ClientEvent::Kind;
using Type = ClientExchange::Type;

ExchangeId BrokerClients::existing_exchange(Call& call, std::string_view name) {
  const ExchangeId exchange = call.broker.find_exchange(call.connection.vhost, name);
  if (exchange != none && !call.broker.is_exchange_away(exchange)) return exchange;
  fail(call, 404, "no " + exchange_place(call.broker, call.connection.vhost, name));
  return none;
}

bool BrokerClients::same_exchange(Call& call, const ClientExchange& known) {
  const BrokerRequest& request = call.request;
  const std::string where = exchange_place(call.broker, call.connection.vhost, request.name);
  const auto differs = [&](const std::string& what, std::string_view received, std::string_view current) {
    if (received == current) return false;
    fail(call, 406,
         "inequivalent arg '" + what + "' for " + where + ": received '" + std::string(received) +
             "' but current is '" + std::string(current) + "'");
    return true;
  };
  if (differs("type", request.text, type_name(known.type)) ||
      differs("durable", truth(request.durable), truth(known.durable)) ||
      differs("auto_delete", truth(request.auto_delete), truth(known.auto_delete)) ||
      differs("internal", truth(request.internal), truth(known.internal))) {
    return false;
  }
  std::string other =
      inequivalent_argument(decode_table(request.arguments).value_or(FieldTable{}),
                            decode_table(known.arguments).value_or(FieldTable{}), where, known.of_scenario);
  if (other.empty()) return true;
  fail(call, 406, std::move(other));
  return false;
}

std::string bad_match(std::string_view arguments) {
  const std::optional<TableValue> match = find_field(arguments, "x-match");
  if (!match) return {};
  if (match->type != 'S') return "Invalid x-match field type " + std::string(type_name(*match)) + "; expected longstr";
  for (const char* known : {"all", "any", "all-with-x", "any-with-x"}) {
    if (match->text == known) return {};
  }
  return "Invalid x-match field value <<\"" + match->text + "\">>; expected all, any, all-with-x, or any-with-x";
}

void BrokerClients::declare_exchange(Call& call) {
  const BrokerRequest& request = call.request;
  const std::string name(request.name);
  if (request.passive) {
    if (existing_exchange(call, name) != none && !request.no_wait) tell(call, Told::exchange_declared);
    return;
  }
  const std::optional<Type> type = exchange_type(request.text);
  if (!type) {
    const bool old = call.broker.version() < 4000;
    return fail(call, old ? 503 : 406, "unknown exchange type '" + std::string(request.text) + "'");
  }
  if (name.empty()) return fail(call, 403, "operation not permitted on the default exchange");
  const ExchangeId known = call.broker.find_exchange(call.connection.vhost, name);
  if (known != none) {
    if (call.broker.is_exchange_away(known)) return fail(call, 404, "no " + place_of_exchange(call, name));
    if (same_exchange(call, call.broker.exchange(known)) && !request.no_wait) tell(call, Told::exchange_declared);
    return;
  }
  if (name.rfind("amq.", 0) == 0)
    return fail(call, 403, "exchange name '" + name + "' contains reserved prefix 'amq.*'");
  const auto arguments = decode_table(request.arguments);
  if (!arguments) return fail(call, 502, "the arguments are no field table");
  ClientExchange made;
  if (const TableValue* alternate = find_field(*arguments, "alternate-exchange")) {
    if (alternate->type != 'S') {
      return fail(call, 406,
                  "invalid arg 'alternate-exchange' for " + place_of_exchange(call, name) +
                      ": \"expected longstr, got " + std::string(type_name(*alternate)) + "\"");
    }
    made.has_alternate = true;
    made.alternate = alternate->text;
  }
  made.name = name;
  made.arguments = request.arguments;
  made.vhost = call.connection.vhost;
  made.type = *type;
  made.durable = request.durable;
  made.auto_delete = request.auto_delete;
  made.internal = request.internal;
  call.broker.add_exchange(std::move(made));
  if (!request.no_wait) tell(call, Told::exchange_declared);
}

void BrokerClients::delete_exchange(Call& call) {
  const std::string name(call.request.name);
  if (name.empty()) return fail(call, 403, "operation not permitted on the default exchange");
  const ExchangeId exchange = call.broker.find_exchange(call.connection.vhost, name);
  if (exchange != none) {
    const ClientExchange& known = call.broker.exchange(exchange);
    if (known.predeclared)
      return fail(call, 403, "deletion of system " + place_of_exchange(call, name) + " not allowed");
    if (known.of_scenario)
      return fail(call, 403, place_of_exchange(call, name) + " belongs to the scenario and cannot be deleted");
    if (call.request.if_unused && call.broker.is_bound(exchange))
      return fail(call, 406, place_of_exchange(call, name) + " in use");
    call.broker.remove_exchange(exchange);
  }
  if (!call.request.no_wait) tell(call, Told::exchange_deleted);
}

void BrokerClients::bind_exchange(Call& call, bool binds) {
  const BrokerRequest& request = call.request;
  if (request.name.empty() || request.exchange.empty())
    return fail(call, 403, "operation not permitted on the default exchange");
  const ExchangeId to = existing_exchange(call, request.name);
  if (to == none) return;
  const ExchangeId from = existing_exchange(call, request.exchange);
  if (from == none) return;
  if (binds && call.broker.exchange(from).type == ClientExchange::Type::headers) {
    if (std::string bad = bad_match(request.arguments); !bad.empty()) return fail(call, 406, std::move(bad));
  }
  ClientBinding binding{to, true, std::string(request.key), std::string(request.arguments)};
  if (binds) {
    call.broker.bind(from, std::move(binding));
  } else {
    call.broker.unbind(from, binding);
  }
  if (!request.no_wait) tell(call, binds ? Told::exchange_bound : Told::exchange_unbound);
}

std::string BrokerClients::place_of_exchange(const Call& call, std::string_view name) const {
  return exchange_place(call.broker, call.connection.vhost, name);
}

}  // namespace premortem
