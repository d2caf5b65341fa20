// Field tables as JSON and back.

#include <nlohmann/json.hpp>

#include "fakes/server/amqp/management_call.hpp"
#include "fakes/server/amqp/management_values.hpp"
#include "sim/models/broker/field_table.hpp"

namespace premortem::fakes::management {

using Json = nlohmann::ordered_json;

namespace {

Json json_of(const TableValue& value) {
  switch (value.type) {
    case 't':
      return value.integer != 0;
    case 'S':
    case 'x':
      return value.text;
    case 'f':
    case 'd':
      return value.number;
    case 'V':
      return nullptr;
    case 'A': {
      Json all = Json::array();
      for (const TableValue& one : value.items) all.push_back(json_of(one));
      return all;
    }
    case 'F': {
      Json all = Json::object();
      for (const TableValue& one : value.items) all[one.name] = json_of(one);
      return all;
    }
    default:
      return value.integer;
  }
}

FieldTable fields_of(const Json& json);

TableValue field_of(const std::string& name, const Json& json) {
  if (json.is_string()) return text_field(name, json.get_ref<const std::string&>());
  if (json.is_boolean()) return bool_field(name, json.get<bool>());
  if (json.is_number_integer()) return integer_field(name, json.get<std::int64_t>());
  if (json.is_object()) return table_field(name, fields_of(json));
  TableValue field;
  field.name = name;
  if (json.is_number()) {
    field.type = 'd';
    field.number = json.get<double>();
  } else if (json.is_array()) {
    std::vector<TableValue> items;
    for (const Json& one : json) items.push_back(field_of("", one));
    return array_field(name, std::move(items));
  }
  return field;
}

FieldTable fields_of(const Json& json) {
  FieldTable fields;
  for (const auto& [name, value] : json.items()) fields.push_back(field_of(name, value));
  return fields;
}

}  // namespace

Json table_json(std::string_view bytes) {
  Json all = Json::object();
  const auto table = decode_table(bytes);
  if (!table) return all;
  for (const TableValue& one : *table) all[one.name] = json_of(one);
  return all;
}

std::string table_from(const Json& json) {
  if (json.is_array() && json.empty()) return "";  // Clients in PHP and Erlang write an empty table so.
  if (!json.is_object()) bad_request("a table must be an object");
  return encode_table(fields_of(json));
}

}  // namespace premortem::fakes::management
