#include "sim/models/bson/double_arithmetic.hpp"

#include <bit>
#include <cstdint>
#include <limits>

namespace premortem::bson {

namespace {

constexpr int fraction_bits = 52;
constexpr std::uint64_t hidden_bit = std::uint64_t{1} << fraction_bits;
constexpr std::uint64_t sign_of_double = std::uint64_t{1} << 63;
constexpr int least_power = -1074;
constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

using Wide = unsigned __int128;

// mantissa * 2^power, of a finite magnitude.
struct Binary {
  std::uint64_t mantissa;
  int power;
};

Binary binary_of(double number) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(number) & ~sign_of_double;
  const int exponent = static_cast<int>(bits >> fraction_bits);
  if (exponent == 0) return {bits, least_power};
  return {(bits & (hidden_bit - 1)) | hidden_bit, exponent - 1 + least_power};
}

// REQUIRES: a mantissa below 2^53 and a result that a double can be.
double double_of(Binary binary) {
  if (binary.mantissa == 0) return 0;
  while (binary.mantissa < hidden_bit && binary.power > least_power) binary.mantissa <<= 1, --binary.power;
  if (binary.mantissa < hidden_bit) return std::bit_cast<double>(binary.mantissa);
  const auto exponent = static_cast<std::uint64_t>(std::int64_t{binary.power} - least_power + 1);
  return std::bit_cast<double>(exponent << fraction_bits | (binary.mantissa ^ hidden_bit));
}

double with_sign_of(double magnitude, double sign) {
  const std::uint64_t bits = std::bit_cast<std::uint64_t>(magnitude) & ~sign_of_double;
  return std::bit_cast<double>(bits | (std::bit_cast<std::uint64_t>(sign) & sign_of_double));
}

}  // namespace

bool is_finite(double number) { return number - number == 0; }
double absolute_of(double number) { return with_sign_of(number, 1); }

double remainder_of_doubles(double left, double right) {
  if (left != left || right != right || !is_finite(left) || right == 0) return no_number;
  if (!is_finite(right)) return left;
  const Binary dividend = binary_of(left), divisor = binary_of(right);
  const int shift = dividend.power - divisor.power;
  if (shift <= -64) return left;  // Its mantissa alone has more bits than the whole dividend.
  if (shift < 0) {
    const Wide rest = dividend.mantissa % (static_cast<Wide>(divisor.mantissa) << -shift);
    return with_sign_of(double_of({static_cast<std::uint64_t>(rest), dividend.power}), left);
  }
  std::uint64_t rest = dividend.mantissa % divisor.mantissa;
  for (int bits = shift; bits > 0; bits -= 10) rest = (rest << (bits < 10 ? bits : 10)) % divisor.mantissa;
  return with_sign_of(double_of({rest, divisor.power}), left);
}

double truncated(double number) {
  // From 2^52 on a double has no fraction; this is false for no number, too.
  if (!(absolute_of(number) < static_cast<double>(hidden_bit))) return number;
  return with_sign_of(static_cast<double>(static_cast<std::int64_t>(number)), number);
}
double floor_of(double number) {
  const double whole = truncated(number);
  return whole > number ? with_sign_of(whole - 1, number) : whole;
}
double ceiling_of(double number) {
  const double whole = truncated(number);
  return whole < number ? with_sign_of(whole + 1, number) : whole;
}

double square_root_of(double number) {
  if (number == 0 || number != number) return number;
  if (number < 0) return no_number;
  if (!is_finite(number)) return number;
  Binary binary = binary_of(number);
  while (binary.mantissa < hidden_bit) binary.mantissa <<= 1, --binary.power;
  // The radicand has 107 or 108 bits, so that the root has 54: one more than is kept.
  int shift = 54;
  if ((binary.power - shift) % 2 != 0) ++shift;
  Wide radicand = static_cast<Wide>(binary.mantissa) << shift, root = 0;
  for (Wide bit = static_cast<Wide>(1) << 126; bit != 0; bit >>= 2) {
    if (radicand >= root + bit) {
      radicand -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  // A root of 54 bits is never half way between two doubles unless it is exact, and no square is so.
  std::uint64_t mantissa = static_cast<std::uint64_t>(root);
  int power = (binary.power - shift) / 2;
  const bool up = (mantissa & 1) != 0 && (radicand != 0 || (mantissa & 2) != 0);
  mantissa = (mantissa >> 1) + (up ? 1 : 0);
  ++power;
  if (mantissa == hidden_bit << 1) mantissa >>= 1, ++power;
  return double_of({mantissa, power});
}

}  // namespace premortem::bson
