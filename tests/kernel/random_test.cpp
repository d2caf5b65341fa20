// Randomness by name. The statistics are smoke tests: they catch a broken mixer, they do not prove a good one.

#include "sim/kernel/random.hpp"

#include <array>
#include <set>

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// Sum of (observed - expected)^2 / expected over 256 classes, as many each expected.
double chi_square(const std::array<std::uint64_t, 256>& counts, std::uint64_t total) {
  const double expected = static_cast<double>(total) / 256;
  double sum = 0;
  for (const std::uint64_t count : counts) {
    const double difference = static_cast<double>(count) - expected;
    sum += difference * difference / expected;
  }
  return sum;
}

}  // namespace

TEST_CASE("a draw is a function of its name: the same today, tomorrow and on every machine", "[random]") {
  // Saved cases depend on these numbers: whoever changes them makes every saved case another one.
  REQUIRE(mix64(1) == 0x5692161D100B05E5);
  REQUIRE(mix64(0) == 0);
  REQUIRE(random_bits(1, 2, 3, 4) == random_bits(1, 2, 3, 4));
  static_assert(random_bits(1, 2, 3, 4) != random_bits(1, 2, 4, 3));
}

TEST_CASE("seed, entity, purpose and occurrence all matter, and are not the same thing", "[random]") {
  std::set<std::uint64_t> draws;
  for (std::uint64_t n = 1; n <= 1000; ++n) {
    draws.insert(random_bits(n, 0, 0, 0));
    draws.insert(random_bits(0, n, 0, 0));
    draws.insert(random_bits(0, 0, n, 0));
    draws.insert(random_bits(0, 0, 0, n));
    draws.insert(random_bits(n, n, n, n));
  }
  REQUIRE(draws.size() == 5000);
}

TEST_CASE("a draw under another name changes nobody else's", "[random]") {
  const auto arrivals = [](bool with_another_worker) {
    std::vector<std::uint64_t> draws;
    std::uint64_t unheard = 0;
    for (std::uint64_t n = 0; n < 100; ++n) {
      if (with_another_worker) unheard ^= random_bits(7, hash_name("worker-2"), hash_name("work"), n);
      draws.push_back(random_bits(7, hash_name("intake"), hash_name("arrivals"), n));
      if (with_another_worker) unheard ^= random_bits(7, hash_name("intake"), hash_name("work"), n);
    }
    REQUIRE((unheard != 0) == with_another_worker);
    return draws;
  };
  REQUIRE(arrivals(false) == arrivals(true));
}

TEST_CASE("names differ by every letter and their order; so do combined names", "[random]") {
  std::set<std::uint64_t> names;
  for (const char* name : {"", "a", "b", "ab", "ba", "a ", " a", "aa", "aaa", "exporter", "exporter.", "Exporter"}) {
    names.insert(hash_name(name));
  }
  REQUIRE(names.size() == 12);
  REQUIRE(combine(1, 2) != combine(2, 1));
  REQUIRE(combine(hash_name("a"), hash_name("b")) != hash_name("ab"));
  REQUIRE(combine(0, 0) != combine(0, 1));
}

TEST_CASE("draws are uniform in every byte, along occurrence, entity, purpose and seed", "[random]") {
  constexpr std::uint64_t total = 100'000;
  for (int axis = 0; axis < 4; ++axis) {
    std::array<std::array<std::uint64_t, 256>, 8> counts{};
    for (std::uint64_t n = 0; n < total; ++n) {
      const std::uint64_t bits = axis == 0   ? random_bits(1, 2, 3, n)
                                 : axis == 1 ? random_bits(1, n, 3, 4)
                                 : axis == 2 ? random_bits(1, 2, n, 4)
                                             : random_bits(n, 2, 3, 4);
      for (std::size_t byte = 0; byte < 8; ++byte) ++counts[byte][bits >> (8 * byte) & 255];
    }
    for (const auto& byte : counts) {
      const double statistic = chi_square(byte, total);  // Mean 255, standard deviation 22.6.
      CHECK(statistic > 255 - 4.5 * 22.6);
      CHECK(statistic < 255 + 4.5 * 22.6);
    }
  }
}

TEST_CASE("neighbouring names are uncorrelated: half of the bits differ", "[random]") {
  std::uint64_t differing = 0;
  for (std::uint64_t n = 0; n < 20'000; ++n) {
    differing +=
        static_cast<std::uint64_t>(__builtin_popcountll(random_bits(1, 2, 3, n) ^ random_bits(1, 2, 3, n + 1)));
  }
  REQUIRE(differing > 640'000 - 2'264);  // 20,000 times 32, four standard deviations of sqrt(20,000 * 64) / 2.
  REQUIRE(differing < 640'000 + 2'264);
}

TEST_CASE("a uniform draw reaches both ends and nothing beyond", "[random]") {
  REQUIRE(uniform_below(0, 10) == 0);
  REQUIRE(uniform_below(UINT64_MAX, 10) == 9);
  REQUIRE(uniform_below(UINT64_MAX, 1) == 0);
  REQUIRE(uniform_below(UINT64_MAX, UINT64_MAX) == UINT64_MAX - 1);
  REQUIRE(uniform_between(0, -3, 3) == -3);
  REQUIRE(uniform_between(UINT64_MAX, -3, 3) == 3);
  REQUIRE(uniform_between(12345, 8, 8) == 8);
  REQUIRE(uniform_between(0, INT64_MIN, INT64_MAX - 1) == INT64_MIN);
  REQUIRE(uniform_between(UINT64_MAX, INT64_MIN, INT64_MAX - 1) == INT64_MAX - 1);
  REQUIRE(uniform_between(5, INT64_MIN, INT64_MAX) == 5);
  std::array<int, 7> counts{};
  for (std::uint64_t n = 0; n < 70'000; ++n) {
    ++counts[static_cast<std::size_t>(uniform_between(random_bits(1, 1, 1, n), -3, 3) + 3)];
  }
  for (const int count : counts) {
    REQUIRE(count > 10'000 - 400);  // More than four standard deviations of 93.
    REQUIRE(count < 10'000 + 400);
  }
}
