#include "tests/models/query/update_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("an inclusion keeps the named fields in the document's order, and _id unless it is taken out",
          "[query][projection]") {
  CHECK(projected("{_id: 1, a: 2, b: 3, c: 4}", "{c: 1, a: 1}") == "{_id: 1, a: 2, c: 4}");
  CHECK(projected("{_id: 1, a: 2, b: 3}", "{_id: 0, b: true}") == "{b: 3}");
  CHECK(projected("{_id: 1, a: 2}", "{_id: 1}") == "{_id: 1}");
  CHECK(projected("{_id: 1, a: 2}", "{gone: 1}") == "{_id: 1}");
  CHECK(projected("{_id: 1, a: 2}", "{}") == "{_id: 1, a: 2}");
}

TEST_CASE("an exclusion keeps all others", "[query][projection]") {
  CHECK(projected("{_id: 1, a: 2, b: 3}", "{a: 0}") == "{_id: 1, b: 3}");
  CHECK(projected("{_id: 1, a: 2, b: 3}", "{_id: 0}") == "{a: 2, b: 3}");
  CHECK(projected("{_id: 1, a: 2, b: 3}", "{_id: 1, a: false}") == "{_id: 1, b: 3}");
}

TEST_CASE("dotted and nested names are the same, and go through arrays of documents", "[query][projection]") {
  const std::string document = "{_id: 1, a: {b: 1, c: 2}, d: [{b: 1, c: 2}, 5, [{b: 3, c: 4}, 6], {c: 7}]}";
  CHECK(projected(document, "{'a.b': 1}") == "{_id: 1, a: {b: 1}}");
  CHECK(projected(document, "{a: {b: 1}}") == "{_id: 1, a: {b: 1}}");
  CHECK(projected(document, "{'a.b': 1, a: {c: 1}}") == "{_id: 1, a: {b: 1, c: 2}}");
  CHECK(projected(document, "{'d.b': 1}") == "{_id: 1, d: [{b: 1}, [{b: 3}], {}]}");
  CHECK(projected(document, "{a: 0, 'd.b': 0}") == "{_id: 1, d: [{c: 2}, 5, [{c: 4}, 6], {c: 7}]}");
  CHECK(projected("{_id: 1, a: 5}", "{'a.b': 1}") == "{_id: 1}");
  CHECK(projected("{_id: 1, a: 5}", "{'a.b': 0}") == "{_id: 1, a: 5}");
}

TEST_CASE("find's $slice takes from the front, from the end, or a window, and alone keeps all fields",
          "[query][projection]") {
  const std::string document = "{_id: 1, x: 0, a: [1, 2, 3, 4, 5]}";
  CHECK(projected(document, "{a: {$slice: 2}}") == "{_id: 1, x: 0, a: [1, 2]}");
  CHECK(projected(document, "{a: {$slice: -2}}") == "{_id: 1, x: 0, a: [4, 5]}");
  CHECK(projected(document, "{a: {$slice: [1, 2]}}") == "{_id: 1, x: 0, a: [2, 3]}");
  CHECK(projected(document, "{a: {$slice: [-2, 9]}}") == "{_id: 1, x: 0, a: [4, 5]}");
  CHECK(projected(document, "{a: {$slice: [9, 9]}}") == "{_id: 1, x: 0, a: []}");
  CHECK(projected(document, "{_id: 1, a: {$slice: 1}}") == "{_id: 1, a: [1]}");
  CHECK(projected(document, "{_id: 0, a: {$slice: 1}}") == "{x: 0, a: [1]}");
  CHECK(projected(document, "{x: 1, a: {$slice: 1}}") == "{_id: 1, x: 0, a: [1]}");
  CHECK(projected("{_id: 1, a: [{b: [1, 2]}, {b: 3}, 4]}", "{'a.b': {$slice: 1}}") ==
        "{_id: 1, a: [{b: [1]}, {b: 3}, 4]}");
}

TEST_CASE("$elemMatch gives the first element that matches, or no field", "[query][projection]") {
  const std::string document = "{_id: 1, x: 0, a: [{n: 1}, {n: 5, m: 1}, {n: 6}]}";
  CHECK(projected(document, "{a: {$elemMatch: {n: {$gt: 3}}}}") == "{_id: 1, a: [{n: 5, m: 1}]}");
  CHECK(projected(document, "{a: {$elemMatch: {n: 9}}}") == "{_id: 1}");
  CHECK(projected(document, "{a: {$elemMatch: {n: 6}}, x: 1}") == "{_id: 1, x: 0, a: [{n: 6}]}");
}

TEST_CASE("`a.$` gives the element by which the query has matched", "[query][projection]") {
  CHECK(projected("{_id: 1, a: [1, 5, 9], b: 2}", "{'a.$': 1}", "{a: {$gt: 3}}") == "{_id: 1, a: [5]}");
  CHECK(projected("{_id: 1, a: {b: [{c: 1}, {c: 2}]}}", "{'a.b.$': 1}", "{'a.b.c': 2}") ==
        "{_id: 1, a: {b: [{c: 2}]}}");
  CHECK(projected("{_id: 1, a: 3}", "{'a.$': 1}", "{a: 3}") == "{_id: 1, a: 3}");
  CHECK(projected("{_id: 1, a: [1, 2]}", "{'a.$': 1}", "{_id: 1}") ==
        "51246: positional operator '.$' couldn't find a matching element in the array");
}

TEST_CASE("expressions and literals are computed from the whole document and added in the projection's order",
          "[query][projection]") {
  CHECK(projected("{_id: 1, a: 2, b: 3}", "{z: '$b', c: {$add: ['$a', 1]}, a: 1}") == "{_id: 1, a: 2, z: 3, c: 3}");
  CHECK(projected("{_id: 1, a: 2}", "{s: 'text', l: {$literal: 1}}") == "{_id: 1, s: 'text', l: 1}");
  CHECK(projected("{_id: 1, a: 2}", "{'n.m': '$a', gone: '$nothing'}") == "{_id: 1, n: {m: 2}}");
  CHECK(projected("{_id: 1, a: [{b: 1}, 5]}", "{'a.c': {$literal: 7}}") == "{_id: 1, a: [{c: 7}, {c: 7}]}");
}

TEST_CASE("a stage of the aggregation has no find-only operators, and $addFields only adds", "[query][projection]") {
  using Rules = query::Projection::Rules;
  const auto staged = [](std::string_view document, std::string_view specification, Rules rules) {
    return result_or_error([&] {
      return text(query::Projection::parse_stage(json(specification), update_context(), rules).apply(json(document)));
    });
  };
  CHECK(staged("{_id: 1, a: 2, b: 3}", "{a: 1, c: '$b'}", Rules::project) == "{_id: 1, a: 2, c: 3}");
  CHECK(staged("{_id: 1}", "{}", Rules::project) == "51272: projection specification must have at least one field");
  CHECK(staged("{_id: 1}", "{'a.$': 1}", Rules::project) ==
        "31324: Cannot use positional projection in aggregation projection");
  CHECK(staged("{_id: 1}", "{a: {$elemMatch: {b: 1}}}", Rules::project) ==
        "168: Cannot use $elemMatch in this context");
  CHECK(staged("{_id: 1, a: {b: 1}, c: 2}", "{'a.d': '$c', c: 5, e: {}}", Rules::add_fields) ==
        "{_id: 1, a: {b: 1, d: 2}, c: 5, e: {}}");
}

}  // namespace premortem::testing
