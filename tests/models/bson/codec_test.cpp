// Every type as its literal bytes, and random documents against libbson as a witness.
#include "sim/models/bson/codec.hpp"

#include <bson/bson.h>

#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

std::string from_hex(std::string_view hex) {
  std::string out;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2)
    out.push_back(static_cast<char>(std::stoi(std::string(hex.substr(at, 2)), nullptr, 16)));
  return out;
}

struct Case {
  const char* hex;
  Value value;
};

// One field "a" of each type; the bytes are those of the BSON corpus where that has the value.
std::vector<Case> cases() {
  const std::string twelve = from_hex("56e1fc72e0c917e9c4714161");
  return {
      {"10000000016100000000000000f83f00", Value::number(1.5)},
      {"0e00000002610002000000620000", Value::string("b")},
      {"120000000261000600000061006200630000", Value::string(std::string("a\0b\0c", 5))},
      {"0d000000036100050000000000", doc({})},
      {"140000000461000c0000001030000a0000000000", arr({Value::int32(10)})},
      {"0f0000000561000200000000ffff00", Value::binary(0, "\xff\xff")},
      {"13000000056100060000000202000000ffff00", Value::binary(2, "\xff\xff")},
      {"0d000000056100000000008000", Value::binary(128, "")},
      {"0800000006610000", Value::undefined()},
      {"1400000007610056e1fc72e0c917e9c471416100", Value::object_id(twelve)},
      {"090000000861000100", Value::boolean(true)},
      {"10000000096100c33ce7b9bdffffff00", Value::date(-284643869501)},
      {"080000000a610000", Value::null()},
      {"0f0000000b610061626300696d0000", Value::regex("abc", "im")},
      {"1a0000000c610002000000620056e1fc72e0c917e9c471416100", Value::db_pointer("b", twelve)},
      {"0e0000000d610002000000620000", Value::code("b")},
      {"100000000d6100040000006200630000", Value::code(std::string("b\0c", 3))},
      {"0e0000000e610002000000620000", Value::symbol("b")},
      {"210000000f6100190000000500000061626364000c000000107800010000000000",
       Value::code_with_scope("abcd", doc({{"x", Value::int32(1)}}))},
      {"0c0000001061000000008000", Value::int32(-2147483647 - 1)},
      {"100000001161002a00000015cd5b0700", Value::timestamp(123456789, 42)},
      {"10000000126100ffffffffffffff7f00", Value::int64(9223372036854775807)},
      {"18000000136100010000000000000000000000000040b000", Value::decimal(0xb040000000000000, 1)},
      {"08000000ff610000", Value::min_key()},
      {"080000007f610000", Value::max_key()},
  };
}

}  // namespace

TEST_CASE("a value of each type has the bytes that the specification gives it", "[bson]") {
  for (const Case& each : cases()) {
    const std::string bytes = from_hex(each.hex);
    const Value document = doc({{"a", each.value}});
    REQUIRE(find_fault(bytes).value_or("none") == "none");
    CHECK(decode(bytes).identical(document));
    CHECK(encode(document) == bytes);
    CHECK(encoded_size(document) == bytes.size());
  }
}

TEST_CASE("a single field is found without decoding the others, and of two with one name the first", "[bson]") {
  const std::string bytes = encode(
      doc({{"a", Value::int32(1)}, {"b", doc({{"c", Value::null()}})}, {"a", Value::int32(2)}, {"", Value::int32(3)}}));
  CHECK(decode_field(bytes, "a").identical(Value::int32(1)));
  CHECK(decode_field(bytes, "b").identical(doc({{"c", Value::null()}})));
  CHECK(decode_field(bytes, "").identical(Value::int32(3)));
  CHECK(decode_field(bytes, "c").is_missing());
  const Value some = decode_fields(bytes, {"", "a", "d"});
  CHECK(some.identical(doc({{"a", Value::int32(1)}, {"a", Value::int32(2)}, {"", Value::int32(3)}})));
}

TEST_CASE("the size of an array counts the digits of its elements' names", "[bson]") {
  Value array = Value::array();
  for (int at = 0; at < 10'011; ++at) array.push_back(Value::null());
  const Value document = doc({{"a", array}});
  CHECK(encoded_size(document) == encode(document).size());
}

TEST_CASE("a missing value and a name with a NUL in it are never encoded", "[bson]") {
  CHECK_THROWS_AS(encode(doc({{"a", Value()}})), std::logic_error);
  CHECK_THROWS_AS(encode(doc({{std::string("a\0b", 3), Value::null()}})), std::logic_error);
  CHECK_THROWS_AS(encode(doc({{"a", Value::regex(std::string("a\0b", 3), "")}})), std::logic_error);
}

}  // namespace premortem::testing
