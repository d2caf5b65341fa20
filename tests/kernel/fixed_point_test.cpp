// Logarithm, exponential and normal quantile in integers against libm in long double: accuracy, and no step back.

#include "sim/kernel/fixed_point.hpp"

#include <cmath>

#include "sim/kernel/random.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// 64 bits of any magnitude: as many small words as large ones.
std::uint64_t word_of_any_size(std::uint64_t n) { return mix64(n + 1) >> (n % 64); }

/// The x with Phi(x) = (word + 1/2) / 2^64 by Halley's method; for upper words by symmetry.
long double exact_normal_quantile(std::uint64_t word) {
  if (word >> 63 != 0) return -exact_normal_quantile(~word);
  const long double p = (static_cast<long double>(word) + 0.5L) / 0x1p64L;
  long double x = -std::sqrt(-2 * std::log(p));
  for (int n = 0; n < 200; ++n) {
    const long double error = (std::erfc(-x / std::sqrt(2.0L)) / 2 - p) /
                              (std::exp(-x * x / 2) / std::sqrt(2 * 3.14159265358979323846264338327950288L));
    const long double step = error / (1 + x * error / 2);
    x -= step;
    if (std::fabs(step) < 1e-17L) break;
  }
  return x;
}

/// Around every place where the way of computing changes: powers of two and the table's 256 steps between them.
template <class Visit>
void at_seams_of_the_logarithm(Visit&& visit) {
  for (int shift = 0; shift < 56; ++shift) {
    for (std::uint64_t i = 0; i < 256; ++i) visit((256 + i) << shift);
  }
}

}  // namespace

