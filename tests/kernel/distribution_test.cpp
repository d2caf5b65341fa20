// Every distribution as what it is, a quantile function of 64 bits: against libm's and Boost's, over bits in equal
// steps.

#include "sim/kernel/distribution.hpp"

#include <boost/math/distributions/gamma.hpp>
#include <cmath>
#include <map>

#include "sim/kernel/random.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

using Kind = Distribution::Kind;
constexpr int steps = 100'000;

double probability(int step) { return (step + 0.5) / steps; }
std::uint64_t bits_of(double p) { return static_cast<std::uint64_t>(p * 0x1p64); }

/// Mean over bits in equal steps: no chance in it, and what the two ends are cut off is far below a thousandth.
double mean(const Distribution& distribution) {
  double sum = 0;
  for (int n = 0; n < steps; ++n) sum += static_cast<double>(sample(distribution, bits_of(probability(n))));
  return sum / steps;
}

/// Largest difference between our quantiles and exact ones, as a part of the exact one, rounding to a whole allowed
/// for.
template <class Exact>
double worst_quantile(const Distribution& distribution, Exact&& exact) {
  double worst = 0;
  for (int n = 0; n < steps; ++n) {
    const double expected = exact(probability(n));
    const double found = static_cast<double>(sample(distribution, bits_of(probability(n))));
    worst = std::max(worst, (std::fabs(found - expected) - 1) / expected);
  }
  return worst;
}

bool is_monotone(const Distribution& distribution) {
  const auto look = [&](std::uint64_t bits, std::uint64_t step) {
    return bits > UINT64_MAX - step || sample(distribution, bits) <= sample(distribution, bits + step);
  };
  bool monotone = true;
  for (std::uint64_t n = 0; n < 60'000; ++n) {
    const std::uint64_t bits = mix64(n) >> (n % 40);
    for (const std::uint64_t at : {bits, ~bits}) {
      monotone = monotone && look(at, 1) && look(at, std::uint64_t{1} << 20) && look(at, std::uint64_t{1} << 50);
    }
  }
  return monotone;
}

double normal(double p) {
  double low = -10, high = 10;
  for (int n = 0; n < 100; ++n) {
    const double middle = (low + high) / 2;
    (std::erfc(-middle / std::sqrt(2.0)) / 2 < p ? low : high) = middle;
  }
  return low;
}

Distribution empirical(std::vector<std::int64_t> samples) { return {Kind::empirical, 0, 0, std::move(samples)}; }

}  // namespace

TEST_CASE("a constant is itself; so is a range of one", "[distribution]") {
  REQUIRE(sample(constant_distribution(7), 0) == 7);
  REQUIRE(sample(constant_distribution(7), UINT64_MAX) == 7);
  REQUIRE(uniform_distribution(5, 5) == constant_distribution(5));
  REQUIRE(!uniform_distribution(5, 5).is_range());
}

TEST_CASE("a range reaches both ends, each value as often", "[distribution]") {
  const Distribution range = uniform_distribution(2'000'000'000, 6'000'000'000);
  REQUIRE(range.is_range());
  REQUIRE(sample(range, 0) == range.low());
  REQUIRE(sample(range, UINT64_MAX) == range.high());
  REQUIRE(std::fabs(mean(range) / 4e9 - 1) < 1e-6);
  REQUIRE(worst_quantile(range, [](double p) { return 2e9 + 4e9 * p; }) < 1e-9);
  REQUIRE(is_monotone(range));
  const Distribution die = uniform_distribution(1, 6);
  std::vector<int> counts(7);
  for (int n = 0; n < 60'000; ++n) ++counts[static_cast<std::size_t>(sample(die, bits_of((n + 0.5) / 60'000)))];
  REQUIRE(counts == std::vector<int>{0, 10'000, 10'000, 10'000, 10'000, 10'000, 10'000});
}

TEST_CASE("an exponential has its mean and its quantiles, to a nanosecond in an hour", "[distribution]") {
  const Distribution hour{Kind::exponential, 3'600'000'000'000, 0, {}};
  REQUIRE(worst_quantile(hour, [](double p) { return -3.6e12 * std::log1p(-p); }) < 1e-10);
  REQUIRE(std::fabs(mean(hour) / 3.6e12 - 1) < 1e-5);
  REQUIRE(is_monotone(hour));
  REQUIRE(sample(hour, 0) == 0);
  REQUIRE(sample(hour, UINT64_MAX) == 159'701'110'401'011);  // 64 ln 2 hours, rounded down.
  REQUIRE(exponential_fixed(0) == 0);
  const Distribution long_ages{Kind::exponential, INT64_MAX / 2, 0, {}};
  REQUIRE(sample(long_ages, UINT64_MAX) == INT64_MAX);  // 160 times what fits: bounded, not wrapped around.
  REQUIRE(is_monotone(long_ages));
}

