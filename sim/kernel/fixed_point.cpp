#include "sim/kernel/fixed_point.hpp"

#include <array>
#include <bit>

namespace premortem {

namespace {

using Wide = __int128;

/// log2 of 1 + i/256 with 62 binary places, by squaring: each squaring gives one more binary digit.
constexpr std::uint64_t log2_by_squaring(std::uint64_t i) {
  unsigned __int128 x = (static_cast<unsigned __int128>(1) << 62) + (static_cast<unsigned __int128>(i) << 54);
  std::uint64_t result = 0;
  for (int bit = 61; bit >= 0; --bit) {
    x = x * x >> 62;
    if (x >> 63 != 0) {
      result |= std::uint64_t{1} << bit;
      x >>= 1;
    }
  }
  return result;
}

constexpr std::array<std::uint64_t, 257> make_log2_table() {
  std::array<std::uint64_t, 257> table{};
  for (std::uint64_t i = 0; i < 256; ++i) table[i] = log2_by_squaring(i);
  table[256] = std::uint64_t{1} << 62;
  return table;
}

constexpr auto log2_table = make_log2_table();
constexpr std::uint64_t ln2_62 = 0x2C5C85FDF473DE6AULL;  // ln 2 * 2^62, rounded down.

/// ln of the mantissa 1.f (63 binary places), with 62 binary places; 2^-56 at most too small. Monotone: only 55 places
/// of the mantissa are looked at, so that one step of the argument outweighs what the series' roundings add up to, and
/// the series stops at a negative term, so that it stays below the table's next value.
std::uint64_t log_of_mantissa(std::uint64_t mantissa) {
  mantissa &= ~std::uint64_t{255};
  const std::uint64_t i = mantissa >> 55 & 255;
  const std::uint64_t base = (std::uint64_t{256} + i) << 55;  // The table's argument, 63 places.
  const std::uint64_t rest = mantissa - base;
  // r = rest / base in [0, 1/256), 62 places.
  const auto r = static_cast<std::uint64_t>((static_cast<unsigned __int128>(rest) << 62) / base);
  const auto square = static_cast<std::uint64_t>(static_cast<unsigned __int128>(r) * r >> 62);
  const auto cube = static_cast<std::uint64_t>(static_cast<unsigned __int128>(square) * r >> 62);
  const auto fourth = static_cast<std::uint64_t>(static_cast<unsigned __int128>(square) * square >> 62);
  const auto fifth = static_cast<std::uint64_t>(static_cast<unsigned __int128>(fourth) * r >> 62);
  const auto sixth = static_cast<std::uint64_t>(static_cast<unsigned __int128>(cube) * cube >> 62);
  const std::uint64_t series = r - square / 2 + cube / 3 - fourth / 4 + fifth / 5 - sixth / 6;
  return static_cast<std::uint64_t>(static_cast<unsigned __int128>(log2_table[i]) * ln2_62 >> 62) + series;
}

}  // namespace

std::uint64_t minus_log_fixed48(std::uint64_t word) {
  if (word == 0) return 0;
  const auto width = static_cast<int>(std::bit_width(word));
  const std::uint64_t mantissa = word << (64 - width);
  // ln(word / 2^64) = (width - 1 - 64) ln 2 + ln(mantissa)
  const auto whole = static_cast<unsigned __int128>(static_cast<unsigned>(65 - width)) * ln2_62;
  return static_cast<std::uint64_t>((whole - log_of_mantissa(mantissa)) >> 14);
}

Fixed32 log_fixed32(std::uint64_t value) {
  const auto width = static_cast<int>(std::bit_width(value));
  const std::uint64_t mantissa = value << (64 - width);
  const auto whole = static_cast<unsigned __int128>(static_cast<unsigned>(width - 1)) * ln2_62;
  return static_cast<Fixed32>((whole + log_of_mantissa(mantissa)) >> 30);
}

std::int64_t scale_by_exp(std::int64_t value, Fixed32 x) {
  if (value == 0) return 0;
  if (x > 44 * fixed32_one) return value > 0 ? INT64_MAX : INT64_MIN;
  if (x < -45 * fixed32_one) return 0;
  // e^x = 2^k * e^r with 0 <= r < ln 2; then e^r by its series, 32 places kept as 60.
  constexpr Wide ln2_60 = ln2_62 >> 2;
  const Wide scaled = static_cast<Wide>(x) << 28;
  Wide k = scaled / ln2_60;
  if (scaled < 0 && k * ln2_60 != scaled) --k;
  const Wide r = scaled - k * ln2_60;
  Wide term = static_cast<Wide>(1) << 60, sum = term;
  for (int n = 1; n <= 16; ++n) {
    term = (term * r >> 60) / n;
    sum += term;
  }
  // value * sum * 2^(k - 60), with 128 bits: value has at most 63, sum at most 62.
  const bool negative = value < 0;
  const unsigned __int128 magnitude =
      static_cast<unsigned __int128>(negative ? -static_cast<Wide>(value) : static_cast<Wide>(value)) *
      static_cast<unsigned __int128>(sum);
  const int shift = 60 - static_cast<int>(k);
  unsigned __int128 result = 0;
  if (shift >= 128) {
    result = 0;
  } else if (shift > 0) {
    result = magnitude >> shift;
  } else {
    result = magnitude >> 64 != 0 ? ~static_cast<unsigned __int128>(0) : magnitude << -shift;
  }
  if (result > static_cast<unsigned __int128>(INT64_MAX)) result = static_cast<unsigned __int128>(INT64_MAX);
  const auto bounded = static_cast<std::int64_t>(result);
  return negative ? -bounded : bounded;
}

namespace {

constexpr Wide places = Wide{1} << 48;

consteval Wide fixed48(double constant) {
  return static_cast<Wide>(constant * 281474976710656.0);
}  // Compile time only.

template <std::size_t n>
Wide polynomial(const std::array<Wide, n>& coefficients, Wide x) {
  Wide result = 0;
  for (const Wide coefficient : coefficients) result = (result * x) / places + coefficient;
  return result;
}

Wide square_root48(Wide value) {
  auto wanted = static_cast<unsigned __int128>(value) << 48;
  unsigned __int128 root = 0;
  for (int bit = 62; bit >= 0; --bit) {
    const unsigned __int128 trial = root | static_cast<unsigned __int128>(1) << bit;
    if (trial * trial <= wanted) root = trial;
  }
  return static_cast<Wide>(root);
}

constexpr std::array<Wide, 6> a = {fixed48(-3.969683028665376e+01), fixed48(2.209460984245205e+02),
                                   fixed48(-2.759285104469687e+02), fixed48(1.383577518672690e+02),
                                   fixed48(-3.066479806614716e+01), fixed48(2.506628277459239e+00)};
constexpr std::array<Wide, 6> b = {fixed48(-5.447609879822406e+01), fixed48(1.615858368580409e+02),
                                   fixed48(-1.556989798598866e+02), fixed48(6.680131188771972e+01),
                                   fixed48(-1.328068155288572e+01), places};
constexpr std::array<Wide, 6> c = {fixed48(-7.784894002430293e-03), fixed48(-3.223964580411365e-01),
                                   fixed48(-2.400758277161838e+00), fixed48(-2.549732539343734e+00),
                                   fixed48(4.374664141464968e+00),  fixed48(2.938163982698783e+00)};
constexpr std::array<Wide, 5> d = {fixed48(7.784695709041462e-03), fixed48(3.224671290700398e-01),
                                   fixed48(2.445134137142996e+00), fixed48(3.754408661907416e+00), places};
constexpr std::uint64_t tail = 447304902760000000ULL;  // 0.02425 * 2^64

/// Keeps 40 of 48 places: one step of the argument then outweighs the roundings of the polynomials, which keeps their
/// quotient monotone.
constexpr Wide coarse(Wide x) { return x & ~Wide{255}; }

/// For the lower tail: p = (word + 1/2) / 2^64 = (2 word + 1) / 2^65. REQUIRES: word < 2^63.
Wide lower_tail(std::uint64_t word) {
  const Wide minus_log = static_cast<Wide>(minus_log_fixed48(2 * word + 1)) + static_cast<Wide>(ln2_62 >> 14);
  const Wide q = coarse(square_root48(2 * minus_log));
  return polynomial(c, q) * places / polynomial(d, q);
}

}  // namespace

Fixed32 normal_quantile(std::uint64_t bits) {
  if (bits < tail) return static_cast<Fixed32>(lower_tail(bits) / 65536);
  if (bits > ~tail) return static_cast<Fixed32>(-lower_tail(~bits) / 65536);
  const Wide q = coarse((static_cast<Wide>(bits) - (Wide{1} << 63)) >> 16);  // p - 1/2 with 48 places.
  const Wide r = q * q / places;
  return static_cast<Fixed32>((polynomial(a, r) * q / polynomial(b, r)) / 65536);
}

}  // namespace premortem
