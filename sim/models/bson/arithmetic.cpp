#include "sim/models/bson/arithmetic.hpp"

#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/decimal_bits.hpp"
#include "sim/models/bson/double_arithmetic.hpp"
#include "sim/models/bson/summation.hpp"

namespace premortem::bson {

namespace {

bool either_number_is(Type type, const Value& left, const Value& right) { return left.is(type) || right.is(type); }

// Of two integers; nothing when it is beyond int64. Two int32 give an int32 if that is enough.
Value integer_result(const Value& left, const Value& right, bool overflows, std::int64_t result) {
  if (overflows) return {};
  return either_number_is(Type::int64, left, right) ? Value::int64(result) : int_or_long(result);
}

}  // namespace

Value int_or_long(std::int64_t number) {
  const auto narrow = static_cast<std::int32_t>(number);
  return narrow == number ? Value::int32(narrow) : Value::int64(number);
}

double to_double(const Value& number) {
  if (number.is(Type::number_double)) return number.as_double();
  return number.is_integer() ? static_cast<double>(number.as_int64()) : decimal_to_double(number);
}
bool is_zero(const Value& number) {
  if (number.is_integer()) return number.as_int64() == 0;
  return number.is(Type::number_double) ? number.as_double() == 0 : take_apart(number).is_zero();
}
bool is_not_a_number(const Value& number) {
  if (number.is(Type::number_double)) return number.as_double() != number.as_double();
  return number.is(Type::decimal128) && take_apart(number).kind == DecimalParts::Kind::nan;
}

Value add(const Value& left, const Value& right, LongOverflow overflow) {
  PREMORTEM_CHECK(left.is_number() && right.is_number(), "only numbers are added");
  if (left.is_integer() && right.is_integer()) {
    std::int64_t result = 0;
    const bool overflows = __builtin_add_overflow(left.as_int64(), right.as_int64(), &result);
    if (!overflows || overflow == LongOverflow::fails) return integer_result(left, right, overflows, result);
  }
  if (overflow == LongOverflow::becomes_double) {
    Summation sum;
    sum.add(left);
    sum.add(right);
    return sum.total();
  }
  if (either_number_is(Type::decimal128, left, right)) return add_decimals(to_decimal(left), to_decimal(right));
  return Value::number(to_double(left) + to_double(right));
}

Value subtract(const Value& left, const Value& right, LongOverflow overflow) {
  PREMORTEM_CHECK(left.is_number() && right.is_number(), "only numbers are subtracted");
  if (either_number_is(Type::decimal128, left, right)) return subtract_decimals(to_decimal(left), to_decimal(right));
  if (left.is_integer() && right.is_integer()) {
    std::int64_t result = 0;
    const bool overflows = __builtin_sub_overflow(left.as_int64(), right.as_int64(), &result);
    if (!overflows || overflow == LongOverflow::fails) return integer_result(left, right, overflows, result);
  }
  return Value::number(to_double(left) - to_double(right));
}

Value multiply(const Value& left, const Value& right, LongOverflow overflow) {
  PREMORTEM_CHECK(left.is_number() && right.is_number(), "only numbers are multiplied");
  if (either_number_is(Type::decimal128, left, right)) return multiply_decimals(to_decimal(left), to_decimal(right));
  if (left.is_integer() && right.is_integer()) {
    std::int64_t result = 0;
    const bool overflows = __builtin_mul_overflow(left.as_int64(), right.as_int64(), &result);
    if (!overflows || overflow == LongOverflow::fails) return integer_result(left, right, overflows, result);
  }
  return Value::number(to_double(left) * to_double(right));
}

Value divide(const Value& left, const Value& right) {
  PREMORTEM_CHECK(left.is_number() && right.is_number(), "only numbers are divided");
  if (is_zero(right)) return {};
  if (either_number_is(Type::decimal128, left, right)) return divide_decimals(to_decimal(left), to_decimal(right));
  return Value::number(to_double(left) / to_double(right));
}

Value modulo(const Value& left, const Value& right) {
  PREMORTEM_CHECK(left.is_number() && right.is_number(), "only numbers are divided");
  if (is_zero(right)) return {};
  if (either_number_is(Type::decimal128, left, right))
    return remainder_of_decimals(to_decimal(left), to_decimal(right));
  // A whole double of 32 bits counts as an integer where it divides, not where it is divided.
  const std::optional<std::int64_t> divisor = right.integral();
  const bool whole = divisor && (right.is_integer() || *divisor == static_cast<std::int32_t>(*divisor));
  if (!left.is_integer() || !whole) return Value::number(remainder_of_doubles(to_double(left), to_double(right)));
  // The least integer divided by -1 would overflow on the way to a rest of 0.
  const std::int64_t rest = *divisor == -1 ? 0 : left.as_int64() % *divisor;
  return either_number_is(Type::int64, left, right) ? Value::int64(rest) : int_or_long(rest);
}

}  // namespace premortem::bson
