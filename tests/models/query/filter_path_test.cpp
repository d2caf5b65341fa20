// What a dotted path means: documents in arrays, numbers as places and as names, and where `$` of an update points.
#include "tests/models/query/filter_support.hpp"

using premortem::testing::filter_ids;
using premortem::testing::filter_matches;
using premortem::testing::filter_position;

TEST_CASE("a path goes into every document of an array, but not into arrays of arrays", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: {b: 1}}",     "{_id: 2, a: [{b: 0}, {b: 1}]}",
                                              "{_id: 3, a: [[{b: 1}]]}", "{_id: 4, a: [{b: [0, 1]}]}",
                                              "{_id: 5, a: 1}",          "{_id: 6, a: {b: [[1]]}}"};
  CHECK(filter_ids("{'a.b': 1}", documents) == "1 2 4");
  CHECK(filter_ids("{'a.b': [1]}", documents) == "6");
  CHECK(filter_ids("{'a.b': {$ne: 1}}", documents) == "3 5 6");
}

TEST_CASE("a number in a path is a place in an array or a name in a document", "[filter]") {
  CHECK(filter_matches("{'a.1': 7}", "{a: [6, 7]}"));
  CHECK_FALSE(filter_matches("{'a.0': 7}", "{a: [6, 7]}"));
  CHECK(filter_matches("{'a.0': 7}", "{a: {'0': 7}}"));
  CHECK(filter_matches("{'a.0': 7}", "{a: [{'0': 7}]}"));
  CHECK(filter_matches("{'a.1': 7}", "{a: [{'1': 7}]}"));
  CHECK(filter_matches("{'a.1.b': 7}", "{a: [{b: 6}, {b: 7}]}"));
  CHECK_FALSE(filter_matches("{'a.0.b': 7}", "{a: [{b: 6}, {b: 7}]}"));
  CHECK(filter_matches("{'a.0.1': 7}", "{a: [[6, 7]]}"));
  CHECK(filter_matches("{'a.0.b': 7}", "{a: [[{b: 7}]]}"));
  CHECK_FALSE(filter_matches("{'a.01': 7}", "{a: [6, 7]}"));
  CHECK(filter_matches("{'a.0': [1, 2]}", "{a: [[1, 2]]}"));
  CHECK_FALSE(filter_matches("{'a.0': 1}", "{a: [[1, 2]]}"));
}

TEST_CASE("nothing at the end of a path is missing; but arrays without documents have no end", "[filter]") {
  const std::vector<std::string> documents = {
      "{_id: 1}",          "{_id: 2, a: 1}",           "{_id: 3, a: {}}",
      "{_id: 4, a: []}",   "{_id: 5, a: [1, 2]}",      "{_id: 6, a: [{}]}",
      "{_id: 7, a: null}", "{_id: 8, a: [{b: null}]}", "{_id: 9, a: [{b: 1}, {}]}"};
  CHECK(filter_ids("{'a.b': null}", documents) == "1 2 3 6 7 8 9");
  CHECK(filter_ids("{'a.b': {$exists: false}}", documents) == "1 2 3 4 5 6 7");
  CHECK(filter_ids("{'a.b': {$exists: true}}", documents) == "8 9");
}

TEST_CASE("$exists asks for the field, whatever it holds", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1}", "{_id: 2, a: null}", "{_id: 3, a: []}",
                                              "{_id: 4, a: {$undefined: true}}"};
  CHECK(filter_ids("{a: {$exists: true}}", documents) == "2 3 4");
  CHECK(filter_ids("{a: {$exists: 0}}", documents) == "1");
  CHECK(filter_ids("{a: {$exists: null}}", documents) == "1");
  CHECK(filter_ids("{a: {$exists: 'no'}}", documents) == "2 3 4");
}

TEST_CASE("the position is that of the outermost array that was entered without a number", "[filter]") {
  CHECK(filter_position("{a: 7}", "{a: [6, 7, 7]}") == 1);
  CHECK(filter_position("{a: [6, 7]}", "{a: [6, 7]}") == -1);
  CHECK(filter_position("{a: {$gt: 5}, _id: 1}", "{_id: 1, a: [1, 5, 6]}") == 2);
  CHECK(filter_position("{'a.b': 2}", "{a: [{b: [0]}, {b: [1, 2]}]}") == 1);
  CHECK(filter_position("{'a.0.b': 2}", "{a: [{b: [1, 2]}]}") == 1);
  CHECK(filter_position("{'a.b': 2}", "{a: {b: [1, 2]}}") == 1);
  CHECK(filter_position("{a: {$elemMatch: {$gt: 1, $lt: 5}}}", "{a: [0, 9, 3]}") == 2);
  CHECK(filter_position("{a: {$elemMatch: {x: 1, y: 2}}}", "{a: [{x: 1}, {y: 2}, {x: 1, y: 2}]}") == 2);
  CHECK(filter_position("{a: 7, b: 1}", "{a: [6, 7], b: [0, 0, 1]}") == 2);
  CHECK(filter_position("{a: {$ne: 5}}", "{a: [6, 7]}") == -1);
  CHECK(filter_position("{$or: [{a: 6}, {a: 7}]}", "{a: [6, 7]}") == -1);
  CHECK(filter_position("{a: 8}", "{a: [6, 7]}") == -2);
}
