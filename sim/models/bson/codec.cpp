// From bytes to values. Whoever calls has found no fault in them, so nothing is checked twice.
#include "sim/models/bson/codec.hpp"

#include <bson/bson.h>

#include <algorithm>

#include "sim/kernel/check.hpp"

namespace premortem::bson {

namespace {

void open_document(bson_iter_t& iterator, const std::uint8_t* data, std::size_t size) {
  PREMORTEM_CHECK(bson_iter_init_from_data(&iterator, data, size), "only bytes without a fault are decoded");
}
void open_document(bson_iter_t& iterator, std::string_view bytes) {
  open_document(iterator, reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

std::string_view name_of(const bson_iter_t& at) { return {bson_iter_key(&at), bson_iter_key_len(&at)}; }

std::string_view bytes_of(const bson_oid_t* id) { return {reinterpret_cast<const char*>(id->bytes), 12}; }

Value read_value(const bson_iter_t& at);

std::vector<Field> read_fields(const std::uint8_t* data, std::size_t size) {
  bson_iter_t iterator;
  open_document(iterator, data, size);
  std::vector<Field> fields;
  while (bson_iter_next(&iterator)) fields.push_back({std::string(name_of(iterator)), read_value(iterator)});
  return fields;
}

// The names of an array's elements count for nothing, as in MongoDB.
std::vector<Value> read_elements(const std::uint8_t* data, std::size_t size) {
  bson_iter_t iterator;
  open_document(iterator, data, size);
  std::vector<Value> elements;
  while (bson_iter_next(&iterator)) elements.push_back(read_value(iterator));
  return elements;
}

Value read_nested(const bson_iter_t& at) {
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  if (BSON_ITER_HOLDS_ARRAY(&at)) {
    bson_iter_array(&at, &size, &data);
    return Value::array(read_elements(data, size));
  }
  bson_iter_document(&at, &size, &data);
  return Value::document(read_fields(data, size));
}

Value read_text(const bson_iter_t& at) {
  std::uint32_t size = 0;
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_UTF8: {
      const char* text = bson_iter_utf8(&at, &size);
      return Value::string({text, size});
    }
    case BSON_TYPE_CODE: {
      const char* text = bson_iter_code(&at, &size);
      return Value::code({text, size});
    }
    default: {
      const char* text = bson_iter_symbol(&at, &size);
      return Value::symbol({text, size});
    }
  }
}

Value read_binary(const bson_iter_t& at) {
  bson_subtype_t subtype = BSON_SUBTYPE_BINARY;
  std::uint32_t size = 0;
  const std::uint8_t* data = nullptr;
  bson_iter_binary(&at, &subtype, &size, &data);  // Leaves out the second length that the old subtype 2 has.
  return Value::binary(static_cast<std::uint8_t>(subtype), {reinterpret_cast<const char*>(data), size});
}

Value read_rare(const bson_iter_t& at) {
  std::uint32_t size = 0, more = 0;
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_REGEX: {
      const char* options = nullptr;
      const char* pattern = bson_iter_regex(&at, &options);
      return Value::regex(pattern, options);
    }
    case BSON_TYPE_DBPOINTER: {
      const char* collection = nullptr;
      const bson_oid_t* id = nullptr;
      bson_iter_dbpointer(&at, &size, &collection, &id);
      return Value::db_pointer({collection, size}, bytes_of(id));
    }
    case BSON_TYPE_CODEWSCOPE: {
      const std::uint8_t* scope = nullptr;
      const char* text = bson_iter_codewscope(&at, &size, &more, &scope);
      return Value::code_with_scope({text, size}, Value::document(read_fields(scope, more)));
    }
    case BSON_TYPE_TIMESTAMP:
      bson_iter_timestamp(&at, &size, &more);
      return Value::timestamp(size, more);
    case BSON_TYPE_DECIMAL128: {
      bson_decimal128_t decimal;
      bson_iter_decimal128(&at, &decimal);
      return Value::decimal(decimal.high, decimal.low);
    }
    case BSON_TYPE_UNDEFINED:
      return Value::undefined();
    case BSON_TYPE_MINKEY:
      return Value::min_key();
    case BSON_TYPE_MAXKEY:
      return Value::max_key();
    default:
      return Value::null();
  }
}

Value read_value(const bson_iter_t& at) {
  switch (bson_iter_type(&at)) {
    case BSON_TYPE_DOUBLE:
      return Value::number(bson_iter_double(&at));
    case BSON_TYPE_UTF8:
    case BSON_TYPE_CODE:
    case BSON_TYPE_SYMBOL:
      return read_text(at);
    case BSON_TYPE_DOCUMENT:
    case BSON_TYPE_ARRAY:
      return read_nested(at);
    case BSON_TYPE_BINARY:
      return read_binary(at);
    case BSON_TYPE_OID:
      return Value::object_id(bytes_of(bson_iter_oid(&at)));
    case BSON_TYPE_BOOL:
      return Value::boolean(bson_iter_bool(&at));
    case BSON_TYPE_DATE_TIME:
      return Value::date(bson_iter_date_time(&at));
    case BSON_TYPE_INT32:
      return Value::int32(bson_iter_int32(&at));
    case BSON_TYPE_INT64:
      return Value::int64(bson_iter_int64(&at));
    default:
      return read_rare(at);
  }
}

}  // namespace

Value decode(std::string_view bytes) {
  return Value::document(read_fields(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()));
}

Value decode_fields(std::string_view bytes, const std::vector<std::string>& names) {
  Value document = Value::document();
  bson_iter_t iterator;
  open_document(iterator, bytes);
  while (bson_iter_next(&iterator)) {
    const std::string_view name = name_of(iterator);
    if (std::find(names.begin(), names.end(), name) != names.end()) document.append(name, read_value(iterator));
  }
  return document;
}

Value decode_field(std::string_view bytes, std::string_view name) {
  bson_iter_t iterator;
  open_document(iterator, bytes);
  while (bson_iter_next(&iterator)) {
    if (name_of(iterator) == name) return read_value(iterator);
  }
  return {};
}

}  // namespace premortem::bson
