// Sorts: the order of types, arrays by their least or greatest element, several keys, and what is refused.
#include <algorithm>

#include "sim/models/query/projection.hpp"
#include "tests/models/query/filter_support.hpp"

using namespace premortem;
using premortem::testing::json;

namespace {

std::string sorted_ids(std::string_view sort, const std::vector<std::string>& documents) {
  const query::Sort parsed = query::Sort::parse(json(sort));
  std::vector<std::pair<std::string, std::string>> keyed;
  for (const std::string& each : documents) {
    const bson::Value document = json(each);
    keyed.emplace_back(parsed.key(document), testing::text(document["_id"]));
  }
  std::stable_sort(keyed.begin(), keyed.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  std::string ids;
  for (const auto& each : keyed) ids += (ids.empty() ? "" : " ") + each.second;
  return ids;
}

std::string sort_error(std::string_view sort) {
  const bson::Value parsed = json(sort);
  return testing::error_of([&] { query::Sort::parse(parsed); });
}

}  // namespace

TEST_CASE("values sort by type, then by value, missing ones as null", "[sort]") {
  CHECK(sorted_ids("{a: 1}", {"{_id: 1, a: {$maxKey: 1}}", "{_id: 2, a: {$date: 1}}", "{_id: 3, a: true}",
                              "{_id: 4, a: {$oid: '000000000000000000000000'}}", "{_id: 5, a: {x: 1}}",
                              "{_id: 6, a: 'x'}", "{_id: 7, a: 3}", "{_id: 8}", "{_id: 9, a: null}",
                              "{_id: 10, a: {$minKey: 1}}", "{_id: 11, a: 2.5}", "{_id: 12, a: {$numberDouble: 'NaN'}}",
                              "{_id: 13, a: []}"}) == "10 13 8 9 12 11 7 6 5 4 3 2 1");
}

TEST_CASE("arrays sort by their least element going up and by their greatest going down", "[sort]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 1}",
                                              "{_id: 2, a: {$undefined: true}}",
                                              "{_id: 3, a: null}",
                                              "{_id: 4, a: {}}",
                                              "{_id: 5, a: []}",
                                              "{_id: 6, a: [1]}",
                                              "{_id: 7, a: [[1]]}",
                                              "{_id: 8}",
                                              "{_id: 9, a: [{$undefined: true}]}"};
  CHECK(sorted_ids("{a: 1, _id: 1}", documents) == "2 5 9 3 8 1 6 4 7");
  CHECK(sorted_ids("{a: -1, _id: 1}", documents) == "7 4 1 6 3 8 2 5 9");
  CHECK(sorted_ids("{a: 1}", {"{_id: 1, a: [5, 2]}", "{_id: 2, a: 3}", "{_id: 3, a: [9, 1]}"}) == "3 1 2");
  CHECK(sorted_ids("{a: -1}", {"{_id: 1, a: [5, 2]}", "{_id: 2, a: 3}", "{_id: 3, a: [9, 1]}"}) == "3 1 2");
}

TEST_CASE("keys in documents of one array belong together by element", "[sort]") {
  const std::vector<std::string> documents = {"{_id: 1, a: [{b: 1, c: 9}, {b: 2, c: 0}]}", "{_id: 2, a: {b: 1, c: 5}}",
                                              "{_id: 3, a: [{b: 1, c: 10}]}", "{_id: 4, a: [1]}", "{_id: 5, a: []}"};
  CHECK(sorted_ids("{'a.b': 1, 'a.c': 1}", documents) == "4 5 2 1 3");
  CHECK(sorted_ids("{'a.c': 1}", documents) == "4 5 1 2 3");
  CHECK(sorted_ids("{'a.1.b': -1}", {"{_id: 1, a: [{b: 9}, {b: 1}]}", "{_id: 2, a: [{b: 0}, {b: 2}]}"}) == "2 1");
}

TEST_CASE("a sort over the server's example of arrays on either side", "[sort]") {
  const std::vector<std::string> documents = {
      "{_id: 1, a: 1, b: [2]}",    "{_id: 2, a: 2, b: []}",     "{_id: 3, a: [], b: 4}",
      "{_id: 4, a: [1], b: 4}",    "{_id: 5, a: [2, 3], b: 2}", "{_id: 6, a: 2, b: [3, 5]}",
      "{_id: 7, a: 1, b: [1, 3]}", "{_id: 8, a: [1, 2], b: 3}", "{_id: 9, a: 2, b: 3}"};
  CHECK(sorted_ids("{a: 1, b: 1, _id: 1}", documents) == "3 7 1 8 4 2 5 6 9");
  CHECK(sorted_ids("{a: 1, b: -1, _id: 1}", documents) == "3 4 7 8 1 6 9 5 2");
  CHECK(sorted_ids("{a: -1, b: 1, _id: 1}", documents) == "5 2 6 8 9 7 1 4 3");
}

TEST_CASE("two arrays in one document cannot both be keys", "[sort]") {
  const query::Sort sort = query::Sort::parse(json("{a: 1, b: 1}"));
  const bson::Value parallel = json("{a: [1, 2], b: [3, 4]}");
  CHECK(testing::error_of([&] { sort.key(parallel); }) == "2 BadValue: cannot sort with keys that are parallel arrays");
  const query::Sort nested = query::Sort::parse(json("{'a.b': 1, 'a.c': 1}"));
  const bson::Value within = json("{a: [{b: [1], c: [2]}]}");
  CHECK(testing::error_of([&] { nested.key(within); }) == "2 BadValue: cannot sort with keys that are parallel arrays");
}

TEST_CASE("sorts that the server does not take are refused with its codes", "[sort]") {
  CHECK(sort_error("{a: 'x'}") == "15974 Location15974: Illegal key in $sort specification: a: \"x\"");
  CHECK(sort_error("{a: 2}") ==
        "15975 Location15975: $sort key ordering must be 1 (for ascending) or -1 (for descending)");
  CHECK(sort_error("{a: 0}") ==
        "15975 Location15975: $sort key ordering must be 1 (for ascending) or -1 (for descending)");
  CHECK(sort_error("{a: {b: 1}}") == "17312 Location17312: $meta is the only expression supported by $sort right now");
  CHECK(sort_error("{a: {$meta: 'textScore'}}") ==
        "40218 Location40218: query requires text score metadata, but it is not available");
  CHECK(sort_error("{'': 1}") == "40352 Location40352: FieldPath cannot be constructed with empty string");
  CHECK(sort_error("{'a.': 1}") == "40353 Location40353: FieldPath must not end with a '.'.");
  CHECK(sort_error("{'a..b': 1}") == "15998 Location15998: FieldPath field names may not be empty strings.");
  CHECK(sort_error("{a: 1, b: 1.0, c: {$numberLong: '-1'}}") == "taken");
  CHECK(sort_error("{}") == "taken");
}
