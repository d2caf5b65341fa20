#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("a dotted path creates documents, and pads arrays with null", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$set: {'a.b.0': 1}}") == "{_id: 1, a: {b: {0: 1}}}");
  CHECK(updated("{_id: 1, a: []}", "{$set: {'a.2': 1}}") == "{_id: 1, a: [null, null, 1]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$set: {'a.1.b': 2}}") == "{_id: 1, a: [1, {b: 2}]}");
  CHECK(updated("{_id: 1, a: [1, {b: 1}]}", "{$inc: {'a.1.b': 4}}") == "{_id: 1, a: [1, {b: 5}]}");
  CHECK(updated("{_id: 1, a: []}", "{$set: {'a.1500001': 1}}") == "34: can't backfill more than 1500000 elements");
  CHECK(updated("{_id: 1, a: [], b: []}", "{$set: {'a.1500000': 1, 'b.1500000': 1}}") ==
        "17419: Resulting document after update is larger than 16777216");
}

TEST_CASE("a path that leads through a number or by a name into an array is not viable", "[query][update]") {
  CHECK(updated("{_id: 1, a: 1}", "{$set: {'a.b': 1}}") == "28: Cannot create field 'b' in element {a: 1}");
  CHECK(updated("{_id: 1, a: [1]}", "{$set: {'a.b': 1}}") == "28: Cannot create field 'b' in element {a: [ 1 ]}");
  CHECK(updated("{_id: 1, a: null}", "{$push: {'a.b.c': 1}}") == "28: Cannot create field 'b' in element {a: null}");
}

TEST_CASE("two operators may not write one path, nor one below the other", "[query][update]") {
  CHECK(updated("{_id: 1}", "{$set: {a: 1}, $inc: {a: 1}}") ==
        "40: Updating the path 'a' would create a conflict at 'a'");
  CHECK(updated("{_id: 1}", "{$set: {a: 1, 'a.b': 1}}") ==
        "40: Updating the path 'a.b' would create a conflict at 'a'");
  CHECK(updated("{_id: 1}", "{$set: {'a.b.c': 1}, $unset: {'a.b': 1}}") ==
        "40: Updating the path 'a.b' would create a conflict at 'a.b'");
  CHECK(updated("{_id: 1, a: [1]}", "{$set: {'a.$[]': 1, 'a.0': 1}}") ==
        "40: Updating the path 'a.0' would create a conflict at 'a'");
}

TEST_CASE("`$` is the element by which the filter has matched", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2, 3]}", "{$set: {'a.$': 9}}", "{a: 2}") == "{_id: 1, a: [1, 9, 3]}");
  CHECK(updated("{_id: 1, a: [{n: 1}, {n: 2}]}", "{$inc: {'a.$.n': 5}}", "{'a.n': {$gt: 1}}") ==
        "{_id: 1, a: [{n: 1}, {n: 7}]}");
  CHECK(updated("{_id: 1, a: [{n: 1, m: 1}, {n: 1, m: 2}]}", "{$set: {'a.$.m': 0}}",
                "{a: {$elemMatch: {n: 1, m: 2}}}") == "{_id: 1, a: [{n: 1, m: 1}, {n: 1, m: 0}]}");
  CHECK(updated("{_id: 1, a: [1]}", "{$set: {'a.$': 9}}", "{_id: 1}") ==
        "2: The positional operator did not find the match needed from the query.");
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$set: {'a.$': 9, 'a.0': 8}}", "{a: 1}") ==
        "40: Update created a conflict at 'a.0'");
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$set: {'a.$': 9, 'a.0': 8}}", "{a: 2}") == "{_id: 1, a: [8, 9]}");
  CHECK(updated("{_id: 1}", "{$set: {'a.$.b.$': 1}}") ==
        "2: Too many positional (i.e. '$') elements found in path 'a.$.b.$'");
  CHECK(updated("{_id: 1}", "{$set: {'$.a': 1}}") ==
        "2: Cannot have positional (i.e. '$') element in the first position in path '$.a'");
}

TEST_CASE("`$[]` is every element, also of arrays in arrays", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 2]}", "{$inc: {'a.$[]': 10}}") == "{_id: 1, a: [11, 12]}");
  CHECK(updated("{_id: 1, a: [{b: [1]}, {b: [2, 3]}]}", "{$mul: {'a.$[].b.$[]': 2}}") ==
        "{_id: 1, a: [{b: [2]}, {b: [4, 6]}]}");
  CHECK(updated("{_id: 1, a: []}", "{$set: {'a.$[]': 1}}") == "{_id: 1, a: []}");
  CHECK(updated("{_id: 1}", "{$set: {'a.$[]': 1}}") ==
        "2: The path 'a' must exist in the document in order to apply array updates.");
  CHECK(updated("{_id: 1, a: 5}", "{$set: {'a.$[]': 1}}") == "2: Cannot apply array updates to non-array element a: 5");
}

TEST_CASE("`$[name]` is every element that the array filter of that name accepts", "[query][update]") {
  CHECK(updated("{_id: 1, a: [1, 5, 9]}", "{$set: {'a.$[big]': 0}}", "{}", "[{big: {$gte: 5}}]") ==
        "{_id: 1, a: [1, 0, 0]}");
  CHECK(updated("{_id: 1, a: [{n: 1, s: 'x'}, {n: 2, s: 'y'}]}", "{$set: {'a.$[e].s': 'z'}}", "{}",
                "[{'e.n': 2, 'e.s': 'y'}]") == "{_id: 1, a: [{n: 1, s: 'x'}, {n: 2, s: 'z'}]}");
  CHECK(updated("{_id: 1, a: [1, 5, 9]}", "{$set: {'a.$[x]': 0}, $inc: {'a.$[y]': 1}}", "{}",
                "[{x: {$lt: 5}}, {y: {$gt: 5}}]") == "{_id: 1, a: [0, 5, 10]}");
  CHECK(updated("{_id: 1, a: [1, 5, 9]}", "{$set: {'a.$[x]': 0}, $inc: {'a.$[y]': 1}}", "{}",
                "[{x: {$lt: 6}}, {y: {$gt: 3}}]") == "40: Update created a conflict at 'a.1'");
}

TEST_CASE("array filters and identifiers belong together", "[query][update]") {
  CHECK(updated("{_id: 1, a: []}", "{$set: {'a.$[x]': 0}}") ==
        "2: No array filter found for identifier 'x' in path 'a.$[x]'");
  CHECK(updated("{_id: 1, a: []}", "{$set: {a: 1}}", "{}", "[{x: 1}]") ==
        "9: The array filter for identifier 'x' was not used in the update { $set: { a: 1 } }");
  CHECK(updated("{_id: 1, a: []}", "{$set: {'a.$[x]': 1}}", "{}", "[{x: 1}, {'x.b': 2}]") ==
        "9: Found multiple array filters with the same top-level field name x");
  CHECK(updated("{_id: 1}", "{$set: {'$[x].a': 1}}", "{}", "[{x: 1}]") ==
        "2: Cannot have array filter identifier (i.e. '$[<id>]') element in the first position in path '$[x].a'");
  CHECK(updated("{_id: 1}", "{b: 1}", "{}", "[{x: 1}]") ==
        "9: arrayFilters may not be specified for replacement-style updates");
}

}  // namespace premortem::testing
