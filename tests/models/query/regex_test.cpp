// The wrapper of PCRE2: groups, places, and texts that are not UTF-8.
#include "sim/models/query/regex.hpp"

#include "tests/support/catch.hpp"

using premortem::query::Regex;

TEST_CASE("a search says where the match and its groups are, from a place on", "[regex]") {
  const Regex regex("(a+)(b)?", "");
  const auto first = regex.find("xaab-a");
  REQUIRE(first.has_value());
  REQUIRE(first->size() == 3);
  CHECK((*first)[0] == std::pair<std::size_t, std::size_t>{1, 4});
  CHECK((*first)[1] == std::pair<std::size_t, std::size_t>{1, 3});
  CHECK((*first)[2] == std::pair<std::size_t, std::size_t>{3, 4});
  const auto second = regex.find("xaab-a", 4);
  REQUIRE(second.has_value());
  CHECK((*second)[0] == std::pair<std::size_t, std::size_t>{5, 6});
  CHECK_FALSE((*second)[2].has_value());
  CHECK_FALSE(regex.find("xaab-a", 6).has_value());
  CHECK_FALSE(regex.find("xaab-a", 7).has_value());
}

TEST_CASE("a text that is not UTF-8 is matched by nothing", "[regex]") {
  CHECK(Regex(".", "").matches("\xC3\xA4"));
  CHECK_FALSE(Regex(".", "").matches("\xC3"));
}

TEST_CASE("an expression that would search for ever gives up without a match", "[regex]") {
  CHECK_FALSE(Regex("(a+)+$", "").matches(std::string(40, 'a') + "b"));
}

TEST_CASE("an empty text is searched too", "[regex]") {
  CHECK(Regex("^$", "").matches(""));
  CHECK(Regex("", "imsxu").matches("anything"));
}
