#pragma once
// How an exact result becomes a decimal128.

#include <boost/multiprecision/cpp_int.hpp>

#include "sim/models/bson/decimal.hpp"
#include "sim/models/bson/decimal_bits.hpp"

namespace premortem::bson {

using Integer = boost::multiprecision::cpp_int;

/// 10^exponent. REQUIRES: exponent >= 0.
Integer power_of_ten(int exponent);
/// coefficient / 10^digits, rounded; `more` says that the coefficient is cut off and in truth a little greater.
Integer drop_digits(const Integer& coefficient, int digits, bool negative, Rounding rounding, bool more = false);
/// The nearest decimal128 to ± coefficient * 10^exponent; of several alike the one with the exponent nearest to it.
Value fit_decimal(bool negative, Integer coefficient, int exponent, bool more = false);
int count_digits(const Integer& coefficient);

Value decimal_nan();
Value decimal_infinity(bool negative);

}  // namespace premortem::bson
