#pragma once
// The parts of a decimal128. Source: IEEE 754-2008, 3.5.2, the binary integer form.

#include <cstdint>

#include "sim/models/bson/value.hpp"

namespace premortem::bson {

using Coefficient = unsigned __int128;

/// ± coefficient * 10^exponent, of at most 34 digits; a coefficient that is too large for the format counts as 0.
struct DecimalParts {
  enum class Kind { finite, infinity, nan };
  Kind kind = Kind::finite;
  bool negative = false;
  int exponent = 0;  ///< -6176 to 6111.
  Coefficient coefficient = 0;
  bool is_zero() const { return kind == Kind::finite && coefficient == 0; }
};

inline constexpr int decimal_digits_max = 34, decimal_exponent_min = -6176, decimal_exponent_max = 6111;
/// 10^34 - 1.
inline constexpr Coefficient decimal_coefficient_max =
    static_cast<Coefficient>(99'999'999'999'999'999) * 100'000'000'000'000'000 + 99'999'999'999'999'999;

/// REQUIRES: a decimal128.
DecimalParts take_apart(const Value& decimal);
/// REQUIRES: parts within their ranges.
Value put_together(const DecimalParts& parts);
/// Decimal digits of a coefficient; 1 for 0.
int count_digits(Coefficient coefficient);

}  // namespace premortem::bson
