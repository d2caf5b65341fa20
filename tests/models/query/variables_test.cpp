// Values that a command gives its expressions: `let`, the constants of an update, and what $merge and $lookup bind.
#include "sim/models/query/projection.hpp"
#include "tests/models/document_server/server.hpp"
#include "tests/models/query/pipeline_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

namespace {

std::string let_of_command(const std::string& let) {
  try {
    return text(query::evaluate_let(json(let), test_context()));
  } catch (const query::CommandError& error) {
    return std::to_string(error.code()) + ": " + error.what();
  }
}

/// What is in collection "c" in the end.
std::string shelf(TestServer& server) { return text(server.run("{find: 'c', filter: {}}")["cursor"]["firstBatch"]); }

std::string error_text(const bson::Value& reply) {
  return std::to_string(*reply["code"].integral()) + ": " + reply["errmsg"].as_text();
}

}  // namespace

TEST_CASE("the variables of a command are evaluated once, in order, and look at no document", "[variables]") {
  CHECK(let_of_command("{a: 2, b: {$multiply: ['$$a', 3]}, c: {$literal: '$a'}}") == "{a: 2, b: 6, c: '$a'}");
  CHECK(let_of_command("{b: '$$a', a: 1}") == "17276: Use of undefined variable: a");
  for (const std::string field : {"'$a'", "'$$ROOT'", "{$getField: 'a'}", "{$map: {input: [1], in: '$x'}}"}) {
    CHECK(let_of_command("{a: " + field + "}") ==
          "4890500: Command let Expression tried to access a field, but this is not allowed becauseCommand let "
          "Expressions run before the query examines any documents.");
  }
  CHECK(let_of_command("{A: 1}") == "9: 'A' starts with an invalid character for a user variable name");
}

TEST_CASE("a command's variables must be a document", "[variables]") {
  TestServer server;
  server.run("{insert: 'c', documents: [{_id: 1, n: 5}, {_id: 2, n: 6}]}");
  CHECK(error_text(server.run("{find: 'c', let: 5}")) ==
        "14: BSON field 'find.let' is the wrong type 'int', expected type 'object'");
  CHECK(error_text(server.run("{find: 'c', let: {x: '$n'}}")).starts_with("4890500: "));
  const auto found = server.run(
      "{find: 'c', filter: {$expr: {$eq: ['$n', '$$y']}}, let: {x: 5, y: {$add: ['$$x', 1]}, z: '$$REMOVE'}, "
      "projection: {z: {$type: '$$z'}}}");
  CHECK(text(found["cursor"]["firstBatch"]) == "[{_id: 2, z: 'missing'}]");
}

TEST_CASE("$merge gives its pipeline the new document as it is", "[variables]") {
  TestServer server;
  server.run("{insert: 'new', documents: [{_id: 1, price: '$5', n: 7}]}");
  server.run("{insert: 'c', documents: [{_id: 1, n: 1}]}");
  SECTION("as `new`") {
    server.run(
        "{aggregate: 'new', cursor: {}, pipeline: [{$merge: {into: 'c', whenMatched: [{$set: {p: '$$new.price'}}]}}]}");
    CHECK(shelf(server) == "[{_id: 1, n: 1, p: '$5'}]");
  }
  SECTION("by expressions about it") {
    server.run(
        "{aggregate: 'new', cursor: {}, pipeline: [{$merge: {into: 'c', let: {sum: {$add: ['$n', 1]}, p: '$price', "
        "none: '$none'}, whenMatched: [{$set: {sum: '$$sum', p: '$$p', none: '$$none'}}]}}]}");
    CHECK(shelf(server) == "[{_id: 1, n: 1, sum: 8, p: '$5'}]");
  }
  SECTION("and not as `new` when it has variables of its own") {
    const auto reply = server.run(
        "{aggregate: 'new', cursor: {}, pipeline: [{$merge: {into: 'c', let: {p: '$price'}, whenMatched: [{$set: {p: "
        "'$$new.price'}}]}}]}");
    CHECK(error_text(reply) == "17276: Invalid $set :: caused by :: Use of undefined variable: new");
  }
}

