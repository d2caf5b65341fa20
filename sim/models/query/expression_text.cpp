#include "sim/models/query/expression_text.hpp"

#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/conversions.hpp"
#include "sim/models/query/expression_date.hpp"
#include "sim/models/query/expression_node.hpp"

namespace premortem::query::expressing {

std::string text_for_string_operator(const Value& value) {
  if (value.is_nullish()) return "";
  switch (value.type()) {
    case Type::string:
    case Type::symbol:
    case Type::code:
      return value.as_text();
    case Type::date:
      return iso_text(value.as_int64());
    case Type::number_double:
    case Type::int32:
    case Type::int64:
    case Type::decimal128:
      return bson::convert(value, Type::string).value.as_text();
    case Type::timestamp:
      return "Timestamp(" + std::to_string(value.timestamp_seconds()) + ", " +
             std::to_string(value.timestamp_increment()) + ")";
    default:
      fail(16007, "can't convert from BSON type " + type_of(value) + " to String");
  }
}

std::int64_t whole_part(const Value& number) {
  if (number.is_integer()) return number.as_int64();
  if (number.is(Type::decimal128)) return bson::decimal_to_integer(number).value_or(0);
  const double real = number.as_double();
  if (!(real > -9223372036854775808.0)) return real != real ? 0 : INT64_MIN;
  return real >= 9223372036854775808.0 ? INT64_MAX : static_cast<std::int64_t>(real);
}

std::optional<std::int64_t> exact_integer(const Value& number) {
  if (!number.is_number()) return {};
  std::optional<std::int64_t> whole = number.integral();
  if (number.is(Type::decimal128)) {
    whole = bson::decimal_to_integer(number);
    if (whole && !bson::is_zero(bson::subtract(number, Value::int64(*whole)))) whole.reset();
  }
  return whole;
}

std::optional<std::int64_t> exact_int32(const Value& number) {
  const std::optional<std::int64_t> whole = exact_integer(number);
  if (!whole || *whole < INT32_MIN || *whole > INT32_MAX) return {};
  return whole;
}

std::size_t byte_of_character(const std::string& text, std::int64_t count, std::size_t from) {
  std::size_t at = from;
  while (at < text.size() && count > 0) {
    ++at;
    while (at < text.size() && !begins_character(text[at])) ++at;
    --count;
  }
  return at;
}

}  // namespace premortem::query::expressing
