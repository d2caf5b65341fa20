// decimal128 from and to texts and other numbers.
#include <bson/bson.h>

#include <bit>
#include <charconv>
#include <limits>

#include "sim/kernel/check.hpp"
#include "sim/models/bson/decimal_rounding.hpp"

namespace premortem::bson {

namespace {

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

std::string in_lower_case(std::string_view text) {
  std::string lower(text);
  for (char& letter : lower) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter + ('a' - 'A'));
  }
  return lower;
}

// Exponents far out of range all mean the same, so they are cut before they overflow.
std::optional<int> read_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  if (text.empty()) return {};
  int exponent = 0;
  for (const char letter : text) {
    if (!is_digit(letter)) return {};
    if (exponent < 1'000'000) exponent = exponent * 10 + (letter - '0');
  }
  return negative ? -exponent : exponent;
}

std::optional<Value> read_finite(bool negative, std::string_view text) {
  int exponent = 0;
  if (const std::size_t mark = text.find('e'); mark != std::string_view::npos) {
    const std::optional<int> read = read_exponent(text.substr(mark + 1));
    if (!read) return {};
    exponent = *read;
    text = text.substr(0, mark);
  }
  std::string digits;
  bool after_point = false, any = false;
  int dropped = 0;
  bool more = false;
  for (const char letter : text) {
    if (letter == '.' && !after_point) {
      after_point = true;
      continue;
    }
    if (!is_digit(letter)) return {};
    any = true;
    if (after_point && exponent > -2'000'000) --exponent;
    if (digits.empty() && letter == '0') continue;
    // Digits beyond those that can matter only say whether there is more; a text may have millions.
    if (digits.size() < 40) {
      digits.push_back(letter);
    } else {
      ++dropped;
      more = more || letter != '0';
    }
  }
  if (!any) return {};
  if (dropped > 0 && exponent < 1'000'000) exponent += dropped;
  return fit_decimal(negative, Integer(digits.empty() ? "0" : digits), exponent, more);
}

// Digits and exponent that to_chars gives of a finite double, with so many digits.
Value from_digits_of(double number, int digits, bool without_zeros) {
  char buffer[64];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific, digits - 1);
  const std::string_view text(buffer, static_cast<std::size_t>(result.ptr - buffer));
  const std::size_t mark = text.find('e');
  const bool negative = text.front() == '-';
  int exponent = read_exponent(text.substr(mark + 1)).value_or(0) - (digits - 1);
  std::string coefficient;
  for (const char letter : text.substr(0, mark)) {
    if (is_digit(letter)) coefficient.push_back(letter);
  }
  for (; without_zeros && exponent < 0 && coefficient.size() > 1 && coefficient.back() == '0'; ++exponent)
    coefficient.pop_back();
  const std::size_t first = std::min(coefficient.find_first_not_of('0'), coefficient.size() - 1);
  return fit_decimal(negative, Integer(coefficient.substr(first)), exponent);
}

Value from_double(double number, int digits, bool without_zeros) {
  const bool negative = std::bit_cast<std::uint64_t>(number) >> 63 != 0;
  if (number != number) return decimal_nan();
  if (number == 0) return fit_decimal(negative, 0, 0);
  if (number - number != 0) return decimal_infinity(negative);
  return from_digits_of(number, digits, without_zeros);
}

}  // namespace

std::string decimal_to_string(const Value& decimal) {
  PREMORTEM_CHECK(decimal.is(Type::decimal128), "a decimal128 is read as one");
  bson_decimal128_t bits;
  bits.high = decimal.decimal_high(), bits.low = decimal.decimal_low();
  char buffer[BSON_DECIMAL128_STRING];
  bson_decimal128_to_string(&bits, buffer);
  return buffer;
}

std::optional<Value> decimal_from_string(std::string_view text) {
  const std::string lower = in_lower_case(text);
  std::string_view rest = lower;
  bool negative = false;
  if (!rest.empty() && (rest.front() == '+' || rest.front() == '-')) {
    negative = rest.front() == '-';
    rest.remove_prefix(1);
  }
  if (rest == "nan") return decimal_nan();
  if (rest == "inf" || rest == "infinity") return decimal_infinity(negative);
  return read_finite(negative, rest);
}

Value decimal_from_integer(std::int64_t number) {
  DecimalParts parts;
  parts.negative = number < 0;
  const auto bits = static_cast<std::uint64_t>(number);
  parts.coefficient = number < 0 ? 0 - bits : bits;
  return put_together(parts);
}
Value decimal_from_double(double number) { return from_double(number, 15, false); }
Value decimal_from_double_in_full(double number) { return from_double(number, decimal_digits_max, true); }

Value to_decimal(const Value& number) {
  if (number.is(Type::decimal128)) return number;
  return number.is_integer() ? decimal_from_integer(number.as_int64()) : decimal_from_double(number.as_double());
}

double decimal_to_double(const Value& decimal) {
  const DecimalParts parts = take_apart(decimal);
  double magnitude = std::numeric_limits<double>::quiet_NaN();
  if (parts.kind == DecimalParts::Kind::infinity) magnitude = std::numeric_limits<double>::infinity();
  if (parts.kind == DecimalParts::Kind::finite) {
    const std::string text = Integer(parts.coefficient).str() + "e" + std::to_string(parts.exponent);
    const auto result = std::from_chars(text.data(), text.data() + text.size(), magnitude);
    if (result.ec == std::errc::result_out_of_range)
      magnitude = parts.exponent < 0 ? 0 : std::numeric_limits<double>::infinity();
  }
  return parts.negative ? -magnitude : magnitude;
}

std::optional<std::int64_t> decimal_to_integer(const Value& decimal, Rounding rounding) {
  const DecimalParts parts = take_apart(decimal);
  if (parts.kind != DecimalParts::Kind::finite) return {};
  if (parts.is_zero()) return 0;
  if (parts.exponent + count_digits(parts.coefficient) > 20) return {};
  const Integer magnitude = parts.exponent >= 0
                                ? Integer(Integer(parts.coefficient) * power_of_ten(parts.exponent))
                                : drop_digits(Integer(parts.coefficient), -parts.exponent, parts.negative, rounding);
  const Integer number = parts.negative ? Integer(-magnitude) : magnitude;
  if (number > std::numeric_limits<std::int64_t>::max() || number < std::numeric_limits<std::int64_t>::min()) return {};
  return static_cast<std::int64_t>(number);
}

}  // namespace premortem::bson
