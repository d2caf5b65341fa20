// Source: mongodb/mongo, src/mongo/bson/bsonelement.cpp: type first, then the name where there is one, then the value.
#include "sim/models/bson/compare.hpp"

#include <algorithm>

#include "sim/models/bson/exact_number.hpp"

namespace premortem::bson {

namespace {

template <typename Ordered>
int order_of(const Ordered& left, const Ordered& right) {
  return left < right ? -1 : right < left ? 1 : 0;
}

int order_of_fields(const std::vector<Field>& left, const std::vector<Field>& right) {
  for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at) {
    if (const int order = order_of(type_class(left[at].value), type_class(right[at].value))) return order;
    if (const int order = order_of(left[at].name, right[at].name)) return order;
    if (const int order = compare(left[at].value, right[at].value)) return order;
  }
  return order_of(left.size(), right.size());
}

int order_of_elements(const std::vector<Value>& left, const std::vector<Value>& right) {
  for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at) {
    if (const int order = compare(left[at], right[at])) return order;
  }
  return order_of(left.size(), right.size());
}

int order_of_binaries(const Value& left, const Value& right) {
  // The old subtype 2 is longer by the second length that it has.
  const auto size = [](const Value& value) { return value.as_text().size() + (value.subtype() == 2 ? 4 : 0); };
  if (const int order = order_of(size(left), size(right))) return order;
  if (const int order = order_of(left.subtype(), right.subtype())) return order;
  return order_of(left.as_text(), right.as_text());
}

int order_of_values(const Value& left, const Value& right) {
  switch (left.type()) {
    case Type::boolean:
      return order_of(left.as_boolean(), right.as_boolean());
    case Type::number_double:
    case Type::int32:
    case Type::int64:
    case Type::decimal128:
      return compare_numbers(left, right);
    case Type::date:
      return order_of(left.as_int64(), right.as_int64());
    case Type::timestamp:
      if (const int order = order_of(left.timestamp_seconds(), right.timestamp_seconds())) return order;
      return order_of(left.timestamp_increment(), right.timestamp_increment());
    case Type::string:
    case Type::symbol:
    case Type::object_id:
    case Type::code:
      return order_of(left.as_text(), right.as_text());
    case Type::document:
      return order_of_fields(left.fields(), right.fields());
    case Type::array:
      return order_of_elements(left.elements(), right.elements());
    case Type::binary:
      return order_of_binaries(left, right);
    case Type::regex:
      if (const int order = order_of(left.as_text(), right.as_text())) return order;
      return order_of(left.regex_options(), right.regex_options());
    case Type::db_pointer:
      if (const int order = order_of(left.as_text().size(), right.as_text().size())) return order;
      if (const int order = order_of(left.as_text(), right.as_text())) return order;
      return order_of(left.regex_options(), right.regex_options());
    case Type::code_with_scope:
      if (const int order = order_of(left.as_text(), right.as_text())) return order;
      return order_of_fields(left.fields(), right.fields());
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

int type_class(const Value& value) {
  switch (value.type()) {
    case Type::min_key:
      return -1;
    case Type::missing:
    case Type::undefined:
      return 0;
    case Type::null:
      return 5;
    case Type::number_double:
    case Type::int32:
    case Type::int64:
    case Type::decimal128:
      return 10;
    case Type::string:
    case Type::symbol:
      return 15;
    case Type::document:
      return 20;
    case Type::array:
      return 25;
    case Type::binary:
      return 30;
    case Type::object_id:
      return 35;
    case Type::boolean:
      return 40;
    case Type::date:
      return 45;
    case Type::timestamp:
      return 47;
    case Type::regex:
      return 50;
    case Type::db_pointer:
      return 55;
    case Type::code:
      return 60;
    case Type::code_with_scope:
      return 65;
    case Type::max_key:
      return 127;
  }
  return 0;
}

int compare(const Value& left, const Value& right) {
  if (const int order = order_of(type_class(left), type_class(right))) return order;
  return order_of_values(left, right);
}

}  // namespace premortem::bson
