// How large and how deep values are.
#include <algorithm>

#include "sim/models/bson/codec.hpp"

namespace premortem::bson {

namespace {

std::size_t size_of_value(const Value& value);

std::size_t size_of_fields(const std::vector<Field>& fields) {
  std::size_t size = 5;
  for (const Field& field : fields) size += 2 + field.name.size() + size_of_value(field.value);
  return size;
}

std::size_t size_of_elements(const std::vector<Value>& elements) {
  std::size_t size = 5, digits = 1, more_digits_at = 10;
  for (std::size_t at = 0; at < elements.size(); ++at) {
    if (at == more_digits_at) ++digits, more_digits_at *= 10;
    size += 2 + digits + size_of_value(elements[at]);
  }
  return size;
}

std::size_t size_of_value(const Value& value) {
  switch (value.type()) {
    case Type::number_double:
    case Type::date:
    case Type::timestamp:
    case Type::int64:
      return 8;
    case Type::string:
    case Type::code:
    case Type::symbol:
      return 5 + value.as_text().size();
    case Type::document:
      return size_of_fields(value.fields());
    case Type::array:
      return size_of_elements(value.elements());
    case Type::binary:
      return 5 + value.as_text().size() + (value.subtype() == 2 ? 4 : 0);
    case Type::object_id:
      return 12;
    case Type::boolean:
      return 1;
    case Type::regex:
      return 2 + value.as_text().size() + value.regex_options().size();
    case Type::db_pointer:
      return 17 + value.as_text().size();
    case Type::code_with_scope:
      return 9 + value.as_text().size() + size_of_fields(value.fields());
    case Type::int32:
      return 4;
    case Type::decimal128:
      return 16;
    case Type::missing:
    case Type::undefined:
    case Type::null:
    case Type::min_key:
    case Type::max_key:
      return 0;
  }
  return 0;
}

}  // namespace

std::size_t encoded_size(const Value& document) { return size_of_fields(document.fields()); }

int depth(const Value& value) {
  int deepest = 0;
  for (const Field& field : value.fields()) deepest = std::max(deepest, depth(field.value));
  for (const Value& element : value.elements()) deepest = std::max(deepest, depth(element));
  const bool nests = value.is_document() || value.is_array() || value.is(Type::code_with_scope);
  return nests ? deepest + 1 : 0;
}

}  // namespace premortem::bson
