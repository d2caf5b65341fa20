#include "sim/models/bson/decimal_bits.hpp"

#include "sim/kernel/check.hpp"

namespace premortem::bson {

namespace {

constexpr int exponent_bias = 6176;
constexpr std::uint64_t sign_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t infinity_bits = std::uint64_t{0x1E} << 58, nan_bits = std::uint64_t{0x1F} << 58;

}  // namespace

DecimalParts take_apart(const Value& decimal) {
  PREMORTEM_CHECK(decimal.is(Type::decimal128), "a decimal128 is read as one");
  const std::uint64_t high = decimal.decimal_high();
  DecimalParts parts;
  parts.negative = (high & sign_bit) != 0;
  const std::uint64_t combination = high >> 58 & 0x1F;
  if (combination >= 0x1E) {
    parts.kind = combination == 0x1E ? DecimalParts::Kind::infinity : DecimalParts::Kind::nan;
    return parts;
  }
  if (combination >= 0x18) {  // The form for coefficients from 2^113 on, which all have more than 34 digits.
    parts.exponent = static_cast<int>(high >> 47 & 0x3FFF) - exponent_bias;
    return parts;
  }
  parts.exponent = static_cast<int>(high >> 49 & 0x3FFF) - exponent_bias;
  parts.coefficient = static_cast<Coefficient>(high & 0x1FFFFFFFFFFFF) << 64 | decimal.decimal_low();
  if (parts.coefficient > decimal_coefficient_max) parts.coefficient = 0;
  return parts;
}

Value put_together(const DecimalParts& parts) {
  std::uint64_t high = parts.negative ? sign_bit : 0;
  if (parts.kind == DecimalParts::Kind::infinity) return Value::decimal(high | infinity_bits, 0);
  if (parts.kind == DecimalParts::Kind::nan) return Value::decimal(nan_bits, 0);
  PREMORTEM_CHECK(parts.coefficient <= decimal_coefficient_max && parts.exponent >= decimal_exponent_min &&
                      parts.exponent <= decimal_exponent_max,
                  "a decimal128 has 34 digits and fourteen bits of exponent");
  high |= static_cast<std::uint64_t>(parts.exponent + exponent_bias) << 49;
  high |= static_cast<std::uint64_t>(parts.coefficient >> 64);
  return Value::decimal(high, static_cast<std::uint64_t>(parts.coefficient));
}

int count_digits(Coefficient coefficient) {
  int digits = 1;
  while (coefficient >= 10) coefficient /= 10, ++digits;
  return digits;
}

}  // namespace premortem::bson
