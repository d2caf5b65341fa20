#include "sim/models/query/expression.hpp"

#include "sim/models/query/expression_node.hpp"
#include "sim/models/query/path.hpp"

namespace premortem::query {

namespace {
// Some seconds of work. The server has no such limit, but the time limit of a command, which says the same.
constexpr std::uint64_t evaluation_steps_max = 20'000'000;
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

AggregateExpression AggregateExpression::parse(const bson::Value& expression, const Context& context,
                                               const std::vector<std::string>& variables) {
  AggregateExpression parsed;
  parsed.root_ = expressing::Parser(context, variables).parse(expression);
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

}  // namespace premortem::query
