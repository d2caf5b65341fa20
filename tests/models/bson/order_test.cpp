// The order of values across types, and the bytes that carry it.
#include <limits>

#include "sim/models/bson/compare.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

int sign(int number) { return number < 0 ? -1 : number > 0 ? 1 : 0; }

Value tenths(std::uint64_t coefficient) { return put_together({.exponent = -1, .coefficient = coefficient}); }

// Each is above all before it.
std::vector<Value> in_order() {
  const std::string twelve(12, 'i');
  return {
      Value::min_key(),
      Value(),
      Value::null(),
      Value::number(not_a_number),
      Value::number(-infinite),
      Value::int64(std::numeric_limits<std::int64_t>::min()),
      Value::int64(-9007199254740993),
      Value::number(-9007199254740992.0),
      Value::number(-0.1),
      tenths(0),
      put_together({.exponent = -6176, .coefficient = 1}),
      Value::number(std::numeric_limits<double>::denorm_min()),
      tenths(1),  // The double is 0.1000000000000000055...
      Value::number(0.1),
      Value::int32(1),
      Value::number(9007199254740992.0),
      Value::int64(9007199254740993),
      Value::number(9007199254740994.0),
      Value::int64(std::numeric_limits<std::int64_t>::max()),
      Value::number(9223372036854775808.0),
      Value::number(std::numeric_limits<double>::max()),
      put_together({.exponent = 308, .coefficient = 2}),
      put_together({.exponent = 6111, .coefficient = decimal_coefficient_max}),
      Value::number(infinite),
      Value::string(""),
      Value::string("1"),
      Value::string("a"),
      Value::string(std::string("a\0", 2)),
      Value::symbol(std::string("a\0\1", 3)),
      Value::string("a\1"),
      Value::string("b"),
      Value::string("\xC3\xA4"),
      doc({}),
      doc({{"b", Value::int32(1)}}),
      doc({{"b", Value::int32(1)}, {"a", Value::null()}}),
      doc({{"c", Value::int32(0)}}),
      doc({{"a", Value::string("")}}),  // The type counts before the name.
      arr({}),
      arr({Value::int32(1)}),
      arr({Value::int32(1), Value::null()}),
      arr({Value::int32(2)}),
      arr({Value::string("")}),
      Value::binary(5, "b"),
      Value::binary(0, "aa"),
      Value::binary(5, "aa"),
      Value::binary(2, ""),  // The old subtype is four bytes longer.
      Value::object_id(twelve),
      Value::object_id(std::string(12, 'j')),
      Value::boolean(false),
      Value::boolean(true),
      Value::date(-1),
      Value::date(0),
      Value::timestamp(0, 1),
      Value::timestamp(1, 0),
      Value::timestamp(0x80000000, 0),
      Value::regex("a", ""),
      Value::regex("a", "i"),
      Value::regex("b", ""),
      Value::db_pointer("z", twelve),
      Value::db_pointer("aa", twelve),
      Value::code("a"),
      Value::code_with_scope("a", doc({})),
      Value::code_with_scope("a", doc({{"a", Value::int32(1)}})),
      Value::max_key(),
  };
}

}  // namespace

TEST_CASE("values of all types stand in MongoDB's order, and their key strings in the same", "[bson]") {
  const std::vector<Value> values = in_order();
  std::vector<std::string> wrong;
  for (std::size_t left = 0; left < values.size(); ++left) {
    for (std::size_t right = 0; right < values.size(); ++right) {
      const int expected = left < right ? -1 : left > right ? 1 : 0;
      if (sign(compare(values[left], values[right])) != expected ||
          sign(key_string(values[left]).compare(key_string(values[right]))) != expected)
        wrong.push_back(to_shell(values[left]) + " and " + to_shell(values[right]));
    }
  }
  CHECK(wrong == std::vector<std::string>{});
}

TEST_CASE("a number equals the same number of another type, and no string", "[bson]") {
  const std::vector<Value> twos = {Value::int32(2), Value::int64(2), Value::number(2), tenths(20)};
  for (const Value& left : twos) {
    for (const Value& right : twos) {
      CHECK(equal(left, right));
      CHECK(key_string(left) == key_string(right));
    }
    CHECK(compare(left, Value::string("2")) < 0);
    CHECK(type_class(left) != type_class(Value::string("2")));
  }
  CHECK(equal(Value::int64(1LL << 60), Value::number(1152921504606846976.0)));
  CHECK(!equal(Value::int64((1LL << 53) + 1), Value::number(9007199254740992.0)));
  CHECK(equal(Value::number(0.0), Value::number(-0.0)));
  CHECK(key_string(Value::number(0.0)) == key_string(Value::number(-0.0)));
  CHECK(equal(Value::number(not_a_number), put_together({.kind = DecimalParts::Kind::nan})));
  CHECK(equal(Value::number(0.5), tenths(5)));
  CHECK(!equal(Value::number(0.1), tenths(1)));
  CHECK(equal(Value::undefined(), Value()));
  CHECK(equal(Value::symbol("a"), Value::string("a")));
}

TEST_CASE("the bytes of random values sort as the values do, and none begins with another's", "[bson]") {
  RandomValues luck(20261127);
  std::vector<Value> values;
  for (int at = 0; at < 700; ++at) values.push_back(at % 2 == 0 ? luck.number() : luck.value(3));
  std::vector<std::string> keys;
  for (const Value& value : values) keys.push_back(key_string(value));
  int wrong = 0, beginnings = 0, ties = 0;
  for (std::size_t left = 0; left < values.size(); ++left) {
    for (std::size_t right = 0; right < values.size(); ++right) {
      const int order = sign(compare(values[left], values[right]));
      if (order != sign(keys[left].compare(keys[right]))) ++wrong;
      if (order != -sign(compare(values[right], values[left]))) ++wrong;
      if (order != 0 && keys[right].starts_with(keys[left])) ++beginnings;
      if (order == 0 && left != right) ++ties;
    }
  }
  CHECK(wrong == 0);
  CHECK(beginnings == 0);
  CHECK(ties > 1000);  // Else equality would be hardly tried.
}

TEST_CASE("what is below a value that is below another is below that one too", "[bson]") {
  RandomValues luck(7);
  int wrong = 0;
  for (int round = 0; round < 100'000; ++round) {
    const Value one = luck.number(), two = luck.number(), three = luck.number();
    if (compare(one, two) <= 0 && compare(two, three) <= 0 && compare(one, three) > 0) ++wrong;
  }
  CHECK(wrong == 0);
}

TEST_CASE("a compound key sorts by its first field, then by the next, each in its own direction", "[bson]") {
  RandomValues luck(11);
  int wrong = 0;
  for (int round = 0; round < 20'000; ++round) {
    const std::vector<Value> left = {luck.value(1), luck.number(), luck.value(1)};
    std::vector<Value> right = {luck.value(1), luck.number(), luck.value(1)};
    if (round % 2 == 0) right[0] = left[0];
    if (round % 4 == 0) right[1] = left[1];
    int expected = sign(compare(left[0], right[0]));
    if (expected == 0) expected = -sign(compare(left[1], right[1]));
    if (expected == 0) expected = sign(compare(left[2], right[2]));
    if (expected != sign(key_string(left, {false, true}).compare(key_string(right, {false, true})))) ++wrong;
  }
  CHECK(wrong == 0);
}

}  // namespace premortem::testing