TEST_CASE("the constants of an update are no expressions, and for pipelines alone", "[variables]") {
  TestServer server;
  server.run("{insert: 'c', documents: [{_id: 1, a: 1}]}");
  server.run("{update: 'c', updates: [{q: {}, u: [{$set: {b: '$$x'}}], c: {x: '$a'}}]}");
  CHECK(shelf(server) == "[{_id: 1, a: 1, b: '$a'}]");
  const auto refused = server.run("{update: 'c', updates: [{q: {}, u: {$set: {b: 1}}, c: {x: 1}}]}");
  CHECK(text(refused["writeErrors"]) ==
        "[{index: 0, code: 51198, errmsg: 'Constant values may only be specified for pipeline updates'}]");
}

TEST_CASE("$lookup without a collection joins the documents that its pipeline makes", "[variables]") {
  CHECK(piped("[{$lookup: {localField: 'n', foreignField: 'm', as: 'x', pipeline: [{$documents: [{m: 1, t: 'a'}, {m: "
              "2, t: 'b'}]}, {$project: {t: 1}}]}}]",
              "[{_id: 1, n: 2}, {_id: 2, n: 3}]") == "[{_id: 1, n: 2, x: [{t: 'b'}]}, {_id: 2, n: 3, x: []}]");
}

TEST_CASE("what a pipeline makes of a variable is judged when the variable has a value", "[variables]") {
  CHECK(piped("[{$lookup: {let: {items: '$items'}, as: 'x', pipeline: [{$documents: '$$items'}]}}]",
              "[{_id: 1, items: [{a: 1}, {a: 2}]}]") == "[{_id: 1, items: [{a: 1}, {a: 2}], x: [{a: 1}, {a: 2}]}]");
  CHECK(piped("[{$lookup: {let: {items: '$items'}, as: 'x', pipeline: [{$documents: '$$items'}]}}]",
              "[{_id: 1, items: 5}]") ==
        "5858203: PlanExecutor error during aggregation :: caused by :: an array is expected");
  Shelves shelves;
  shelves.collections["c"] = json("[{n: 1}, {n: 5}]").elements();
  CHECK(piped("[{$lookup: {from: 'c', let: {v: '$v'}, as: 'x', pipeline: [{$bucket: {groupBy: '$n', boundaries: [0, "
              "'$$v', 9]}}]}}]",
              "[{_id: 1, v: 3}]", shelves) == "[{_id: 1, v: 3, x: [{_id: 0, count: 1}, {_id: 3, count: 1}]}]");
}

TEST_CASE("a variable that $lookup binds to nothing is missing", "[variables]") {
  CHECK(
      piped("[{$lookup: {let: {v: '$none'}, as: 'x', pipeline: [{$documents: [{a: 1}]}, {$set: {b: {$type: '$$v'}, c: "
            "'$$v'}}]}}]",
            "[{_id: 1}]") == "[{_id: 1, x: [{a: 1, b: 'missing'}]}]");
}

TEST_CASE("each draw for a document is another", "[variables]") {
  const auto differ = [](const bson::Value& document) {
    return !document["a"].identical(document["b"]) && document["a"].is(bson::Type::number_double);
  };
  const std::string draw = "{$rand: {}}";
  Shelves shelves;
  const auto run = [&](const std::string& stage) {
    const auto pipeline = query::Pipeline::parse(json("[" + stage + "]"), test_context());
    return pipeline.run(json("[{_id: 1}]").elements(), shelves).front();
  };
  CHECK(differ(run("{$project: {a: " + draw + ", b: " + draw + "}}")));
  CHECK(differ(run("{$group: {_id: null, a: {$first: " + draw + "}, b: {$first: " + draw + "}}}")));
  CHECK(differ(run("{$bucketAuto: {groupBy: '$_id', buckets: 1, output: {a: {$first: " + draw +
                   "}, b: {$first: " + draw + "}}}}")));
  const auto found = query::Projection::parse(json("{a: " + draw + ", b: " + draw + "}"), test_context());
  CHECK(differ(found.apply(json("{_id: 1}"))));
}

}  // namespace premortem::testing
