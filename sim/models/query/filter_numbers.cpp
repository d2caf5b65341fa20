#include "sim/models/query/filter_numbers.hpp"

#include <limits>

#include "sim/models/bson/compare.hpp"
#include "sim/models/bson/decimal_bits.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem::query {

namespace {

std::optional<WholeNumber> truncated_decimal(const bson::Value& value) {
  bson::DecimalParts parts = bson::take_apart(value);
  if (parts.kind != bson::DecimalParts::Kind::finite) return {};
  WholeNumber whole;
  for (; parts.exponent < 0 && parts.coefficient != 0; ++parts.exponent) {
    if (parts.coefficient % 10 != 0) whole.exact = false;
    parts.coefficient /= 10;
  }
  constexpr auto most = static_cast<bson::Coefficient>(std::numeric_limits<std::int64_t>::max());
  for (; parts.exponent > 0 && parts.coefficient != 0; --parts.exponent) {
    if (parts.coefficient > most) return {};
    parts.coefficient *= 10;
  }
  if (parts.coefficient > most + (parts.negative ? 1 : 0)) return {};
  if (parts.coefficient > most) {
    whole.value = std::numeric_limits<std::int64_t>::min();
    return whole;
  }
  whole.value = static_cast<std::int64_t>(parts.coefficient);
  if (parts.negative) whole.value = -whole.value;
  return whole;
}

std::string text_of_argument(const std::string& name, const bson::Value& value) {
  return name + ": " + bson::to_shell(value);
}

}  // namespace

std::optional<WholeNumber> truncated(const bson::Value& value) {
  if (value.is_integer()) return WholeNumber{value.as_int64(), true};
  if (value.is(bson::Type::decimal128)) return truncated_decimal(value);
  if (!value.is(bson::Type::number_double)) return {};
  const double number = value.as_double();
  if (!(number >= -9223372036854775808.0 && number < 9223372036854775808.0)) return {};
  const auto whole = static_cast<std::int64_t>(number);
  return WholeNumber{whole, static_cast<double>(whole) == number};
}

bool is_nan_number(const bson::Value& value) {
  if (value.is(bson::Type::number_double)) return value.as_double() != value.as_double();
  return value.is(bson::Type::decimal128) && bson::take_apart(value).kind == bson::DecimalParts::Kind::nan;
}

bool is_infinite_number(const bson::Value& value) {
  if (value.is(bson::Type::number_double)) {
    const double number = value.as_double();
    return number > std::numeric_limits<double>::max() || number < std::numeric_limits<double>::lowest();
  }
  return value.is(bson::Type::decimal128) && bson::take_apart(value).kind == bson::DecimalParts::Kind::infinity;
}

std::int64_t parse_integer(const std::string& name, const bson::Value& value) {
  const auto refuse = [&](const std::string& what) {
    return CommandError(code::failed_to_parse, what + text_of_argument(name, value));
  };
  if (!value.is_number()) throw refuse("Expected a number in: ");
  if (value.is(bson::Type::number_double) && is_nan_number(value))
    throw refuse("Expected an integer, but found NaN in: ");
  const std::optional<WholeNumber> whole = truncated(value);
  if (!whole) throw refuse("Cannot represent as a 64-bit integer: ");
  if (!whole->exact)
    throw refuse(value.is(bson::Type::decimal128) ? "Cannot represent as a 64-bit integer: " : "Expected an integer: ");
  return whole->value;
}

std::int64_t parse_non_negative_integer(const std::string& name, const bson::Value& value) {
  const std::int64_t number = parse_integer(name, value);
  if (number < 0)
    throw CommandError(code::failed_to_parse, "Expected a non-negative number in: " + text_of_argument(name, value));
  return number;
}

std::int32_t parse_non_negative_int32(const std::string& name, const bson::Value& value) {
  const std::int64_t number = parse_integer(name, value);
  if (number < std::numeric_limits<std::int32_t>::min() || number > std::numeric_limits<std::int32_t>::max())
    throw CommandError(code::failed_to_parse, "Cannot represent " + text_of_argument(name, value) + " in an int");
  if (number < 0)
    throw CommandError(code::failed_to_parse, "Expected a non-negative number in: " + text_of_argument(name, value));
  return static_cast<std::int32_t>(number);
}

}  // namespace premortem::query
