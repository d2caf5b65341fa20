// Expressions that give variables to others: $let, $map, $filter, $reduce.
#include <array>

#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

/// Takes the variables that a loop has made out of force again.
class VariableScope {
 public:
  explicit VariableScope(Variables& variables) : variables_(variables), outer_(variables.named.size()) {}
  VariableScope(const VariableScope&) = delete;
  VariableScope& operator=(const VariableScope&) = delete;
  ~VariableScope() {
    variables_.named.erase(variables_.named.begin() + static_cast<std::ptrdiff_t>(outer_), variables_.named.end());
  }
  /// The one that was made as number `at` of this scope.
  Value& value(std::size_t at) { return variables_.named[outer_ + at].second; }

 private:
  Variables& variables_;
  std::size_t outer_;
};

struct LetNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    std::vector<std::pair<std::string, Value>> values;
    Holding held(variables);
    for (const auto& [name, node] : bindings) {
      values.emplace_back(name, node->evaluate(variables));
      held.add(values.back().second);
    }
    const VariableScope scope(variables);
    for (auto& value : values) variables.named.push_back(std::move(value));
    return in->evaluate(variables);
  }
  std::vector<std::pair<std::string, NodePointer>> bindings;
  NodePointer in;
};

struct LoopNode : AggregateExpression::Node {
  NodePointer input, in;
  NodePointer limit;  ///< Of $filter; of $reduce what it begins with.
  std::string variable = "this";
};

struct MapNode final : LoopNode {
  Value evaluate(Variables& variables) const override {
    Value array = input->evaluate(variables);
    if (array.is_nullish()) return Value::null();
    if (!array.is_array()) fail(16883, "input to $map must be an array not " + type_of(array));
    Holding input_held(variables), held(variables);
    input_held.add(array);
    VariableScope scope(variables);
    variables.named.emplace_back(variable, Value());
    for (Value& element : array.elements()) {
      variables.spend(1);
      scope.value(0) = std::move(element);
      element = in->evaluate(variables);
      held.add(element);
      if (element.is_missing()) element = Value::null();
    }
    return array;
  }
};

struct FilterNode final : LoopNode {
  Value evaluate(Variables& variables) const override {
    Value array = input->evaluate(variables);
    if (array.is_nullish()) return Value::null();
    if (!array.is_array()) fail(28651, "input to $filter must be an array not " + type_of(array));
    Holding held(variables);
    held.add(array);
    const std::int64_t most = limit == nullptr ? INT64_MAX : read_limit(variables);
    VariableScope scope(variables);
    variables.named.emplace_back(variable, Value());
    Value kept = Value::array();
    for (Value& element : array.elements()) {
      variables.spend(1);
      scope.value(0) = std::move(element);
      if (!in->evaluate(variables).truthy()) continue;
      kept.push_back(std::move(scope.value(0)));
      if (static_cast<std::int64_t>(kept.elements().size()) >= most) break;
    }
    return kept;
  }

 private:
  std::int64_t read_limit(Variables& variables) const {
    const Value value = limit->evaluate(variables);
    if (value.is_nullish()) return INT64_MAX;
    const std::optional<std::int64_t> whole = value.integral();
    if (!whole || *whole > INT32_MAX || *whole < INT32_MIN)
      fail(327391, "$filter: limit must be represented as a 32-bit integral value: " + type_of(value));
    if (*whole < 1) fail(327392, "$filter: limit must be greater than 0: " + std::to_string(*whole));
    return *whole;
  }
};

struct ReduceNode final : LoopNode {
  Value evaluate(Variables& variables) const override {
    Value array = input->evaluate(variables);
    if (array.is_nullish()) return Value::null();
    if (!array.is_array()) fail(40080, "$reduce requires that 'input' be an array, found: " + type_of(array));
    Holding held(variables);
    held.add(array);
    Value result = limit->evaluate(variables);
    VariableScope scope(variables);
    variables.named.emplace_back("this", Value());
    variables.named.emplace_back("value", Value());
    for (Value& element : array.elements()) {
      Holding so_far(variables);
      so_far.add(result);
      scope.value(0) = std::move(element);
      scope.value(1) = std::move(result);
      variables.spend(1);
      result = in->evaluate(variables);
    }
    return result;
  }
};