TEST_CASE("a lognormal has its median and its 99th percentile, and the quantiles between and beyond",
          "[distribution]") {
  const Distribution call{Kind::lognormal, 4'000'000'000, 30'000'000'000, {}};
  REQUIRE(std::llabs(sample(call, std::uint64_t{1} << 63) - 4'000'000'000) <= 4);
  REQUIRE(std::fabs(static_cast<double>(sample(call, bits_of(0.99))) / 3e10 - 1) < 1e-7);
  const double spread = std::log(30.0 / 4.0) / normal(0.99);
  REQUIRE(worst_quantile(call, [spread](double p) { return 4e9 * std::exp(spread * normal(p)); }) < 1e-7);
  REQUIRE(std::fabs(mean(call) / (4e9 * std::exp(spread * spread / 2)) - 1) < 1e-3);
  REQUIRE(is_monotone(call));
  REQUIRE(sample(call, 0) > 0);
}

TEST_CASE("a lognormal at the ends of what can be said: no median, no spread, a spread of nine powers of ten",
          "[distribution]") {
  REQUIRE(sample({Kind::lognormal, 0, 10, {}}, UINT64_MAX) == 0);
  for (const std::uint64_t bits : {std::uint64_t{0}, std::uint64_t{1} << 62, UINT64_MAX}) {
    REQUIRE(sample({Kind::lognormal, 5000, 5000, {}}, bits) == 5000);
  }
  const Distribution wide{Kind::lognormal, 1'000'000'000, 1'000'000'000'000'000'000, {}};
  REQUIRE(sample(wide, UINT64_MAX) == INT64_MAX);
  REQUIRE(sample(wide, 0) == 0);
  REQUIRE(is_monotone(wide));
}

TEST_CASE("a gamma from shape 1 on: mean within 0.2 %, probabilities within 0.013", "[distribution]") {
  for (const double shape : {1.0, 2.0, 5.0, 50.0}) {
    INFO("shape " << shape);
    const Distribution work{Kind::gamma, 1'000'000'000, static_cast<std::int64_t>(shape * 1000), {}};
    const boost::math::gamma_distribution<double> exact(shape, 1e9 / shape);
    double worst = 0;
    for (int n = 0; n < steps; n += 10) {
      const double found = static_cast<double>(sample(work, bits_of(probability(n))));
      worst = std::max(worst, std::fabs(cdf(exact, found) - probability(n)));
    }
    CHECK(worst < 0.013);
    CHECK(std::fabs(mean(work) / 1e9 - 1) < 0.002);
    CHECK(is_monotone(work));
  }
  // The larger the shape, the better: at 5 the quantiles are within 0.6 % between 10 % and 99.9 %.
  const boost::math::gamma_distribution<double> exact(5.0, 2e8);
  for (const double p : {0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 0.999}) {
    const double found = static_cast<double>(sample({Kind::gamma, 1'000'000'000, 5000, {}}, bits_of(p)));
    CHECK(std::fabs(found / quantile(exact, p) - 1) < 0.006);
  }
}

TEST_CASE("a gamma below shape 1 is a likeness, as its header says", "[distribution]") {
  const Distribution half{Kind::gamma, 1'000'000'000, 500, {}}, fifth{Kind::gamma, 1'000'000'000, 200, {}};
  CHECK(std::fabs(mean(half) / 1e9 - 0.99) < 0.002);
  CHECK(std::fabs(mean(fifth) / 1e9 - 0.926) < 0.002);
  CHECK(sample(fifth, bits_of(0.27)) == 0);
  CHECK(sample(fifth, bits_of(0.28)) > 0);
  CHECK(is_monotone(half));
  CHECK(is_monotone(fifth));
  REQUIRE(sample({Kind::gamma, INT64_MAX, 200, {}}, UINT64_MAX) == INT64_MAX);
}

TEST_CASE("a Poisson count has its mean, its variance and its probabilities, for small and large means",
          "[distribution]") {
  for (const double expected : {0.001, 0.5, 3.0, 10.0, 16.0, 16.001, 40.25, 1000.0}) {
    INFO("mean " << expected);
    const Distribution count{Kind::poisson, std::llround(expected * 1000), 0, {}};
    // Every quantile exact: the count k covers the probabilities from P(X < k) to P(X <= k).
    double cumulated = 0, total = 0, squares = 0;
    std::int64_t k = -1;
    for (int n = 0; n<steps; n += expected> 100 ? 50 : 1) {
      const double p = probability(n);
      while (cumulated < p) {
        ++k;
        cumulated +=
            std::exp(static_cast<double>(k) * std::log(expected) - expected - std::lgamma(static_cast<double>(k) + 1));
      }
      const std::int64_t found = sample(count, bits_of(p));
      if (std::fabs(cumulated - p) > 1e-9) REQUIRE(found == k);
      total += static_cast<double>(found);
      squares += static_cast<double>(found * found);
    }
    const double draws = expected > 100 ? steps / 50.0 : steps;
    CHECK(std::fabs(total / draws - expected) < 0.001 * std::max(expected, 1.0));
    CHECK(std::fabs(squares / draws - total / draws * (total / draws) - expected) < 0.01 * std::max(expected, 1.0));
  }
}

TEST_CASE("a Poisson count never steps back, also above the mean of 16; nothing comes of nothing", "[distribution]") {
  for (const std::int64_t thousandths : {1, 500, 16'000, 17'500, 250'000}) {
    INFO(thousandths);
    const Distribution count{Kind::poisson, thousandths, 0, {}};
    bool monotone = true;
    std::int64_t before = sample(count, 0);
    for (int n = 0; n < 4000; ++n) {
      const std::int64_t next = sample(count, bits_of((n + 0.5) / 4000));
      monotone = monotone && before <= next;
      before = next;
    }
    REQUIRE(monotone);
    REQUIRE(before <= sample(count, UINT64_MAX));
  }
  REQUIRE(sample({Kind::poisson, 0, 0, {}}, UINT64_MAX) == 0);
  REQUIRE(sample({Kind::poisson, 10'000, 0, {}}, 0) == 0);
  // The largest that may be written: a mean of 100,000, 316 wide.
  const Distribution most{Kind::poisson, 100'000'000, 0, {}};
  REQUIRE(std::llabs(sample(most, std::uint64_t{1} << 63) - 100'000) <= 1);
  REQUIRE(std::llabs(sample(most, bits_of(0.99)) - 100'736) <= 2);
  REQUIRE(sample(most, 0) > 97'000);
  REQUIRE(sample(most, UINT64_MAX) < 103'000);
}

TEST_CASE("a larger mean never gives a smaller value for the same bits: coupled runs stay coupled", "[distribution]") {
  for (std::uint64_t n = 0; n < 2000; ++n) {
    const std::uint64_t bits = mix64(n);
    REQUIRE(sample({Kind::exponential, 1000, 0, {}}, bits) <= sample({Kind::exponential, 1001, 0, {}}, bits));
    REQUIRE(sample({Kind::lognormal, 1000, 9000, {}}, bits) <= sample({Kind::lognormal, 1100, 9900, {}}, bits));
    REQUIRE(sample({Kind::gamma, 1000, 2000, {}}, bits) <= sample({Kind::gamma, 1100, 2000, {}}, bits));
    REQUIRE(sample({Kind::poisson, 15'900, 0, {}}, bits) <= sample({Kind::poisson, 16'100, 0, {}}, bits));
    REQUIRE(sample(uniform_distribution(1, 9), bits) <= sample(uniform_distribution(2, 9), bits));
  }
}

TEST_CASE("an empirical distribution gives its samples, each equally likely, and nothing between them",
          "[distribution]") {
  const Distribution measured = empirical({10, 20, 100});
  std::map<std::int64_t, int> counts;
  for (int n = 0; n < 3000; ++n) ++counts[sample(measured, bits_of((n + 0.5) / 3000))];
  REQUIRE(counts == std::map<std::int64_t, int>{{10, 1000}, {20, 1000}, {100, 1000}});
  REQUIRE(sample(measured, 0) == 10);
  REQUIRE(sample(measured, UINT64_MAX) == 100);
  REQUIRE(is_monotone(measured));
  REQUIRE(sample(empirical({}), 5) == 0);
  REQUIRE(sample(empirical({42}), UINT64_MAX) == 42);
  REQUIRE(sample(empirical({7, 7}), 12345) == 7);
}

TEST_CASE("weighted alternatives come in proportion, in order, and never with weight zero", "[distribution]") {
  const Distribution kinds = weighted_distribution({10, 0, 60, 30, 0});
  std::vector<int> counts(5);
  for (int n = 0; n < 1000; ++n) ++counts[static_cast<std::size_t>(sample(kinds, bits_of((n + 0.5) / 1000)))];
  REQUIRE(counts == std::vector<int>{100, 0, 600, 300, 0});
  REQUIRE(sample(kinds, 0) == 0);
  REQUIRE(sample(kinds, UINT64_MAX) == 3);
  REQUIRE(sample(weighted_distribution({0, 1}), 0) == 1);
  REQUIRE(is_monotone(kinds));
}
