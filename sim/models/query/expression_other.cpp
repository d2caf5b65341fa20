// Literals and draws; and what is refused.
#include <array>
#include <string>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

/// Keyed by who draws and for which document, so that the same command gives the same numbers, however it is run.
struct RandomNode final : AggregateExpression::Node {
  explicit RandomNode(std::uint64_t own_luck) : luck(own_luck) {}
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    const std::uint64_t about = variables.root == nullptr ? 0 : hash_name(bson::key_string(*variables.root));
    const std::uint64_t bits = random_bits(luck, about, hash_name("$rand"), variables.draws++);
    return Value::number(static_cast<double>(bits >> 11) / 9007199254740992.0);  // 53 bits, below 1.
  }
  const std::uint64_t luck;
};

NodePointer parse_literal(Parser&, const std::string&, const Value& operand) { return make_constant(operand); }

NodePointer parse_random(Parser& parser, const std::string&, const Value& operand) {
  const bool is_empty =
      (operand.is_document() && operand.fields().empty()) || (operand.is_array() && operand.elements().empty());
  if (!operand.is_document() && !operand.is_array()) fail(3040501, "invalid parameter: expected an object ($rand)");
  if (!is_empty) fail(3040501, "$rand does not currently accept arguments");
  return std::make_shared<const RandomNode>(parser.next_luck());
}

NodePointer refuse_inexact(Parser&, const std::string& name, const Value&) {
  fail(code::command_not_supported,
       name + " is left out: the last bit of its results differs between machines, and a run must not");
}

NodePointer refuse_script(Parser&, const std::string& name, const Value&) {
  fail(code::command_not_supported, name + " is left out: there is no JavaScript engine");
}

NodePointer refuse_other(Parser&, const std::string& name, const Value&) {
  fail(code::command_not_supported, name + " is not supported");
}

const std::array<SpecialOperator, 32> others{{
    {"$literal", parse_literal},
    {"$const", parse_literal},
    {"$rand", parse_random},
    {"$exp", refuse_inexact},
    {"$ln", refuse_inexact},
    {"$log", refuse_inexact},
    {"$log10", refuse_inexact},
    {"$sin", refuse_inexact},
    {"$cos", refuse_inexact},
    {"$tan", refuse_inexact},
    {"$asin", refuse_inexact},
    {"$acos", refuse_inexact},
    {"$atan", refuse_inexact},
    {"$atan2", refuse_inexact},
    {"$sinh", refuse_inexact},
    {"$cosh", refuse_inexact},
    {"$tanh", refuse_inexact},
    {"$asinh", refuse_inexact},
    {"$acosh", refuse_inexact},
    {"$atanh", refuse_inexact},
    {"$degreesToRadians", refuse_inexact},
    {"$radiansToDegrees", refuse_inexact},
    {"$median", refuse_other},
    {"$percentile", refuse_other},
    {"$meta", refuse_other},
    {"$toHashedIndexKey", refuse_other},
    {"$tsSecond", refuse_other},
    {"$tsIncrement", refuse_other},
    {"$binarySize", refuse_other},
    {"$bsonSize", refuse_other},
    {"$function", refuse_script},
    {"$accumulator", refuse_script},
}};

}  // namespace

std::span<const SpecialOperator> other_operators() { return others; }

}  // namespace premortem::query::expressing
