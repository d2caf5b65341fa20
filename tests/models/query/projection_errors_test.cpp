#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("inclusion and exclusion do not mix, _id apart", "[query][projection]") {
  CHECK(projected("{_id: 1}", "{a: 0, b: 1}") == "31253: Cannot do inclusion on field b in exclusion projection");
  CHECK(projected("{_id: 1}", "{a: 1, b: 0}") == "31254: Cannot do exclusion on field b in inclusion projection");
  CHECK(projected("{_id: 1}", "{a: 1, '_id.x': 0}") ==
        "31254: Cannot do exclusion on field _id.x in inclusion projection");
  CHECK(projected("{_id: 1}", "{a: 0, b: {$add: [1, 2]}}") ==
        "31252: Cannot use expression other than $meta in exclusion projection");
  CHECK(projected("{_id: 1}", "{a: 0, b: 'x'}") ==
        "31310: Cannot use an expression b: \"x\" in an exclusion projection");
}

TEST_CASE("one path may not be named twice, nor one below the other", "[query][projection]") {
  CHECK(projected("{_id: 1}", "{a: 1, 'a.b': 1}") == "31249: Path collision at a.b remaining portion b");
  CHECK(projected("{_id: 1}", "{'a.b': 1, a: 1}") == "31250: Path collision at a");
  CHECK(projected("{_id: 1}", "{'a.b': 1, a: {b: 1}}") == "31250: Path collision at b");
  CHECK(projected("{_id: 1}", "{a: {}}") == "51270: Invalid empty sub-projection: a");
}

TEST_CASE("paths follow the rules of field paths", "[query][projection]") {
  CHECK(projected("{_id: 1}", "{'': 1}") == "40352: FieldPath cannot be constructed with empty string");
  CHECK(projected("{_id: 1}", "{'a.': 1}") == "40353: FieldPath must not end with a '.'.");
  CHECK(projected("{_id: 1}", "{'a..b': 1}") == "15998: FieldPath field names may not be empty strings.");
  CHECK(projected("{_id: 1}", "{$a: 1}") ==
        "16410: FieldPath field names may not start with '$'. Consider using $getField or $setField.");
  std::string path = "a";
  for (int part = 1; part < 201; ++part) path += ".a";
  CHECK(projected("{_id: 1}", "{'" + path + "': 1}") == "5984700: FieldPath is too long");
}

TEST_CASE("`a.$` stands at the end, once, with an inclusion", "[query][projection]") {
  const std::string document = "{_id: 1, a: [1]}";
  CHECK(projected(document, "{'a.$.b': 1}", "{a: 1}") ==
        "31394: As of 4.4, it's illegal to specify positional operator in the middle of a path.Positional projection "
        "may only be used at the end, for example: a.b.$. If the query previously used a form like a.b.$.d, remove "
        "the parts following the '$' and the results will be equivalent.");
  CHECK(projected(document, "{'a.$': 0}", "{a: 1}") == "31395: positional projection cannot be used with exclusion");
  CHECK(projected(document, "{'a.$': 'x'}", "{a: 1}") == "31308: positional projection cannot be used with a literal");
  CHECK(projected(document, "{'a.$': {$slice: 1}}", "{a: 1}") ==
        "31271: positional projection cannot be used with an expression or sub object");
  CHECK(projected(document, "{'a.$': 1, 'b.$': 1}", "{a: 1}") ==
        "31276: Cannot specify more than one positional projection per query.");
  CHECK(projected(document, "{b: {$elemMatch: {c: 1}}, 'a.$': 1}", "{a: 1}") ==
        "31256: Cannot specify positional operator and $elemMatch.");
  CHECK(projected(document, "{'a.$': 1, b: {$elemMatch: {c: 1}}}", "{a: 1}") ==
        "31255: Cannot specify positional operator and $elemMatch.");
}

TEST_CASE("operands of $slice, $elemMatch and unknown operators", "[query][projection]") {
  CHECK(projected("{_id: 1}", "{a: {$elemMatch: 5}}") ==
        "31274: elemMatch: Invalid argument, object required, but got int");
  CHECK(projected("{_id: 1}", "{'a.b': {$elemMatch: {c: 1}}}") ==
        "31275: Cannot use $elemMatch projection on a nested field.");
  CHECK(projected("{_id: 1}", "{a: {$foo: 1}}") == "31325: Unknown expression $foo");
  CHECK(projected("{_id: 1}", "{a: {$meta: 'textScore'}}") ==
        "40218: query requires text score metadata, but it is not available");
}

}  // namespace premortem::testing
