// $bitAnd, $bitOr, $bitXor and $bitNot. Source: mongodb/mongo, src/mongo/db/exec/expression/evaluate.cpp and its tests.
#include <array>

#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

namespace {

/// Of two ints an int, else a long.
Value combine_bits(std::string_view name, Arguments& arguments) {
  std::int64_t bits = name == "$bitAnd" ? -1 : 0;
  bool is_long = false;
  for (const Value& each : arguments) {
    if (each.is_nullish()) return Value::null();
    if (!each.is_integer()) fail(code::type_mismatch, std::string(name) + " only supports int and long operands.");
    is_long = is_long || each.is(Type::int64);
    if (name == "$bitAnd") bits &= each.as_int64();
    if (name == "$bitOr") bits |= each.as_int64();
    if (name == "$bitXor") bits ^= each.as_int64();
  }
  return is_long ? Value::int64(bits) : Value::int32(static_cast<std::int32_t>(bits));
}

Value negate_bits(std::string_view, Arguments& arguments) {
  const Value& number = arguments[0];
  if (number.is_nullish()) return Value::null();
  if (!number.is_number()) fail(28765, "$bitNot only supports numeric types, not " + type_of(number));
  if (!number.is_integer())
    fail(code::type_mismatch, "$bitNot only supports int and long, not: " + type_of(number) + ".");
  if (number.is(Type::int64)) return Value::int64(~number.as_int64());
  return Value::int32(static_cast<std::int32_t>(~number.as_int64()));
}

const std::array<Operator, 4> bitwise{{
    {"$bitAnd", 0, any_number, combine_bits},
    {"$bitOr", 0, any_number, combine_bits},
    {"$bitXor", 0, any_number, combine_bits},
    {"$bitNot", 1, 1, negate_bits},
}};

}  // namespace

std::span<const Operator> bitwise_operators() { return bitwise; }

}  // namespace premortem::query::expressing
