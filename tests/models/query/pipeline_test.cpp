#include "tests/models/query/pipeline_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

namespace {
const std::string orders =
    "[{_id: 1, state: 'open', sum: 5, tags: ['a', 'b']}, {_id: 2, state: 'done', sum: 7, tags: []},"
    " {_id: 3, state: 'open', sum: 2}]";
constexpr const char* while_running = "PlanExecutor error during aggregation :: caused by :: ";
}  // namespace

TEST_CASE("groups come out in the order of their first documents", "[pipeline]") {
  CHECK(piped("[{$group: {_id: '$state', total: {$sum: '$sum'}, ids: {$push: '$_id'}, n: {$count: {}}}}]", orders) ==
        "[{_id: 'open', total: 7, ids: [1, 3], n: 2}, {_id: 'done', total: 7, ids: [2], n: 1}]");
  CHECK(piped("[{$group: {_id: null, a: {$avg: '$_id'}, most: {$max: '$sum'}, first: {$first: '$tags'}}}]", orders) ==
        "[{_id: null, a: 2.0, most: 7, first: ['a', 'b']}]");
  CHECK(piped("[{$group: {_id: null, top: {$topN: {n: 2, sortBy: {sum: -1}, output: '$_id'}}}}]", orders) ==
        "[{_id: null, top: [2, 1]}]");
}

TEST_CASE("documents are chosen, ordered and counted", "[pipeline]") {
  CHECK(piped("[{$match: {state: 'open'}}, {$sort: {sum: 1}}, {$limit: 1}, {$project: {sum: 1}}]", orders) ==
        "[{_id: 3, sum: 2}]");
  CHECK(piped("[{$match: {$expr: {$gt: ['$sum', 4]}}}, {$count: 'n'}]", orders) == "[{n: 2}]");
  CHECK(piped("[{$match: {_id: 9}}, {$count: 'n'}]", orders) == "[]");
  CHECK(piped("[{$sortByCount: '$state'}]", orders) == "[{_id: 'open', count: 2}, {_id: 'done', count: 1}]");
  CHECK(piped("[{$skip: 2}, {$unset: ['state', 'sum']}]", orders) == "[{_id: 3}]");
  CHECK(piped("[{$sample: {size: 2}}, {$count: 'n'}]", orders) == "[{n: 2}]");
}

TEST_CASE("unwinding an array makes a document of each element, and may keep those without any", "[pipeline]") {
  CHECK(piped("[{$unwind: '$tags'}, {$project: {tags: 1}}]", orders) == "[{_id: 1, tags: 'a'}, {_id: 1, tags: 'b'}]");
  CHECK(piped("[{$unwind: {path: '$tags', includeArrayIndex: 'i', preserveNullAndEmptyArrays: true}},"
              " {$project: {tags: 1, i: 1}}]",
              orders) ==
        "[{_id: 1, tags: 'a', i: {$numberLong: '0'}}, {_id: 1, tags: 'b', i: {$numberLong: '1'}},"
        " {_id: 2, i: null}, {_id: 3, i: null}]");
}

TEST_CASE("fields are computed and roots replaced", "[pipeline]") {
  CHECK(piped("[{$set: {twice: {$multiply: ['$sum', 2]}}}, {$replaceWith: {t: '$twice'}}]", orders) ==
        "[{t: 10}, {t: 14}, {t: 4}]");
  CHECK(piped("[{$replaceRoot: {newRoot: '$sum'}}]", "[{sum: 5}]") ==
        std::string("40228: ") + while_running +
            "'newRoot' expression  must evaluate to an object, but resulting value was: 5. Type of resulting value: "
            "'int'. Input document: { sum: 5 }");
}

TEST_CASE("a lookup joins by fields and by a pipeline with variables", "[pipeline]") {
  Shelves shelves;
  shelves.collections["lines"] =
      json("[{_id: 10, order: 1, n: 2}, {_id: 11, order: 1, n: 5}, {_id: 12, order: null, n: 1}]").elements();
  CHECK(piped("[{$lookup: {from: 'lines', localField: '_id', foreignField: 'order', as: 'lines'}},"
              " {$project: {n: '$lines.n'}}]",
              "[{_id: 1}, {_id: 2}]", shelves) == "[{_id: 1, n: [2, 5]}, {_id: 2, n: []}]");
  CHECK(piped("[{$lookup: {from: 'lines', let: {least: '$least'}, as: 'l',"
              " pipeline: [{$match: {$expr: {$gte: ['$n', '$$least']}}}, {$project: {_id: 1}}]}}]",
              "[{_id: 1, least: 2}]", shelves) == "[{_id: 1, least: 2, l: [{_id: 10}, {_id: 11}]}]");
  CHECK(piped("[{$unionWith: {coll: 'lines', pipeline: [{$match: {n: 5}}]}}, {$project: {_id: 1}}]", "[{_id: 1}]",
              shelves) == "[{_id: 1}, {_id: 11}]");
}

