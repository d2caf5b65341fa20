// The published JSON schema (Draft 7), from the table. Kinds and verbs choose by if/then: an error then names one key.

#include <nlohmann/json.hpp>

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

constexpr const char* duration_pattern =
    R"(^ *[0-9]+(\.[0-9]+)? +(ns|us|ms|s|min|h|days?|weeks?)( +[0-9]+(\.[0-9]+)? +(ns|us|ms|s|min|h|days?|weeks?))* *$)";
constexpr const char* rate_pattern = R"(^ *[0-9]+(\.[0-9]+)? */ *(ns|us|ms|s|min|h|days?|weeks?) *$)";
constexpr const char* share_pattern = R"(^ *[0-9]+(\.[0-9]+)? *% *$)";
constexpr const char* goal_posts = R"(^(checks|expect)|^items\..*\.done(\.|$))";

Json reference(std::string_view form) { return {{"$ref", "#/definitions/" + std::string(form)}}; }
Json text_like(const char* pattern) { return {{"type", "string"}, {"pattern", pattern}}; }
Json map_to(Json inner) { return {{"type", "object"}, {"additionalProperties", std::move(inner)}}; }

Json words_between_bars(std::string_view detail) {
  Json words = Json::array();
  while (!detail.empty()) {
    const std::size_t bar = std::min(detail.find('|'), detail.size());
    words.push_back(std::string(detail.substr(0, bar)));
    detail.remove_prefix(std::min(bar + 1, detail.size()));
  }
  return words;
}

Json schema_of_map(const KeyRule& rule) {
  if (find_form(rule.detail) != nullptr || rule.detail == "check") return map_to(reference(rule.detail));
  if (rule.detail == "text" || rule.detail == "type") return map_to({{"type", "string"}});
  if (rule.detail == "texts")
    return map_to({{"type", Json::array({"string", "array"})}, {"items", {{"type", "string"}}}});
  if (rule.detail == "values")
    return map_to({{"type", "array"}, {"items", {{"type", Json::array({"string", "integer"})}}}});
  return {{"type", "object"}};
}

/// Text, or list of texts; `detail` may say how many.
Json schema_of_texts(const KeyRule& rule) {
  const bool pair = rule.detail == "2";
  Json schema = {{"type", pair ? Json("array") : Json::array({"string", "array"})}, {"items", {{"type", "string"}}}};
  if (pair) schema["minItems"] = schema["maxItems"] = 2;
  return schema;
}

