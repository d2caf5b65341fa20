// What the compiler finds out beside the code: types, flags, constants, equality hints.

#include "tests/scenario/expression/fake_world.hpp"
#include "tests/support/catch.hpp"

namespace premortem::test {

namespace {

std::string type_of(std::string_view text) {
  FakeWorld world;
  const CompileResult result = compile_in(world, text);
  return result ? name_of(result.expression.type) : "error: " + result.error->message;
}

Expression where(FakeWorld& world, std::string_view text) {
  const CompileResult result = compile_in(world, text, types::boolean, FakeScope::Place::element);
  INFO((result ? std::string() : result.error->message));
  REQUIRE(result);
  return result.expression;
}

Expression step(std::string_view text) {
  FakeWorld world;
  const CompileResult result = compile_in(world, text);
  INFO((result ? std::string() : result.error->message));
  REQUIRE(result);
  return result.expression;
}

/// "0='MER' 4=..." with "?" behind those that no index may serve.
std::string hints_of(std::string_view text) {
  FakeWorld world;
  world.known = {{"OXF", false, 0, 0, "", 0, 0, 0, false}};
  std::string all;
  for (const EqualityHint& hint : where(world, text).equality_hints) {
    const bool property = hint.source == Source::element_property;
    all += (all.empty() ? "" : " ") + std::string(property ? "p" : "f") + std::to_string(hint.field) + "=" +
           world.shown(hint.type, world.value(hint.value)) + (hint.indexable ? "" : "?");
  }
  return all;
}

}  // namespace

TEST_CASE("every expression has one type", "[expression]") {
  CHECK(type_of("1") == "int");
  CHECK(type_of("1.0") == "double");
  CHECK(type_of("1 + 1.0") == "double");
  CHECK(type_of("true ? 1 : 1.0") == "double");
  CHECK(type_of("'a' + 'b'") == "string");
  CHECK(type_of("it.start - today") == "int");
  CHECK(type_of("it.start - 3") == "date");
  CHECK(type_of("3 + it.start") == "date");
  CHECK(type_of("now - it.arrived") == "duration");
  CHECK(type_of("now - it.age") == "time");
  CHECK(type_of("it.age + now") == "time");
  CHECK(type_of("it.age * 2") == "duration");
  CHECK(type_of("it.age / 2") == "duration");
  CHECK(type_of("it.age / it.age") == "int");
  CHECK(type_of("date(now)") == "date");
  CHECK(type_of("[]") == "list()");
  CHECK(type_of("[1, 2.0]") == "list(double)");
  CHECK(type_of("true ? [] : [today]") == "list(date)");
  CHECK(type_of("list(record, true, age)") == "list(duration)");
  CHECK(type_of("known") == "list(object)");
  CHECK(type_of("known[0]") == "object");
  CHECK(type_of("known[0].start") == "date");
  CHECK(type_of("dyn('a')") == "string");
  CHECK(type_of("it.id in []") == "bool");
}

TEST_CASE("what reads nothing is computed once, by the compiler", "[expression]") {
  for (const std::string_view text :
       {"1 + 2 * 3 == 7", "'a' + 'b' == 'ab'", "size([1, 2, 3]) == 3", "date('2022-07-29') - date('2022-07-01') == 28",
        "duration('90 min') > duration('1 h')", "2 in [1, 2]", "'abc'.contains('b') && !false", "dyn(7) != '7'"}) {
    const Expression expression = step(text);
    CHECK(expression.constant);
    REQUIRE(expression.literal() != nullptr);
    CHECK(*expression.literal() == 1);
  }
  const Expression partly = step("it.age > duration('1 h') * 24");
  CHECK(partly.ops.size() == 3);
  CHECK(!partly.may_fail);
  CHECK(!partly.constant);
  CHECK(step("it.id in [9, 8, 7]").ops.size() == 2);
  CHECK(!step("now > time('2021-08-02 13:00 UTC')").constant);
}

TEST_CASE("flags say what an expression depends on", "[expression]") {
  const auto flags = [](const Expression& e) {
    return std::string(e.reads_clock ? "clock " : "") + (e.reads_world ? "world " : "") + (e.reads_it ? "it " : "") +
           (e.reads_locals ? "locals " : "") + (e.reads_element ? "element " : "") + (e.may_fail ? "fail" : "");
  };
  CHECK(flags(step("1 == 1")).empty());
  CHECK(flags(step("it.deanery == 'MER'")) == "it ");
  CHECK(flags(step("it.age > duration('1 h')")) == "clock it ");
  CHECK(flags(step("today == it.start")) == "clock it ");
  CHECK(flags(step("toggle.route && finaliser.lag > 0")) == "world ");
  CHECK(flags(step("known[0].friday")) == "locals fail");
  CHECK(flags(step("it.deanery in lists.friday")) == "it ");
  CHECK(flags(step("count(record, age > duration('1 h') && deanery == it.deanery) == 0")) == "clock world it ");
  FakeWorld world;
  CHECK(flags(where(world, "friday && count(record, id == cases) == 0")) == "world locals element ");
  CHECK(step("count(record) + count(store.records, id in list(record, true, id))").sets ==
        std::vector<std::uint16_t>{0, 1});
}

TEST_CASE("equality hints: the conjuncts that an index can serve", "[expression]") {
  CHECK(hints_of("id == it.id") == "p0=7");
  CHECK(hints_of("state == 'TO_EXPORT' && deanery == it.deanery && start - today >= 2 && start - today < 91") ==
        "f4='TO_EXPORT' f0='MER'");
  CHECK(hints_of("'EXPORTED' == state") == "f4='EXPORTED'");
  CHECK(hints_of("(deanery == it.deanery) && friday") == "f0='MER'");
  CHECK(hints_of("dyn(id) == it.id") == "p0=7");
  CHECK(hints_of("friday == true && finished == false") == "f1=true p2=false");
  CHECK(hints_of("state == 'A' || deanery == 'B'").empty());
  CHECK(hints_of("!(state == 'A')").empty());
  CHECK(hints_of("state != 'A' && friday").empty());
  CHECK(hints_of("deanery == state").empty());
  CHECK(hints_of("dyn(id) == '7'").empty());
  CHECK(hints_of("true").empty());
  // Known to be equal, but an index would not do: the value or a conjunct before may fail; equal doubles with two
  // words; a property that changes while time passes.
  CHECK(hints_of("deanery == known[0].deanery && state == 'A'") == "f0='OXF'? f4='A'?");
  CHECK(hints_of("start - today >= 2 && state == 'A'") == "f4='A'?");
  CHECK(hints_of("share == 0.5") == "f5=0.5?");
  CHECK(hints_of("share == 1") == "f5=1?");
  CHECK(hints_of("age == duration('1 h')") == "p1=1 h?");
}

TEST_CASE("conditions of count and list carry hints as well", "[expression]") {
  const Expression expression = step("count(store.records, state == 'TO_EXPORT' && friday) > 0");
  REQUIRE(expression.inner.size() == 1);
  REQUIRE(expression.inner[0].equality_hints.size() == 1);
  CHECK(expression.inner[0].equality_hints[0].field == 4);
  CHECK(expression.inner[0].equality_hints[0].indexable);
  CHECK(step("list(record, true, id)").inner.size() == 1);  // A condition that is always true is none.
}

TEST_CASE("an int serves where a double is wanted, as a double", "[expression]") {
  FakeWorld world;
  const CompileResult result = compile_in(world, "it.id", types::real);
  REQUIRE(result);
  CHECK(real_of(world.value(result.expression)) == 7.0);
  const CompileResult list = compile_in(world, "[1, cases]", list_of(types::real));
  REQUIRE(list);
  CHECK(world.shown(list.expression.type, world.value(list.expression)) == "[1, 3]");
  CHECK(real_of(world.list_at(world.value(list.expression), 1)) == 3.0);
}

}  // namespace premortem::test
