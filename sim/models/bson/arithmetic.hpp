#pragma once
// Numbers of all types computed with as MongoDB does: the result is of the widest type, int32, int64, double,
// decimal128, and an int32 that overflows becomes an int64. Source: mongodb/mongo, src/mongo/util/safe_num.cpp
// (updates) and src/mongo/db/exec/expression (aggregation).

#include "sim/models/bson/decimal.hpp"
#include "sim/models/bson/value.hpp"

namespace premortem::bson {

/// What becomes of a result beyond int64: expressions go on with a double, updates ($inc, $mul) fail, which is a
/// missing value here.
enum class LongOverflow { becomes_double, fails };

/// All REQUIRE numbers. Where expressions add more than two, Summation loses less.
Value add(const Value& left, const Value& right, LongOverflow overflow = LongOverflow::becomes_double);
Value subtract(const Value& left, const Value& right, LongOverflow overflow = LongOverflow::becomes_double);
Value multiply(const Value& left, const Value& right, LongOverflow overflow = LongOverflow::becomes_double);
/// A double, or a decimal128 if one is. Missing when the divisor is 0 ("can't $divide by zero").
Value divide(const Value& left, const Value& right);
/// With the sign of the dividend. Missing when the divisor is 0 ("can't $mod by zero").
Value modulo(const Value& left, const Value& right);

/// Missing for the least int64, which has none.
Value absolute(const Value& number);
Value ceiling(const Value& number);
Value floor(const Value& number);
/// To so many places after the point, -20 to 100, before it when negative, as $round (half to even) and $trunc do.
/// Missing when an integer's result is beyond int64. No number where the result would have more than 34 digits, as in
/// MongoDB.
Value round(const Value& number, int places, Rounding rounding = Rounding::half_even);
/// A double, or a decimal128 of one. No number below 0: $sqrt refuses that before.
Value square_root(const Value& number);

/// As a double; the nearest one.
double to_double(const Value& number);
bool is_zero(const Value& number);
bool is_not_a_number(const Value& number);
/// An int32 where it is one, else an int64.
Value int_or_long(std::int64_t number);

}  // namespace premortem::bson