TEST_CASE("a graph is followed to its end", "[pipeline]") {
  Shelves shelves;
  shelves.collections["staff"] = json("[{_id: 1, boss: 2}, {_id: 2, boss: 3}, {_id: 3, boss: 1}]").elements();
  CHECK(piped("[{$graphLookup: {from: 'staff', startWith: '$boss', connectFromField: 'boss', connectToField: '_id',"
              " as: 'above', depthField: 'd', maxDepth: 1}}]",
              "[{_id: 1, boss: 2}]", shelves) ==
        "[{_id: 1, boss: 2, above: [{_id: 2, boss: 3, d: {$numberLong: '0'}}, {_id: 3, boss: 1, d: {$numberLong: "
        "'1'}}]}]");
}

TEST_CASE("facets, buckets, given documents and redaction", "[pipeline]") {
  CHECK(piped("[{$facet: {n: [{$count: 'n'}], first: [{$limit: 1}, {$project: {_id: 1}}]}}]", orders) ==
        "[{n: [{n: 3}], first: [{_id: 1}]}]");
  CHECK(piped("[{$bucket: {groupBy: '$sum', boundaries: [0, 5, 10]}}]", orders) ==
        "[{_id: 0, count: 1}, {_id: 5, count: 2}]");
  CHECK(piped("[{$documents: [{a: 1}, {a: 2}]}, {$match: {a: 2}}]", "[]") == "[{a: 2}]");
  CHECK(piped("[{$redact: {$cond: [{$eq: ['$secret', true]}, '$$PRUNE', '$$DESCEND']}}]",
              "[{a: 1, b: {secret: true, x: 1}, c: [{secret: true}, {y: 1}]}]") == "[{a: 1, c: [{y: 1}]}]");
}

TEST_CASE("draws differ from each other and are the same every time", "[pipeline]") {
  const std::string stages = "[{$set: {a: {$rand: {}}, b: {$rand: {}}}}, {$project: {same: {$eq: ['$a', '$b']}}}]";
  CHECK(piped(stages, "[{_id: 1}]") == "[{_id: 1, same: false}]");
  CHECK(piped("[{$set: {a: {$rand: {}}}}]", orders) == piped("[{$set: {a: {$rand: {}}}}]", orders));
}

TEST_CASE("what whoever runs a pipeline asks it beforehand", "[pipeline]") {
  const auto limit = [](const std::string& stages) {
    return query::Pipeline::parse(json(stages), test_context()).input_limit();
  };
  CHECK(limit("[{$match: {a: 1}}, {$project: {a: 1}}, {$skip: 2}, {$limit: 3}]") == 5);
  CHECK(!limit("[{$sort: {a: 1}}, {$limit: 3}]"));
  const auto merge = query::Pipeline::parse(json("[{$merge: {into: 'x', whenMatched: 'replace'}}]"), test_context());
  REQUIRE(merge.output());
  CHECK(merge.output()->collection == "x");
  CHECK((merge.output()->when_matched == query::OutputStage::WhenMatched::replace));
}

TEST_CASE("what is wrong with a pipeline is said with the server's code and text", "[pipeline]") {
  CHECK(piped("[{$foo: 1}]", "[]") == "40324: Unrecognized pipeline stage name: '$foo'");
  CHECK(piped("[{$match: {}, $limit: 1}]", "[]") ==
        "40323: A pipeline stage specification object must contain exactly one field.");
  CHECK(piped("[{$limit: 0}]", "[]") == "15958: the limit must be positive");
  CHECK(piped("[{$group: {a: 1}}]", "[]") == "40234: The field 'a' must be an accumulator object");
  CHECK(piped("[{$group: {}}]", "[]") == "15955: a group specification must include an _id");
  CHECK(piped("[{$group: {_id: 1, a: {$foo: 1}}}]", "[]") == "15952: unknown group operator '$foo'");
  CHECK(piped("[{$out: 'x'}, {$limit: 1}]", "[]") == "40601: $out can only be the final stage in the pipeline");
  CHECK(piped("[{$facet: {a: [{$out: 'x'}]}}]", "[]") == "40600: $out is not allowed to be used within a $facet stage");
  CHECK(piped("[{$unwind: 'a'}]", "[]") == "28818: path option to $unwind stage should be prefixed with a '$': a");
  CHECK(piped("[{$project: {x: {$divide: [1, '$z']}}}]", "[{z: 0}]") ==
        std::string("2: ") + while_running + "can't $divide by zero");
  CHECK(piped("[{$setWindowFields: {}}]", "[]") == "115: $setWindowFields is not supported here");
  const auto update = [] { query::Pipeline::parse(json("[{$match: {}}]"), test_context(), true); };
  CHECK_THROWS_AS(update(), query::CommandError);
}

}  // namespace premortem::testing
