#include "sim/kernel/distribution.hpp"

#include <algorithm>

#include "sim/kernel/fixed_point.hpp"
#include "sim/kernel/random.hpp"

namespace premortem {

namespace {

constexpr std::uint64_t places = std::uint64_t{1} << 48;

std::int64_t bounded(unsigned __int128 value) {
  return value > static_cast<unsigned __int128>(INT64_MAX) ? INT64_MAX : static_cast<std::int64_t>(value);
}

std::int64_t exponential(std::int64_t mean, std::uint64_t bits) {
  const auto product = static_cast<unsigned __int128>(static_cast<std::uint64_t>(mean)) * exponential_fixed(bits);
  return bounded(product / places);
}

std::int64_t lognormal(std::int64_t median, std::int64_t p99, std::uint64_t bits) {
  if (median <= 0) return 0;
  constexpr Fixed32 quantile_99 = 9991588038;  // 2.326347874041 * 2^32
  const Fixed32 spread = log_fixed32(static_cast<std::uint64_t>(p99)) - log_fixed32(static_cast<std::uint64_t>(median));
  const auto exponent = static_cast<__int128>(spread) * normal_quantile(bits) / quantile_99;
  return scale_by_exp(median, static_cast<Fixed32>(exponent));
}

/// Source: Wilson & Hilferty, "The Distribution of Chi-Square", PNAS 17, 1931: (X / mean)^(1/3) is nearly normal with
/// mean 1 - 1/(9 shape) and variance 1/(9 shape).
std::int64_t gamma(std::int64_t mean, std::int64_t shape_thousandths, std::uint64_t bits) {
  const auto ninth = static_cast<__int128>(fixed32_one) * 1000 / (9 * shape_thousandths);
  // Square root with 32 places by bits.
  __int128 root = 0;
  for (int bit = 40; bit >= 0; --bit) {
    const __int128 trial = root | static_cast<__int128>(1) << bit;
    if (trial * trial <= (ninth << 32)) root = trial;
  }
  __int128 cube_root = fixed32_one - ninth + (root * normal_quantile(bits) >> 32);
  if (cube_root < 0) cube_root = 0;
  const __int128 cube = (cube_root * cube_root >> 32) * cube_root >> 32;
  return bounded(static_cast<unsigned __int128>(cube * mean >> 32));
}

/// By inversion over weights relative to that of the likeliest count, added up without loss: monotone for every mean,
/// and no e^-mean can vanish. Takes some 20 sqrt(mean) steps.
std::int64_t poisson(std::int64_t mean_thousandths, std::uint64_t bits) {
  using Weight = unsigned __int128;
  if (mean_thousandths <= 0) return 0;
  const auto mean = static_cast<std::uint64_t>(mean_thousandths);
  const std::uint64_t likeliest = mean / 1000;
  constexpr Weight peak = Weight{1} << 52;  // The sum stays below 2^64 up to a mean of 100,000.
  Weight below = 0, weight = peak;
  for (std::uint64_t k = likeliest; k > 0 && weight != 0; --k) below += weight = weight * (1000 * k) / mean;
  Weight total = below;
  weight = peak;
  for (std::uint64_t k = likeliest; weight != 0;) total += weight, weight = weight * mean / (1000 * ++k);
  Weight target = total * bits >> 64;
  std::uint64_t count = likeliest;
  weight = peak;
  if (target >= below) {
    for (target -= below; target >= weight;) target -= weight, weight = weight * mean / (1000 * ++count);
  } else {
    while (target < below) weight = weight * (1000 * count) / mean, below -= weight, --count;
  }
  return static_cast<std::int64_t>(count);
}

std::int64_t empirical(const std::vector<std::int64_t>& samples, std::uint64_t bits) {
  return samples.empty() ? 0 : samples[static_cast<std::size_t>(uniform_below(bits, samples.size()))];
}

}  // namespace

Distribution constant_distribution(std::int64_t value) { return {Distribution::Kind::constant, value, value, {}}; }

Distribution uniform_distribution(std::int64_t low, std::int64_t high) {
  return {low == high ? Distribution::Kind::constant : Distribution::Kind::uniform, low, high, {}};
}

Distribution weighted_distribution(const std::vector<std::int64_t>& weights) {
  Distribution distribution{Distribution::Kind::weighted, 0, 0, {}};
  std::int64_t sum = 0;
  for (const std::int64_t weight : weights) distribution.samples.push_back(sum += weight);
  return distribution;
}

std::uint64_t exponential_fixed(std::uint64_t bits) { return minus_log_fixed48(~bits + 1); }

std::int64_t sample(const Distribution& distribution, std::uint64_t bits) {
  switch (distribution.kind) {
    case Distribution::Kind::constant:
      return distribution.first;
    case Distribution::Kind::uniform:
      return uniform_between(bits, distribution.first, distribution.second);
    case Distribution::Kind::exponential:
      return exponential(distribution.first, bits);
    case Distribution::Kind::lognormal:
      return lognormal(distribution.first, distribution.second, bits);
    case Distribution::Kind::gamma:
      return gamma(distribution.first, distribution.second, bits);
    case Distribution::Kind::poisson:
      return poisson(distribution.first, bits);
    case Distribution::Kind::empirical:
      return empirical(distribution.samples, bits);
    case Distribution::Kind::weighted: {
      const auto total = static_cast<std::uint64_t>(distribution.samples.back());
      const auto drawn = static_cast<std::int64_t>(uniform_below(bits, total));
      const auto found = std::upper_bound(distribution.samples.begin(), distribution.samples.end(), drawn);
      return found - distribution.samples.begin();
    }
  }
  return 0;
}

}  // namespace premortem
