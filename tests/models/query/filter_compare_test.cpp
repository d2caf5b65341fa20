// What comparisons match: across types, through arrays, with null and missing fields, with NaN.
#include "tests/models/query/filter_support.hpp"

using premortem::testing::filter_ids;
using premortem::testing::filter_matches;

TEST_CASE("an equality finds the value itself, in an array, and under every number type", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 5}",
                                              "{_id: 2, a: 5.0}",
                                              "{_id: 3, a: {$numberLong: '5'}}",
                                              "{_id: 4, a: {$numberDecimal: '5.00'}}",
                                              "{_id: 5, a: [4, 5]}",
                                              "{_id: 6, a: '5'}",
                                              "{_id: 7, a: [[5]]}",
                                              "{_id: 8}",
                                              "{_id: 9, a: {b: 5}}"};
  CHECK(filter_ids("{a: 5}", documents) == "1 2 3 4 5");
  CHECK(filter_ids("{a: {$eq: 5}}", documents) == "1 2 3 4 5");
  CHECK(filter_ids("{a: {$ne: 5}}", documents) == "6 7 8 9");
  CHECK(filter_ids("{a: [5]}", documents) == "7");
  CHECK(filter_ids("{a: {b: 5}}", documents) == "9");
}

TEST_CASE("documents are equal only with the same fields in the same order", "[filter]") {
  CHECK(filter_matches("{a: {x: 1, y: 2}}", "{a: {x: 1, y: 2}}"));
  CHECK(filter_matches("{a: {x: 1, y: 2}}", "{a: {x: 1.0, y: {$numberLong: '2'}}}"));
  CHECK_FALSE(filter_matches("{a: {x: 1, y: 2}}", "{a: {y: 2, x: 1}}"));
  CHECK_FALSE(filter_matches("{a: {x: 1}}", "{a: {x: 1, y: 2}}"));
  CHECK(filter_matches("{a: {x: 1}}", "{a: [{x: 2}, {x: 1}]}"));
}

TEST_CASE("an equality with an array means the whole array or one element that is it", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: [1, 2]}", "{_id: 2, a: [[1, 2], 3]}",
                                              "{_id: 3, a: [2, 1]}", "{_id: 4, a: [1, 2, 3]}",
                                              "{_id: 5, a: []}",     "{_id: 6, a: [[]]}"};
  CHECK(filter_ids("{a: [1, 2]}", documents) == "1 2");
  CHECK(filter_ids("{a: []}", documents) == "5 6");
  CHECK(filter_ids("{a: {$in: [[1, 2], []]}}", documents) == "1 2 5 6");
  CHECK(filter_ids("{a: {$ne: [1, 2]}}", documents) == "3 4 5 6");
}

TEST_CASE("null equals missing and undefined; less and greater than null is nothing", "[filter]") {
  const std::vector<std::string> documents = {
      "{_id: 1, a: null}",   "{_id: 2}",       "{_id: 3, a: {$undefined: true}}", "{_id: 4, a: 0}",
      "{_id: 5, a: [null]}", "{_id: 6, a: []}"};
  CHECK(filter_ids("{a: null}", documents) == "1 2 3 5");
  CHECK(filter_ids("{a: {$ne: null}}", documents) == "4 6");
  CHECK(filter_ids("{a: {$gt: null}}", documents) == "");
  CHECK(filter_ids("{a: {$lt: null}}", documents) == "");
  CHECK(filter_ids("{a: {$gte: null}}", documents) == "1 2 3 5");
  CHECK(filter_ids("{a: {$lte: null}}", documents) == "1 2 3 5");
  CHECK(filter_ids("{a: {$in: [null, 7]}}", documents) == "1 2 3 5");
  CHECK(filter_ids("{a: {$nin: [null]}}", documents) == "4 6");
  CHECK(filter_ids("{a: {$not: {$gt: null}}}", documents) == "1 2 3 4 5 6");
}

