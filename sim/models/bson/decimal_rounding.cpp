#include "sim/models/bson/decimal_rounding.hpp"

#include <algorithm>

namespace premortem::bson {

Integer power_of_ten(int exponent) {
  Integer power = 1;
  for (Integer square = 10; exponent > 0; exponent /= 2) {
    if (exponent % 2 != 0) power *= square;
    if (exponent > 1) square *= square;
  }
  return power;
}

int count_digits(const Integer& coefficient) { return static_cast<int>(coefficient.str().size()); }

Integer drop_digits(const Integer& coefficient, int digits, bool negative, Rounding rounding, bool more) {
  Integer quotient, rest;
  const Integer unit = power_of_ten(digits);
  divide_qr(coefficient, unit, quotient, rest);
  const bool exact = rest.is_zero() && !more;
  bool up = false;
  if (rounding == Rounding::half_even) {
    const int half = Integer(rest * 2).compare(unit);
    up = half > 0 || (half == 0 && (more || bit_test(quotient, 0)));
  }
  if (rounding == Rounding::floor) up = negative && !exact;
  if (rounding == Rounding::ceiling) up = !negative && !exact;
  return up ? Integer(quotient + 1) : quotient;
}

Value fit_decimal(bool negative, Integer coefficient, int exponent, bool more) {
  const int too_many = count_digits(coefficient) - decimal_digits_max;
  const int drop = std::max({too_many, decimal_exponent_min - exponent, 0});
  if (drop > 0) {
    // Far below the smallest decimal128 only "not zero" is left of a number, and that is less than a half.
    if (drop > count_digits(coefficient) + 1) {
      coefficient = 0;
    } else {
      coefficient = drop_digits(coefficient, drop, negative, Rounding::half_even, more);
    }
    exponent += drop;
    if (count_digits(coefficient) > decimal_digits_max) coefficient /= 10, ++exponent;  // 99...9 became 100...0.
  }
  if (coefficient.is_zero()) exponent = std::min(exponent, decimal_exponent_max);
  while (exponent > decimal_exponent_max && count_digits(coefficient) < decimal_digits_max) {
    coefficient *= 10, --exponent;
  }
  if (exponent > decimal_exponent_max) return decimal_infinity(negative);
  DecimalParts parts;
  parts.negative = negative;
  parts.exponent = exponent;
  parts.coefficient = static_cast<Coefficient>(coefficient);
  return put_together(parts);
}

Value decimal_nan() {
  DecimalParts parts;
  parts.kind = DecimalParts::Kind::nan;
  return put_together(parts);
}

Value decimal_infinity(bool negative) {
  DecimalParts parts;
  parts.kind = DecimalParts::Kind::infinity;
  parts.negative = negative;
  return put_together(parts);
}

}  // namespace premortem::bson
