// $convert and its short forms; questions about types.
#include <array>

#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/conversions.hpp"
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

constexpr int conversion_failure = 241;

constexpr std::array<Type, 21> convertible_types{
    Type::number_double,   Type::string,     Type::document,  Type::array,      Type::binary,
    Type::undefined,       Type::object_id,  Type::boolean,   Type::date,       Type::null,
    Type::regex,           Type::db_pointer, Type::code,      Type::symbol,     Type::int32,
    Type::code_with_scope, Type::int64,      Type::timestamp, Type::decimal128, Type::min_key,
    Type::max_key};

bson::Conversion convert_value(const Value& value, Type target) {
  if (value.is(Type::date) && target == Type::string) return {Value::string(iso_text(value.as_int64())), ""};
  if (value.is_string() && target == Type::date) {
    const std::optional<std::int64_t> moment = parse_date(value.as_text(), "", 0);
    if (moment) return {Value::date(*moment), ""};
    return {Value(), "Error parsing date string '" + value.as_text() + "' in $convert with no onError value"};
  }
  return bson::convert(value, target);
}

Value convert_or_fail(const Value& value, Type target) {
  if (value.is_nullish()) return Value::null();
  bson::Conversion conversion = convert_value(value, target);
  if (conversion.value.is_missing()) fail(conversion_failure, conversion.failure);
  return std::move(conversion.value);
}

Value convert_shortly(std::string_view name, Arguments& arguments) {
  struct Short {
    std::string_view name;
    Type type;
  };
  constexpr std::array<Short, 8> all{{{"$toInt", Type::int32},
                                      {"$toLong", Type::int64},
                                      {"$toDouble", Type::number_double},
                                      {"$toDecimal", Type::decimal128},
                                      {"$toString", Type::string},
                                      {"$toBool", Type::boolean},
                                      {"$toDate", Type::date},
                                      {"$toObjectId", Type::object_id}}};
  for (const Short& each : all) {
    if (each.name == name) return convert_or_fail(arguments[0], each.type);
  }
  return {};
}

std::optional<Type> target_of(const Value& to) {
  if (to.is_nullish()) return {};
  if (to.is_string()) {
    for (const Type type : convertible_types) {
      if (bson::type_name(type) == to.as_text()) return type;
    }
    fail(code::bad_value, "Unknown type name: " + to.as_text());
  }
  if (!to.is_number())
    fail(code::failed_to_parse, "$convert's 'to' argument must be a string or number, but is " + type_of(to));
  const std::optional<std::int64_t> number = to.integral();
  if (!number) fail(code::failed_to_parse, "In $convert, numeric 'to' argument is not an integer");
  for (const Type type : convertible_types) {
    const auto own = static_cast<std::int64_t>(type);
    if (own == *number || (type == Type::min_key && *number == -1)) return type;
  }
  fail(code::failed_to_parse,
       "In $convert, numeric value for 'to' does not correspond to a BSON type: " + std::to_string(*number));
}

struct ConvertNode final : AggregateExpression::Node {
  Value evaluate(Variables& variables) const override {
    variables.spend(1);
    Holding held(variables);
    const Value to = target->evaluate(variables);
    held.add(to);
    const Value value = input->evaluate(variables);
    held.add(value);
    const std::optional<Type> type = target_of(to);
    if (value.is_nullish()) return on_null == nullptr ? Value::null() : on_null->evaluate(variables);
    if (!type) return Value::null();
    bson::Conversion conversion = convert_value(value, *type);
    if (!conversion.value.is_missing()) return std::move(conversion.value);
    if (on_error != nullptr) return on_error->evaluate(variables);
    fail(conversion_failure, conversion.failure);
  }
  NodePointer input, target, on_error, on_null;
};

NodePointer parse_convert(Parser& parser, const std::string&, const Value& operand) {
  if (!operand.is_document())
    fail(code::failed_to_parse, "$convert expects an object of named arguments but found: " + type_of(operand));
  auto node = std::make_shared<ConvertNode>();
  for (const bson::Field& field : operand.fields()) {
    NodePointer* place = field.name == "input"     ? &node->input
                         : field.name == "to"      ? &node->target
                         : field.name == "onError" ? &node->on_error
                         : field.name == "onNull"  ? &node->on_null
                                                   : nullptr;
    if (place == nullptr) fail(code::failed_to_parse, "$convert found an unknown argument: " + field.name);
    *place = parser.parse(field.value);
  }
  if (node->input == nullptr) fail(code::failed_to_parse, "Missing 'input' parameter to $convert");
  if (node->target == nullptr) fail(code::failed_to_parse, "Missing 'to' parameter to $convert");
  return node;
}

Value name_type(std::string_view, Arguments& arguments) { return Value::string(type_of(arguments[0])); }
Value is_number(std::string_view, Arguments& arguments) { return Value::boolean(arguments[0].is_number()); }

const std::array<Operator, 10> conversions{{
    {"$type", 1, 1, name_type},
    {"$isNumber", 1, 1, is_number},
    {"$toInt", 1, 1, convert_shortly},
    {"$toLong", 1, 1, convert_shortly},
    {"$toDouble", 1, 1, convert_shortly},
    {"$toDecimal", 1, 1, convert_shortly},
    {"$toString", 1, 1, convert_shortly},
    {"$toBool", 1, 1, convert_shortly},
    {"$toDate", 1, 1, convert_shortly},
    {"$toObjectId", 1, 1, convert_shortly},
}};

const std::array<SpecialOperator, 1> special_conversions{{{"$convert", parse_convert}}};

}  // namespace

std::span<const Operator> conversion_operators() { return conversions; }
std::span<const SpecialOperator> special_conversion_operators() { return special_conversions; }

}  // namespace premortem::query::expressing
