// What an update may not do, replacements, pipelines.
#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("an update is of operators or a replacement; names decide by the first", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$foo: {a: 1}}") ==
        "9: Unknown modifier: $foo. Expected a valid update modifier or pipeline-style update specified as an array");
  CHECK(updated("{_id: 1}", "{$set: {a: 1}, b: 1}") ==
        "9: Unknown modifier: b. Expected a valid update modifier or pipeline-style update specified as an array");
  CHECK(updated("{_id: 1}", "{$set: 5}") ==
        "9: Modifiers operate on fields but we found type int instead. For example: {$mod: {<field>: ...}} not {$set: "
        "5}");
  CHECK(updated("{_id: 1}", "{b: 1, $set: {a: 1}}") ==
        "52: The dollar ($) prefixed field '$set' in '$set' is not allowed in the context of an update's replacement "
        "document. Consider using an aggregation pipeline with $replaceWith.");
}

TEST_CASE("paths have no empty parts", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$set: {'': 1}}") == "56: An empty update path is not valid.");
  CHECK(updated("{_id: 1}", "{$set: {'a..b': 1}}") ==
        "56: The update path 'a..b' contains an empty field name, which is not allowed.");
}

TEST_CASE("_id never changes", "[query][update]") {
  const std::string refused = "66: Performing an update on the path '_id' would modify the immutable field '_id'";
  CHECK(updated("{_id: 1}", "{$set: {_id: 2}}") == refused);
  CHECK(updated("{_id: 1}", "{$set: {_id: 1.0}}") == refused);
  CHECK(updated("{_id: 1}", "{$inc: {_id: 1}}") == refused);
  CHECK(updated("{_id: 1}", "{$unset: {_id: ''}}") == refused);
  CHECK(updated("{_id: 1}", "{$rename: {_id: 'a'}}") == refused);
  CHECK(updated("{_id: 1, a: 1}", "{$rename: {a: '_id'}}") == refused);
  CHECK(updated("{_id: 1}", "{$set: {_id: 1}, $inc: {n: 1}}") == "{_id: 1, n: 1}");
  CHECK(updated("{_id: {a: 1}}", "{$set: {'_id.a': 2}}") ==
        "66: Performing an update on the path '_id.a' would modify the immutable field '_id'");
  CHECK(updated("{_id: {a: 1}}", "{$set: {'_id.b': 2}}") ==
        "66: Updating the path '_id' to _id: { a: 1, b: 2 } would modify the immutable field '_id'");
}

TEST_CASE("names with a dollar are stored below the outermost level only, as servers since 5.0 have it",
          "[query][update]") {
  CHECK(updated("{_id: 1}", "{$set: {'a.$b': 1}}") == "{_id: 1, a: {$b: 1}}");
  CHECK(updated("{_id: 1}", "{$set: {a: {$b: 1}}}") == "{_id: 1, a: {$b: 1}}");
  CHECK(updated("{_id: 1}", "{$set: {$a: 1}}") ==
        "52: The dollar ($) prefixed field '$a' in '$a' is not allowed in the context of an update's replacement "
        "document. Consider using an aggregation pipeline with $replaceWith.");
  CHECK(updated("{_id: 1}", "{$set: {'$a.b': 1}}") ==
        "52: The dollar ($) prefixed field '$a' in '$a' is not allowed in the context of an update's replacement "
        "document. Consider using an aggregation pipeline with $replaceWith.");
  CHECK(updated("{_id: 1}", "{$set: {$id: 1}}") == "55: Found $id field without a $ref before it, which is invalid.");
}

TEST_CASE("a replacement keeps _id, and keeps it first", "[query][update]") {
  CHECK(updated("{_id: 1, a: 1}", "{b: 2}") == "{_id: 1, b: 2}");
  CHECK(updated("{_id: 1, a: 1}", "{}") == "{_id: 1}");
  CHECK(updated("{_id: 1, a: 1}", "{b: 2, _id: 1}") == "{_id: 1, b: 2}");
  CHECK(updated("{_id: 1, a: 1}", "{_id: 2, b: 2}") ==
        "66: After applying the update, the (immutable) field '_id' was found to have been altered to _id: 2");
  CHECK(updated("{_id: 1}", "{t: {$timestamp: {t: 0, i: 0}}, u: {v: {$timestamp: {t: 0, i: 0}}}}") ==
        "{_id: 1, t: {$timestamp: {t: 1767323045, i: 3}}, u: {v: {$timestamp: {t: 0, i: 0}}}}");
  CHECK(result_or_error([] {
          query::Update::parse(json("{a: 1}"), {}, true, update_context());
          return std::string("taken");
        }) == "9: multi update is not supported for replacement-style update");
}

TEST_CASE("what an update makes is no deeper than a stored document may be", "[query][update]") {
  std::string path = "a";
  for (int depth = 2; depth < 100; ++depth) path += ".a";
  CHECK(updated("{_id: 1}", "{$set: {'" + path + "': 1}}").substr(0, 9) == "{_id: 1, ");
  CHECK(updated("{_id: 1}", "{$set: {'" + path + ".b.c': 1}}") == "15: Document exceeds maximum nesting depth of 100");
}

TEST_CASE("a pipeline computes the new document from the old one", "[query][update]") {
  CHECK(updated("{_id: 1, a: 2, b: 3}", "[{$set: {c: {$add: ['$a', '$b']}}}, {$unset: 'a'}]") ==
        "{_id: 1, b: 3, c: 5}");
  CHECK(updated("{_id: 1, a: 2}", "[{$replaceWith: {x: '$a'}}]") == "{_id: 1, x: 2}");
  CHECK(updated("{_id: 1, a: 2}", "[{$set: {_id: 5}}]") ==
        "66: After applying the update, the (immutable) field '_id' was found to have been altered to _id: 5");
  CHECK(updated("{_id: 1, a: 2}", "[{$set: {a: 2}}]") == "{_id: 1, a: 2}");
  CHECK(updated("{_id: 1}", "[{$set: {a: 1}}]", "{}", "[{x: 1}]") ==
        "9: arrayFilters may not be specified for pipeline-style updates");
}

}  // namespace premortem::testing
