// Arithmetic across the four types of numbers.
#include "sim/models/bson/arithmetic.hpp"

#include <limits>

#include "sim/models/bson/summation.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

constexpr std::int32_t int_max = std::numeric_limits<std::int32_t>::max(), int_min = -int_max - 1;
constexpr std::int64_t long_max = std::numeric_limits<std::int64_t>::max(), long_min = -long_max - 1;

Value exactly(std::string_view text) { return decimal_from_string(text).value(); }
bool is(const Value& value, const Value& expected) { return value.identical(expected); }

}  // namespace

TEST_CASE("a result has the widest type of its operands, and an int32 that overflows is an int64", "[bson]") {
  const Value one = Value::int32(1);
  CHECK(is(add(one, one), Value::int32(2)));
  CHECK(is(add(one, Value::int64(1)), Value::int64(2)));
  CHECK(is(add(one, Value::number(1)), Value::number(2)));
  CHECK(is(add(Value::number(0.1), Value::number(0.2)), Value::number(0.30000000000000004)));
  CHECK(is(add(one, exactly("0.5")), exactly("1.5")));
  CHECK(is(add(Value::int32(int_max), one), Value::int64(2147483648)));
  CHECK(is(subtract(Value::int32(int_min), one), Value::int64(-2147483649)));
  CHECK(is(multiply(Value::int32(65536), Value::int32(65536)), Value::int64(4294967296)));
  CHECK(is(multiply(Value::int64(2), Value::int32(3)), Value::int64(6)));
  CHECK(is(multiply(Value::number(2), Value::int64(3)), Value::number(6)));
  CHECK(is(subtract(Value::int64(5), Value::int32(5)), Value::int64(0)));
  CHECK(is(multiply(Value::number(0.1), exactly("2")), exactly("0.200000000000000")));
}

TEST_CASE("an int64 that overflows is a double in an expression and fails in an update", "[bson]") {
  const Value most = Value::int64(long_max), least = Value::int64(long_min), one = Value::int32(1);
  CHECK(is(add(most, one), Value::number(9223372036854775808.0)));
  CHECK(is(subtract(least, one), Value::number(-9223372036854775808.0)));
  CHECK(is(multiply(most, Value::int32(2)), Value::number(18446744073709551616.0)));
  CHECK(add(most, one, LongOverflow::fails).is_missing());
  CHECK(subtract(least, one, LongOverflow::fails).is_missing());
  CHECK(multiply(least, Value::int32(-1), LongOverflow::fails).is_missing());
  CHECK(is(add(most, Value::int32(-1), LongOverflow::fails), Value::int64(long_max - 1)));
  CHECK(is(add(Value::int32(int_max), one, LongOverflow::fails), Value::int64(2147483648)));
  CHECK(is(add(most, Value::number(1), LongOverflow::fails), Value::number(9223372036854775808.0)));
}

TEST_CASE("a double is added to a decimal with all its digits in an expression, with fifteen in an update", "[bson]") {
  CHECK(decimal_to_string(add(Value::number(0.1), exactly("1"))) == "1.100000000000000005551115123125783");
  CHECK(decimal_to_string(add(Value::number(0.1), exactly("1"), LongOverflow::fails)) == "1.100000000000000");
}

TEST_CASE("dividing gives a double or a decimal, and the rest is of the dividend's sign", "[bson]") {
  CHECK(is(divide(Value::int32(6), Value::int32(3)), Value::number(2)));
  CHECK(is(divide(Value::int32(1), exactly("4")), exactly("0.25")));
  CHECK(divide(Value::int32(1), Value::int32(0)).is_missing());
  CHECK(divide(Value::int32(1), Value::number(-0.0)).is_missing());
  CHECK(divide(Value::int32(1), exactly("0E+3")).is_missing());
  CHECK(is(modulo(Value::int32(-7), Value::int32(3)), Value::int32(-1)));
  CHECK(is(modulo(Value::int32(7), Value::int64(3)), Value::int64(1)));
  CHECK(is(modulo(Value::int32(7), Value::number(2)), Value::int32(1)));
  CHECK(is(modulo(Value::int32(7), Value::number(2.5)), Value::number(2)));
  CHECK(is(modulo(Value::int64(7), Value::number(1e10)), Value::number(7)));
  CHECK(is(modulo(Value::number(7.5), Value::int32(2)), Value::number(1.5)));
  CHECK(is(modulo(Value::int64(long_min), Value::int32(-1)), Value::int64(0)));
  CHECK(is(modulo(exactly("7.5"), Value::int32(2)), exactly("1.5")));
  CHECK(modulo(Value::int32(7), Value::number(0)).is_missing());
}