Json schema_of(const KeyRule& rule) {
  switch (rule.type) {
    case ValueType::boolean:
      return {{"type", "boolean"}};
    case ValueType::word:
      return rule.name == "is" ? Json{{"enum", forms_of("system:")}} : Json{{"enum", words_between_bars(rule.detail)}};
    case ValueType::count:
      if (rule.detail == "none") return {{"type", Json::array({"integer", "string"})}, {"minimum", 0}};
      return rule.name == "premortem" ? Json{{"const", 1}} : Json{{"type", "integer"}, {"minimum", 0}};
    case ValueType::count_range:
      return {{"type", Json::array({"integer", "string"})}, {"minimum", 0}};
    case ValueType::duration:
      return text_like(duration_pattern);
    case ValueType::duration_range:
      return {{"type", Json::array({"string", "array"})}, {"items", text_like(duration_pattern)}, {"minItems", 1}};
    case ValueType::rate:
      return text_like(rate_pattern);
    case ValueType::share:
      return text_like(share_pattern);
    case ValueType::bound:
      return {{"type", Json::array({"integer", "string"})}, {"minimum", 0}};
    case ValueType::names:
    case ValueType::times:
    case ValueType::texts:
      return schema_of_texts(rule);
    case ValueType::numbers: {
      if (rule.detail.empty()) return {{"type", "array"}, {"items", {{"type", "integer"}, {"minimum", 0}}}};
      const auto count = std::stoi(std::string(rule.detail));
      return {{"type", "array"},
              {"items", {{"type", "integer"}, {"minimum", 0}}},
              {"minItems", count},
              {"maxItems", count}};
    }
    case ValueType::each:
      return {{"type", Json::array({"string", "array"})}, {"items", {{"type", Json::array({"string", "integer"})}}}};
    case ValueType::alternatives:
      return {{"type", Json::array({"string", "array", "object"})},
              {"minItems", 1},
              {"additionalProperties", reference("overlay")}};
    case ValueType::values:
      return {{"type", "array"}, {"items", {{"type", "object"}}}};
    case ValueType::steps:
      return {{"type", "array"}, {"items", reference(rule.detail.substr(0, rule.detail.size() - 1))}};
    case ValueType::errors: {
      const bool of_system = rule.detail == "consumer" || rule.detail == "stream" || rule.detail == "job";
      return {{"type", of_system ? Json::array({"object", "boolean"}) : Json("object")},
              {"additionalProperties", reference("error")}};
    }
    case ValueType::object:
      return reference(rule.detail);
    case ValueType::map_of:
      return schema_of_map(rule);
    case ValueType::assignments:
      return map_to({{"type", "string"}});
    case ValueType::addresses: {
      Json schema = {{"type", "object"}};
      if (rule.name != "set") schema["propertyNames"] = {{"not", {{"pattern", goal_posts}}}};
      return schema;
    }
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

Json properties_of(const std::vector<KeyRule>& keys) {
  Json properties = Json::object();
  for (const KeyRule& rule : keys) properties[std::string(rule.name)] = described(rule);
  return properties;
}

Json required_of(const std::vector<KeyRule>& keys) {
  Json required = Json::array();
  for (const KeyRule& rule : keys) {
    if (rule.required) required.push_back(std::string(rule.name));
  }
  return required;
}

Json plain(const Form& form) {
  Json schema = {{"type", "object"}, {"description", std::string(form.says)}, {"properties", properties_of(form.keys)}};
  if (!required_of(form.keys).empty()) schema["required"] = required_of(form.keys);
  schema["additionalProperties"] = false;
  return schema;
}

Json has(const std::string& key) { return {{"required", Json::array({key})}}; }

/// When a thing of this kind is of that form: by `is`, or by its verb. Verbs that stand beside another are its keys.
Json condition_of(std::string_view kind, const std::string& name) {
  if (kind == "system") return {{"properties", {{"is", {{"const", name}}}}}, {"required", Json::array({"is"})}};
  Json condition = has(name);
  if (kind == "step" && name == "does") condition["not"] = has("transaction");
  if (kind == "check" && name == "always") condition["not"] = has("every");
  return condition;
}

/// One definition for all forms of a kind: a choice by `is` or by the verb, which then knows its keys and no others.
Json chosen(std::string_view kind) {
  const Form* common = find_form(kind);
  Json schema = {{"type", "object"}};
  Json properties = common == nullptr ? Json::object() : properties_of(common->keys), any = Json::array(),
       choices = Json::array();
  for (const std::string& name : forms_of(std::string(kind) + ":")) {
    const Form& form = *find_form(std::string(kind) + ":" + name);
    const std::vector<KeyRule> keys = keys_of(form);
    // A key that stands in several forms says nothing here, for completion only; the form's own follows in `then`.
    for (const KeyRule& rule : keys) {
      if (!properties.contains(std::string(rule.name))) properties[std::string(rule.name)] = Json::object();
    }
    Json then = {{"description", std::string(form.says)}, {"properties", properties_of(keys)}};
    if (!required_of(form.keys).empty()) then["required"] = required_of(form.keys);
    if (form.name != "system:toggles") {  // Toggles have keys of their own.
      Json names = Json::array();
      for (const KeyRule& rule : keys) names.push_back(std::string(rule.name));
      then["propertyNames"] = {{"enum", names}};
    }
    choices.push_back({{"if", condition_of(kind, name)}, {"then", then}});
    any.push_back(has(name));
  }
  schema["properties"] = properties;
  if (kind == "system") schema["required"] = Json::array({"is"});
  if (kind != "system") schema["anyOf"] = any;
  schema["allOf"] = choices;
  return schema;
}

/// A remedy: an entry whose instant and name stand elsewhere.
Json timeless_entry() {
  return {{"allOf", Json::array({reference("entry"), {{"not", {{"anyOf", Json::array({has("at"), has("id")})}}}}})}};
}

}  // namespace

/// What a file that uses others may leave to them.
Json unless_used(Json& schema) {
  Json left = Json::array();
  for (const char* section : {"items", "systems"}) {
    auto& required = schema["required"];
    for (std::size_t n = 0; n < required.size(); ++n) {
      if (required[n] != section) continue;
      required.erase(n);
      left.push_back(section);
      break;
    }
  }
  return {{"if", {{"not", has("uses")}}}, {"then", {{"required", left}}}};
}

std::string schema_json() {
  Json schema = plain(*find_form("file"));
  schema["allOf"] = Json::array({unless_used(schema)});
  Json root = {{"$schema", "http://json-schema.org/draft-07/schema#"}, {"title", "premortem scenario, version 1"}};
  root.update(schema);
  Json definitions = Json::object();
  for (const std::string_view kind : {"system", "entry", "step", "check"})
    definitions[std::string(kind)] = chosen(kind);
  for (const Form& form : vocabulary()) {
    const bool chosen_elsewhere =
        form.name.find(':') != std::string_view::npos || definitions.contains(std::string(form.name));
    if (chosen_elsewhere || form.name == "file" || form.name == "fault") continue;
    definitions[std::string(form.name)] = form.name == "remedy" ? timeless_entry() : plain(form);
  }
  root["definitions"] = definitions;
  return root.dump(1) + "\n";
}

}  // namespace premortem
