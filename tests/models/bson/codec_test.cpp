// Every type as its literal bytes, and random documents against libbson as a witness.
#include "sim/models/bson/codec.hpp"

#include <bson/bson.h>

#include "tests/models/bson/random_values.hpp"
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

void append_by_libbson(bson_t* out, const char* name, const Value& value);

void fill_by_libbson(bson_t* out, const Value& value) {
  for (const Field& field : value.fields()) append_by_libbson(out, field.name.c_str(), field.value);
  for (std::size_t at = 0; at < value.elements().size(); ++at)
    append_by_libbson(out, std::to_string(at).c_str(), value.elements()[at]);
}

void append_rare_by_libbson(bson_t* out, const char* name, const Value& value) {
  bson_oid_t id;
  const char* text = value.as_text().c_str();
  switch (value.type()) {
    case Type::regex:
      REQUIRE(bson_append_regex(out, name, -1, text, value.regex_options().c_str()));
      return;
    case Type::db_pointer:
      bson_oid_init_from_data(&id, reinterpret_cast<const std::uint8_t*>(value.regex_options().data()));
      REQUIRE(bson_append_dbpointer(out, name, -1, text, &id));
      return;
    case Type::code:
      REQUIRE(bson_append_code(out, name, -1, text));
      return;
    case Type::code_with_scope: {
      bson_t scope;
      bson_init(&scope);
      fill_by_libbson(&scope, value);
      REQUIRE(bson_append_code_with_scope(out, name, -1, text, &scope));
      bson_destroy(&scope);
      return;
    }
    case Type::timestamp:
      REQUIRE(bson_append_timestamp(out, name, -1, value.timestamp_seconds(), value.timestamp_increment()));
      return;
    case Type::decimal128: {
      bson_decimal128_t decimal;
      decimal.high = value.decimal_high(), decimal.low = value.decimal_low();
      REQUIRE(bson_append_decimal128(out, name, -1, &decimal));
      return;
    }
    case Type::undefined:
      REQUIRE(bson_append_undefined(out, name, -1));
      return;
    case Type::min_key:
      REQUIRE(bson_append_minkey(out, name, -1));
      return;
    default:
      REQUIRE(value.is(Type::max_key));
      REQUIRE(bson_append_maxkey(out, name, -1));
  }
}

void append_by_libbson(bson_t* out, const char* name, const Value& value) {
  const std::string& text = value.as_text();
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
  bson_t inner;
  bson_oid_t id;
  switch (value.type()) {
    case Type::number_double:
      REQUIRE(bson_append_double(out, name, -1, value.as_double()));
      return;
    case Type::string:
      REQUIRE(bson_append_utf8(out, name, -1, text.data(), static_cast<int>(text.size())));
      return;
    case Type::symbol:
      REQUIRE(bson_append_symbol(out, name, -1, text.data(), static_cast<int>(text.size())));
      return;
    case Type::document:
      REQUIRE(bson_append_document_begin(out, name, -1, &inner));
      fill_by_libbson(&inner, value);
      REQUIRE(bson_append_document_end(out, &inner));
      return;
    case Type::array:
      REQUIRE(bson_append_array_begin(out, name, -1, &inner));
      fill_by_libbson(&inner, value);
      REQUIRE(bson_append_array_end(out, &inner));
      return;
    case Type::binary:
      REQUIRE(bson_append_binary(out, name, -1, static_cast<bson_subtype_t>(value.subtype()), bytes,
                                 static_cast<std::uint32_t>(text.size())));
      return;
    case Type::object_id:
      bson_oid_init_from_data(&id, bytes);
      REQUIRE(bson_append_oid(out, name, -1, &id));
      return;
    case Type::boolean:
      REQUIRE(bson_append_bool(out, name, -1, value.as_boolean()));
      return;
    case Type::date:
      REQUIRE(bson_append_date_time(out, name, -1, value.as_int64()));
      return;
    case Type::null:
      REQUIRE(bson_append_null(out, name, -1));
      return;
    case Type::int32:
      REQUIRE(bson_append_int32(out, name, -1, static_cast<std::int32_t>(value.as_int64())));
      return;
    case Type::int64:
      REQUIRE(bson_append_int64(out, name, -1, value.as_int64()));
      return;
    default:
      append_rare_by_libbson(out, name, value);
  }
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

TEST_CASE("libbson and we write the same bytes for random documents, and read them back as what they were", "[bson]") {
  RandomValues luck(3);
  for (int round = 0; round < 2000; ++round) {
    const Value document = luck.document_for_libbson(4);
    bson_t witness;
    bson_init(&witness);
    fill_by_libbson(&witness, document);
    const std::string bytes(reinterpret_cast<const char*>(bson_get_data(&witness)), witness.len);
    bson_destroy(&witness);
    REQUIRE(find_fault(bytes).value_or("none") == "none");
    REQUIRE(encode(document) == bytes);
    REQUIRE(encoded_size(document) == bytes.size());
    REQUIRE(decode(bytes).identical(document));
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
