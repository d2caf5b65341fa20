#pragma once
// Arithmetic and comparison that never overflow silently and never depend on the processor.

#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <optional>

#include "sim/models/expression/expression.hpp"

namespace premortem::expression_machine {

/// A word, or the fault that prevented it.
struct Result {
  Word word = 0;
  bool failed = false;
  ExpressionFault fault = ExpressionFault::overflow;
};

constexpr Result failure(ExpressionFault fault) { return {0, true, fault}; }

/// add, subtract, multiply, divide (towards zero) and remainder (sign of x) of integers.
inline Result integers(ExpressionCode operation, std::int64_t x, std::int64_t y) {
  std::int64_t result = 0;
  bool overflow = false;
  switch (operation) {
    case ExpressionCode::add:
      overflow = __builtin_add_overflow(x, y, &result);
      break;
    case ExpressionCode::subtract:
      overflow = __builtin_sub_overflow(x, y, &result);
      break;
    case ExpressionCode::multiply:
      overflow = __builtin_mul_overflow(x, y, &result);
      break;
    default:
      if (y == 0) return failure(ExpressionFault::division_by_zero);
      overflow = x == std::numeric_limits<std::int64_t>::min() && y == -1;
      if (!overflow) result = operation == ExpressionCode::divide ? x / y : x % y;
  }
  return overflow ? failure(ExpressionFault::overflow) : Result{word_of(result)};
}

/// add_real ... divide_real: the four operations that IEEE 754 rounds correctly everywhere. Infinite results are
/// faults.
inline Result reals(ExpressionCode operation, double x, double y) {
  double result = 0;
  switch (operation) {
    case ExpressionCode::add_real:
      result = x + y;
      break;
    case ExpressionCode::subtract_real:
      result = x - y;
      break;
    case ExpressionCode::multiply_real:
      result = x * y;
      break;
    default:
      if (y == 0) return failure(ExpressionFault::division_by_zero);
      result = x / y;
  }
  return std::isfinite(result) ? Result{word_of(result)} : failure(ExpressionFault::overflow);
}

inline Result integer_from_real(double x) {
  // Both bounds are powers of two, so they are exact as doubles.
  if (!(x >= -9223372036854775808.0 && x < 9223372036854775808.0)) return failure(ExpressionFault::overflow);
  return {word_of(static_cast<std::int64_t>(x))};
}

/// Compares the numbers themselves: 2^53 + 1 is greater than 2^53 as a double, which a conversion would hide.
inline std::partial_ordering compare(std::int64_t x, double y) {
  if (y >= 9223372036854775808.0) return std::partial_ordering::less;
  if (y < -9223372036854775808.0) return std::partial_ordering::greater;
  const auto whole = static_cast<std::int64_t>(y);
  if (x != whole) return x <=> whole;
  return 0.0 <=> (y - static_cast<double>(whole));
}

constexpr bool holds(ExpressionComparison comparison, std::partial_ordering order) {
  switch (comparison) {
    case ExpressionComparison::less:
      return order < 0;
    case ExpressionComparison::less_or_equal:
      return order <= 0;
    case ExpressionComparison::greater:
      return order > 0;
    case ExpressionComparison::greater_or_equal:
      return order >= 0;
    case ExpressionComparison::equal:
      return order == 0;
    case ExpressionComparison::not_equal:
      return order != 0;
  }
  return false;
}

}  // namespace premortem::expression_machine
