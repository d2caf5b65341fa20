// Arrivals at a rate that changes by the hour: counts by segment, nothing where the rate is nothing, an end.

#include "sim/kernel/arrival_process.hpp"

#include <cmath>

#include "sim/kernel/distribution.hpp"
#include "sim/kernel/random.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t hour = 3'600'000'000'000;
/// One expected arrival, in the units of advance().
constexpr std::uint64_t one = std::uint64_t{1} << 48;

RateProfile profile(std::initializer_list<RateProfile::Segment> segments) {
  RateProfile made;
  for (const RateProfile::Segment& segment : segments) made.add(segment);
  return made;
}

std::vector<std::int64_t> arrivals(const RateProfile& rates, std::int64_t from, std::uint64_t seed) {
  std::vector<std::int64_t> times;
  for (std::uint64_t n = 0;; ++n) {
    from = rates.advance(from, exponential_fixed(random_bits(seed, 1, 2, n)));
    if (from == INT64_MAX) return times;
    times.push_back(from);
  }
}

}  // namespace

TEST_CASE("the rate is integrated over its segments and inverted, by hand", "[arrivals]") {
  // 2 an hour for an hour, nothing for an hour, 4 an hour for an hour: 6 expected in all.
  const RateProfile rates = profile({{0, hour, 2 * RateProfile::one_per_hour},
                                     {hour, 2 * hour, 0},
                                     {2 * hour, 3 * hour, 4 * RateProfile::one_per_hour}});
  REQUIRE(rates.advance(0, one) == hour / 2);
  REQUIRE(rates.advance(hour / 2, one / 2) == hour / 4 * 3);
  REQUIRE(rates.advance(hour / 2, one) == 2 * hour);  // Exactly used up: the next instant at which anything can come.
  REQUIRE(rates.advance(hour / 2, 2 * one) == 2 * hour + hour / 4);
  REQUIRE(rates.advance(hour + 5, one) == 2 * hour + hour / 4);
  REQUIRE(rates.advance(0, 6 * one - one / 1000) < 3 * hour);
  REQUIRE(rates.advance(0, 6 * one) == INT64_MAX);
  REQUIRE(rates.advance(3 * hour, 1) == INT64_MAX);
  REQUIRE(rates.advance(-hour, one) == hour / 2);  // Before it begins nothing comes.
}

TEST_CASE("gaps between segments count as nothing, an empty profile never brings anything", "[arrivals]") {
  const RateProfile rates =
      profile({{10 * hour, 11 * hour, RateProfile::one_per_hour}, {20 * hour, 21 * hour, RateProfile::one_per_hour}});
  REQUIRE(rates.advance(0, one / 2) == 10 * hour + hour / 2);
  REQUIRE(rates.advance(0, one + one / 2) == 20 * hour + hour / 2);
  REQUIRE(RateProfile().advance(0, one) == INT64_MAX);
  REQUIRE(profile({{0, hour, 0}}).advance(0, 1) == INT64_MAX);
}

TEST_CASE("hours of a day bring as many as their rates say, to four standard deviations", "[arrivals]") {
  // From 0 to 600 an hour and back, the night without any; a hundred seeds.
  RateProfile rates;
  std::vector<std::uint64_t> per_hour;
  for (std::uint64_t n = 0; n < 24; ++n) {
    per_hour.push_back(n < 6 || n > 20 ? 0 : 600 - 60 * static_cast<std::uint64_t>(std::abs(static_cast<int>(n) - 13)));
    rates.add({static_cast<std::int64_t>(n) * hour, static_cast<std::int64_t>(n + 1) * hour,
               per_hour.back() * RateProfile::one_per_hour});
  }
  std::vector<double> sums(24), squares(24);
  for (std::uint64_t seed = 1; seed <= 100; ++seed) {
    std::vector<double> counts(24);
    std::int64_t before = 0;
    for (const std::int64_t at : arrivals(rates, 0, seed)) {
      REQUIRE(at >= before);
      before = at;
      ++counts[static_cast<std::size_t>(at / hour)];
    }
    for (std::size_t n = 0; n < 24; ++n) sums[n] += counts[n], squares[n] += counts[n] * counts[n];
  }
  for (std::size_t n = 0; n < 24; ++n) {
    INFO("hour " << n);
    const double expected = static_cast<double>(per_hour[n]), average = sums[n] / 100;
    if (per_hour[n] == 0) {
      REQUIRE(sums[n] == 0);
      continue;
    }
    REQUIRE(std::fabs(average - expected) < 4 * std::sqrt(expected / 100));
    const double variance = squares[n] / 100 - average * average;  // Poisson: as large as the mean.
    REQUIRE(variance > expected * 0.4);
    REQUIRE(variance < expected * 1.8);
  }
}

TEST_CASE("within an hour the gaps are exponential: as many short ones as there should be", "[arrivals]") {
  const RateProfile rates = profile({{0, 1000 * hour, 100 * RateProfile::one_per_hour}});
  std::int64_t before = 0;
  double gaps = 0, below_median = 0;
  for (const std::int64_t at : arrivals(rates, 0, 3)) {
    ++gaps;
    below_median += static_cast<double>(at - before) < 36e9 * std::log(2.0) ? 1 : 0;
    before = at;
  }
  REQUIRE(std::fabs(gaps - 100'000) < 4 * 316.3);
  REQUIRE(std::fabs(below_median / gaps - 0.5) < 4 * 0.5 / 316.2);
}

TEST_CASE("a quarter of an arrival an hour, for a century, from 1950 on", "[arrivals]") {
  constexpr std::int64_t from = -631'152'000'000'000'000;  // 1950-01-01
  const RateProfile rates = profile({{from, from + 876'600 * hour, RateProfile::one_per_hour / 4}});
  const double number = static_cast<double>(arrivals(rates, from, 5).size());
  REQUIRE(std::fabs(number - 219'150) < 4 * 468.2);
  REQUIRE(rates.advance(from, 219'149 * one) < from + 876'600 * hour);
}
