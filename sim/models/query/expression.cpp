#include "sim/models/query/expression.hpp"

#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/path.hpp"

namespace premortem::query {

namespace {
// Some seconds of work. The server has no such limit, but the time limit of a command, which says the same.
constexpr std::uint64_t evaluation_steps_max = 20'000'000;
constexpr std::size_t held_at_a_time_max = 256 * 1024 * 1024;
constexpr std::size_t let_variables_max = 1000;
constexpr int field_in_let = 4890500;
}  // namespace

const bson::Value& Variables::find(std::string_view name) const {
  for (auto variable = named.rbegin(); variable != named.rend(); ++variable) {
    if (variable->first == name) return variable->second;
  }
  return missing();
}

void Variables::spend(std::uint64_t work) {
  steps += work;
  if (steps > evaluation_steps_max) throw CommandError(code::max_time_expired, "operation exceeded time limit");
}

void Variables::hold(std::size_t bytes) {
  if (bytes > held_at_a_time_max || held + bytes > held_at_a_time_max)
    throw CommandError(code::memory_limit, "Exceeded memory limit of " + std::to_string(held_at_a_time_max) +
                                               " bytes for the evaluation of an expression");
  held += bytes;
}

AggregateExpression AggregateExpression::parse(const bson::Value& expression, const Context& context,
                                               const std::vector<std::string>& variables, std::uint64_t* draws) {
  AggregateExpression parsed;
  parsed.root_ = expressing::Parser(context, variables, draws).parse(expression);
  return parsed;
}

AggregateExpression::AggregateExpression() = default;
AggregateExpression::~AggregateExpression() = default;

bson::Value AggregateExpression::evaluate(const bson::Value& document) const {
  Variables variables;
  variables.root = variables.current = &document;
  return evaluate(variables);
}

bson::Value AggregateExpression::evaluate(Variables& variables) const {
  return root_ == nullptr ? bson::Value() : root_->evaluate(variables);
}

bool AggregateExpression::is_constant() const { return root_ == nullptr || root_->is_constant(); }

void check_variable_count(std::size_t count) {
  if (count > let_variables_max)
    throw CommandError(code::bad_value, "'let' has " + std::to_string(count) + " variables; this store takes at most " +
                                            std::to_string(let_variables_max));
}

bson::Value evaluate_let(const bson::Value& let, const Context& context) {
  check_variable_count(let.fields().size());
  Context known = context;
  known.let = bson::Value::document();
  const bson::Value no_document = bson::Value::document();
  for (const bson::Field& field : let.fields()) {
    expressing::check_variable_name(field.name);
    expressing::Parser parser(known, {});
    const expressing::NodePointer node = parser.parse(field.value);
    if (parser.sees_document())
      throw CommandError(field_in_let,
                         "Command let Expression tried to access a field, but this is not allowed because"
                         "Command let Expressions run before the query examines any documents.");
    Variables variables;
    variables.root = variables.current = &no_document;
    bson::Value value = node->evaluate(variables);
    known.let.set(field.name, value.is_missing() ? bson::Value::undefined() : std::move(value));
  }
  return std::move(known.let);
}

}  // namespace premortem::query
