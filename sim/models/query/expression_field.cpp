// Fields by names that a path cannot have: $getField, $setField, $unsetField. And $sortArray, whose order is no
// expression.
#include <array>

#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query::expressing {

namespace {

struct GetFieldNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    const Value name = field->evaluate(variables);
    if (!name.is_string())
      fail(3041704, "$getField requires 'field' to evaluate to type String, but got " + type_of(name));
    Holding held(variables);
    held.add(name);
    const Value document = input->evaluate(variables);
    held.add(document);
    if (document.is_nullish()) return document.is_missing() ? Value() : Value::null();
    return document[name.as_text()];
  }
  NodePointer field, input;
};

struct SetFieldNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    Value document = input->evaluate(variables);
    Holding held(variables);
    held.add(document);
    if (document.is_nullish()) return Value::null();
    if (!document.is_document()) fail(4161105, "$setField requires 'input' to evaluate to type Object");
    Value next = value->evaluate(variables);
    held.add(next);
    if (next.is_missing()) {
      document.erase(field);
    } else {
      document.set(field, std::move(next));
    }
    return document;
  }
  std::string field;
  NodePointer input, value;
};

/// The name of a field, which must be known before any document is.
std::string constant_name(Parser& parser, const std::string& name, const Value& operand) {
  if (operand.is_string() && operand.as_text().starts_with('$'))
    fail(4161108, "A field path reference which is not allowed in this context. Did you mean {$literal: '" +
                      operand.as_text() + "'}?");
  const NodePointer node = parser.parse(operand);
  if (!node->is_constant())
    fail(4161106, name + " requires 'field' to evaluate to a constant, but got a non-constant argument");
  Variables none;
  const Value value = node->evaluate(none);
  if (!value.is_string())
    fail(4161107, name + " requires 'field' to evaluate to type String, but got " + type_of(value));
  if (value.as_text().find('\0') != std::string::npos)
    fail(16411, name + " requires 'field' to be the name of a field, which may not contain '\\0'");
  return value.as_text();
}

NodePointer parse_get_field(Parser& parser, const std::string&, const Value& operand) {
  auto node = std::make_shared<GetFieldNode>();
  const bool is_long = operand.is_document() && !operand.fields().empty() && !operand.fields()[0].name.starts_with('$');
  if (!is_long) {
    node->field = parser.parse(operand);
    node->input = make_field_path(parser, "$$CURRENT");
    return node;
  }
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "field" && field.name != "input")
      fail(3041701, "$getField found an unknown argument: " + field.name);
    (field.name == "field" ? node->field : node->input) = parser.parse(field.value);
  }
  if (node->field == nullptr) fail(3041702, "$getField requires 'field' to be specified");
  if (node->input == nullptr) fail(3041703, "$getField requires 'input' to be specified");
  return node;
}

NodePointer parse_set_field(Parser& parser, const std::string& name, const Value& operand) {
  const bool sets = name == "$setField";
  if (!operand.is_document()) fail(sets ? 4161100 : 4161109, name + " only supports an object as its argument");
  auto node = std::make_shared<SetFieldNode>();
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "field") {
      node->field = constant_name(parser, name, field.value);
    } else if (field.name == "input") {
      node->input = parser.parse(field.value);
    } else if (field.name == "value" && sets) {
      node->value = parser.parse(field.value);
    } else {
      fail(sets ? 4161101 : 4161110, name + " found an unknown argument: " + field.name);
    }
  }
  if (!operand.has("field")) fail(sets ? 4161102 : 4161111, name + " requires 'field' to be specified");
  if (node->input == nullptr) fail(sets ? 4161109 : 4161112, name + " requires 'input' to be specified");
  if (!sets) node->value = make_field_path(parser, "$$REMOVE");
  if (node->value == nullptr) fail(4161103, "$setField requires 'value' to be specified");
  return node;
}

NodePointer parse_sort_array(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document()) fail(2942500, "$sortArray requires an object as an argument, found: " + type_of(operand));
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "input" && field.name != "sortBy")
      fail(2942501, "$sortArray found an unknown argument: " + field.name);
  }
  if (!operand.has("input")) fail(2942502, "$sortArray requires 'input' to be specified");
  if (!operand.has("sortBy")) fail(2942503, "$sortArray requires 'sortBy' to be specified");
  const Value& by = operand["sortBy"];
  if (by.is_document()) {
    if (by.fields().empty()) fail(2942505, "sortBy requires at least one field");
    Sort::parse(by);
  } else if (by.integral() != 1 && by.integral() != -1) {
    fail(2942506, "$sortArray sort direction must be 1 or -1, or an object with fields to sort by");
  }
  return make_operator(array_sorter(), {parser.parse(operand["input"]), make_constant(by)});
}

const std::array<SpecialOperator, 4> fields{{
    {"$getField", parse_get_field},
    {"$setField", parse_set_field},
    {"$unsetField", parse_set_field},
    {"$sortArray", parse_sort_array},
}};

}  // namespace

std::span<const SpecialOperator> field_operators() { return fields; }

}  // namespace premortem::query::expressing
