#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("$push appends one value, or $each of many", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1]}", "{$push: {a: 2}}") == "{_id: 1, a: [1, 2]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$push: {a: [2, 3]}}") == "{_id: 1, a: [1, [2, 3]]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$push: {a: {$each: [2, 3]}}}") == "{_id: 1, a: [1, 2, 3]}");
  CHECK(updated("{_id: 1}", "{$push: {'a.b': {$each: []}}}") == "{_id: 1, a: {b: []}}");
  CHECK(updated("{_id: 1, a: 5}", "{$push: {a: 1}}") ==
        "2: The field 'a' must be an array but is of type int in document {_id: 1}");
}

TEST_CASE("$position counts from the front, or from the end if negative", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2, 3]}", "{$push: {a: {$each: [8, 9], $position: 1}}}") ==
        "{_id: 1, a: [1, 8, 9, 2, 3]}");
  CHECK(updated("{_id: 1, a: [1, 2, 3]}", "{$push: {a: {$each: [9], $position: -1}}}") == "{_id: 1, a: [1, 2, 9, 3]}");
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [9], $position: -7}}}") == "{_id: 1, a: [9, 1, 2]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$push: {a: {$each: [9], $position: 50}}}") == "{_id: 1, a: [1, 9]}");
}

TEST_CASE("$sort comes after the insertion and before $slice, whatever the order in the update", "[query][update]") {
  CHECK(updated("{_id: 1, a: [3, 1]}", "{$push: {a: {$slice: 2, $sort: 1, $each: [2]}}}") == "{_id: 1, a: [1, 2]}");
  CHECK(updated("{_id: 1, a: [3, 1]}", "{$push: {a: {$each: [2], $sort: -1, $slice: -2}}}") == "{_id: 1, a: [2, 1]}");
  CHECK(updated("{_id: 1, a: [{n: 2, m: 1}, {n: 1}]}", "{$push: {a: {$each: [{n: 2, m: 0}], $sort: {n: -1, m: 1}}}}") ==
        "{_id: 1, a: [{n: 2, m: 0}, {n: 2, m: 1}, {n: 1}]}");
  CHECK(updated("{_id: 1, a: [{n: 1}, 7]}", "{$push: {a: {$each: [], $sort: {n: 1}}}}") == "{_id: 1, a: [7, {n: 1}]}");
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$push: {a: {$each: [], $slice: 0}}}") == "{_id: 1, a: []}");
}

TEST_CASE("clauses of $push that make no sense are refused", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: 5}}}") ==
        "2: The argument to $each in $push must be an array but it was of type: int");
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: [], $limit: 1}}}") == "2: Unrecognized clause in $push: $limit");
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: [], $slice: 1.5}}}") ==
        "2: The value for $slice must be an integer value but was given type: double");
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: [], $position: 'x'}}}") ==
        "2: The value for $position must be an integer value, not of type: string");
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: [], $sort: 2}}}") ==
        "2: The $sort element value must be either 1 or -1");
  CHECK(updated("{_id: 1}", "{$push: {a: {$each: [], $sort: {}}}}") ==
        "2: The $sort pattern is empty when it should be a set of fields.");
}

TEST_CASE("$addToSet adds what no element is equal to, whatever its type of number", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$addToSet: {a: {$each: [2.0, 3, 3]}}}") == "{_id: 1, a: [1, 2, 3]}");
  CHECK(updated("{_id: 1, a: [{x: 1, y: 2}]}", "{$addToSet: {a: {y: 2, x: 1}}}") ==
        "{_id: 1, a: [{x: 1, y: 2}, {y: 2, x: 1}]}");
  CHECK(updated("{_id: 1}", "{$addToSet: {a: [1]}}") == "{_id: 1, a: [[1]]}");
  CHECK(updated("{_id: 1, a: 's'}", "{$addToSet: {a: 1}}") ==
        "2: Cannot apply $addToSet to non-array field. Field named 'a' has non-array type string");
  CHECK(updated("{_id: 1}", "{$addToSet: {a: {$each: 5}}}") ==
        "14: The argument to $each in $addToSet must be an array but it was of type int");
}

TEST_CASE("$pop removes the first or the last element", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2, 3]}", "{$pop: {a: 1}}") == "{_id: 1, a: [1, 2]}");
  CHECK(updated("{_id: 1, a: [1, 2, 3]}", "{$pop: {a: -1}}") == "{_id: 1, a: [2, 3]}");
  CHECK(updated("{_id: 1, a: []}", "{$pop: {a: 1, b: 1}}") == "{_id: 1, a: []}");
  CHECK(updated("{_id: 1, a: 5}", "{$pop: {a: 1}}") == "14: Path 'a' contains an element of non-array type 'int'");
  CHECK(updated("{_id: 1, a: 5}", "{$pop: {a: 2}}") == "9: $pop expects 1 or -1, found: 2");
  CHECK(updated("{_id: 1, a: 5}", "{$pop: {a: 'x'}}") == "9: Expected a number in: a: \"x\"");
  CHECK(updated("{_id: 1, a: 5}", "{$pop: {'a.b': 1}}") ==
        "28: Cannot use the part (b) of (a.b) to traverse the element ({a: 5})");
}

TEST_CASE("$pull removes equal values, values that operators accept, and documents by their fields",
          "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2, 1.0, 3]}", "{$pull: {a: 1}}") == "{_id: 1, a: [2, 3]}");
  CHECK(updated("{_id: 1, a: [1, 5, 'x', 7]}", "{$pull: {a: {$gt: 4}}}") == "{_id: 1, a: [1, 'x']}");
  CHECK(updated("{_id: 1, a: [{n: 1, m: 2}, {n: 2}, 1]}", "{$pull: {a: {n: 1}}}") == "{_id: 1, a: [{n: 2}, 1]}");
  CHECK(updated("{_id: 1, a: [[1], [1, 2], 1]}", "{$pull: {a: [1]}}") == "{_id: 1, a: [[1, 2], 1]}");
  CHECK(updated("{_id: 1, a: ['ab', 'cd']}", "{$pull: {a: {$in: ['cd', 'x']}}}") == "{_id: 1, a: ['ab']}");
  CHECK(updated("{_id: 1}", "{$pull: {a: 1}}") == "{_id: 1}");
  CHECK(updated("{_id: 1, a: 1}", "{$pull: {a: 1}}") == "2: Cannot apply $pull to a non-array value");
}

TEST_CASE("$pullAll removes everything in its list", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2, {b: 1}, 3]}", "{$pullAll: {a: [3.0, {b: 1}]}}") == "{_id: 1, a: [1, 2]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$pullAll: {a: 1}}") ==
        "2: $pullAll requires an array argument but was given a int");
}

}  // namespace premortem::testing
