// $add, $subtract, $multiply and their like; and those that are left out on purpose.
#include <algorithm>
#include <array>

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

bool any_nullish(const Arguments& arguments) {
  return std::any_of(arguments.begin(), arguments.end(), [](const Value& value) { return value.is_nullish(); });
}

/// A number of milliseconds, rounded half away from zero.
std::int64_t whole_milliseconds(const Value& number, std::string_view name) {
  if (number.is_integer()) return number.as_int64();
  const std::string overflow = "date overflow in " + std::string(name);
  if (number.is(Type::decimal128)) {
    const std::optional<std::int64_t> whole = bson::decimal_to_integer(number, bson::Rounding::half_even);
    if (!whole) fail(code::overflow, overflow);
    return *whole;
  }
  const double real = number.as_double();
  if (!(real >= -9223372036854775808.0 && real < 9223372036854775808.0)) fail(code::overflow, overflow);
  const auto whole = static_cast<std::int64_t>(real);
  const double rest = real - static_cast<double>(whole);
  return rest >= 0.5 ? whole + 1 : rest <= -0.5 ? whole - 1 : whole;
}

Value add_all(std::string_view name, Arguments& arguments) {
  Value total = Value::int32(0);
  bool is_date = false;
  for (const Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_number() && !each.is(Type::date))
      fail(code::type_mismatch, "$add only supports numeric or date types, not " + type_of(each));
    if (each.is(Type::date) && is_date) fail(16612, "only one date allowed in an $add expression");
    is_date = is_date || each.is(Type::date);
    total = bson::add(total, each.is(Type::date) ? Value::int64(each.as_int64()) : each);
  }
  return is_date ? Value::date(whole_milliseconds(total, name)) : total;
}

Value subtract_two(std::string_view name, Arguments& arguments) {
  const Value &left = arguments[0], &right = arguments[1];
  if (any_nullish(arguments)) return Value::null();
  if (left.is_number() && right.is_number()) return bson::subtract(left, right);
  if (left.is(Type::date) && (right.is(Type::date) || right.is_number())) {
    const std::int64_t milliseconds = right.is(Type::date) ? right.as_int64() : whole_milliseconds(right, name);
    const __int128 difference = static_cast<__int128>(left.as_int64()) - milliseconds;
    if (difference < INT64_MIN || difference > INT64_MAX) fail(code::overflow, "date overflow in $subtract");
    const auto whole = static_cast<std::int64_t>(difference);
    return right.is(Type::date) ? Value::int64(whole) : Value::date(whole);
  }
  fail(code::type_mismatch, "can't $subtract " + type_of(right) + " from " + type_of(left));
}

Value multiply_all(std::string_view, Arguments& arguments) {
  Value product = Value::int32(1);
  for (const Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_number()) fail(code::type_mismatch, "$multiply only supports numeric types, not " + type_of(each));
    product = bson::multiply(product, each);
  }
  return product;
}

Value divide_two(std::string_view name, Arguments& arguments) {
  const Value &left = arguments[0], &right = arguments[1];
  const bool is_division = name == "$divide";
  if (left.is_number() && right.is_number()) {
    Value result = is_division ? bson::divide(left, right) : bson::modulo(left, right);
    if (result.is_missing())
      fail(is_division ? code::bad_value : 16610, is_division ? "can't $divide by zero" : "can't $mod by zero");
    return result;
  }
  if (any_nullish(arguments)) return Value::null();
  fail(is_division ? code::type_mismatch : 16611,
       std::string(name) + " only supports numeric types, not " + type_of(left) + " and " + type_of(right));
}

Value one_number(std::string_view name, Arguments& arguments) {
  const Value& number = arguments[0];
  if (number.is_nullish()) return Value::null();
  if (!number.is_number()) fail(28765, std::string(name) + " only supports numeric types, not " + type_of(number));
  if (name == "$ceil") return bson::ceiling(number);
  if (name == "$floor") return bson::floor(number);
  if (name == "$abs") {
    Value result = bson::absolute(number);
    if (result.is_missing()) fail(28680, "can't take $abs of long long min");
    return result;
  }
  if (number.is_integer() && number.as_int64() < 0) fail(28714, "$sqrt's argument must be greater than or equal to 0");
  const Value below = bson::subtract(number, bson::absolute(number));  // Of an integer that is not the least of all.
  if (!bson::is_not_a_number(number) && !number.is_integer() && !bson::is_zero(number) && !bson::is_zero(below) &&
      !bson::is_not_a_number(below))
    fail(28714, "$sqrt's argument must be greater than or equal to 0");
  return bson::square_root(number);
}

