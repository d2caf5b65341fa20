// What an upsert inserts.
#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("an upsert takes the filter's equalities, then the update with $setOnInsert", "[query][update]") {
  CHECK(upserted("{_id: 7, state: 'new', n: {$gt: 5}}", "{$inc: {tries: 1}, $setOnInsert: {at: 3}}") ==
        "{_id: 7, state: 'new', at: 3, tries: 1}");
  CHECK(upserted("{a: 1, _id: 7}", "{$set: {b: 2}}") == "{_id: 7, a: 1, b: 2}");
  CHECK(upserted("{a: 1}", "{$set: {b: 2}}") == "{a: 1, b: 2}");  // Whoever inserts makes the _id.
  CHECK(upserted("{a: 1}", "{$set: {_id: 5}}") == "{_id: 5, a: 1}");
  CHECK(updated("{_id: 1}", "{$setOnInsert: {a: 1}}") == "{_id: 1}");
}

TEST_CASE("equalities may be dotted, in $and, $eq, and in $in or $or of one", "[query][update]") {
  CHECK(upserted("{'a.b': 1, 'a.c': {$eq: 2}}", "{$set: {d: 3}}") == "{a: {b: 1, c: 2}, d: 3}");
  CHECK(upserted("{$and: [{a: 1}, {b: {$in: [2]}}]}", "{$set: {d: 3}}") == "{a: 1, b: 2, d: 3}");
  CHECK(upserted("{a: {$in: [1, 2]}, b: {$ne: 1}, $or: [{c: 1}, {c: 2}]}", "{$set: {d: 3}}") == "{d: 3}");
  CHECK(upserted("{a: 1}", "{$inc: {a: 2}}") == "{a: 3}");
  CHECK(upserted("{a: [1, 2]}", "{$push: {a: 3}}") == "{a: [1, 2, 3]}");
}

TEST_CASE("equalities that exclude each other can not be inferred", "[query][update]") {
  CHECK(upserted("{a: 1, $and: [{a: 2}]}", "{$set: {b: 1}}") ==
        "54: cannot infer query fields to set, path 'a' is matched twice");
  CHECK(upserted("{'a.b': 1, a: {b: 1}}", "{$set: {c: 1}}") ==
        "54: cannot infer query fields to set, both paths 'a.b' and 'a' are matched");
}

TEST_CASE("a replacement takes nothing but _id from the filter", "[query][update]") {
  CHECK(upserted("{_id: 7, a: 1}", "{b: 2}") == "{_id: 7, b: 2}");
  CHECK(upserted("{a: 1}", "{b: 2, _id: 8}") == "{_id: 8, b: 2}");
  CHECK(upserted("{_id: 7}", "{_id: 8}") ==
        "66: After applying the update, the (immutable) field '_id' was found to have been altered to _id: 8");
  CHECK(upserted("{'_id.x': 7}", "{a: 8}") ==
        "111: field at '_id' must be exactly specified, field at sub-path '_id.x'found");
}

TEST_CASE("what an upsert can not make is an error", "[query][update]") {
  CHECK(upserted("{_id: 7}", "{$set: {_id: 8}}") ==
        "66: Performing an update on the path '_id' would modify the immutable field '_id'");
  CHECK(upserted("{a: 7}", "{$set: {'a.b': 8}}") == "28: Cannot create field 'b' in element {a: 7}");
  CHECK(upserted("{a: 7}", "{$set: {'b.$': 8}}") ==
        "2: The positional operator did not find the match needed from the query.");
  CHECK(upserted("{a: 7}", "{_id: [1]}") == "53: The '_id' value cannot be of type array");
  CHECK(upserted("{a: 7}", "{$set: {_id: {$x: 1}}}") ==
        "52: _id fields may not contain '$'-prefixed fields: $x is not valid for storage.");
}

}  // namespace premortem::testing
