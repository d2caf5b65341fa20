// Modifiers of numbers: $inc, $mul, $bit.
#include <limits>

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/update_plan.hpp"

namespace premortem::query {

namespace {

std::string update_operand_type(const bson::Value& value) { return std::string(bson::type_name(value.type())); }

/// Missing when it is beyond 64 bits.
bson::Value combine_numbers(const bson::Value& left, const bson::Value& right, bool product) {
  return product ? bson::multiply(left, right, bson::LongOverflow::fails)
                 : bson::add(left, right, bson::LongOverflow::fails);
}

/// As errors print what could not be computed with.
std::string describe_integer(const bson::Value& value) {
  return (value.is(bson::Type::int32) ? "(NumberInt)" : "(NumberLong)") + std::to_string(value.as_int64());
}

class ArithmeticModifier : public Modifier {
 public:
  ArithmeticModifier(const bson::Field& operand, bool product) : operand_(operand.value), product_(product) {
    if (!operand_.is_number())
      throw CommandError(code::type_mismatch, std::string("Cannot ") + (product ? "multiply" : "increment") +
                                                  " with non-numeric argument: {" +
                                                  describe_element(operand.name, operand.value) + "}");
  }

  void change(bson::Value& value, const ModifierPlace& place) const override {
    const std::string name = product_ ? "$mul" : "$inc";
    if (!value.is_number())
      throw CommandError(code::type_mismatch, "Cannot apply " + name + " to a value of non-numeric type. {" +
                                                  describe_id(place.document) + "} has the field '" +
                                                  place.path.back() + "' of non-numeric type " +
                                                  update_operand_type(value));
    bson::Value result = combine_numbers(value, operand_, product_);
    if (result.is_missing())
      throw CommandError(code::bad_value, "Failed to apply " + name + " operations to current value (" +
                                              describe_integer(value) + ") for document {" +
                                              describe_id(place.document) + "}");
    value = std::move(result);
  }

  /// Nothing counts as 0 of the operand's type.
  std::optional<bson::Value> create(const ModifierPlace&) const override {
    return product_ ? combine_numbers(operand_, bson::Value::int32(0), true) : operand_;
  }

 private:
  bson::Value operand_;
  bool product_;
};

class BitModifier : public Modifier {
 public:
  explicit BitModifier(const bson::Value& operand) {
    static const std::string format = "{$bit: {field: {and/or/xor: #}}";
    if (!operand.is_document())
      throw CommandError(code::bad_value, "The $bit modifier is not compatible with a " + update_operand_type(operand) +
                                              ". You must pass in an embedded document: " + format);
    for (const bson::Field& step : operand.fields()) {
      if (step.name != "and" && step.name != "or" && step.name != "xor")
        throw CommandError(code::bad_value, "The $bit modifier only supports 'and', 'or', and 'xor', not '" +
                                                step.name + "' which is an unknown operator: {" +
                                                describe_element(step.name, step.value) + "}");
      if (!step.value.is_integer())
        throw CommandError(code::bad_value, "The $bit modifier field must be an Integer(32/64 bit); a '" +
                                                update_operand_type(step.value) + "' is not supported here: {" +
                                                describe_element(step.name, step.value) + "}");
      steps_.push_back(step);
    }
    if (steps_.empty())
      throw CommandError(code::bad_value, "You must pass in at least one bitwise operation. The format is: " + format);
  }

  void change(bson::Value& value, const ModifierPlace& place) const override {
    if (!value.is_integer())
      throw CommandError(code::bad_value, "Cannot apply $bit to a value of non-integral type." +
                                              describe_id(place.document) + " has the field " + place.path.back() +
                                              " of non-integer type " + update_operand_type(value));
    for (const bson::Field& step : steps_) value = combine_bits(step.name, value, step.value);
  }
  std::optional<bson::Value> create(const ModifierPlace& place) const override {
    bson::Value made = bson::Value::int32(0);
    change(made, place);
    return made;
  }

 private:
  static bson::Value combine_bits(const std::string& name, const bson::Value& left, const bson::Value& right) {
    const std::int64_t a = left.as_int64(), b = right.as_int64();
    const std::int64_t bits = name == "and" ? (a & b) : name == "or" ? (a | b) : (a ^ b);
    if (left.is(bson::Type::int32) && right.is(bson::Type::int32))
      return bson::Value::int32(static_cast<std::int32_t>(bits));
    return bson::Value::int64(bits);
  }

  std::vector<bson::Field> steps_;
};

/// A decimal without a fraction that fits into 64 bits.
std::optional<std::int64_t> whole_decimal(const bson::Value& decimal) {
  const std::optional<std::int64_t> whole = bson::decimal_to_integer(decimal);
  if (whole && bson::equal(bson::Value::int64(*whole), decimal)) return whole;
  return {};
}

}  // namespace

std::int64_t whole_operand(std::string_view name, const bson::Value& value) {
  const std::string shown = describe_element(name, value);
  if (!value.is_number()) throw CommandError(code::failed_to_parse, "Expected a number in: " + shown);
  if (bson::is_not_a_number(value))
    throw CommandError(code::failed_to_parse, "Expected an integer, but found NaN in: " + shown);
  const std::optional<std::int64_t> whole = value.is(bson::Type::decimal128) ? whole_decimal(value) : value.integral();
  if (whole) return *whole;
  const bool in_range = bson::compare(value, bson::Value::int64(std::numeric_limits<std::int64_t>::min())) >= 0 &&
                        bson::compare(value, bson::Value::int64(std::numeric_limits<std::int64_t>::max())) <= 0;
  throw CommandError(code::failed_to_parse,
                     (in_range ? "Expected an integer: " : "Cannot represent as a 64-bit integer: ") + shown);
}

ModifierPointer make_number_modifier(std::string_view name, const bson::Field& operand) {
  if (name == "$inc" || name == "$mul") return std::make_shared<ArithmeticModifier>(operand, name == "$mul");
  if (name == "$bit") return std::make_shared<BitModifier>(operand.value);
  return nullptr;
}

}  // namespace premortem::query
