// $convert's table.
#include "sim/models/bson/conversions.hpp"

#include <limits>

#include "sim/models/bson/decimal.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

bool gives(const Value& value, Type target, const Value& expected) {
  const Conversion conversion = convert(value, target);
  return conversion.failure.empty() && conversion.value.identical(expected);
}
std::string failure(const Value& value, Type target) {
  const Conversion conversion = convert(value, target);
  return conversion.value.is_missing() ? conversion.failure : "none";
}
std::string parse_failure(const std::string& text, Type target) {
  const std::string whole = failure(Value::string(text), target);
  const std::string frame = "Failed to parse number '" + text + "' in $convert with no onError value: ";
  return whole.starts_with(frame) ? whole.substr(frame.size()) : "?" + whole;
}
Value exact_decimal(std::string_view text) { return decimal_from_string(text).value(); }

const std::string overflow = "Conversion would overflow target type in $convert with no onError value: ";

}  // namespace

TEST_CASE("numbers become integers without their fraction, or say why not", "[bson]") {
  CHECK(gives(Value::number(-2.9), Type::int32, Value::int32(-2)));
  CHECK(gives(Value::number(2147483647.0), Type::int32, Value::int32(2147483647)));
  CHECK(gives(exact_decimal("2147483647.9"), Type::int32, Value::int32(2147483647)));
  CHECK(gives(Value::int64(7), Type::int32, Value::int32(7)));
  CHECK(gives(Value::int32(7), Type::int64, Value::int64(7)));
  CHECK(gives(Value::boolean(true), Type::int64, Value::int64(1)));
  CHECK(failure(Value::number(2147483647.5), Type::int32) == overflow + "2147483647.5");
  CHECK(failure(Value::number(1e300), Type::int64) == overflow + "1e+300");
  CHECK(failure(exact_decimal("1E+30"), Type::int64) == overflow + "1E+30");
  CHECK(failure(Value::int64(1LL << 40), Type::int32) == overflow);
  CHECK(failure(Value::number(std::numeric_limits<double>::quiet_NaN()), Type::int32) ==
        "Attempt to convert NaN value to integer type in $convert with no onError value");
  CHECK(failure(exact_decimal("-Infinity"), Type::int64) ==
        "Attempt to convert infinity value to integer type in $convert with no onError value");
}

TEST_CASE("numbers become doubles, decimals, texts, conditions and dates", "[bson]") {
  CHECK(gives(Value::int64(3), Type::number_double, Value::number(3)));
  CHECK(gives(exact_decimal("0.1"), Type::number_double, Value::number(0.1)));
  CHECK(failure(exact_decimal("1E+400"), Type::number_double) == overflow + "1E+400");
  CHECK(gives(Value::number(0.1), Type::decimal128, exact_decimal("0.100000000000000")));
  CHECK(gives(Value::int32(5), Type::decimal128, exact_decimal("5")));
  CHECK(gives(Value::number(2.5), Type::string, Value::string("2.5")));
  CHECK(gives(Value::number(3), Type::string, Value::string("3")));
  CHECK(gives(Value::number(-0.0), Type::string, Value::string("-0")));
  CHECK(gives(Value::number(1e20), Type::string, Value::string("1e+20")));
  CHECK(gives(Value::number(-std::numeric_limits<double>::infinity()), Type::string, Value::string("-Infinity")));
  CHECK(gives(Value::int64(-5), Type::string, Value::string("-5")));
  CHECK(gives(exact_decimal("1.10"), Type::string, Value::string("1.10")));
  CHECK(gives(Value::number(0), Type::boolean, Value::boolean(false)));
  CHECK(gives(Value::number(std::numeric_limits<double>::quiet_NaN()), Type::boolean, Value::boolean(true)));
  CHECK(gives(Value::int64(1500), Type::date, Value::date(1500)));
  CHECK(gives(Value::number(-1.5), Type::date, Value::date(-1)));
  CHECK(failure(Value::int32(1), Type::date) ==
        "Unsupported conversion from int to date in $convert with no onError value");
  CHECK(failure(Value::int32(1), Type::object_id) ==
        "Unsupported conversion from int to objectId in $convert with no onError value");
}

