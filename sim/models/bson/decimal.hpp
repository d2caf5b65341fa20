#pragma once
// decimal128 as numbers to compute with: 34 digits, rounded half to even. Comparing is in compare.hpp.
// Source: IEEE 754-2008 and, for conversions, mongodb/mongo, src/mongo/platform/decimal128.cpp.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

enum class Rounding { half_even, toward_zero, floor, ceiling };

/// "1.10", "1E+3", "NaN", "-Infinity".
std::string decimal_to_string(const Value& decimal);
/// Rounds what has more than 34 digits; nothing when it is no number. Takes "inf", "infinity" and "nan" in any case.
std::optional<Value> decimal_from_string(std::string_view text);

Value decimal_from_integer(std::int64_t number);
/// With fifteen significant digits, zeros at the end included, as MongoDB converts: 0.1 is 0.100000000000000.
Value decimal_from_double(double number);
/// With all digits that fit, which is what MongoDB rounds a double by.
Value decimal_from_double_in_full(double number);
/// Of a number of any type; doubles with fifteen digits. REQUIRES: a number.
Value to_decimal(const Value& number);

/// The nearest double; infinite when there is none.
double decimal_to_double(const Value& decimal);
/// Nothing for what is out of range, infinite or no number.
std::optional<std::int64_t> decimal_to_integer(const Value& decimal, Rounding rounding = Rounding::toward_zero);

Value add_decimals(const Value& left, const Value& right);
Value subtract_decimals(const Value& left, const Value& right);
Value multiply_decimals(const Value& left, const Value& right);
/// By zero: infinite, or no number.
Value divide_decimals(const Value& left, const Value& right);
/// With the sign of `left`, as C's fmod.
Value remainder_of_decimals(const Value& left, const Value& right);
/// No number for what is below zero.
Value square_root_of_decimal(const Value& decimal);

/// With exactly so many places after the point, before it when `places` is negative, as IEEE's quantize: no number
/// where that takes more than 34 digits.
Value round_decimal(const Value& decimal, int places, Rounding rounding);
/// Without a fraction; what has none stays as it is.
Value round_decimal_to_integer(const Value& decimal, Rounding rounding);
Value absolute_decimal(const Value& decimal);

}  // namespace premortem::bson
