// Our functions of doubles against those of the C library.
#include "sim/models/bson/double_arithmetic.hpp"

#include <cmath>

#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

bool same_double(double left, double right) {
  return std::bit_cast<std::uint64_t>(left) == std::bit_cast<std::uint64_t>(right) || (left != left && right != right);
}

// Of all sizes, often with few bits, sometimes special.
double random_double(RandomValues& luck) {
  const double special[] = {0.0,   -0.0,     0.5,      -0.5,     4503599627370496.0, 4503599627370495.5,
                            1e308, 4.9e-324, 2.2e-308, INFINITY, -INFINITY,          NAN};
  switch (luck.below(4)) {
    case 0:
      return special[luck.below(12)];
    case 1:
      return static_cast<double>(luck.between(-100'000, 100'000)) / 16;
    case 2:
      return static_cast<double>(static_cast<std::int64_t>(luck.word()) >> luck.below(60));
    default:
      return std::bit_cast<double>(luck.word());
  }
}

}  // namespace

TEST_CASE("rounding, rests and roots of doubles are bit by bit those of the C library", "[bson]") {
  RandomValues luck(9);
  for (int round = 0; round < 200'000; ++round) {
    const double one = random_double(luck), other = random_double(luck);
    REQUIRE(same_double(floor_of(one), std::floor(one)));
    REQUIRE(same_double(ceiling_of(one), std::ceil(one)));
    REQUIRE(same_double(truncated(one), std::trunc(one)));
    REQUIRE(same_double(absolute_of(one), std::fabs(one)));
    REQUIRE(same_double(remainder_of_doubles(one, other), std::fmod(one, other)));
    REQUIRE(same_double(square_root_of(one), std::sqrt(one)));
    REQUIRE(is_finite(one) == static_cast<bool>(std::isfinite(one)));
  }
}

TEST_CASE("a square's root is what was squared", "[bson]") {
  RandomValues luck(10);
  for (int round = 0; round < 20'000; ++round) {
    const double root = luck.between(0, 94'906'265);
    REQUIRE(square_root_of(root * root) == root);
  }
  CHECK(square_root_of(2) == 1.4142135623730951);
  CHECK(square_root_of(5e-324) == 2.2227587494850775e-162);
}

}  // namespace premortem::testing
