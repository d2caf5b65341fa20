// Message properties as JSON and back.

#include <charconv>
#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "fakes/wire/amqp/bytes.hpp"
#include "fakes/wire/amqp/codec.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

enum class Form : std::uint8_t { text, table, octet, time };
struct Property {
  const char* name;
  Form form = Form::text;
};
/// In the order of their flags, from bit 15 down.
constexpr Property all_properties[] = {{"content_type"},
                                       {"content_encoding"},
                                       {"headers", Form::table},
                                       {"delivery_mode", Form::octet},
                                       {"priority", Form::octet},
                                       {"correlation_id"},
                                       {"reply_to"},
                                       {"expiration"},
                                       {"message_id"},
                                       {"timestamp", Form::time},
                                       {"type"},
                                       {"user_id"},
                                       {"app_id"},
                                       {"cluster_id"}};
static_assert(std::size(all_properties) == amqp::Properties::count);

Json json_of(Form form, std::string_view raw) {
  amqp::Reader reader{raw};
  switch (form) {
    case Form::text:
      return std::string(reader.short_text());
    case Form::table:
      return table_json(reader.long_text());
    default:
      return reader.number(raw.size());
  }
}

/// Tools write numbers as texts too.
std::uint64_t number_of(const char* name, const Json& json) {
  if (json.is_number_unsigned()) return json.get<std::uint64_t>();
  std::uint64_t number = 0;
  if (json.is_string()) {
    const auto& text = json.get_ref<const std::string&>();
    const auto [end, wrong] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (wrong == std::errc() && end == text.data() + text.size()) return number;
  }
  bad_request(std::string("the property ") + name + " must be a number");
}

void put(std::string& out, const Property& property, const Json& json) {
  switch (property.form) {
    case Form::table:
      return amqp::put_long_text(out, table_from(json));
    case Form::octet:
      return amqp::put_number(out, number_of(property.name, json), 1);
    case Form::time:
      return amqp::put_number(out, number_of(property.name, json), 8);
    default:
      if (!json.is_string()) bad_request(std::string("the property ") + property.name + " must be a text");
      if (json.get_ref<const std::string&>().size() > 255)
        bad_request(std::string("the property ") + property.name + " is longer than 255 bytes");
      return amqp::put_short_text(out, json.get_ref<const std::string&>());
  }
}

}  // namespace

Json properties_json(const ClientEvent& event, std::string_view bytes) {
  Json json = Json::object();
  amqp::Properties properties;
  if (!bytes.empty() && amqp::decode_properties(bytes, properties)) {
    for (std::size_t at = 0; at < properties.raw.size(); ++at) {
      const Property& property = all_properties[at];
      if (properties.raw[at].empty()) continue;
      if (at == amqp::Properties::expiration && event.without_expiration) continue;
      json[property.name] = json_of(property.form, properties.raw[at]);
    }
  }
  if (!event.reply_to.empty()) json["reply_to"] = event.reply_to;
  const Json added = table_json(event.added_headers);
  if (!added.empty()) json["headers"].update(added);
  if (event.delivery_count != 0) json["headers"]["x-delivery-count"] = event.delivery_count;
  return json;
}

std::string properties_from(const Json& json) {
  if (json.is_array() && json.empty()) return properties_from(Json::object());
  if (!json.is_object()) bad_request("the properties must be an object");
  std::uint64_t flags = 0;
  std::string values;
  for (std::size_t at = 0; at < std::size(all_properties); ++at) {
    const auto given = json.find(all_properties[at].name);
    if (given == json.end()) continue;
    flags |= std::uint64_t{1} << (15 - at);
    put(values, all_properties[at], *given);
  }
  std::string bytes;
  amqp::put_number(bytes, flags, 2);
  return bytes + values;
}

}  // namespace premortem::fakes::management
