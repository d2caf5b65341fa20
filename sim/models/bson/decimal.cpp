// Adding, multiplying, dividing: each exactly, on integers, and rounded once.
#include "sim/models/bson/decimal.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/decimal_rounding.hpp"

namespace premortem::bson {

namespace {

using Kind = DecimalParts::Kind;

bool either_is(Kind kind, const DecimalParts& left, const DecimalParts& right) {
  return left.kind == kind || right.kind == kind;
}

// As a whole number of units of 10^exponent. REQUIRES: exponent is no greater than its own.
Integer scaled(const DecimalParts& parts, int exponent) {
  return Integer(parts.coefficient) * power_of_ten(parts.exponent - exponent);
}

Value add_parts(const DecimalParts& left, const DecimalParts& right) {
  if (either_is(Kind::nan, left, right)) return decimal_nan();
  if (either_is(Kind::infinity, left, right)) {
    if (left.kind == right.kind && left.negative != right.negative) return decimal_nan();
    return decimal_infinity(left.kind == Kind::infinity ? left.negative : right.negative);
  }
  const int exponent = std::min(left.exponent, right.exponent);
  const Integer one = scaled(left, exponent), other = scaled(right, exponent);
  if (left.negative == right.negative) return fit_decimal(left.negative, one + other, exponent);
  if (one == other) return fit_decimal(false, 0, exponent);
  return one > other ? fit_decimal(left.negative, one - other, exponent)
                     : fit_decimal(right.negative, other - one, exponent);
}

// An exact result has the exponent that it was asked for, or the nearest one that is enough.
Value fit_exact_result(bool negative, Integer coefficient, int exponent, int wanted) {
  Integer quotient, rest;
  while (exponent < wanted) {
    divide_qr(coefficient, Integer(10), quotient, rest);
    if (!rest.is_zero()) break;
    coefficient = quotient, ++exponent;
  }
  return fit_decimal(negative, std::move(coefficient), exponent);
}

}  // namespace

Value add_decimals(const Value& left, const Value& right) { return add_parts(take_apart(left), take_apart(right)); }

Value subtract_decimals(const Value& left, const Value& right) {
  DecimalParts negated = take_apart(right);
  negated.negative = !negated.negative;
  return add_parts(take_apart(left), negated);
}

Value multiply_decimals(const Value& left, const Value& right) {
  const DecimalParts one = take_apart(left), other = take_apart(right);
  const bool negative = one.negative != other.negative;
  if (either_is(Kind::nan, one, other)) return decimal_nan();
  if (either_is(Kind::infinity, one, other))
    return one.is_zero() || other.is_zero() ? decimal_nan() : decimal_infinity(negative);
  return fit_decimal(negative, Integer(one.coefficient) * Integer(other.coefficient), one.exponent + other.exponent);
}

Value divide_decimals(const Value& left, const Value& right) {
  const DecimalParts one = take_apart(left), other = take_apart(right);
  const bool negative = one.negative != other.negative;
  if (either_is(Kind::nan, one, other) || (one.kind == Kind::infinity && other.kind == Kind::infinity))
    return decimal_nan();
  if (one.kind == Kind::infinity) return decimal_infinity(negative);
  if (other.kind == Kind::infinity) return fit_decimal(negative, 0, decimal_exponent_min);
  if (other.is_zero()) return one.is_zero() ? decimal_nan() : decimal_infinity(negative);
  const int wanted = one.exponent - other.exponent;
  if (one.is_zero()) return fit_decimal(negative, 0, wanted);
  // Two digits more than fit, so that what is cut off can decide nothing but "a little greater".
  const int more_digits =
      std::max(0, decimal_digits_max + 2 + count_digits(other.coefficient) - count_digits(one.coefficient));
  Integer quotient, rest;
  divide_qr(Integer(Integer(one.coefficient) * power_of_ten(more_digits)), Integer(other.coefficient), quotient, rest);
  if (rest.is_zero()) return fit_exact_result(negative, quotient, wanted - more_digits, wanted);
  return fit_decimal(negative, quotient, wanted - more_digits, true);
}

Value remainder_of_decimals(const Value& left, const Value& right) {
  const DecimalParts one = take_apart(left), other = take_apart(right);
  if (either_is(Kind::nan, one, other) || one.kind == Kind::infinity || other.is_zero()) return decimal_nan();
  if (other.kind == Kind::infinity) return left;
  const int exponent = std::min(one.exponent, other.exponent);
  return fit_decimal(one.negative, scaled(one, exponent) % scaled(other, exponent), exponent);
}

Value square_root_of_decimal(const Value& decimal) {
  const DecimalParts parts = take_apart(decimal);
  if (parts.kind == Kind::nan || (parts.negative && !parts.is_zero())) return decimal_nan();
  if (parts.kind == Kind::infinity) return decimal;
  const int odd = parts.exponent % 2 == 0 ? 0 : 1;
  const int wanted = (parts.exponent - odd) / 2;
  if (parts.is_zero()) return fit_decimal(parts.negative, 0, wanted);
  Integer rest;
  const Integer root = boost::multiprecision::sqrt(
      Integer(Integer(parts.coefficient) * power_of_ten(2 * (decimal_digits_max + 2) + odd)), rest);
  const int exponent = wanted - (decimal_digits_max + 2);
  return rest.is_zero() ? fit_exact_result(false, root, exponent, wanted) : fit_decimal(false, root, exponent, true);
}

Value round_decimal(const Value& decimal, int places, Rounding rounding) {
  const DecimalParts parts = take_apart(decimal);
  PREMORTEM_CHECK(-places >= decimal_exponent_min && -places <= decimal_exponent_max, "a decimal128 has such places");
  if (parts.kind != Kind::finite) return decimal;
  const int drop = -places - parts.exponent;
  if (drop > 0)
    return fit_decimal(parts.negative, drop_digits(Integer(parts.coefficient), drop, parts.negative, rounding),
                       -places);
  const bool fits = parts.is_zero() || count_digits(parts.coefficient) - drop <= decimal_digits_max;
  return fits ? fit_decimal(parts.negative, scaled(parts, -places), -places) : decimal_nan();
}

Value round_decimal_to_integer(const Value& decimal, Rounding rounding) {
  const DecimalParts parts = take_apart(decimal);
  return parts.kind != Kind::finite || parts.exponent >= 0 ? decimal : round_decimal(decimal, 0, rounding);
}

Value absolute_decimal(const Value& decimal) {
  DecimalParts parts = take_apart(decimal);
  parts.negative = false;
  return put_together(parts);
}

}  // namespace premortem::bson