TEST_CASE("absolute values, ceilings and floors keep the type", "[bson]") {
  CHECK(is(absolute(Value::int32(-5)), Value::int32(5)));
  CHECK(is(absolute(Value::int32(int_min)), Value::int64(2147483648)));
  CHECK(absolute(Value::int64(long_min)).is_missing());
  CHECK(is(absolute(Value::number(-0.5)), Value::number(0.5)));
  CHECK(is(absolute(exactly("-1.20")), exactly("1.20")));
  CHECK(is(ceiling(Value::number(1.2)), Value::number(2)));
  CHECK(is(ceiling(exactly("-1.2")), exactly("-1")));
  CHECK(is(floor(Value::number(-1.2)), Value::number(-2)));
  CHECK(is(floor(exactly("1E+3")), exactly("1E+3")));
  CHECK(is(floor(Value::int32(3)), Value::int32(3)));
  CHECK(is(square_root(Value::int32(25)), Value::number(5)));
  CHECK(is(square_root(exactly("25")), exactly("5")));
}

TEST_CASE("numbers are rounded to places, half to even and by their exact value", "[bson]") {
  CHECK(is(round(Value::number(2.5), 0), Value::number(2)));
  CHECK(is(round(Value::number(1.005), 2), Value::number(1)));  // The double is below 1.005.
  CHECK(is(round(Value::number(1.125), 2), Value::number(1.12)));
  CHECK(is(round(Value::number(-1.5), 0, Rounding::toward_zero), Value::number(-1)));
  CHECK(is(round(Value::number(1234.5), -2), Value::number(1200)));
  CHECK(is_not_a_number(round(Value::number(1e40), 0)));
  CHECK(is(round(Value::number(-std::numeric_limits<double>::infinity()), 3),
           Value::number(-std::numeric_limits<double>::infinity())));
  CHECK(is(round(Value::int32(1250), -2), Value::int32(1200)));
  CHECK(is(round(Value::int32(1250), 2), Value::int32(1250)));
  CHECK(is(round(Value::int32(int_max), -1), Value::int64(2147483650)));
  CHECK(is(round(Value::int64(1251), -2), Value::int64(1300)));
  CHECK(is(round(Value::int64(long_max), -1, Rounding::toward_zero), Value::int64(9223372036854775800)));
  CHECK(round(Value::int64(long_max), -1).is_missing());
  CHECK(is(round(exactly("1.255"), 2), exactly("1.26")));
}

TEST_CASE("a sum keeps what rounding would lose, and its type is the widest", "[bson]") {
  Summation tenths;
  for (int at = 0; at < 10; ++at) tenths.add(Value::number(0.1));
  CHECK(is(tenths.total(), Value::number(1)));
  CHECK(is(tenths.average(10), Value::number(0.1)));

  Summation whole;
  CHECK(is(whole.total(), Value::int32(0)));
  whole.add(Value::int32(1));
  whole.add(Value::int64(long_max));
  CHECK(is(whole.total(), Value::number(9223372036854775808.0)));
  whole.add(Value::int32(-1));  // An intermediate overflow is none.
  CHECK(is(whole.total(), Value::int64(long_max)));

  Summation mixed;
  mixed.add(exactly("0.1"));
  mixed.add(Value::int32(2));
  CHECK(is(mixed.total(), exactly("2.1")));
  CHECK(is(mixed.average(2), exactly("1.05")));

  Summation infinite;
  infinite.add(Value::number(std::numeric_limits<double>::infinity()));
  infinite.add(Value::number(1));
  CHECK(is(infinite.total(), Value::number(std::numeric_limits<double>::infinity())));
  infinite.add(Value::number(-std::numeric_limits<double>::infinity()));
  CHECK(is_not_a_number(infinite.total()));
}

}  // namespace premortem::testing
