#include "sim/models/bson/conversion_texts.hpp"

#include <charconv>
#include <limits>

#include "sim/models/bson/decimal.hpp"
#include "sim/models/bson/decimal_bits.hpp"

namespace premortem::bson {

namespace {

// What is wrong with a text that should be a number; nothing, and the number, else.
struct Parsed {
  Value value;
  std::string reason;
};

bool is_space(char letter) { return letter == ' ' || (letter >= '\t' && letter <= '\r'); }

std::string_view without_sign(std::string_view text, bool& negative) {
  negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  return text;
}

bool is_word(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if ((letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + ('a' - 'A')) : letter) != word[at]) return false;
  }
  return true;
}

Parsed parse_integer(std::string_view text, Type target) {
  bool negative = false;
  const std::string_view digits = without_sign(text, negative);
  if (digits.empty()) return {Value(), "No digits"};
  std::uint64_t magnitude = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), magnitude);
  if (result.ec == std::errc::result_out_of_range) return {Value(), "Overflow"};
  if (result.ec != std::errc() || result.ptr != digits.data() + digits.size())
    return {Value(), "Did not consume whole string."};
  const std::uint64_t most =
      target == Type::int32 ? std::numeric_limits<std::int32_t>::max() : std::numeric_limits<std::int64_t>::max();
  if (magnitude > most + (negative ? 1 : 0)) return {Value(), "Overflow"};
  const auto number = static_cast<std::int64_t>(negative ? -magnitude : magnitude);
  return {target == Type::int32 ? Value::int32(static_cast<std::int32_t>(number)) : Value::int64(number), ""};
}

Parsed parse_double(std::string_view text) {
  if (text.empty()) return {Value(), "Empty string"};
  if (is_space(text.front())) return {Value(), "Leading whitespace"};
  bool negative = false;
  const std::string_view magnitude = without_sign(text, negative);
  double number = 0;
  if (is_word(magnitude, "inf") || is_word(magnitude, "infinity")) {
    number = std::numeric_limits<double>::infinity();
  } else if (is_word(magnitude, "nan")) {
    number = std::numeric_limits<double>::quiet_NaN();
  } else {
    if (magnitude.empty() || magnitude.find_first_of("0123456789.") != 0)
      return {Value(), "Did not consume any digits"};
    const auto result = std::from_chars(magnitude.data(), magnitude.data() + magnitude.size(), number);
    if (result.ec == std::errc::invalid_argument) return {Value(), "Did not consume any digits"};
    if (result.ec == std::errc::result_out_of_range) return {Value(), "Out of range"};
    if (result.ptr != magnitude.data() + magnitude.size()) return {Value(), "Did not consume whole string."};
  }
  return {Value::number(negative ? -number : number), ""};
}

Parsed parse_decimal(std::string_view text) {
  if (text.empty()) return {Value(), "Empty string"};
  const std::optional<Value> decimal = decimal_from_string(text);
  if (!decimal) return {Value(), "Failed to parse string to decimal"};
  const DecimalParts parts = take_apart(*decimal);
  const bool finite_text = text.find_first_of("iInN") == std::string_view::npos;
  if (finite_text && parts.kind == DecimalParts::Kind::infinity)
    return {Value(), "Conversion from string to decimal would overflow"};
  const std::string_view before_exponent = text.substr(0, text.find_first_of("eE"));
  if (parts.is_zero() && before_exponent.find_first_of("123456789") != std::string_view::npos)
    return {Value(), "Conversion from string to decimal would underflow"};
  return {*decimal, ""};
}

int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  return letter >= 'A' && letter <= 'F' ? letter - 'A' + 10 : -1;
}

Conversion refused_object_id(const std::string& text, const std::string& reason) {
  return {Value(), "Failed to parse objectId '" + text + "' in $convert with no onError value: " + reason};
}

}  // namespace

Conversion unsupported_conversion(Type from, Type to) {
  return {Value(), "Unsupported conversion from " + std::string(type_name(from)) + " to " + std::string(type_name(to)) +
                       " in $convert with no onError value"};
}

Conversion overflowing_conversion(std::string_view shown) {
  return {Value(), "Conversion would overflow target type in $convert with no onError value: " + std::string(shown)};
}

Conversion parse_number(const std::string& text, Type target) {
  if (text.starts_with("0x") || text.starts_with("0X"))
    return {Value(), "Illegal hexadecimal input in $convert with no onError value: " + text};
  const Parsed parsed = target == Type::number_double ? parse_double(text)
                        : target == Type::decimal128  ? parse_decimal(text)
                                                      : parse_integer(text, target);
  if (parsed.reason.empty()) return {parsed.value, ""};
  return {Value(), "Failed to parse number '" + text + "' in $convert with no onError value: " + parsed.reason};
}

Conversion parse_object_id(const std::string& text) {
  if (text.size() != 24) {
    return refused_object_id(
        text, "Invalid string length for parsing to OID, expected 24 but found " + std::to_string(text.size()));
  }
  std::string bytes;
  for (std::size_t at = 0; at < text.size(); at += 2) {
    const int high = hex_digit(text[at]), low = hex_digit(text[at + 1]);
    if (high < 0 || low < 0) {
      return refused_object_id(
          text, std::string("Invalid character found in hex string: '") + (high < 0 ? text[at] : text[at + 1]) + "'");
    }
    bytes.push_back(static_cast<char>(high * 16 + low));
  }
  return {Value::object_id(bytes), ""};
}

}  // namespace premortem::bson
