#include "sim/models/backoff.hpp"

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t s = 1'000'000'000;
constexpr std::uint64_t lowest = 0, highest = UINT64_MAX;

using Waits = std::vector<std::int64_t>;

/// In seconds, after 1, 2, ... failures.
Waits waits(const BackoffSpec& spec, std::uint32_t count, std::uint64_t bits) {
  Waits made;
  for (std::uint32_t failures = 1; failures <= count; ++failures)
    made.push_back(backoff_wait(spec, failures, bits) / s);
  return made;
}

}  // namespace

TEST_CASE("STRAT-025: without a wait the next try comes at once", "[retry]") {
  REQUIRE(waits({}, 3, highest) == Waits{0, 0, 0});
}

TEST_CASE("STRAT-025: a fixed wait stays as it is", "[retry]") {
  REQUIRE(waits({2 * s, 1, -1, Jitter::none}, 4, highest) == Waits{2, 2, 2, 2});
}

TEST_CASE("STRAT-025: an exponential wait is the base times the factor to the power of the failures, up to the cap",
          "[retry]") {
  REQUIRE(waits({1 * s, 2, 10 * s, Jitter::none}, 6, highest) == Waits{1, 2, 4, 8, 10, 10});
  REQUIRE(waits({1 * s, 3, -1, Jitter::none}, 4, highest) == Waits{1, 3, 9, 27});
  REQUIRE(waits({20 * s, 2, 10 * s, Jitter::none}, 2, highest) == Waits{10, 10});
}

TEST_CASE("STRAT-025: full jitter lies between nothing and the whole wait", "[retry]") {
  const BackoffSpec full{1 * s, 2, 10 * s, Jitter::full};
  REQUIRE(waits(full, 5, lowest) == Waits{0, 0, 0, 0, 0});
  REQUIRE(waits(full, 5, highest) == Waits{1, 2, 4, 8, 10});
  REQUIRE(waits(full, 3, highest / 4 * 2) == Waits{0, 1, 2});
  REQUIRE(backoff_wait(full, 4, highest / 4 * 3) == 6 * s);
}

TEST_CASE("STRAT-025: equal jitter keeps half of the wait and spreads the other half", "[retry]") {
  const BackoffSpec equal{2 * s, 2, 10 * s, Jitter::equal};
  REQUIRE(waits(equal, 4, lowest) == Waits{1, 2, 4, 5});
  REQUIRE(waits(equal, 4, highest) == Waits{2, 4, 8, 10});
  const BackoffSpec odd{3, 1, -1, Jitter::equal};  // 1 + [0, 2]
  REQUIRE(backoff_wait(odd, 1, lowest) == 1);
  REQUIRE(backoff_wait(odd, 1, highest) == 3);
}

TEST_CASE("STRAT-025: a wait that grows for ever does not overflow", "[retry]") {
  REQUIRE(backoff_wait({1 * s, 10, -1, Jitter::none}, 1'000'000, lowest) == INT64_MAX / 4);
  REQUIRE(backoff_wait({1 * s, 1, -1, Jitter::none}, 4'000'000'000, lowest) == 1 * s);
}