NodePointer parse_let(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document()) fail(16874, "$let only supports an object as its argument");
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "vars" && field.name != "in") fail(16875, "Unrecognized parameter to $let: " + field.name);
  }
  if (!operand.has("vars")) fail(16876, "Missing 'vars' parameter to $let");
  if (!operand.has("in")) fail(16877, "Missing 'in' parameter to $let");
  const Value& bindings = operand["vars"];
  if (!bindings.is_document()) fail(10065, "invalid parameter: expected an object (vars)");
  auto node = std::make_shared<LetNode>();
  for (const bson::Field& field : bindings.fields()) {
    check_variable_name(field.name);
    node->bindings.emplace_back(field.name, parser.parse(field.value));
  }
  for (const bson::Field& field : bindings.fields()) parser.declare(field.name);
  node->in = parser.parse(operand["in"]);
  parser.forget(bindings.fields().size());
  return node;
}

/// What $map and $filter have in common. Their errors differ in numbers alone.
template <typename Node>
NodePointer parse_loop(Parser& parser, const std::string& name, const Value& operand, const std::string& body,
                       int first_error) {
  if (!operand.is_document()) fail(first_error, name + " only supports an object as its argument");
  const bool is_filter = name == "$filter";
  for (const bson::Field& field : operand.fields()) {
    if (field.name != "input" && field.name != "as" && field.name != body && !(is_filter && field.name == "limit"))
      fail(first_error + 1, "Unrecognized parameter to " + name + ": " + field.name);
  }
  if (!operand.has("input")) fail(first_error + 2, "Missing 'input' parameter to " + name);
  if (!operand.has(body)) fail(first_error + 4, "Missing " + in_quotes(body) + " parameter to " + name);
  auto node = std::make_shared<Node>();
  node->input = parser.parse(operand["input"]);
  if (operand.has("limit")) node->limit = parser.parse(operand["limit"]);
  if (const Value* as = operand.find("as")) {
    if (!as->is_string()) fail(code::failed_to_parse, "empty variable names are not allowed");
    check_variable_name(as->as_text());
    node->variable = as->as_text();
  }
  parser.declare(node->variable);
  node->in = parser.parse(operand[body]);
  parser.forget(1);
  return node;
}

NodePointer parse_map(Parser& parser, const std::string& name, const Value& operand) {
  return parse_loop<MapNode>(parser, name, operand, "in", 16878);
}
NodePointer parse_filter(Parser& parser, const std::string& name, const Value& operand) {
  return parse_loop<FilterNode>(parser, name, operand, "cond", 28646);
}

NodePointer parse_reduce(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document()) fail(40075, "$reduce requires an object as an argument, found: " + type_of(operand));
  auto node = std::make_shared<ReduceNode>();
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "input") {
      node->input = parser.parse(field.value);
    } else if (field.name == "initialValue") {
      node->limit = parser.parse(field.value);
    } else if (field.name == "in") {
      parser.declare("this");
      parser.declare("value");
      node->in = parser.parse(field.value);
      parser.forget(2);
    } else {
      fail(40076, "$reduce found an unknown argument: " + field.name);
    }
  }
  if (node->input == nullptr) fail(40077, "$reduce requires 'input' to be specified");
  if (node->limit == nullptr) fail(40078, "$reduce requires 'initialValue' to be specified");
  if (node->in == nullptr) fail(40079, "$reduce requires 'in' to be specified");
  return node;
}

const std::array<SpecialOperator, 4> loops{{
    {"$let", parse_let},
    {"$map", parse_map},
    {"$filter", parse_filter},
    {"$reduce", parse_reduce},
}};

}  // namespace

std::span<const SpecialOperator> loop_operators() { return loops; }

}  // namespace premortem::query::expressing
