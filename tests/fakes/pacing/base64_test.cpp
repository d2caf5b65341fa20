// Bytes as text, as RFC 4648 has it.

#include "fakes/pacing/base64.hpp"

#include <stdexcept>

#include "tests/support/catch.hpp"

using namespace premortem::fakes;

TEST_CASE("the examples of RFC 4648 go there and back", "[fakes][pacing]") {
  const std::pair<const char*, const char*> examples[] = {{"", ""},
                                                          {"f", "Zg=="},
                                                          {"fo", "Zm8="},
                                                          {"foo", "Zm9v"},
                                                          {"foob", "Zm9vYg=="},
                                                          {"fooba", "Zm9vYmE="},
                                                          {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : examples) {
    REQUIRE(to_base64(bytes) == text);
    REQUIRE(from_base64(text) == bytes);
  }
}

TEST_CASE("every byte goes there and back, at every place of a group", "[fakes][pacing]") {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (std::size_t from = 0; from < 3; ++from) REQUIRE(from_base64(to_base64(all.substr(from))) == all.substr(from));
}

TEST_CASE("what is no base64 is an error", "[fakes][pacing]") {
  for (const char* wrong : {"Z", "Zg", "Zg=", "====", "Z===", "Zm9v!A==", "Zg==Zg=="}) {
    INFO(wrong);
    REQUIRE_THROWS_AS(from_base64(wrong), std::runtime_error);
  }
}
