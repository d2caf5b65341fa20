// Conditions about whole documents by aggregation expressions: $expr and $sampleRate.
#include "sim/models/query/expression.hpp"
#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"

namespace premortem::query::filtering {

namespace {

struct ExpressionNode final : Filter::Node {
  ExpressionNode(const bson::Value& operand, const Context& context)
      : expression(AggregateExpression::parse(operand, context)) {}
  bool matches(const bson::Value& document, MatchDetails*) const override {
    return expression.evaluate(document).truthy();
  }
  // It stands at the top level only, never within $elemMatch.
  bool matches_value(const bson::Value&, MatchDetails*) const override { return false; }
  void collect_fields(std::vector<std::string>&, bool& whole) const override { whole = true; }
  const AggregateExpression expression;
};

/// -1, 0, 1 for a number below 0, within 0 and 1, above 1; NaN counts as above.
int side_of_unit_range(const bson::Value& number, bool& is_zero, bool& is_one) {
  const std::optional<WholeNumber> whole = truncated(number);
  if (!whole) return 1;
  is_zero = whole->value == 0 && whole->exact;
  is_one = whole->value == 1 && whole->exact;
  if (whole->value < 0 || (number.is(bson::Type::number_double) && number.as_double() < 0)) return -1;
  return whole->value > 1 || (whole->value == 1 && !whole->exact) ? 1 : 0;
}

}  // namespace

NodePointer make_expression(const bson::Value& operand, const Context& context) {
  return std::make_shared<const ExpressionNode>(operand, context);
}

NodePointer make_sample_rate(const bson::Value& operand, const Context& context) {
  if (!operand.is_number()) throw CommandError(code::bad_value, "argument to $sampleRate must be a numeric type");
  bool is_zero = false, is_one = false;
  if (side_of_unit_range(operand, is_zero, is_one) != 0)
    throw CommandError(code::bad_value, "numeric argument to $sampleRate must be in [0, 1]");
  if (is_zero || is_one) return std::make_shared<const ConstantNode>(is_one);
  const bson::Value draw = bson::doc({{"$rand", bson::Value::document()}});
  return make_expression(bson::doc({{"$lt", bson::arr({draw, operand})}}), context);
}

}  // namespace premortem::query::filtering
