// The parser of expressions, and the nodes that every expression is made of.
#include <algorithm>
#include <set>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

// MongoDB's documents are never deeper; what is made of them by $literal or `let` might be.
constexpr int expression_depth_max = 200;

struct ObjectNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    Value result = Value::document();
    Holding held(variables);
    for (const auto& [name, node] : fields) {
      Value value = node->evaluate(variables);
      if (value.is_missing()) continue;
      held.add(value);
      result.append(name, std::move(value));
    }
    return result;
  }
  bool is_constant() const override {
    return std::all_of(fields.begin(), fields.end(), [](const auto& field) { return field.second->is_constant(); });
  }
  std::vector<std::pair<std::string, NodePointer>> fields;
};

struct ArrayNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    Value result = Value::array();
    Holding held(variables);
    for (const NodePointer& node : elements) {
      Value value = node->evaluate(variables);
      held.add(value);
      result.push_back(value.is_missing() ? Value::null() : std::move(value));
    }
    return result;
  }
  bool is_constant() const override {
    return std::all_of(elements.begin(), elements.end(), [](const auto& element) { return element->is_constant(); });
  }
  std::vector<NodePointer> elements;
};

struct OperatorNode final : AggregateExpression::Node {
  explicit OperatorNode(const Operator& which) : operation(which) {}
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    Arguments values;
    values.reserve(arguments.size());
    Holding held(variables);
    for (std::size_t at = 0; at < arguments.size(); ++at) {
      const bool is_there = arguments[at] != nullptr && at < operation.lazy_from;
      values.push_back(is_there ? arguments[at]->evaluate(variables) : Value());
      // What is given and gives nothing is not what was left out.
      const bool is_optional = !operation.fields.empty() && at >= operation.least;
      if (is_there && is_optional && values.back().is_missing()) values.back() = Value::null();
      held.add(values.back());
    }
    Value result = operation.evaluate_lazily != nullptr
                       ? operation.evaluate_lazily(operation.name, values, arguments, variables)
                       : operation.evaluate(operation.name, values);
    spend_on_copy(variables, result);
    return result;
  }
  bool is_constant() const override {
    return std::all_of(arguments.begin(), arguments.end(),
                       [](const auto& argument) { return argument == nullptr || argument->is_constant(); });
  }
  const Operator& operation;
  std::vector<NodePointer> arguments;
};

void check_argument_count(const Operator& operation, std::size_t count) {
  if (count >= operation.least && count <= operation.most) return;
  const std::string begin = "Expression " + std::string(operation.name);
  const std::string end = std::to_string(count) + " were passed in.";
  if (operation.least == operation.most)
    fail(16020, begin + " takes exactly " + std::to_string(operation.least) + " arguments. " + end);
  fail(28667, begin + " takes at least " + std::to_string(operation.least) + " arguments, and at most " +
                  std::to_string(operation.most) + ", but " + end);
}

NodePointer parse_with_fields(Parser& parser, const Operator& operation, const Value& operand) {
  const std::string name(operation.name);
  if (!operand.is_document())
    fail(operation.not_a_document, name + " only supports an object as its argument, but got " + type_of(operand));
  auto node = std::make_shared<OperatorNode>(operation);
  node->arguments.resize(operation.fields.size());
  for (const bson::Field& field : operand.fields()) {
    const auto found = std::find(operation.fields.begin(), operation.fields.end(), field.name);
    if (found == operation.fields.end())
      fail(operation.unknown_field, name + " found an unknown argument: " + field.name);
    node->arguments[static_cast<std::size_t>(found - operation.fields.begin())] = parser.parse(field.value);
  }
  for (std::size_t at = 0; at < operation.least; ++at) {
    if (node->arguments[at] == nullptr)
      fail(operation.missing_field, name + " requires " + in_quotes(operation.fields[at]) + " to be specified");
  }
  return node;
}

}  // namespace

Parser::Parser(const Context& context, const std::vector<std::string>& variables, std::uint64_t* draws)
    : context_(context), shared_draws_(draws) {
  for (const std::string& variable : variables) declare(variable);
}

bool Parser::knows(const std::string& variable) const {
  const auto found = in_force_.find(variable);
  return found != in_force_.end() && found->second > 0;
}

void Parser::declare(const std::string& variable) {
  variables_.push_back(variable);
  ++in_force_[variable];
}

void Parser::forget(std::size_t count) {
  for (; count > 0; --count) {
    --in_force_[variables_.back()];
    variables_.pop_back();
  }
}

std::uint64_t Parser::next_luck() {
  const std::uint64_t own = combine(context_.luck, draws_++);
  return shared_draws_ == nullptr ? own : combine(own, (*shared_draws_)++);
}

NodePointer Parser::parse(const Value& expression) {
  if (++depth_ > expression_depth_max) fail(code::overflow, "Expression is nested too deeply");
  NodePointer node;
  if (expression.is_string() && expression.as_text().starts_with('$')) {
    node = make_field_path(*this, expression.as_text());
  } else if (expression.is_document()) {
    node = parse_document(expression);
  } else if (expression.is_array()) {
    auto array = std::make_shared<ArrayNode>();
    for (const Value& element : expression.elements()) array->elements.push_back(parse(element));
    node = array;
  } else {
    node = make_constant(expression);
  }
  --depth_;
  return node;
}

std::vector<NodePointer> Parser::parse_arguments(const Value& operand) {
  std::vector<NodePointer> arguments;
  if (!operand.is_array()) return {parse(operand)};
  for (const Value& element : operand.elements()) arguments.push_back(parse(element));
  return arguments;
}

NodePointer Parser::parse_document(const Value& document) {
  const std::vector<bson::Field>& fields = document.fields();
  if (!fields.empty() && fields[0].name.starts_with('$')) {
    if (fields.size() > 1)
      fail(15983, "An object representing an expression must have exactly one field: " + bson::to_shell(document));
    return parse_operator(fields[0].name, fields[0].value);
  }
  auto object = std::make_shared<ObjectNode>();
  std::set<std::string_view> names;
  for (const bson::Field& field : fields) {
    check_field_name(field.name);
    if (!names.insert(field.name).second)
      fail(16406, "duplicate field name specified in object literal: " + bson::to_shell(document));
    object->fields.emplace_back(field.name, parse(field.value));
  }
  return object;
}

NodePointer make_operator(const Operator& operation, std::vector<NodePointer> arguments) {
  auto node = std::make_shared<OperatorNode>(operation);
  node->arguments = std::move(arguments);
  return node;
}

NodePointer Parser::parse_operator(const std::string& name, const Value& operand) {
  if (const SpecialOperator* special = find_special_operator(name)) return special->parse(*this, name, operand);
  const Operator* operation = find_operator(name);
  if (operation == nullptr) fail(code::invalid_pipeline_operator, "Unrecognized expression '" + name + "'");
  if (!operation->fields.empty()) return parse_with_fields(*this, *operation, operand);
  std::vector<NodePointer> arguments = parse_arguments(operand);
  check_argument_count(*operation, arguments.size());
  return make_operator(*operation, std::move(arguments));
}

}  // namespace premortem::query::expressing
