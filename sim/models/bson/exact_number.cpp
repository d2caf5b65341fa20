#include "sim/models/bson/exact_number.hpp"

#include <bit>
#include <limits>

#include "sim/models/bson/decimal_rounding.hpp"

namespace premortem::bson {

namespace {

using Rank = ExactNumber::Rank;

constexpr int mantissa_bits = 53;
constexpr int smallest_power = 1074;  // The smallest double is 2^-1074.

int sign_of(bool less, bool greater) { return less ? -1 : greater ? 1 : 0; }

void set_digits(ExactNumber& number, Coefficient coefficient, int exponent) {
  number.whole = false;
  for (; coefficient % 10 == 0; coefficient /= 10) ++exponent;
  for (; coefficient != 0; coefficient /= 10)
    number.digits.insert(number.digits.begin(), static_cast<char>('0' + static_cast<int>(coefficient % 10)));
  number.leading_exponent = exponent + static_cast<int>(number.digits.size()) - 1;
}

ExactNumber exact_of_double(double value) {
  ExactNumber number;
  if (value != value) number.rank = Rank::nan;
  if (value < 0) number.rank = Rank::negative, number.below = -value;
  if (value > 0) number.rank = Rank::positive, number.below = value;
  return number;
}

ExactNumber exact_of_integer(std::int64_t value) {
  ExactNumber number;
  if (value == 0) return number;
  number.rank = value < 0 ? Rank::negative : Rank::positive;
  const std::uint64_t magnitude = value < 0 ? -static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
  const int bits = 64 - std::countl_zero(magnitude);
  const std::uint64_t lost = bits <= mantissa_bits ? 0 : magnitude & ((std::uint64_t{1} << (bits - mantissa_bits)) - 1);
  number.below = static_cast<double>(magnitude - lost);  // Exact: no more than 53 bits are left.
  if (lost != 0) set_digits(number, magnitude, 0);
  return number;
}

// mantissa * 2^-shift. REQUIRES: a mantissa of 53 bits, or of fewer where the shift is the largest.
double assemble(std::uint64_t mantissa, int shift) {
  const int exponent = 1075 - shift;
  if (mantissa < std::uint64_t{1} << (mantissa_bits - 1)) return std::bit_cast<double>(mantissa);
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent) << 52 |
                               (mantissa ^ std::uint64_t{1} << (mantissa_bits - 1)));
}

// The largest double that is not above numerator / denominator, and whether it is that. REQUIRES: both above 0, the
// quotient below 10^309.
double double_below(Integer numerator, Integer denominator, bool& whole) {
  using boost::multiprecision::msb;
  int shift = mantissa_bits - (static_cast<int>(msb(numerator)) - static_cast<int>(msb(denominator)));
  if (shift > smallest_power) shift = smallest_power;
  if (shift > 0) numerator <<= shift;
  if (shift < 0) denominator <<= -shift;
  Integer quotient, rest;
  divide_qr(numerator, denominator, quotient, rest);
  auto mantissa = static_cast<std::uint64_t>(quotient);
  whole = rest.is_zero();
  if (mantissa >> mantissa_bits != 0) {
    whole = whole && mantissa % 2 == 0;
    mantissa /= 2, --shift;
  }
  if (shift < mantissa_bits - 1024) {  // 2^1024 and more.
    whole = false;
    return std::numeric_limits<double>::max();
  }
  return assemble(mantissa, shift);
}

ExactNumber exact_of_decimal(const Value& value) {
  DecimalParts parts = take_apart(value);
  ExactNumber number;
  if (parts.kind == DecimalParts::Kind::nan) number.rank = Rank::nan;
  if (parts.kind == DecimalParts::Kind::nan || parts.is_zero()) return number;
  number.rank = parts.negative ? Rank::negative : Rank::positive;
  number.below = std::numeric_limits<double>::infinity();
  if (parts.kind == DecimalParts::Kind::infinity) return number;
  for (; parts.coefficient % 10 == 0; parts.coefficient /= 10) ++parts.exponent;
  const int leading = parts.exponent + count_digits(parts.coefficient) - 1;
  bool whole = false;
  if (leading > 308) {
    number.below = std::numeric_limits<double>::max();
  } else if (leading < -324) {
    number.below = 0;
  } else if (parts.exponent == 0 && parts.coefficient >> mantissa_bits == 0) {
    number.below = static_cast<double>(static_cast<std::uint64_t>(parts.coefficient)), whole = true;
  } else {
    const Integer coefficient(parts.coefficient);
    number.below = parts.exponent >= 0 ? double_below(coefficient * power_of_ten(parts.exponent), 1, whole)
                                       : double_below(coefficient, power_of_ten(-parts.exponent), whole);
  }
  if (!whole) set_digits(number, parts.coefficient, parts.exponent);
  return number;
}

}  // namespace

ExactNumber make_exact(const Value& number) {
  if (number.is_integer()) return exact_of_integer(number.as_int64());
  return number.is(Type::number_double) ? exact_of_double(number.as_double()) : exact_of_decimal(number);
}

int compare_numbers(const Value& left, const Value& right) {
  if (left.is_integer() && right.is_integer())
    return sign_of(left.as_int64() < right.as_int64(), left.as_int64() > right.as_int64());
  const ExactNumber one = make_exact(left), other = make_exact(right);
  if (one.rank != other.rank) return one.rank < other.rank ? -1 : 1;
  int magnitudes = sign_of(one.below<other.below, one.below> other.below);
  if (magnitudes == 0) magnitudes = sign_of(one.whole && !other.whole, !one.whole && other.whole);
  if (magnitudes == 0) {
    magnitudes = sign_of(one.leading_exponent<other.leading_exponent, one.leading_exponent> other.leading_exponent);
  }
  if (magnitudes == 0) magnitudes = sign_of(one.digits<other.digits, one.digits> other.digits);
  return one.rank == Rank::negative ? -magnitudes : magnitudes;
}

}  // namespace premortem::bson