Value round_to_places(std::string_view name, Arguments& arguments) {
  const Value& number = arguments[0];
  if (number.is_nullish()) return Value::null();
  if (!number.is_number()) fail(51081, std::string(name) + " only supports numeric types, not " + type_of(number));
  std::int64_t places = 0;
  if (arguments.size() > 1) {
    if (arguments[1].is_nullish()) return Value::null();
    std::optional<std::int64_t> whole = arguments[1].integral();
    if (arguments[1].is(Type::decimal128)) whole = bson::decimal_to_integer(arguments[1]);
    if (!whole) fail(51082, "precision argument to  " + std::string(name) + " must be a integral value");
    places = *whole;
  }
  if (places < -20 || places > 100)
    fail(51083, "cannot apply " + std::string(name) + " with precision value " + std::to_string(places) +
                    " value must be in [-20, 100]");
  Value result = bson::round(number, static_cast<int>(places),
                             name == "$round" ? bson::Rounding::half_even : bson::Rounding::toward_zero);
  if (result.is_missing())
    fail(51080, "invalid conversion from Decimal128 result in " + std::string(name) + " resulting from arguments: [" +
                    std::to_string(number.as_int64()) + "," + std::to_string(places) + "]");
  return result;
}

/// Of integers, as long as every product is exact.
Value exact_power(std::string_view, Arguments& arguments) {
  if (any_nullish(arguments)) return Value::null();
  const Value &base = arguments[0], &exponent = arguments[1];
  if (!base.is_number()) fail(28762, "$pow's base must be numeric, not " + type_of(base));
  if (!exponent.is_number()) fail(28763, "$pow's exponent must be numeric, not " + type_of(exponent));
  if (bson::is_zero(base) && exponent.is_integer() && exponent.as_int64() < 0)
    fail(28764, "$pow cannot take a base of 0 and a negative exponent");
  constexpr const char* left_out =
      "$pow is left out for what is not a whole number to a whole power within 64 bits: its last bit differs between "
      "machines";
  if (!base.is_integer() || !exponent.is_integer()) fail(code::command_not_supported, left_out);
  const std::int64_t number = base.as_int64();
  std::int64_t power = exponent.as_int64();
  if (power < 0 && number != 1 && number != -1) fail(code::command_not_supported, left_out);
  if (number == 0 || number == 1 || number == -1) power = power == 0 ? 0 : power % 2 == 0 ? 2 : 1;
  __int128 result = 1;
  for (std::int64_t at = 0; at < power; ++at) {
    result *= number;
    if (result < INT64_MIN || result > INT64_MAX) fail(code::command_not_supported, left_out);
  }
  const auto whole = static_cast<std::int64_t>(result);
  const bool is_long = base.is(Type::int64) || exponent.is(Type::int64);
  return is_long ? Value::int64(whole) : bson::int_or_long(whole);
}

const std::array<Operator, 12> arithmetic{{
    {"$add", 0, any_number, add_all},
    {"$subtract", 2, 2, subtract_two},
    {"$multiply", 0, any_number, multiply_all},
    {"$divide", 2, 2, divide_two},
    {"$mod", 2, 2, divide_two},
    {"$abs", 1, 1, one_number},
    {"$ceil", 1, 1, one_number},
    {"$floor", 1, 1, one_number},
    {"$sqrt", 1, 1, one_number},
    {"$round", 1, 2, round_to_places},
    {"$trunc", 1, 2, round_to_places},
    {"$pow", 2, 2, exact_power},
}};

}  // namespace

std::span<const Operator> arithmetic_operators() { return arithmetic; }

}  // namespace premortem::query::expressing
