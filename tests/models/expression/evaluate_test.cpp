// The stack machine by itself, on code assembled by hand. What the compiler makes of texts: tests/scenario/expression.

#include "sim/models/expression/evaluate.hpp"

#include <string>
#include <vector>

#include "tests/support/catch.hpp"

namespace premortem {
namespace {

using Code = ExpressionCode;

struct Environment {
  std::vector<std::string> texts = {"", "b", "a"};
  std::vector<std::vector<Word>> lists = {{}, {3, 1, 2}};
  std::vector<ExpressionFault> faults;
  std::vector<Source> loaded;
  Word on_fault = 0;

  Word load(Source source, std::uint16_t a, std::uint32_t b) {
    loaded.push_back(source);
    return Word{a} * 100 + b;
  }
  Word field(Word object, std::uint16_t a) const { return object * 10 + a; }
  std::size_t list_size(Word list) const { return lists.at(list).size(); }
  Word list_at(Word list, std::size_t i) const { return lists.at(list).at(i); }
  Word make_list(const Word* words, std::size_t size) {
    lists.emplace_back(words, words + size);
    return lists.size() - 1;
  }
  Word count_set(std::uint16_t set, const Expression* condition) {
    return condition ? evaluate(*condition, *this) + set : Word{set};
  }
  Word list_set(std::uint16_t set, const Expression* condition, const Expression& value) {
    return evaluate(value, *this) + (condition ? 1000U : 0U) + set;
  }
  Word intern(std::string_view text) {
    texts.emplace_back(text);
    return texts.size() - 1;
  }
  std::string_view text(Word id) const { return texts.at(id); }
  std::int64_t now_ns() const { return 42; }
  std::int64_t today() const { return 7; }
  std::int64_t date_of(std::int64_t time) const { return time + 1; }
  Word fail(ExpressionFault fault) {
    faults.push_back(fault);
    return on_fault;
  }
};

ExpressionOp op(Code code, std::uint32_t b = 0, std::uint16_t a = 0, std::uint8_t type = 0) {
  return {static_cast<std::uint8_t>(code), type, a, b};
}

std::uint16_t a_of(ExpressionComparison comparison) { return static_cast<std::uint16_t>(comparison); }

Word run(std::vector<Word> constants, std::vector<ExpressionOp> ops) {
  Environment environment;
  Expression expression;
  expression.constants = std::move(constants);
  expression.ops = std::move(ops);
  return evaluate(expression, environment);
}

TEST_CASE("what an operation takes and leaves", "[expression]") {
  CHECK(run({20, 22}, {op(Code::constant, 0), op(Code::constant, 1), op(Code::add)}) == 42);
  CHECK(run({2, 5}, {op(Code::constant, 0), op(Code::constant, 1), op(Code::subtract), op(Code::negate)}) == 3);
  CHECK(run({}, {op(Code::load, 5, 3)}) == 305);
  CHECK(run({4}, {op(Code::constant, 0), op(Code::field, 0, 2)}) == 42);
  CHECK(run({1, 2}, {op(Code::constant, 0), op(Code::constant, 1), op(Code::index)}) == 2);
  CHECK(run({}, {op(Code::now), op(Code::time_to_date)}) == 43);
  CHECK(run({}, {op(Code::today)}) == 7);
  CHECK(run({1}, {op(Code::constant, 0), op(Code::least_in)}) == 1);
  CHECK(run({1}, {op(Code::constant, 0), op(Code::greatest_in)}) == 3);
  CHECK(run({2, 4, 9, 4}, {op(Code::constant, 3), op(Code::in_constants, 0, 3)}) == 1);
  CHECK(run({2, 4, 9, 5}, {op(Code::constant, 3), op(Code::in_constants, 0, 3)}) == 0);
  CHECK(run({1, 2}, {op(Code::constant, 0), op(Code::constant, 1),
                     op(Code::compare_texts, 0, a_of(ExpressionComparison::greater))}) == 1);
}

TEST_CASE("jumps leave one value whichever way they go", "[expression]") {
  const std::vector<ExpressionOp> both = {op(Code::constant, 0), op(Code::and_jump, 3), op(Code::constant, 1)};
  CHECK(run({0, 5}, both) == 0);
  CHECK(run({1, 5}, both) == 5);
  const std::vector<ExpressionOp> either = {op(Code::constant, 0), op(Code::or_jump, 3), op(Code::constant, 1)};
  CHECK(run({0, 5}, either) == 5);
  CHECK(run({1, 5}, either) == 1);
  const std::vector<ExpressionOp> choice = {op(Code::constant, 0), op(Code::jump_if_false, 4), op(Code::constant, 1),
                                            op(Code::jump, 5), op(Code::constant, 2)};
  CHECK(run({1, 10, 20}, choice) == 10);
  CHECK(run({0, 10, 20}, choice) == 20);
}

TEST_CASE("a fault is reported once, and its word is the value", "[expression]") {
  Environment environment;
  environment.on_fault = 99;
  Expression expression;
  expression.constants = {1, 0};
  expression.ops = {op(Code::constant, 0), op(Code::constant, 1), op(Code::divide), op(Code::load), op(Code::divide)};
  CHECK(evaluate(expression, environment) == 99);
  CHECK(environment.faults == std::vector<ExpressionFault>{ExpressionFault::division_by_zero});
  CHECK(environment.loaded.empty());
}

TEST_CASE("count and list hand their conditions and values to the environment", "[expression]") {
  Environment environment;
  Expression inner;
  inner.constants = {30};
  inner.ops = {op(Code::constant)};
  Expression expression;
  expression.inner = {inner, inner};
  expression.ops = {op(Code::count_set, Expression::no_inner, 4)};
  CHECK(evaluate(expression, environment) == 4);
  expression.ops = {op(Code::count_set, 0, 4, 1)};
  CHECK(evaluate(expression, environment) == 34);
  expression.ops = {op(Code::list_set, 0, 4, 0)};
  CHECK(evaluate(expression, environment) == 34);
  expression.ops = {op(Code::list_set, 0, 4, 1)};
  CHECK(evaluate(expression, environment) == 1034);
}

TEST_CASE("loads are found in inner expressions too", "[expression]") {
  Expression inner;
  inner.ops = {op(Code::load, 2, 1, static_cast<std::uint8_t>(Source::observable))};
  Expression expression;
  expression.inner = {inner};
  expression.ops = {op(Code::load, 0, 9), op(Code::count_set, 0, 0, 1)};
  std::vector<std::uint16_t> loaded;
  for_each_load(expression, [&](const ExpressionOp& load) { loaded.push_back(load.a); });
  CHECK(loaded == std::vector<std::uint16_t>{9, 1});
}

TEST_CASE("an expression is a value", "[expression]") {
  Expression original;
  original.constants = {5};
  original.ops = {op(Code::constant)};
  original.equality_hints.push_back({});
  original.equality_hints[0].value.ops = {op(Code::today)};
  Expression copy = original;
  copy.equality_hints[0].value.ops.clear();
  CHECK(original.equality_hints[0].value.ops.size() == 1);
  REQUIRE(copy.literal() != nullptr);
  CHECK(*copy.literal() == 5);
}

}  // namespace
}  // namespace premortem
