#pragma once
// Field tables and message properties as JSON, the way RabbitMQ's management API writes them, and back.

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "sim/models/broker/client_types.hpp"

namespace premortem::fakes::management {

/// `bytes`: a field table without its length; what is damaged is an empty object.
nlohmann::ordered_json table_json(std::string_view bytes);
/// The other way. Throws Refusal when it is no object.
std::string table_from(const nlohmann::ordered_json& json);

/// Of a message on its way out, with what the broker changes of it.
nlohmann::ordered_json properties_json(const ClientEvent& event, std::string_view properties);
/// Property flags and values as a publish carries them. Throws Refusal, with the property's name.
std::string properties_from(const nlohmann::ordered_json& json);

}  // namespace premortem::fakes::management
