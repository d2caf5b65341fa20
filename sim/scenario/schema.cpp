// The published JSON schema (Draft 7), from the table. Kinds and verbs choose by if/then: an error then names one key.

#include <nlohmann/json.hpp>

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

Json reference(std::string_view form) { return {{"$ref", "#/definitions/" + std::string(form)}}; }

Json words_of(std::string_view detail) {
  Json words = Json::array();
  while (!detail.empty()) {
    const std::size_t bar = std::min(detail.find('|'), detail.size());
    words.push_back(std::string(detail.substr(0, bar)));
    detail.remove_prefix(std::min(bar + 1, detail.size()));
  }
  return words;
}

Json schema_of(const KeyRule& rule) {
  switch (rule.type) {
    case ValueType::boolean:
      return {{"type", "boolean"}};
    case ValueType::word:
      return rule.name == "is" ? Json{{"enum", forms_of("system:")}} : Json{{"enum", words_of(rule.detail)}};
    case ValueType::count:
      if (rule.detail == "none") return {{"type", Json::array({"integer", "string"})}, {"minimum", 0}};
      return {{"type", "integer"}, {"minimum", 0}};
    case ValueType::scalar:
    case ValueType::count_range:
      return {{"type", Json::array({"integer", "string"})}};
    case ValueType::duration_range:
      return {{"type", Json::array({"string", "array"})}};
    case ValueType::names:
    case ValueType::times:
    case ValueType::texts:
      return {{"type", Json::array({"string", "array"})}, {"items", {{"type", "string"}}}};
    case ValueType::numbers:
      return {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}}}};
    case ValueType::steps:
      return {{"type", "array"}, {"items", reference(rule.detail.substr(0, rule.detail.size() - 1))}};
    case ValueType::errors:
      return {{"type", Json::array({"object", "boolean"})}, {"additionalProperties", reference("error")}};
    case ValueType::object:
      return reference(rule.detail);
    case ValueType::map_of:
      if (find_form(rule.detail) != nullptr)
        return {{"type", "object"}, {"additionalProperties", reference(rule.detail)}};
      if (rule.detail == "check") return {{"type", "object"}, {"additionalProperties", reference("check")}};
      if (rule.detail == "texts") {
        return {
            {"type", "object"},
            {"additionalProperties", {{"type", Json::array({"string", "array"})}, {"items", {{"type", "string"}}}}}};
      }
      if (rule.detail == "type") return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
      return {{"type", "object"}};
    case ValueType::assignments:
      return {{"type", "object"}, {"additionalProperties", {{"type", "string"}}}};
    case ValueType::addresses:
      return {{"type", "object"}};
    case ValueType::any:
      return Json::object();
    default:
      return {{"type", "string"}};
  }
}

Json described(const KeyRule& rule) {
  Json schema = schema_of(rule);
  if (schema.contains("$ref")) return schema;
  std::string text(rule.says);
  if (!rule.standard.empty()) text += " (default: " + std::string(rule.standard) + ")";
  schema["description"] = text;
  return schema;
}

Json properties_of(const Form& form) {
  Json properties = Json::object();
  for (const KeyRule& rule : form.keys) properties[std::string(rule.name)] = described(rule);
  return properties;
}

Json required_of(const Form& form) {
  Json required = Json::array();
  for (const KeyRule& rule : form.keys) {
    if (rule.required) required.push_back(std::string(rule.name));
  }
  return required;
}

Json plain(const Form& form) {
  Json schema = {{"type", "object"}, {"description", std::string(form.says)}, {"properties", properties_of(form)}};
  if (!required_of(form).empty()) schema["required"] = required_of(form);
  schema["additionalProperties"] = false;
  return schema;
}

/// One definition for all forms of a kind: their keys together, and for each verb what it requires beside it.
Json chosen(std::string_view kind) {
  const Form* common = find_form(kind);
  Json schema = {{"type", "object"}};
  Json properties = common == nullptr ? Json::object() : properties_of(*common);
  if (kind == "entry") {
    const Json faults = properties_of(*find_form("fault"));
    properties.update(faults);
  }
  Json choices = Json::array();
  for (const std::string& name : forms_of(std::string(kind) + ":")) {
    const Form& form = *find_form(std::string(kind) + ":" + name);
    // A key that stands in several forms has the loosest of their schemas here; the form's own follows in `then`.
    for (const KeyRule& rule : form.keys) {
      if (!properties.contains(std::string(rule.name))) properties[std::string(rule.name)] = Json::object();
    }
    Json then = {{"properties", properties_of(form)}};
    if (!required_of(form).empty()) then["required"] = required_of(form);
    const Json condition = kind == "system"
                               ? Json{{"properties", {{"is", {{"const", name}}}}}, {"required", Json::array({"is"})}}
                               : Json{{"required", Json::array({name})}};
    choices.push_back({{"if", condition}, {"then", then}});
  }
  schema["properties"] = properties;
  if (kind == "system") schema["required"] = Json::array({"is"});
  // Toggles have keys of their own, and entries of fault verbs share names with other verbs.
  schema["additionalProperties"] = kind == "system";
  schema["allOf"] = choices;
  return schema;
}

}  // namespace

std::string schema_json() {
  Json schema = plain(*find_form("file"));
  Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "premortem scenario, version 1"}};
  root.update(schema);
  Json definitions = Json::object();
  for (const std::string_view kind : {"system", "entry", "step", "check"})
    definitions[std::string(kind)] = chosen(kind);
  for (const Form& form : vocabulary()) {
    const bool chosen_elsewhere =
        form.name.find(':') != std::string_view::npos || definitions.contains(std::string(form.name));
    if (chosen_elsewhere || form.name == "file" || form.name == "fault") continue;
    definitions[std::string(form.name)] = form.name == "remedy" ? Json{{"type", "object"}} : plain(form);
  }
  root["definitions"] = definitions;
  return root.dump(1) + "\n";
}

}  // namespace premortem
