// Conditions, and operators that evaluate only what they need.
#include <algorithm>
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

struct LazyNode : AggregateExpression::Node {
  explicit LazyNode(std::vector<NodePointer> operands) : arguments(std::move(operands)) {}
  bool is_constant() const override {
    return std::all_of(arguments.begin(), arguments.end(), [](const auto& each) { return each->is_constant(); });
  }
  const std::vector<NodePointer> arguments;
};

struct AndOrNode final : LazyNode {
  AndOrNode(std::vector<NodePointer> operands, bool ends_with) : LazyNode(std::move(operands)), end(ends_with) {}
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    for (const NodePointer& argument : arguments) {
      if (argument->evaluate(variables).truthy() == end) return Value::boolean(end);
    }
    return Value::boolean(!end);
  }
  const bool end;  ///< The truth of an argument that decides.
};

struct ConditionNode final : LazyNode {
  using LazyNode::LazyNode;
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    return arguments[arguments[0]->evaluate(variables).truthy() ? 1 : 2]->evaluate(variables);
  }
};

struct IfNullNode final : LazyNode {
  using LazyNode::LazyNode;
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    for (std::size_t at = 0; at + 1 < arguments.size(); ++at) {
      Value value = arguments[at]->evaluate(variables);
      if (!value.is_nullish()) return value;
    }
    return arguments.back()->evaluate(variables);
  }
};

/// Pairs of a condition and what it gives, then what is given without any.
struct SwitchNode final : LazyNode {
  using LazyNode::LazyNode;
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    for (std::size_t at = 0; at + 1 < arguments.size(); at += 2) {
      if (arguments[at]->evaluate(variables).truthy()) return arguments[at + 1]->evaluate(variables);
    }
    if (arguments.size() % 2 == 0)
      fail(40066, "$switch could not find a matching branch for an input, and no default was specified.");
    return arguments.back()->evaluate(variables);
  }
};

NodePointer parse_and_or(Parser& parser, const std::string& name, const Value& operand) {
  return std::make_shared<const AndOrNode>(parser.parse_arguments(operand), name == "$or");
}

NodePointer parse_condition(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document()) {
    std::vector<NodePointer> arguments = parser.parse_arguments(operand);
    if (arguments.size() != 3)
      fail(16020,
           "Expression $cond takes exactly 3 arguments. " + std::to_string(arguments.size()) + " were passed in.");
    return std::make_shared<const ConditionNode>(std::move(arguments));
  }
  std::vector<NodePointer> arguments(3);
  constexpr std::array<std::string_view, 3> names{"if", "then", "else"};
  for (const bson::Field& field : operand.fields()) {
    const auto found = std::find(names.begin(), names.end(), field.name);
    if (found == names.end()) fail(17083, "Unrecognized parameter to $cond: " + field.name);
    arguments[static_cast<std::size_t>(found - names.begin())] = parser.parse(field.value);
  }
  for (std::size_t at = 0; at < names.size(); ++at) {
    if (arguments[at] == nullptr)
      fail(17080 + static_cast<int>(at), "Missing " + in_quotes(names[at]) + " parameter to $cond");
  }
  return std::make_shared<const ConditionNode>(std::move(arguments));
}

NodePointer parse_if_null(Parser& parser, const std::string&, const Value& operand) {
  std::vector<NodePointer> arguments = parser.parse_arguments(operand);
  if (arguments.size() < 2)
    fail(1257300, "$ifNull needs at least two arguments, had: " + std::to_string(arguments.size()));
  return std::make_shared<const IfNullNode>(std::move(arguments));
}

void parse_branch(Parser& parser, const Value& branch, std::vector<NodePointer>& arguments) {
  if (!branch.is_document()) fail(40062, "$switch expected each branch to be an object, found: " + type_of(branch));
  NodePointer condition, then;
  for (const bson::Field& field : branch.fields()) {
    if (field.name != "case" && field.name != "then")
      fail(40063, "$switch found an unknown argument to a branch: " + field.name);
    (field.name == "case" ? condition : then) = parser.parse(field.value);
  }
  if (condition == nullptr) fail(40064, "$switch requires each branch have a 'case' expression");
  if (then == nullptr) fail(40065, "$switch requires each branch have a 'then' expression.");
  arguments.push_back(std::move(condition));
  arguments.push_back(std::move(then));
}

NodePointer parse_switch(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document()) fail(40060, "$switch requires an object as an argument, found: " + type_of(operand));
  std::vector<NodePointer> arguments;
  NodePointer otherwise;
  for (const bson::Field& field : operand.fields()) {
    if (field.name == "branches") {
      if (!field.value.is_array())
        fail(40061, "$switch expected an array for 'branches', found: " + type_of(field.value));
      for (const Value& branch : field.value.elements()) parse_branch(parser, branch, arguments);
    } else if (field.name == "default") {
      otherwise = parser.parse(field.value);
    } else {
      fail(40067, "$switch found an unknown argument: " + field.name);
    }
  }
  if (arguments.empty()) fail(40068, "$switch requires at least one branch.");
  if (otherwise != nullptr) arguments.push_back(std::move(otherwise));
  return std::make_shared<const SwitchNode>(std::move(arguments));
}

Value compare_two(std::string_view name, Arguments& arguments) {
  const int order = bson::compare(arguments[0], arguments[1]);
  if (name == "$cmp") return Value::int32(order < 0 ? -1 : order > 0 ? 1 : 0);
  if (name == "$eq") return Value::boolean(order == 0);
  if (name == "$ne") return Value::boolean(order != 0);
  if (name == "$lt") return Value::boolean(order < 0);
  if (name == "$lte") return Value::boolean(order <= 0);
  return Value::boolean(name == "$gt" ? order > 0 : order >= 0);
}

Value negate(std::string_view, Arguments& arguments) { return Value::boolean(!arguments[0].truthy()); }

const std::array<SpecialOperator, 5> logic{{
    {"$and", parse_and_or},
    {"$or", parse_and_or},
    {"$cond", parse_condition},
    {"$ifNull", parse_if_null},
    {"$switch", parse_switch},
}};

const std::array<Operator, 8> comparisons{{
    {"$cmp", 2, 2, compare_two},
    {"$eq", 2, 2, compare_two},
    {"$ne", 2, 2, compare_two},
    {"$lt", 2, 2, compare_two},
    {"$lte", 2, 2, compare_two},
    {"$gt", 2, 2, compare_two},
    {"$gte", 2, 2, compare_two},
    {"$not", 1, 1, negate},
}};

}  // namespace

std::span<const SpecialOperator> logic_operators() { return logic; }
std::span<const Operator> comparison_operators() { return comparisons; }

}  // namespace premortem::query::expressing