TEST_CASE("texts become numbers, or are refused for MongoDB's reasons", "[bson]") {
  CHECK(gives(Value::string("-12"), Type::int32, Value::int32(-12)));
  CHECK(gives(Value::string("+12"), Type::int64, Value::int64(12)));
  CHECK(gives(Value::string("-2147483648"), Type::int32, Value::int32(-2147483647 - 1)));
  CHECK(gives(Value::string("-9223372036854775808"), Type::int64,
              Value::int64(std::numeric_limits<std::int64_t>::min())));
  CHECK(parse_failure("2147483648", Type::int32) == "Overflow");
  CHECK(parse_failure("99999999999999999999999", Type::int64) == "Overflow");
  CHECK(parse_failure("", Type::int32) == "No digits");
  CHECK(parse_failure("-", Type::int32) == "No digits");
  CHECK(parse_failure("1.5", Type::int32) == "Did not consume whole string.");
  CHECK(parse_failure("x", Type::int32) == "Did not consume whole string.");
  CHECK(parse_failure("--1", Type::int32) == "Did not consume whole string.");
  CHECK(failure(Value::string("0x1F"), Type::int32) ==
        "Illegal hexadecimal input in $convert with no onError value: 0x1F");

  CHECK(gives(Value::string("-1.5e3"), Type::number_double, Value::number(-1500)));
  CHECK(gives(Value::string("+.5"), Type::number_double, Value::number(0.5)));
  CHECK(
      gives(Value::string("-Infinity"), Type::number_double, Value::number(-std::numeric_limits<double>::infinity())));
  CHECK(parse_failure("", Type::number_double) == "Empty string");
  CHECK(parse_failure(" 5", Type::number_double) == "Leading whitespace");
  CHECK(parse_failure("x", Type::number_double) == "Did not consume any digits");
  CHECK(parse_failure("+-5", Type::number_double) == "Did not consume any digits");
  CHECK(parse_failure(".", Type::number_double) == "Did not consume any digits");
  CHECK(parse_failure("5 ", Type::number_double) == "Did not consume whole string.");
  CHECK(parse_failure("1e999", Type::number_double) == "Out of range");

  CHECK(gives(Value::string("1.10"), Type::decimal128, exact_decimal("1.10")));
  CHECK(gives(Value::string("inf"), Type::decimal128, exact_decimal("Infinity")));
  CHECK(parse_failure("", Type::decimal128) == "Empty string");
  CHECK(parse_failure("x", Type::decimal128) == "Failed to parse string to decimal");
  CHECK(parse_failure("1e9999", Type::decimal128) == "Conversion from string to decimal would overflow");
  CHECK(parse_failure("1e-9999", Type::decimal128) == "Conversion from string to decimal would underflow");
  CHECK(gives(Value::string("false"), Type::boolean, Value::boolean(true)));
}

TEST_CASE("object ids, dates and timestamps become what they can", "[bson]") {
  const Value id = Value::object_id(std::string("\x66\x13\0\0\0\0\0\0\0\0\0\x0a", 12));
  CHECK(gives(id, Type::string, Value::string("66130000000000000000000a")));
  CHECK(gives(id, Type::date, Value::date(1712521216000)));
  CHECK(gives(Value::string("66130000000000000000000A"), Type::object_id, id));
  CHECK(failure(Value::string("66"), Type::object_id) ==
        "Failed to parse objectId '66' in $convert with no onError value: "
        "Invalid string length for parsing to OID, expected 24 but found 2");
  CHECK(failure(Value::string("66130000000000000000000g"), Type::object_id).starts_with("Failed to parse objectId"));
  CHECK(gives(Value::date(1500), Type::int64, Value::int64(1500)));
  CHECK(gives(Value::date(1500), Type::decimal128, exact_decimal("1500")));
  CHECK(failure(Value::date(1500), Type::int32) ==
        "Unsupported conversion from date to int in $convert with no onError value");
  CHECK(gives(Value::timestamp(5, 1), Type::date, Value::date(5000)));
  CHECK(failure(doc({}), Type::int32) == "Unsupported conversion from object to int in $convert with no onError value");
}

}  // namespace premortem::testing
