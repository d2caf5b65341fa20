#pragma once
// Logarithm, exponential, square root and the normal quantile in integers: the same on every processor and compiler.

#include <cstdint>

namespace premortem {

/// Numbers with 32 binary places.
using Fixed32 = std::int64_t;
inline constexpr Fixed32 fixed32_one = Fixed32{1} << 32;

/// Natural logarithm of word / 2^64, times -2^48: 0 for 2^64 itself (word = 0), 44.36 for 1. Monotone. Error below
/// 2^-47.
std::uint64_t minus_log_fixed48(std::uint64_t word);

/// Natural logarithm of a positive integer, with 32 binary places. Monotone. Error below 2^-31.
Fixed32 log_fixed32(std::uint64_t value);

/// value * e^x, rounded towards zero; saturates at the ends of int64. Monotone in both. Relative error before rounding
/// below 2^-50.
std::int64_t scale_by_exp(std::int64_t value, Fixed32 x);

/// The x below which a standard normal variable lies with probability (bits + 1/2) / 2^64. Monotone. Absolute error
/// below 1e-8 (Acklam's rational approximation, evaluated in fixed point).
Fixed32 normal_quantile(std::uint64_t bits);

}  // namespace premortem
