#pragma once
// The names of what clients may ask, as histories and sessions write them.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/broker/client_types.hpp"

namespace premortem {

/// "publish", "open-channel".
std::string_view name_of(BrokerRequest::Kind kind);
std::optional<BrokerRequest::Kind> request_named(std::string_view name);
/// All of them, by number.
std::vector<std::string> request_names();

}  // namespace premortem
