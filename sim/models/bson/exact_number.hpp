#pragma once
// Numbers of all four types made comparable without any rounding.

#include <compare>
#include <string>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

/// A number as the largest double that is not above its magnitude, and all its digits where that double is not the
/// whole truth. Two numbers between the same two doubles are never both doubles, so their digits are few: 34 at most.
struct ExactNumber {
  enum class Rank { nan, negative, zero, positive };
  Rank rank = Rank::zero;
  double below = 0;          ///< Of negative and positive alone; may be infinite.
  bool whole = true;         ///< `below` is the magnitude itself, and the rest is empty.
  int leading_exponent = 0;  ///< Power of ten of the first digit.
  std::string digits;        ///< '1'..'9' first, no zeros at the end.
};

/// REQUIRES: a number.
ExactNumber make_exact(const Value& number);
/// < 0, 0, > 0.
int compare_numbers(const Value& left, const Value& right);

}  // namespace premortem::bson
