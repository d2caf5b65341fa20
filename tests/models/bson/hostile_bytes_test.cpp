// What is no document is refused with words, whatever the bytes are.
#include "sim/models/bson/codec.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

Value nested(int levels) {
  Value inner = doc({});
  for (int level = 1; level < levels; ++level) inner = level % 2 == 0 ? doc({{"a", inner}}) : arr({inner});
  return doc({{"a", inner}});
}

// Bytes as a client sends them, from text with \x escapes.
template <std::size_t size>
std::string raw(const char (&bytes)[size]) {
  return {bytes, size - 1};
}

}  // namespace

TEST_CASE("bytes that are no document are refused, and what is wrong is said", "[bson]") {
  CHECK(find_fault("") == "length of a document is wrong");
  CHECK(find_fault(raw("\x05\0\0\0")) == "length of a document is wrong");
  CHECK(find_fault(raw("\x05\0\0\0\1")) == "length of a document is wrong");
  CHECK(find_fault(raw("\x06\0\0\0\0")) == "length of a document is wrong");
  CHECK(find_fault(raw("\x05\0\0\0\0")) == std::nullopt);
  CHECK(find_fault(raw("\x05\0\0\0\0\0")) == "length of a document is wrong");
  CHECK(find_fault(raw("\x06\0\0\0\0\0")).has_value());  // An end before the end.
  CHECK(find_fault(raw("\x08\0\0\0\x20"
                       "a\0\0"))
            .has_value());  // No such type.
  CHECK(find_fault(raw("\x09\0\0\0\x08"
                       "a\0\x02\0"))
            .has_value());  // Neither false nor true.
  CHECK(find_fault(raw("\x0c\0\0\0\x02"
                       "a\0\0\0\0\0\0"))
            .has_value());  // A text is at least its end.
  CHECK(find_fault(raw("\x0e\0\0\0\x02"
                       "a\0\2\0\0\0b\1\0"))
            .has_value());
  CHECK(find_fault(raw("\x0e\0\0\0\x02"
                       "a\0\3\0\0\0b\0\0"))
            .has_value());
  CHECK(find_fault(raw("\x0e\0\0\0\x02"
                       "a\0\xff\xff\xff\xff"
                       "b\0\0"))
            .has_value());
  CHECK(find_fault(raw("\x0e\0\0\0\x02"
                       "a\0\2\0\0\0\xff\0\0")) == "field 'a': text is not UTF-8");
  CHECK(find_fault(raw("\x08\0\0\0\x0a\xff\0\0")) == "name of a field: text is not UTF-8");
  CHECK(find_fault(raw("\x0d\0\0\0\x03"
                       "a\0\x06\0\0\0\0\0"))
            .has_value());
  CHECK(find_fault(raw("\x0d\0\0\0\x03"
                       "a\0\x04\0\0\0\0\0"))
            .has_value());
  CHECK(find_fault(raw("\x13\0\0\0\x05"
                       "a\0\6\0\0\0\2\3\0\0\0\xff\xff\0"))
            .has_value());  // Its two lengths differ.
  CHECK(find_fault(raw("\x1a\0\0\0\x0c"
                       "a\0\2\0\0\0b\1xxxxxxxxxxxx\0"))
            .has_value());
}

TEST_CASE("documents nest as deeply as is allowed and no deeper", "[bson]") {
  CHECK(depth(nested(3)) == 4);
  CHECK(find_fault(encode(nested(depth_max - 1))) == std::nullopt);
  CHECK(find_fault(encode(nested(depth_max))).has_value());
  CHECK(find_fault(encode(nested(stored_depth_max - 1)), stored_depth_max) == std::nullopt);
  CHECK(find_fault(encode(nested(stored_depth_max)), stored_depth_max).has_value());
  std::string deep = raw("\x05\0\0\0\0");
  for (int level = 0; level < 2000; ++level) {
    const auto size = static_cast<unsigned>(deep.size()) + 8;
    deep =
        std::string{static_cast<char>(size), static_cast<char>(size >> 8), '\0', '\0', '\3', 'a', '\0'} + deep + '\0';
  }
  CHECK(find_fault(deep).has_value());
  const Value scope = doc({{"a", Value::code_with_scope("", doc({}))}});
  CHECK(depth(scope) == 2);
  CHECK(find_fault(encode(scope), 1).has_value());
  CHECK(find_fault(encode(scope), 2) == std::nullopt);
}

TEST_CASE("a document that is cut anywhere is refused", "[bson]") {
  RandomValues luck(5);
  for (int round = 0; round < 200; ++round) {
    const std::string bytes = encode(luck.document(3));
    for (std::size_t size = 0; size < bytes.size(); ++size) REQUIRE(find_fault(bytes.substr(0, size)).has_value());
  }
}

TEST_CASE("a document with any bit turned is either refused or one that is read and written again", "[bson]") {
  RandomValues luck(6);
  int refused = 0, taken = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string bytes = encode(luck.document(3));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      std::string turned = bytes;
      turned[bit / 8] = static_cast<char>(turned[bit / 8] ^ 1 << bit % 8);
      if (find_fault(turned)) {
        ++refused;
        continue;
      }
      ++taken;
      const Value document = decode(turned);
      const std::string again = encode(document);  // The same but for the names of arrays' elements.
      REQUIRE(find_fault(again) == std::nullopt);
      REQUIRE(decode(again).identical(document));
    }
  }
  CHECK(refused > 1000);
  CHECK(taken > 1000);
}

}  // namespace premortem::testing
