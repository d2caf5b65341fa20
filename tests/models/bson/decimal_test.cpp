// decimal128: texts, other numbers, and arithmetic that is exact until it is rounded once.
#include "sim/models/bson/decimal.hpp"

#include <bson/bson.h>

#include <limits>

#include "sim/models/bson/compare.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

Value decimal(std::string_view text) {
  const std::optional<Value> parsed = decimal_from_string(text);
  REQUIRE(parsed.has_value());
  return *parsed;
}
std::string again(std::string_view text) { return decimal_to_string(decimal(text)); }
std::string sum(std::string_view left, std::string_view right) {
  return decimal_to_string(add_decimals(decimal(left), decimal(right)));
}
std::string product(std::string_view left, std::string_view right) {
  return decimal_to_string(multiply_decimals(decimal(left), decimal(right)));
}
std::string quotient(std::string_view left, std::string_view right) {
  return decimal_to_string(divide_decimals(decimal(left), decimal(right)));
}
std::string rest(std::string_view left, std::string_view right) {
  return decimal_to_string(remainder_of_decimals(decimal(left), decimal(right)));
}
std::string root(std::string_view text) { return decimal_to_string(square_root_of_decimal(decimal(text))); }
std::string rounded(std::string_view text, int places, Rounding rounding = Rounding::half_even) {
  return decimal_to_string(round_decimal(decimal(text), places, rounding));
}

}  // namespace

TEST_CASE("a decimal128 is read from a text and written as the same text", "[bson]") {
  for (const char* text :
       {"0", "-0", "1.10", "-12.345", "1E+3", "1.5E-7", "0.000001", "9.999999999999999999999999999999999E+6144",
        "1E-6176", "NaN", "Infinity", "-Infinity", "0E+6111", "0E-6176"})
    CHECK(again(text) == text);
  CHECK(again("+1e2") == "1E+2");
  CHECK(again(".5") == "0.5");
  CHECK(again("5.") == "5");
  CHECK(again("-inf") == "-Infinity");
  CHECK(again("nan") == "NaN");
  CHECK(again("0000000000000000000000000000000000000000001") == "1");
  CHECK(again("12345678901234567890123456789012345") == "1.234567890123456789012345678901234E+34");  // Half to even.
  CHECK(again("12345678901234567890123456789012355") == "1.234567890123456789012345678901236E+34");
  CHECK(again("123456789012345678901234567890123450" + std::string(50, '0') + "1") ==
        "1.234567890123456789012345678901235E+86");  // A little more than half.
  CHECK(again("99999999999999999999999999999999999") == "1.000000000000000000000000000000000E+35");
  CHECK(again("1E+6144") == "1.000000000000000000000000000000000E+6144");  // The exponent alone would not fit.
  CHECK(again("1E+6145") == "Infinity");
  CHECK(again("1E-6177") == "0E-6176");
  CHECK(again("6E-6177") == "1E-6176");
  CHECK(again("1e99999999999999999999") == "Infinity");
  CHECK(again("1e-99999999999999999999") == "0E-6176");
  for (const char* text : {"", "-", ".", "e5", "1e", "1e+", "1.2.3", "1x", " 1", "1 ", "0x1", "infinit", "--1"})
    CHECK(!decimal_from_string(text).has_value());
}

TEST_CASE("texts are read as libbson reads them, where nothing is rounded", "[bson]") {
  RandomValues luck(1);
  for (int round = 0; round < 3000; ++round) {
    const Value value = luck.decimal();
    const std::string text = decimal_to_string(value);
    bson_decimal128_t witness;
    REQUIRE(bson_decimal128_from_string(text.c_str(), &witness));
    const Value ours = decimal(text);
    REQUIRE(ours.identical(Value::decimal(witness.high, witness.low)));
    REQUIRE(equal(ours, value));
  }
}

TEST_CASE("decimals are added exactly, with the smaller exponent", "[bson]") {
  CHECK(sum("0.1", "0.2") == "0.3");
  CHECK(sum("1.10", "2") == "3.10");
  CHECK(sum("1", "-1.00") == "0.00");
  CHECK(sum("-0", "-0") == "-0");
  CHECK(sum("0", "-0") == "0");
  CHECK(sum("1E+34", "1") == "1.000000000000000000000000000000000E+34");
  CHECK(sum("1E+34", "5.1") == "1.000000000000000000000000000000001E+34");
  CHECK(sum("1E+6000", "1E-6000") == "1.000000000000000000000000000000000E+6000");
  CHECK(sum("9.999999999999999999999999999999999E+6144", "1E+6144") == "Infinity");
  CHECK(sum("Infinity", "-Infinity") == "NaN");
  CHECK(sum("Infinity", "1") == "Infinity");
  CHECK(sum("NaN", "1") == "NaN");
  CHECK(decimal_to_string(subtract_decimals(decimal("1"), decimal("0.9"))) == "0.1");
}

