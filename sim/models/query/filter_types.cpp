// Types by number and by name. Source: mongodb/mongo, src/mongo/db/matcher/matcher_type_set.cpp.
#include <algorithm>
#include <charconv>

#include "sim/models/query/filter_node.hpp"
#include "sim/models/query/filter_numbers.hpp"

namespace premortem::query::filtering {

namespace {

constexpr bson::Type stored_types[] = {bson::Type::number_double, bson::Type::string,    bson::Type::document,
                                       bson::Type::array,         bson::Type::binary,    bson::Type::undefined,
                                       bson::Type::object_id,     bson::Type::boolean,   bson::Type::date,
                                       bson::Type::null,          bson::Type::regex,     bson::Type::db_pointer,
                                       bson::Type::code,          bson::Type::symbol,    bson::Type::code_with_scope,
                                       bson::Type::int32,         bson::Type::timestamp, bson::Type::int64,
                                       bson::Type::decimal128,    bson::Type::max_key,   bson::Type::min_key};

/// Type codes are signed bytes: that of MinKey is -1.
std::int64_t code_of_type(bson::Type type) {
  return type == bson::Type::min_key ? -1 : static_cast<std::int64_t>(type);
}

/// As a stream prints a double.
std::string number_text(const bson::Value& value) {
  if (value.is_integer()) return std::to_string(value.as_int64());
  if (const std::optional<WholeNumber> whole = truncated(value); whole && whole->exact)
    return std::to_string(whole->value);
  if (!value.is(bson::Type::number_double)) return is_nan_number(value) ? "nan" : "inf";
  char digits[64];
  const auto end = std::to_chars(digits, digits + sizeof digits, value.as_double(), std::chars_format::general, 6).ptr;
  return std::string(digits, end);
}

}  // namespace

void TypeSet::add_alias(const std::string& alias) {
  if (alias == "number") {
    numbers_ = true;
    return;
  }
  if (alias == "missing")
    throw CommandError(code::bad_value,
                       "'missing' is not a legal type name. To query for non-existence of a field, use "
                       "{$exists:false}.");
  const auto* found = std::find_if(std::begin(stored_types), std::end(stored_types),
                                   [&](bson::Type type) { return bson::type_name(type) == alias; });
  if (found == std::end(stored_types)) throw CommandError(code::bad_value, "Unknown type name alias: " + alias);
  types_.push_back(*found);
}

void TypeSet::add(const bson::Value& number_or_alias) {
  if (number_or_alias.is_string()) return add_alias(number_or_alias.as_text());
  if (!number_or_alias.is_number())
    throw CommandError(code::type_mismatch, "type must be represented as a number or a string");
  const std::string text = "Invalid numerical type code: " + number_text(number_or_alias);
  const std::optional<WholeNumber> number = truncated(number_or_alias);
  if (!number || !number->exact) throw CommandError(code::bad_value, text);
  if (number->value == 0) throw CommandError(code::bad_value, text + ". Instead use {$exists:false}.");
  const auto* found = std::find_if(std::begin(stored_types), std::end(stored_types),
                                   [&](bson::Type type) { return code_of_type(type) == number->value; });
  if (found == std::end(stored_types)) throw CommandError(code::bad_value, text);
  types_.push_back(*found);
}

bool TypeSet::contains(const bson::Value& value) const {
  if (numbers_ && value.is_number()) return true;
  return std::find(types_.begin(), types_.end(), value.type()) != types_.end();
}

}  // namespace premortem::query::filtering
