#include "sim/models/bson/conversions.hpp"

#include <charconv>
#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/arithmetic.hpp"
#include "sim/models/bson/conversion_texts.hpp"
#include "sim/models/bson/decimal_bits.hpp"
#include "sim/models/bson/double_arithmetic.hpp"

namespace premortem::bson {

namespace {

Conversion integer_in_range(std::int64_t number, Type target, std::string_view shown) {
  if (target == Type::int64) return {Value::int64(number), ""};
  const auto narrow = static_cast<std::int32_t>(number);
  return narrow == number ? Conversion{Value::int32(narrow), ""} : overflowing_conversion(shown);
}

// MongoDB shows a double and a decimal that overflow, an integer not.
Conversion to_integer(const Value& number, Type target) {
  if (number.is_integer()) return integer_in_range(number.as_int64(), target, "");
  if (is_not_a_number(number))
    return {Value(), "Attempt to convert NaN value to integer type in $convert with no onError value"};
  if (!is_finite(to_double(number)) &&
      (number.is(Type::number_double) || take_apart(number).kind == DecimalParts::Kind::infinity))
    return {Value(), "Attempt to convert infinity value to integer type in $convert with no onError value"};
  const bool is_double = number.is(Type::number_double);
  const std::string shown = is_double ? double_to_string(number.as_double()) : decimal_to_string(number);
  // A double must be in range as it is, a decimal without its fraction: 2147483647.5 is an int only of a decimal.
  if (is_double && target == Type::int32 && number.as_double() > std::numeric_limits<std::int32_t>::max())
    return overflowing_conversion(shown);
  if (is_double && target == Type::int32 && number.as_double() < std::numeric_limits<std::int32_t>::min())
    return overflowing_conversion(shown);
  const std::optional<std::int64_t> whole =
      is_double ? Value::number(truncated(number.as_double())).integral() : decimal_to_integer(number);
  return whole ? integer_in_range(*whole, target, shown) : overflowing_conversion(shown);
}

Conversion number_to_double(const Value& number) {
  const double result = to_double(number);
  const bool lost = number.is(Type::decimal128) && take_apart(number).kind == DecimalParts::Kind::finite &&
                    (!is_finite(result) || (result == 0 && !is_zero(number)));
  return lost ? overflowing_conversion(decimal_to_string(number)) : Conversion{Value::number(result), ""};
}

Conversion convert_number(const Value& number, Type target) {
  switch (target) {
    case Type::boolean:
      return {Value::boolean(!is_zero(number)), ""};
    case Type::int32:
    case Type::int64:
      return to_integer(number, target);
    case Type::number_double:
      return number_to_double(number);
    case Type::decimal128:
      return {to_decimal(number), ""};
    case Type::string:
      if (number.is_integer()) return {Value::string(std::to_string(number.as_int64())), ""};
      return {Value::string(number.is(Type::number_double) ? double_to_string(number.as_double())
                                                           : decimal_to_string(number)),
              ""};
    case Type::date: {
      if (number.is(Type::int32)) return unsupported_conversion(number.type(), target);
      Conversion milliseconds = to_integer(number, Type::int64);
      if (!milliseconds.value.is_missing()) milliseconds.value = Value::date(milliseconds.value.as_int64());
      return milliseconds;
    }
    default:
      return unsupported_conversion(number.type(), target);
  }
}

Conversion convert_boolean(bool truth, Type target) {
  if (target == Type::string) return {Value::string(truth ? "true" : "false"), ""};
  if (target == Type::date || target == Type::object_id) return unsupported_conversion(Type::boolean, target);
  return convert_number(Value::int32(truth ? 1 : 0), target);
}

Conversion convert_date(const Value& date, Type target) {
  PREMORTEM_CHECK(target != Type::string, "the text of a date is made elsewhere");
  if (target == Type::boolean) return {Value::boolean(true), ""};
  if (target == Type::number_double || target == Type::int64 || target == Type::decimal128)
    return convert_number(Value::int64(date.as_int64()), target);
  return unsupported_conversion(Type::date, target);
}

Conversion convert_object_id(const Value& id, Type target) {
  if (target == Type::string) return {Value::string(to_hex(id.as_text())), ""};
  if (target == Type::boolean) return {Value::boolean(true), ""};
  if (target != Type::date) return unsupported_conversion(Type::object_id, target);
  std::uint32_t seconds = 0;
  for (std::size_t at = 0; at < 4; ++at) seconds = seconds << 8 | static_cast<unsigned char>(id.as_text()[at]);
  // Signed, as the server reads them.
  return {Value::date(std::int64_t{static_cast<std::int32_t>(seconds)} * 1000), ""};
}

Conversion convert_text(const Value& text, Type target) {
  PREMORTEM_CHECK(target != Type::date, "the date of a text is read elsewhere");
  if (target == Type::boolean) return {Value::boolean(true), ""};
  if (target == Type::object_id) return parse_object_id(text.as_text());
  if (target == Type::int32 || target == Type::int64 || target == Type::number_double || target == Type::decimal128)
    return parse_number(text.as_text(), target);
  return unsupported_conversion(Type::string, target);
}

}  // namespace

std::string double_to_string(double number) {
  if (number != number) return "NaN";
  if (!is_finite(number)) return number < 0 ? "-Infinity" : "Infinity";
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::general, 16);
  return {buffer, result.ptr};
}

std::string to_hex(std::string_view bytes) {
  std::string out;
  for (const char byte : bytes) {
    const auto number = static_cast<unsigned char>(byte);
    out.push_back("0123456789abcdef"[number >> 4]);
    out.push_back("0123456789abcdef"[number & 0xF]);
  }
  return out;
}

Conversion convert(const Value& value, Type target) {
  PREMORTEM_CHECK(!value.is_nullish(), "nothing is not converted");
  if (value.is_number()) return convert_number(value, target);
  if (value.is(target)) return {value, ""};
  switch (value.type()) {
    case Type::boolean:
      return convert_boolean(value.as_boolean(), target);
    case Type::string:
      return convert_text(value, target);
    case Type::date:
      return convert_date(value, target);
    case Type::object_id:
      return convert_object_id(value, target);
    case Type::timestamp:
      if (target == Type::date) return {Value::date(std::int64_t{value.timestamp_seconds()} * 1000), ""};
      [[fallthrough]];
    default:
      if (target == Type::boolean) return {Value::boolean(true), ""};
      return unsupported_conversion(value.type(), target);
  }
}

}  // namespace premortem::bson
