// Schemas from documents: every keyword, or an error that names it.
#include <algorithm>
#include <array>
#include <set>

#include "sim/models/query/filter_numbers.hpp"
#include "sim/models/query/filter_schema.hpp"

namespace premortem::query::filtering {

namespace {

std::string schema_keyword(const std::string& name) { return "$jsonSchema keyword '" + name + "'"; }

void expect_schema_type(const bson::Field& field, bool fits, const std::string& what) {
  if (!fits) throw CommandError(code::type_mismatch, schema_keyword(field.name) + " must be " + what);
}

Schema::Pointer parse_sub_schema(const bson::Field& field) {
  expect_schema_type(field, field.value.is_document(), "an object");
  return Schema::parse(field.value);
}

std::vector<Schema::Pointer> parse_schema_list(const bson::Field& field) {
  expect_schema_type(field, field.value.is_array(), "an array");
  if (field.value.elements().empty())
    throw CommandError(code::bad_value, schema_keyword(field.name) + " must be a non-empty array");
  std::vector<Schema::Pointer> schemas;
  for (const bson::Value& each : field.value.elements()) {
    if (!each.is_document())
      throw CommandError(code::type_mismatch, schema_keyword(field.name) +
                                                  " must be an array of objects, but found an element of type " +
                                                  std::string(bson::type_name(each.type())));
    schemas.push_back(Schema::parse(each));
  }
  return schemas;
}

std::vector<std::string> parse_schema_names(const bson::Field& field) {
  expect_schema_type(field, field.value.is_array(), "an array");
  if (field.value.elements().empty())
    throw CommandError(code::failed_to_parse, schema_keyword(field.name) + " cannot be an empty array");
  std::vector<std::string> names;
  std::set<std::string_view> known;
  for (const bson::Value& each : field.value.elements()) {
    if (!each.is_string())
      throw CommandError(code::type_mismatch, schema_keyword(field.name) +
                                                  " must be an array of strings, but found an element of type: " +
                                                  std::string(bson::type_name(each.type())));
    if (!known.insert(each.as_text()).second)
      throw CommandError(
          code::failed_to_parse,
          schema_keyword(field.name) + " array cannot contain duplicate values, but found: " + each.as_text());
    names.push_back(each.as_text());
  }
  return names;
}

TypeSet parse_schema_types(const bson::Field& field) {
  expect_schema_type(field, field.value.is_string() || field.value.is_array(),
                     "either a string or an array of strings");
  const std::vector<std::string> aliases =
      field.value.is_string() ? std::vector<std::string>{field.value.as_text()} : parse_schema_names(field);
  TypeSet types;
  for (const std::string& alias : aliases) {
    if (field.name == "bsonType") {
      types.add_alias(alias);
      continue;
    }
    if (alias == "integer")
      throw CommandError(code::failed_to_parse, "$jsonSchema type 'integer' is not currently supported.");
    constexpr std::array<std::string_view, 5> same = {"array", "null", "number", "object", "string"};
    if (alias != "boolean" && std::find(same.begin(), same.end(), alias) == same.end())
      throw CommandError(code::bad_value, "Unknown type name alias: " + alias);
    types.add_alias(alias == "boolean" ? "bool" : alias);
  }
  return types;
}

Schema::Rest parse_schema_rest(const bson::Field& field) {
  expect_schema_type(field, field.value.is(bson::Type::boolean) || field.value.is_document(),
                     "either an object or a boolean");
  if (field.value.is_document()) return {true, Schema::parse(field.value)};
  return {field.value.as_boolean(), nullptr};
}

void parse_schema_items(const bson::Field& field, Schema& schema) {
  expect_schema_type(field, field.value.is_array() || field.value.is_document(), "an array or an object");
  if (field.value.is_document()) {
    schema.every_item = Schema::parse(field.value);
    return;
  }
  schema.has_items_in_order = true;
  for (const bson::Value& each : field.value.elements()) {
    if (!each.is_document())
      throw CommandError(code::type_mismatch,
                         schema_keyword(field.name) + " requires that each element of the array is an object");
    schema.items_in_order.push_back(Schema::parse(each));
  }
}

void parse_schema_properties(const bson::Field& field, Schema& schema) {
  expect_schema_type(field, field.value.is_document(), "an object");
  for (const bson::Field& property : field.value.fields()) {
    if (!property.value.is_document())
      throw CommandError(code::type_mismatch,
                         "Nested schema for $jsonSchema property '" + property.name + "' must be an object");
    if (field.name == "properties") {
      schema.properties.emplace_back(property.name, Schema::parse(property.value));
      schema.property_names.insert(property.name);
    } else {
      schema.pattern_properties.emplace_back(Regex(property.name, ""), Schema::parse(property.value));
    }
  }
}

void parse_schema_dependencies(const bson::Field& field, Schema& schema) {
  expect_schema_type(field, field.value.is_document(), "an object");
  for (const bson::Field& each : field.value.fields()) {
    if (!each.value.is_document() && !each.value.is_array())
      throw CommandError(code::type_mismatch,
                         schema_keyword("dependencies") + " must be an object whose values are objects or arrays");
    if (each.value.is_document()) {
      schema.dependencies.push_back({each.name, {}, Schema::parse(each.value)});
    } else {
      schema.dependencies.push_back({each.name, parse_schema_names({"dependencies", each.value}), nullptr});
    }
  }
}

void parse_schema_enum(const bson::Field& field, Schema& schema) {
  expect_schema_type(field, field.value.is_array(), "an array, but found an element of another type");
  if (field.value.elements().empty())
    throw CommandError(code::failed_to_parse, schema_keyword(field.name) + " cannot be an empty array");
  for (const bson::Value& each : field.value.elements()) schema.one_of_values.insert(key_in_any_order(each));
}

/// maximum and minimum, which exclusiveMaximum and exclusiveMinimum make stricter.
void parse_schema_limit(const bson::Value& document, const bson::Field& field, Schema& schema) {
  expect_schema_type(field, field.value.is_number(), "a number");
  const bool is_maximum = field.name == "maximum";
  const bool exclusive = document[is_maximum ? "exclusiveMaximum" : "exclusiveMinimum"].truthy();
  const Comparison comparison = is_maximum ? (exclusive ? Comparison::less : Comparison::less_or_equal)
                                           : (exclusive ? Comparison::greater : Comparison::greater_or_equal);
  schema.number_limits.push_back(make_comparison("", comparison, field.value));
}

/// Keywords of numbers, texts and counts. False: it is none of them.
bool parse_schema_scalar_keyword(const bson::Value& document, const bson::Field& field, Schema& schema) {
  const std::string& name = field.name;
  const auto count = [&] { return parse_non_negative_integer(name, field.value); };
  if (name == "minimum" || name == "maximum") {
    parse_schema_limit(document, field, schema);
  } else if (name == "exclusiveMinimum" || name == "exclusiveMaximum") {
    expect_schema_type(field, field.value.is(bson::Type::boolean), "a boolean");
    const std::string other = name == "exclusiveMinimum" ? "minimum" : "maximum";
    if (!document.has(other))
      throw CommandError(code::failed_to_parse,
                         schema_keyword(other) + " must be a present if " + name + " is present");
  } else if (name == "multipleOf") {
    expect_schema_type(field, field.value.is_number(), "a number");
    const NodePointer positive = make_comparison("", Comparison::greater, bson::Value::int32(0));
    if (!positive->matches_value(field.value, nullptr))
      throw CommandError(code::failed_to_parse, schema_keyword(name) + " must have a positive value");
    schema.multiple_of = field.value;
  } else if (name == "minLength") {
    schema.lengths.least = count();
  } else if (name == "maxLength") {
    schema.lengths.most = count();
  } else if (name == "minItems") {
    schema.item_counts.least = count();
  } else if (name == "maxItems") {
    schema.item_counts.most = count();
  } else if (name == "minProperties") {
    schema.property_counts.least = count();
  } else if (name == "maxProperties") {
    schema.property_counts.most = count();
  } else if (name == "pattern") {
    expect_schema_type(field, field.value.is_string(), "a string");
    schema.pattern.emplace(field.value.as_text(), "");
  } else if (name == "uniqueItems") {
    expect_schema_type(field, field.value.is(bson::Type::boolean), "a boolean");
    schema.unique_items = field.value.as_boolean();
  } else if (name == "title" || name == "description") {
    expect_schema_type(field, field.value.is_string(), "of type string");
  } else {
    return false;
  }
  return true;
}

void parse_schema_keyword(const bson::Field& field, Schema& schema) {
  const std::string& name = field.name;
  constexpr std::array<std::string_view, 8> unsupported = {"$ref",    "$schema",         "default", "definitions",
                                                           "encrypt", "encryptMetadata", "format",  "id"};
  if (name == "type" || name == "bsonType") {
    if (schema.types)
      throw CommandError(code::failed_to_parse, "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
    schema.types = parse_schema_types(field);
  } else if (name == "properties" || name == "patternProperties") {
    parse_schema_properties(field, schema);
  } else if (name == "required") {
    schema.required = parse_schema_names(field);
  } else if (name == "enum") {
    parse_schema_enum(field, schema);
  } else if (name == "items") {
    parse_schema_items(field, schema);
  } else if (name == "additionalItems") {
    schema.additional_items = parse_schema_rest(field);
  } else if (name == "additionalProperties") {
    schema.additional_properties = parse_schema_rest(field);
  } else if (name == "dependencies") {
    parse_schema_dependencies(field, schema);
  } else if (name == "allOf") {
    schema.all_of = parse_schema_list(field);
  } else if (name == "anyOf") {
    schema.any_of = parse_schema_list(field);
  } else if (name == "oneOf") {
    schema.one_of = parse_schema_list(field);
  } else if (name == "not") {
    schema.negated = parse_sub_schema(field);
  } else if (std::find(unsupported.begin(), unsupported.end(), name) != unsupported.end()) {
    throw CommandError(code::failed_to_parse, schema_keyword(name) + " is not currently supported");
  } else {
    throw CommandError(code::failed_to_parse, "Unknown $jsonSchema keyword: " + name);
  }
}

struct SchemaNode final : Filter::Node {
  explicit SchemaNode(Schema::Pointer what) : schema(std::move(what)) {}
  bool matches(const bson::Value& document, MatchDetails*) const override { return schema->matches(document); }
  bool matches_value(const bson::Value& value, MatchDetails*) const override { return schema->matches(value); }
  void collect_fields(std::vector<std::string>&, bool& whole) const override { whole = true; }
  const Schema::Pointer schema;
};

}  // namespace

Schema::Pointer Schema::parse(const bson::Value& document) {
  const auto schema = std::make_shared<Schema>();
  std::vector<std::string> seen;
  for (const bson::Field& field : document.fields()) {
    if (std::find(seen.begin(), seen.end(), field.name) != seen.end())
      throw CommandError(code::failed_to_parse, "Duplicate $jsonSchema keyword: " + field.name);
    seen.push_back(field.name);
    if (!parse_schema_scalar_keyword(document, field, *schema)) parse_schema_keyword(field, *schema);
  }
  return schema;
}

NodePointer make_json_schema(const bson::Value& operand) {
  return std::make_shared<const SchemaNode>(Schema::parse(operand));
}

}  // namespace premortem::query::filtering