TEST_CASE("less and greater compare within a class of types; the ends of the order compare with all", "[filter]") {
  const std::vector<std::string> documents = {
      "{_id: 1, a: 3}",      "{_id: 2, a: '3'}",          "{_id: 3, a: true}",         "{_id: 4, a: {$date: 3}}",
      "{_id: 5, a: [1, 9]}", "{_id: 6, a: {$minKey: 1}}", "{_id: 7, a: {$maxKey: 1}}", "{_id: 8}"};
  CHECK(filter_ids("{a: {$gt: 2}}", documents) == "1 5");
  CHECK(filter_ids("{a: {$lt: 2}}", documents) == "5");
  CHECK(filter_ids("{a: {$gt: 2, $lt: 5}}", documents) == "1 5");
  CHECK(filter_ids("{a: {$gte: '3'}}", documents) == "2");
  CHECK(filter_ids("{a: {$lte: true}}", documents) == "3");
  CHECK(filter_ids("{a: {$lt: {$date: 4}}}", documents) == "4");
  CHECK(filter_ids("{a: {$gt: {$minKey: 1}}}", documents) == "1 2 3 4 5 7 8");
  CHECK(filter_ids("{a: {$lt: {$maxKey: 1}}}", documents) == "1 2 3 4 5 6 8");
  CHECK(filter_ids("{a: {$gte: {$maxKey: 1}}}", documents) == "7");
  CHECK(filter_ids("{a: {$lte: {$minKey: 1}}}", documents) == "6");
}

TEST_CASE("NaN equals itself and is neither below nor above any number", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: {$numberDouble: 'NaN'}}",
                                              "{_id: 2, a: {$numberDecimal: 'NaN'}}", "{_id: 3, a: 1}",
                                              "{_id: 4, a: {$numberDouble: '-Infinity'}}"};
  CHECK(filter_ids("{a: {$numberDouble: 'NaN'}}", documents) == "1 2");
  CHECK(filter_ids("{a: {$lt: 5}}", documents) == "3 4");
  CHECK(filter_ids("{a: {$lte: {$numberDouble: 'NaN'}}}", documents) == "1 2");
  CHECK(filter_ids("{a: {$gt: {$numberDouble: 'NaN'}}}", documents) == "");
  CHECK(filter_ids("{a: {$gte: {$numberDouble: '-Infinity'}}}", documents) == "3 4");
}

TEST_CASE("numbers compare by value where a double is not enough", "[filter]") {
  CHECK(filter_matches("{a: {$gt: 9007199254740992.0}}", "{a: {$numberLong: '9007199254740993'}}"));
  CHECK_FALSE(filter_matches("{a: 9007199254740992.0}", "{a: {$numberLong: '9007199254740993'}}"));
  CHECK_FALSE(filter_matches("{a: {$numberDecimal: '0.1'}}", "{a: 0.1}"));
  CHECK(filter_matches("{a: {$numberDecimal: '0.5'}}", "{a: 0.5}"));
}

TEST_CASE("less and greater also compare arrays and documents as wholes", "[filter]") {
  CHECK(filter_matches("{a: {$gt: [1, 2]}}", "{a: [1, 3]}"));
  CHECK_FALSE(filter_matches("{a: {$gt: [1, 2]}}", "{a: [1]}"));
  CHECK(filter_matches("{a: {$lt: {x: 2}}}", "{a: {x: 1, y: 9}}"));
  CHECK(filter_matches("{a: {$gt: {x: 2}}}", "{a: [{x: 1}, {x: 3}]}"));
}

TEST_CASE("$in takes values and regular expressions together; $nin refuses all of them", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 'apple'}", "{_id: 2, a: ['pear', 'plum']}", "{_id: 3, a: 7}",
                                              "{_id: 4, a: 'fig'}", "{_id: 5}"};
  const std::string list = "[7, {$regularExpression: {pattern: '^P', options: 'i'}}, 'apple']";
  CHECK(filter_ids("{a: {$in: " + list + "}}", documents) == "1 2 3");
  CHECK(filter_ids("{a: {$nin: " + list + "}}", documents) == "4 5");
  CHECK(filter_ids("{a: {$in: []}}", documents) == "");
  CHECK(filter_ids("{a: {$nin: []}}", documents) == "1 2 3 4 5");
}
