// A number made less of: $abs, $ceil, $floor, $round, $trunc, $sqrt.
#include <limits>

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/decimal_bits.hpp"
#include "sim/models/bson/double_arithmetic.hpp"

namespace premortem::bson {

Value absolute(const Value& number) {
  if (number.is(Type::decimal128)) return absolute_decimal(number);
  if (number.is(Type::number_double)) return Value::number(absolute_of(number.as_double()));
  const std::int64_t whole = number.as_int64();
  if (whole == std::numeric_limits<std::int64_t>::min()) return {};
  const std::int64_t magnitude = whole < 0 ? -whole : whole;
  return number.is(Type::int64) ? Value::int64(magnitude) : int_or_long(magnitude);
}

Value ceiling(const Value& number) {
  if (number.is(Type::decimal128)) return round_decimal_to_integer(number, Rounding::ceiling);
  return number.is(Type::number_double) ? Value::number(ceiling_of(number.as_double())) : number;
}

Value floor(const Value& number) {
  if (number.is(Type::decimal128)) return round_decimal_to_integer(number, Rounding::floor);
  return number.is(Type::number_double) ? Value::number(floor_of(number.as_double())) : number;
}

Value round(const Value& number, int places, Rounding rounding) {
  if (number.is(Type::decimal128)) return round_decimal(number, places, rounding);
  if (number.is(Type::number_double)) {
    if (!is_finite(number.as_double())) return number;
    const Value rounded = round_decimal(decimal_from_double_in_full(number.as_double()), places, rounding);
    return Value::number(decimal_to_double(rounded));
  }
  if (places >= 0) return number;
  const Value rounded = round_decimal(decimal_from_integer(number.as_int64()), places, rounding);
  const std::optional<std::int64_t> whole = decimal_to_integer(rounded);
  if (!whole) return {};
  return number.is(Type::int64) ? Value::int64(*whole) : int_or_long(*whole);
}

Value square_root(const Value& number) {
  if (number.is(Type::decimal128)) return square_root_of_decimal(number);
  return Value::number(square_root_of(to_double(number)));
}

}  // namespace premortem::bson
