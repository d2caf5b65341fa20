#pragma once
// The names of what clients may ask, as histories and sessions write them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/broker/client_types.hpp"

namespace premortem {

/// The name of the connections by which a management interface acts: fault rules leave them alone.
inline constexpr std::string_view management_connection = "premortem management";

/// "publish", "open-channel".
std::string_view name_of(BrokerRequest::Kind kind);
std::optional<BrokerRequest::Kind> request_named(std::string_view name);
/// As AMQP calls it: "basic.publish", "channel.open"; empty: AMQP has no such command.
std::string_view command_of(BrokerRequest::Kind kind);
/// All of them, by number.
std::vector<std::string> request_names();

}  // namespace premortem
