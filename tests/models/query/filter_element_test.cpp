// Filters about one element: array filters of updates, and the condition of $pull.
#include "tests/models/query/filter_support.hpp"

using namespace premortem;
using premortem::testing::error_of;
using premortem::testing::json;

namespace {

bool pulls(std::string_view condition, std::string_view element) {
  return query::ElementFilter::parse_pull(json(condition), {}).matches(json(element));
}

std::string array_filter_name(std::string_view filter, std::string_view element) {
  std::string name;
  const bool matched = query::ElementFilter::parse_array_filter(json(filter), name, {}).matches(json(element));
  return name + (matched ? " takes" : " leaves");
}

std::string array_filter_error(std::string_view filter) {
  const bson::Value parsed = json(filter);
  std::string name;
  return error_of([&] { query::ElementFilter::parse_array_filter(parsed, name, {}); });
}

}  // namespace

TEST_CASE("an array filter is about the element that its name stands for", "[filter]") {
  CHECK(array_filter_name("{e: {$gt: 5}}", "6") == "e takes");
  CHECK(array_filter_name("{e: {$gt: 5}}", "5") == "e leaves");
  CHECK(array_filter_name("{'grade.mean': {$gte: 70}, 'grade.std': {$lt: 5}}", "{mean: 70, std: 4}") == "grade takes");
  CHECK(array_filter_name("{$or: [{'e.a': 1}, {'e.b': {$not: {$gt: 1}}}]}", "{a: 0, b: 9}") == "e leaves");
  CHECK(array_filter_name("{'e.a': 1}", "[{a: 1}]") == "e takes");
}

TEST_CASE("array filters that name nothing, two things or something odd are refused", "[filter]") {
  CHECK(array_filter_error("{}") ==
        "9 FailedToParse: Cannot use an expression without a top-level field name in arrayFilters");
  CHECK(array_filter_error("{'e.a': 1, 'f.a': 1}") ==
        "9 FailedToParse: Error parsing array filter :: caused by :: Expected a single top-level field name, found 'e' "
        "and 'f'");
  CHECK(
      array_filter_error("{'E.a': 1}") ==
      "2 BadValue: Error parsing array filter :: caused by :: The top-level field name must be an alphanumeric string "
      "beginning with a lowercase letter, found 'E'");
  CHECK(array_filter_error("{e: {$foo: 1}}") ==
        "2 BadValue: Error parsing array filter :: caused by :: unknown operator: $foo");
  CHECK(array_filter_error("{$expr: true}") ==
        "224 QueryFeatureNotAllowed: Error parsing array filter :: caused by :: $expr is not allowed in this context");
}

TEST_CASE("$pull takes a literal, an operator about the element, or a document about its fields", "[filter]") {
  CHECK(pulls("5", "5.0"));
  CHECK_FALSE(pulls("5", "[5]"));
  CHECK(pulls("[1, 2]", "[1, 2]"));
  CHECK(pulls("null", "null"));
  CHECK(pulls("{$gte: 6}", "6"));
  CHECK(pulls("{$in: ['a', 'b']}", "'b'"));
  CHECK(pulls("{$regularExpression: {pattern: '^a', options: ''}}", "'abc'"));
  CHECK(pulls("{score: 8, item: 'B'}", "{item: 'B', score: 8, more: 1}"));
  CHECK_FALSE(pulls("{score: 8}", "8"));
  CHECK(pulls("{answers: {$elemMatch: {q: 2, a: {$gte: 8}}}}", "{answers: [{q: 1, a: 9}, {q: 2, a: 8}]}"));
  CHECK(pulls("{}", "{a: 1}"));
  CHECK_FALSE(pulls("{}", "1"));
  CHECK(pulls("{$elemMatch: {$gt: 2}}", "[1, 3]"));
}
