// Random documents against libbson as a witness.
#include <bson/bson.h>

#include "sim/models/bson/codec.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

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

}  // namespace premortem::testing