TEST_CASE("the logarithm of a fraction errs by less than 2^-47", "[fixed_point]") {
  REQUIRE(minus_log_fixed48(0) == 0);
  REQUIRE(minus_log_fixed48(1) >> 48 == 44);  // 64 ln 2 = 44.36.
  REQUIRE(minus_log_fixed48(UINT64_MAX) == 0);
  long double worst = 0;
  const auto look = [&worst](std::uint64_t word) {
    if (word == 0) return;
    const long double exact = 64 * std::log(2.0L) - std::log(static_cast<long double>(word));
    worst = std::max(worst, std::fabs(static_cast<long double>(minus_log_fixed48(word)) / 0x1p48L - exact));
  };
  for (std::uint64_t n = 0; n < 300'000; ++n) look(word_of_any_size(n));
  at_seams_of_the_logarithm([&](std::uint64_t word) { look(word), look(word - 1), look(word + 1); });
  REQUIRE(worst < 0x1p-47L);
}

TEST_CASE("the logarithm of an integer errs by less than 2^-31", "[fixed_point]") {
  REQUIRE(log_fixed32(1) == 0);
  long double worst = 0;
  for (std::uint64_t n = 0; n < 300'000; ++n) {
    const std::uint64_t word = word_of_any_size(n) | 1;
    const long double exact = std::log(static_cast<long double>(word));
    worst = std::max(worst, std::fabs(static_cast<long double>(log_fixed32(word)) / 0x1p32L - exact));
  }
  REQUIRE(worst < 0x1p-31L);
}

TEST_CASE("the logarithms never step back", "[fixed_point]") {
  const auto look = [](std::uint64_t word) {
    if (word == 0 || word == UINT64_MAX) return true;
    return minus_log_fixed48(word) >= minus_log_fixed48(word + 1) && log_fixed32(word) <= log_fixed32(word + 1);
  };
  bool monotone = true;
  at_seams_of_the_logarithm([&](std::uint64_t word) {
    for (std::uint64_t n = 0; n < 5; ++n) monotone = monotone && look(word - 3 + n);
  });
  for (std::uint64_t n = 0; n < 300'000; ++n) monotone = monotone && look(word_of_any_size(n));
  REQUIRE(monotone);
}

TEST_CASE("a number times e^x errs by less than 2^-50 of it, and is rounded towards zero", "[fixed_point]") {
  long double worst = 0;
  for (std::uint64_t n = 0; n < 300'000; ++n) {
    const auto value = static_cast<std::int64_t>(word_of_any_size(n) >> 1);
    const std::int64_t x = uniform_between(mix64(n), -20 * fixed32_one, 20 * fixed32_one);
    const long double exact = static_cast<long double>(value) * std::exp(static_cast<long double>(x) / 0x1p32L);
    if (exact > 0x1p62L) continue;
    const std::int64_t scaled = scale_by_exp(value, x);
    REQUIRE(scale_by_exp(-value, x) == -scaled);
    REQUIRE(static_cast<long double>(scaled) <= exact * (1 + 0x1p-50L));
    if (exact > 0x1p52L) worst = std::max(worst, std::fabs(static_cast<long double>(scaled) - exact) / exact);
  }
  REQUIRE(worst < 0x1p-50L);
  REQUIRE(scale_by_exp(1000, 0) == 1000);
  REQUIRE(scale_by_exp(3, fixed32_one) == 8);  // 8.15
  REQUIRE(scale_by_exp(-3, fixed32_one) == -8);
}

TEST_CASE("at its ends the exponential saturates, and not before", "[fixed_point]") {
  REQUIRE(scale_by_exp(0, 100 * fixed32_one) == 0);
  REQUIRE(scale_by_exp(1, 100 * fixed32_one) == INT64_MAX);
  REQUIRE(scale_by_exp(-1, 100 * fixed32_one) == -INT64_MAX - 1);
  REQUIRE(scale_by_exp(INT64_MAX, 1) == INT64_MAX);
  REQUIRE(scale_by_exp(INT64_MAX, 0) == INT64_MAX);
  REQUIRE(scale_by_exp(INT64_MAX, -100 * fixed32_one) == 0);
  REQUIRE(scale_by_exp(INT64_MAX, INT64_MIN) == 0);
  // e^43.5 = 7.8e18 is still below 2^63 = 9.2e18, e^43.7 is not.
  REQUIRE(std::fabs(static_cast<double>(scale_by_exp(1, 43 * fixed32_one + fixed32_one / 2)) / std::exp(43.5) - 1) <
          1e-12);
  REQUIRE(scale_by_exp(1, 43 * fixed32_one + fixed32_one / 10 * 7) == INT64_MAX);
  REQUIRE(scale_by_exp(INT64_MAX, -43 * fixed32_one) == 1);  // 1.95
}

TEST_CASE("the exponential never steps back, where the power of two changes neither", "[fixed_point]") {
  bool monotone = true;
  for (int k = -60; k <= 60; ++k) {
    const auto seam = static_cast<std::int64_t>(std::floor(k * std::log(2.0L) * 0x1p32L));
    for (std::int64_t x = seam - 4; x < seam + 4; ++x) {
      for (const std::int64_t value : {std::int64_t{1}, std::int64_t{1'000'000'007}, INT64_MAX >> 3, INT64_MAX}) {
        monotone = monotone && scale_by_exp(value, x) <= scale_by_exp(value, x + 1);
      }
    }
  }
  for (std::uint64_t n = 0; n < 100'000; ++n) {
    const std::int64_t x = uniform_between(mix64(n), -44 * fixed32_one, 44 * fixed32_one);
    const auto value = static_cast<std::int64_t>(word_of_any_size(n) >> 1);
    monotone = monotone && scale_by_exp(value, x) <= scale_by_exp(value, x + 1);
    if (value < INT64_MAX) monotone = monotone && scale_by_exp(value, x) <= scale_by_exp(value + 1, x);
  }
  REQUIRE(monotone);
}

TEST_CASE("the normal quantile errs by less than 1e-8, to the last word", "[fixed_point]") {
  long double worst = 0;
  const auto look = [&worst](std::uint64_t word) {
    const long double found = static_cast<long double>(normal_quantile(word)) / 0x1p32L;
    worst = std::max(worst, std::fabs(found - exact_normal_quantile(word)));
  };
  for (std::uint64_t n = 0; n < 100'000; ++n) look(word_of_any_size(n)), look(~word_of_any_size(n));
  for (std::uint64_t word = 0; word < 100; ++word) look(word), look(~word);
  REQUIRE(worst < 1e-8L);
  REQUIRE(normal_quantile(std::uint64_t{1} << 63) == 0);
  // 97.5 %: 1.959964
  REQUIRE(std::fabs(static_cast<double>(normal_quantile(UINT64_MAX / 40 * 39)) / 0x1p32 - 1.9599639845) < 1e-8);
}

TEST_CASE("the normal quantile never steps back, where tail and middle meet neither", "[fixed_point]") {
  bool monotone = true;
  const auto look = [&monotone](std::uint64_t word, std::uint64_t step) {
    if (word > UINT64_MAX - step) return;
    monotone = monotone && normal_quantile(word) <= normal_quantile(word + step);
  };
  constexpr std::uint64_t tail = 447304902760000000ULL;  // Where Acklam's approximations meet.
  for (const std::uint64_t seam : {tail, ~tail, std::uint64_t{1} << 63}) {
    for (std::uint64_t n = 0; n < 64; ++n) look(seam - 32 + n, 1), look(seam - (32 - n) * 65536, 65536);
  }
  for (std::uint64_t n = 0; n < 400'000; ++n) {
    const std::uint64_t word = word_of_any_size(n);
    for (const std::uint64_t step : {std::uint64_t{1}, std::uint64_t{65536}, std::uint64_t{1} << 24}) {
      look(word, step), look(~word - step, step);
    }
  }
  REQUIRE(monotone);
}
