#pragma once
// How RabbitMQ's error texts name things.

#include <optional>
#include <string>
#include <string_view>

#include "sim/kernel/random.hpp"
#include "sim/models/broker/broker.hpp"

namespace premortem {

inline std::string_view truth(bool value) { return value ? "true" : "false"; }

inline std::string placed(std::string_view kind, std::string_view name, std::string_view vhost) {
  std::string text(kind);
  text += " '";
  text += name;
  text += "' in vhost '";
  text += vhost;
  return text + "'";
}
/// "queue 'q' in vhost '/'"
inline std::string queue_place(const Broker& broker, VhostId vhost, std::string_view name) {
  return placed("queue", name, broker.vhosts()[vhost].name);
}
inline std::string exchange_place(const Broker& broker, VhostId vhost, std::string_view name) {
  return placed("exchange", name, broker.vhosts()[vhost].name);
}

/// 22 letters and digits, as random as RabbitMQ's, and the same for the same number.
inline std::string made_up(std::uint64_t number) {
  static constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  std::string text;
  std::uint64_t bits = 0;
  for (std::uint64_t at = 0; at < 22; ++at) {
    if (at % 10 == 0) bits = combine(number, at);
    text += letters[static_cast<std::size_t>(bits % letters.size())];
    bits /= letters.size();
  }
  return text;
}

inline std::string_view type_name(ClientExchange::Type type) {
  static constexpr std::string_view names[] = {"direct", "fanout", "topic", "headers"};
  return names[static_cast<std::size_t>(type)];
}
/// What is wrong with what a binding to an exchange of type headers says of x-match; empty: nothing.
std::string bad_match(std::string_view arguments);

/// As x-death has it: "rejected".
std::string_view death_name(DeathReason reason);

inline std::optional<ClientExchange::Type> exchange_type(std::string_view name) {
  using enum ClientExchange::Type;
  for (const ClientExchange::Type type : {direct, fanout, topic, headers}) {
    if (type_name(type) == name) return type;
  }
  return std::nullopt;
}

}  // namespace premortem
