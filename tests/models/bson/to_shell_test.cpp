// How MongoDB's errors print values.
#include <limits>

#include "sim/models/bson/compare.hpp"
#include "tests/models/bson/random_values.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

using namespace bson;

TEST_CASE("a document is printed as MongoDB's errors print it", "[bson]") {
  const Value document = doc({{"_id", Value::object_id(std::string("f\x13\0\0\0\0\0\0\0\0\0\x0a", 12))},
                              {"name", Value::string("x\"y")},
                              {"n", Value::number(1.5)},
                              {"l", Value::int64(7)},
                              {"i", Value::int32(-7)},
                              {"d", Value::date(5)},
                              {"nothing", Value::null()},
                              {"yes", Value::boolean(true)},
                              {"in", doc({{"a", arr({Value::int32(1), doc({}), arr({})})}})}});
  CHECK(to_shell(document) ==
        "{ _id: ObjectId('66130000000000000000000a'), name: \"x\"y\", n: 1.5, l: 7, i: -7, d: new Date(5), "
        "nothing: null, yes: true, in: { a: [ 1, {}, [] ] } }");
}

TEST_CASE("a double is printed so that it does not look like an integer", "[bson]") {
  CHECK(to_shell(Value::number(1)) == "1.0");
  CHECK(to_shell(Value::number(-0.0)) == "-0.0");
  CHECK(to_shell(Value::number(0.1)) == "0.1");
  CHECK(to_shell(Value::number(1.0 / 3)) == "0.3333333333333333");
  CHECK(to_shell(Value::number(123456789.125)) == "123456789.125");
  CHECK(to_shell(Value::number(1e15)) == "1000000000000000.0");
  CHECK(to_shell(Value::number(1e20)) == "1e+20.0");
  CHECK(to_shell(Value::number(1.5e-7)) == "1.5e-07");
  CHECK(to_shell(Value::number(std::numeric_limits<double>::infinity())) == "inf.0");
  CHECK(to_shell(Value::number(std::numeric_limits<double>::quiet_NaN())) == "nan.0");
}

TEST_CASE("rare types have their names, and long values are cut", "[bson]") {
  CHECK(to_shell(Value::timestamp(5, 6)) == "Timestamp(5, 6)");
  CHECK(to_shell(Value::regex("a.*b", "i")) == "/a.*b/i");
  CHECK(to_shell(Value::binary(0, "\x01\xab")) == "BinData(0, 01AB)");
  CHECK(to_shell(Value::binary(4, "0123456789abcdef")) == "UUID(\"30313233-3435-3637-3839-616263646566\")");
  CHECK(to_shell(Value::min_key()) == "MinKey");
  CHECK(to_shell(Value::max_key()) == "MaxKey");
  CHECK(to_shell(Value::undefined()) == "undefined");
  CHECK(to_shell(Value::symbol("s")) == "\"s\"");
  CHECK(to_shell(Value::code("f()")) == "f()");
  CHECK(to_shell(Value::code_with_scope("f()", doc({{"a", Value::int32(1)}}))) == "CodeWScope( f(), { a: 1 })");
  CHECK(to_shell(Value::db_pointer("d.c", std::string(12, 'a'))) == "DBRef('d.c',616161616161616161616161)");
  CHECK(to_shell(put_together({.exponent = -2, .coefficient = 110})) == "1.10");
  CHECK(to_shell(Value::string(std::string(159, 'a'))) == '"' + std::string(159, 'a') + '"');
  CHECK(to_shell(Value::string(std::string(160, 'a'))) == '"' + std::string(150, 'a') + "...\"");
  CHECK(to_shell(Value::binary(0, std::string(81, '\0'))) == "BinData(0, " + std::string(140, '0') + "...)");
}

TEST_CASE("what is nested more than a hundred times is printed as dots", "[bson]") {
  Value nested = Value::int32(7);
  for (int level = 0; level < 101; ++level) nested = doc({{"a", nested}});
  CHECK(to_shell(nested).ends_with("{ a: 7 }" + [] {
    std::string ends;
    for (int level = 1; level < 101; ++level) ends += " }";
    return ends;
  }()));
  CHECK(to_shell(doc({{"a", nested}})).find("{ a: { ... } }") != std::string::npos);
}

}  // namespace premortem::testing