TEST_CASE("decimals are multiplied and divided to 34 digits", "[bson]") {
  CHECK(product("1.20", "3") == "3.60");
  CHECK(product("-2", "0") == "-0");
  CHECK(product("9999999999999999999999999999999999", "9999999999999999999999999999999999") ==
        "9.999999999999999999999999999999998E+67");
  CHECK(product("Infinity", "0") == "NaN");
  CHECK(product("1E-6000", "1E-6000") == "0E-6176");
  CHECK(quotient("1", "3") == "0.3333333333333333333333333333333333");
  CHECK(quotient("2", "3") == "0.6666666666666666666666666666666667");
  CHECK(quotient("1", "8") == "0.125");
  CHECK(quotient("10", "2") == "5");
  CHECK(quotient("2.40", "2") == "1.20");
  CHECK(quotient("1000", "1E+1") == "100.0");
  CHECK(quotient("1", "0") == "Infinity");
  CHECK(quotient("-1", "0") == "-Infinity");
  CHECK(quotient("0", "0") == "NaN");
  CHECK(quotient("1", "Infinity") == "0E-6176");
  CHECK(rest("7", "3") == "1");
  CHECK(rest("-7.5", "2") == "-1.5");
  CHECK(rest("1E+100", "7") == "4");
  CHECK(rest("5", "Infinity") == "5");
  CHECK(rest("5", "0") == "NaN");
  CHECK(root("4") == "2");
  CHECK(root("2") == "1.414213562373095048801688724209698");
  CHECK(root("0.0100") == "0.10");
  CHECK(root("1E+3") == "31.62277660168379331998893544432719");
  CHECK(root("-1") == "NaN");
}

TEST_CASE("a decimal is rounded to places, half to even", "[bson]") {
  CHECK(rounded("2.5", 0) == "2");
  CHECK(rounded("3.5", 0) == "4");
  CHECK(rounded("2.51", 0) == "3");
  CHECK(rounded("-2.5", 0) == "-2");
  CHECK(rounded("1.25", 1) == "1.2");
  CHECK(rounded("1.2", 3) == "1.200");
  CHECK(rounded("1250", -2) == "1.2E+3");
  CHECK(rounded("9", -2) == "0E+2");
  CHECK(rounded("-2.7", 0, Rounding::toward_zero) == "-2");
  CHECK(rounded("-2.1", 0, Rounding::floor) == "-3");
  CHECK(rounded("2.1", 0, Rounding::ceiling) == "3");
  CHECK(rounded("1.2", 40) == "NaN");
  CHECK(decimal_to_string(round_decimal_to_integer(decimal("1E+3"), Rounding::floor)) == "1E+3");
}

TEST_CASE("doubles become decimals with fifteen digits, or with all", "[bson]") {
  CHECK(decimal_to_string(decimal_from_double(0.1)) == "0.100000000000000");
  CHECK(decimal_to_string(decimal_from_double(1.0 / 3)) == "0.333333333333333");
  CHECK(decimal_to_string(decimal_from_double(-12)) == "-12.0000000000000");
  CHECK(decimal_to_string(decimal_from_double(1e20)) == "1.00000000000000E+20");
  CHECK(decimal_to_string(decimal_from_double(0)) == "0");
  CHECK(decimal_to_string(decimal_from_double(-0.0)) == "-0");
  CHECK(decimal_to_string(decimal_from_double(-std::numeric_limits<double>::infinity())) == "-Infinity");
  CHECK(decimal_to_string(decimal_from_double_in_full(0.1)) == "0.1000000000000000055511151231257827");
  CHECK(decimal_to_string(decimal_from_double_in_full(1.5)) == "1.5");
  CHECK(decimal_to_string(decimal_from_double_in_full(3)) == "3");
  CHECK(decimal_to_string(decimal_from_double_in_full(100)) == "100");
  CHECK(decimal_to_string(decimal_from_integer(std::numeric_limits<std::int64_t>::min())) == "-9223372036854775808");
}

TEST_CASE("decimals become the nearest double, or an integer without the fraction", "[bson]") {
  CHECK(decimal_to_double(decimal("0.1")) == 0.1);
  CHECK(decimal_to_double(decimal("9007199254740993")) == 9007199254740992.0);
  CHECK(decimal_to_double(decimal("1E+400")) == std::numeric_limits<double>::infinity());
  CHECK(decimal_to_double(decimal("-1E-400")) == 0);
  CHECK(decimal_to_double(decimal("4.9E-324")) == std::numeric_limits<double>::denorm_min());
  CHECK(decimal_to_integer(decimal("-2.9")) == -2);
  CHECK(decimal_to_integer(decimal("2.5"), Rounding::half_even) == 2);
  CHECK(decimal_to_integer(decimal("9223372036854775807.9")) == std::numeric_limits<std::int64_t>::max());
  CHECK(decimal_to_integer(decimal("9223372036854775808")) == std::nullopt);
  CHECK(decimal_to_integer(decimal("-9223372036854775808")) == std::numeric_limits<std::int64_t>::min());
  CHECK(decimal_to_integer(decimal("1E+6000")) == std::nullopt);
  CHECK(decimal_to_integer(decimal("1E-6000")) == 0);
  CHECK(decimal_to_integer(decimal("NaN")) == std::nullopt);
  CHECK(decimal_to_integer(decimal("0E+6000")) == 0);
}

TEST_CASE("what was divided, multiplied again and had its rest added is what it was", "[bson]") {
  RandomValues luck(4);
  for (int round = 0; round < 2000; ++round) {
    const Value left = decimal_from_integer(luck.between(-100'000, 100'000));
    const Value right = decimal_from_integer(luck.between(1, 999));
    const Value whole = round_decimal_to_integer(divide_decimals(left, right), Rounding::toward_zero);
    const Value back = add_decimals(multiply_decimals(whole, right), remainder_of_decimals(left, right));
    REQUIRE(equal(back, left));
  }
}

}  // namespace premortem::testing
