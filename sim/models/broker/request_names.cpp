#include "sim/models/broker/request_names.hpp"

#include <algorithm>
#include <iterator>

namespace premortem {

namespace {
constexpr std::string_view names[] = {"connect",
                                      "disconnect",
                                      "open-channel",
                                      "close-channel",
                                      "declare-exchange",
                                      "delete-exchange",
                                      "bind-exchange",
                                      "unbind-exchange",
                                      "declare-queue",
                                      "bind-queue",
                                      "unbind-queue",
                                      "purge-queue",
                                      "delete-queue",
                                      "qos",
                                      "consume",
                                      "cancel",
                                      "publish",
                                      "get",
                                      "ack",
                                      "nack",
                                      "reject",
                                      "recover",
                                      "confirm-select",
                                      "tx-select",
                                      "tx-commit",
                                      "tx-rollback",
                                      "flow",
                                      "exited",
                                      "add-vhost",
                                      "remove-vhost",
                                      "force-close",
                                      "set-alarm",
                                      "add-rule",
                                      "remove-rule",
                                      "store-client",
                                      "store-command",
                                      "store-gone",
                                      "call-service"};
static_assert(std::size(names) == static_cast<std::size_t>(BrokerRequest::Kind::count_of_kinds));

constexpr std::string_view commands[] = {
    "connection.open", "connection.close", "channel.open",  "channel.close", "exchange.declare", "exchange.delete",
    "exchange.bind",   "exchange.unbind",  "queue.declare", "queue.bind",    "queue.unbind",     "queue.purge",
    "queue.delete",    "basic.qos",        "basic.consume", "basic.cancel",  "basic.publish",    "basic.get",
    "basic.ack",       "basic.nack",       "basic.reject",  "basic.recover", "confirm.select",   "tx.select",
    "tx.commit",       "tx.rollback",      "channel.flow"};
static_assert(std::size(commands) == static_cast<std::size_t>(BrokerRequest::Kind::exited));
}  // namespace

std::string_view command_of(BrokerRequest::Kind kind) {
  const auto number = static_cast<std::size_t>(kind);
  return number < std::size(commands) ? commands[number] : std::string_view();
}

std::string_view name_of(BrokerRequest::Kind kind) {
  return kind < BrokerRequest::Kind::count_of_kinds ? names[static_cast<std::size_t>(kind)] : "nothing";
}

std::optional<BrokerRequest::Kind> request_named(std::string_view name) {
  const auto* const at = std::find(std::begin(names), std::end(names), name);
  if (at == std::end(names)) return std::nullopt;
  return static_cast<BrokerRequest::Kind>(at - std::begin(names));
}

std::vector<std::string> request_names() { return {std::begin(names), std::end(names)}; }

}  // namespace premortem
