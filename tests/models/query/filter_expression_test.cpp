// $expr and $sampleRate: conditions by aggregation expressions.
#include "tests/models/query/filter_support.hpp"

using namespace premortem;
using premortem::testing::filter_error;
using premortem::testing::filter_ids;
using premortem::testing::json;

TEST_CASE("$expr compares fields of one document, beside other conditions", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, spent: 450, budget: 400}", "{_id: 2, spent: 150, budget: 200}",
                                              "{_id: 3, spent: 650, budget: 600}",
                                              "{_id: 4, spent: [700], budget: 600}"};
  CHECK(filter_ids("{$expr: {$gt: ['$spent', '$budget']}}", documents) == "1 3 4");
  CHECK(filter_ids("{budget: {$gte: 500}, $expr: {$lt: ['$spent', 700]}}", documents) == "3");
  CHECK(filter_ids("{$or: [{_id: 2}, {$expr: {$eq: ['$budget', 400]}}]}", documents) == "1 2");
  CHECK(filter_ids("{$expr: true}", documents) == "1 2 3 4");
  CHECK(filter_ids("{$expr: '$nothing'}", documents) == "");
}

TEST_CASE("$expr sees the command's let, and needs the whole document", "[filter]") {
  query::Context context;
  context.let = json("{least: 200}");
  const query::Filter filter = query::Filter::parse(json("{a: 1, $expr: {$gte: ['$n', '$$least']}}"), context);
  CHECK(filter.matches(json("{a: 1, n: 200}")));
  CHECK_FALSE(filter.matches(json("{a: 1, n: 199}")));
  bool whole = false;
  CHECK(filter.fields(whole) == std::vector<std::string>{"a"});
  CHECK(whole);
}

TEST_CASE("$expr does not take what is no expression, nor stand within $elemMatch", "[filter]") {
  CHECK(filter_error("{$expr: {$foo: 1}}") == "168 InvalidPipelineOperator: Unrecognized expression '$foo'");
  CHECK(filter_error("{a: {$elemMatch: {$expr: true}}}") ==
        "2 BadValue: $expr can only be applied to the top-level document");
}

TEST_CASE("$sampleRate of 0 takes nothing and of 1 everything", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1}", "{_id: 2}"};
  CHECK(filter_ids("{$sampleRate: 0}", documents) == "");
  CHECK(filter_ids("{$sampleRate: 1.0}", documents) == "1 2");
}
