#include "sim/kernel/digest.hpp"

#include <set>

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

Digest of(std::initializer_list<std::uint64_t> words) {
  Digest digest;
  for (const std::uint64_t word : words) digest.add(word);
  return digest;
}

}  // namespace

TEST_CASE("a digest sees every bit of every word, their order and their number", "[digest]") {
  const Digest digest = of({1, 2, 3});
  REQUIRE(of({1, 2, 3}) == digest);
  REQUIRE(of({1, 3, 2}) != digest);
  REQUIRE(of({1, 2}) != digest);
  REQUIRE(of({1, 2, 3, 0}) != digest);
  REQUIRE(of({0}) != of({}));
  REQUIRE(of({0, 0}) != of({0}));
  std::set<std::string> texts = {digest.hex()};
  for (int position = 0; position < 3; ++position) {
    for (int bit = 0; bit < 64; ++bit) {
      std::uint64_t words[] = {1, 2, 3};
      words[position] ^= std::uint64_t{1} << bit;
      Digest changed;
      for (const std::uint64_t word : words) changed.add(word);
      texts.insert(changed.hex());
    }
  }
  REQUIRE(texts.size() == 1 + 3 * 64);
}

TEST_CASE("a digest is written as 32 hexadecimal digits, both halves in both", "[digest]") {
  const std::string text = of({42}).hex();
  REQUIRE(text.size() == 32);
  REQUIRE(text.find_first_not_of("0123456789abcdef") == std::string::npos);
  Digest changed = of({42});
  changed.b ^= 1;
  REQUIRE(changed.hex().substr(0, 16) != text.substr(0, 16));
  REQUIRE(changed.hex().substr(16) != text.substr(16));
  REQUIRE(of({}).hex() == Digest{}.hex());
}

TEST_CASE("a million digests of a counter are a million", "[digest]") {
  std::set<std::pair<std::uint64_t, std::uint64_t>> seen;
  Digest digest;
  for (std::uint64_t n = 0; n < 1'000'000; ++n) {
    digest.add(n & 1);
    seen.insert({digest.a, digest.b});
  }
  REQUIRE(seen.size() == 1'000'000);
}
