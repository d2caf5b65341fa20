#pragma once
// Sums as $add, $sum and $avg make them: integers exactly, doubles with what each addition loses kept beside them.
// Source: mongodb/mongo, src/mongo/util/summation.h; Knuth, TAOCP 2, 4.2.2 (the sum of two doubles and its error).

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

class Summation {
 public:
  /// REQUIRES: a number.
  void add(const Value& number);
  /// Of the widest type that was added; 0 (an int32) of nothing. Integers beyond int64 give a double.
  Value total() const;
  /// total() divided by `count`: a double or a decimal128. REQUIRES: count > 0.
  Value average(std::int64_t count) const;

 private:
  void add_double(double number);
  double in_double() const;
  Value in_decimal() const;

  Type widest_ = Type::int32;
  __int128 integers_ = 0;      ///< Of integers alone. 2^64 of them may be added.
  double sum_ = 0, lost_ = 0;  ///< Of integers and doubles; `lost_` is what rounding took from `sum_`.
  double plain_ = 0;           ///< The same without care: says which infinity or no number it is.
  Value decimals_;             ///< Of decimals alone; missing before the first.
};

}  // namespace premortem::bson
