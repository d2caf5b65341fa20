// Logic, arrays, types, remainders, bits and regular expressions.
#include "tests/models/query/filter_support.hpp"

using premortem::testing::filter_ids;
using premortem::testing::filter_matches;

TEST_CASE("$and, $or, $nor and $not, also within each other", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 1, b: 1}", "{_id: 2, a: 1, b: 2}", "{_id: 3, a: 2}",
                                              "{_id: 4}", "{_id: 5, a: [1, 2]}"};
  CHECK(filter_ids("{}", documents) == "1 2 3 4 5");
  CHECK(filter_ids("{$and: [{a: 1}, {b: 2}]}", documents) == "2");
  CHECK(filter_ids("{$or: [{a: 2}, {b: 1}]}", documents) == "1 3 5");
  CHECK(filter_ids("{$nor: [{a: 2}, {b: 1}]}", documents) == "2 4");
  CHECK(filter_ids("{a: {$not: {$gt: 1}}}", documents) == "1 2 4");
  CHECK(filter_ids("{a: {$not: {$gt: 0, $lt: 2}}}", documents) == "3 4");
  CHECK(filter_ids("{$or: [{$and: [{a: 1}, {b: {$exists: false}}]}, {$nor: [{a: {$exists: true}}]}]}", documents) ==
        "4 5");
  CHECK(filter_ids("{a: 1, $comment: 'why', $alwaysTrue: 1}", documents) == "1 2 5");
  CHECK(filter_ids("{$alwaysFalse: 1}", documents) == "");
}

TEST_CASE("$all wants every value somewhere; $elemMatch within it asks each of some element", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: [1, 2, 3]}", "{_id: 2, a: 1}", "{_id: 3, a: [[1, 2]]}",
                                              "{_id: 4, a: [{x: 1}, {x: 2}]}", "{_id: 5, a: ['one', 1, 2]}"};
  CHECK(filter_ids("{a: {$all: [1, 2]}}", documents) == "1 5");
  CHECK(filter_ids("{a: {$all: [1]}}", documents) == "1 2 5");
  CHECK(filter_ids("{a: {$all: [[1, 2]]}}", documents) == "3");
  CHECK(filter_ids("{a: {$all: []}}", documents) == "");
  CHECK(filter_ids("{a: {$all: [{$regularExpression: {pattern: '^o', options: ''}}, 2]}}", documents) == "5");
  CHECK(filter_ids("{a: {$all: [{$elemMatch: {x: 1}}, {$elemMatch: {x: 2}}]}}", documents) == "4");
}

TEST_CASE("$elemMatch wants one element for all conditions, of values or of documents", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: [1, 9]}",
                                              "{_id: 2, a: [4]}",
                                              "{_id: 3, a: 4}",
                                              "{_id: 4, a: [{x: 1, y: 9}, {x: 5, y: 5}]}",
                                              "{_id: 5, a: [{x: 1}, {y: 5}]}",
                                              "{_id: 6, a: [[5]]}"};
  CHECK(filter_ids("{a: {$elemMatch: {$gt: 2, $lt: 8}}}", documents) == "2");
  CHECK(filter_ids("{a: {$gt: 2, $lt: 8}}", documents) == "1 2 3");
  CHECK(filter_ids("{a: {$elemMatch: {x: 1, y: 5}}}", documents) == "");
  CHECK(filter_ids("{'a.x': 1, 'a.y': 5}", documents) == "4 5");
  CHECK(filter_ids("{a: {$elemMatch: {x: 5, y: 5}}}", documents) == "4");
  CHECK(filter_ids("{a: {$elemMatch: {$or: [{x: 5}, {y: 5}]}}}", documents) == "4 5");
  CHECK(filter_ids("{a: {$elemMatch: {$elemMatch: {$eq: 5}}}}", documents) == "6");
  CHECK(filter_ids("{a: {$elemMatch: {'0': 5}}}", documents) == "6");
  CHECK(filter_ids("{a: {$not: {$elemMatch: {$gt: 2}}}}", documents) == "3 4 5 6");
  CHECK(filter_ids("{a: {$elemMatch: {$not: {$gt: 2}}}}", documents) == "1 4 5 6");
}

TEST_CASE("$size counts the elements of an array, and of nothing else", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: []}", "{_id: 2, a: [1, [2, 3]]}", "{_id: 3, a: 2}",
                                              "{_id: 4, a: {x: 1}}"};
  CHECK(filter_ids("{a: {$size: 2}}", documents) == "2");
  CHECK(filter_ids("{a: {$size: 0.0}}", documents) == "1");
  CHECK(filter_ids("{a: {$not: {$size: 2}}}", documents) == "1 3 4");
  CHECK(filter_ids("{'a.1': {$size: 2}}", documents) == "2");
}

TEST_CASE("$type takes numbers, names and the class of all numbers, and looks into arrays", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 1}",
                                              "{_id: 2, a: 1.0}",
                                              "{_id: 3, a: {$numberLong: '1'}}",
                                              "{_id: 4, a: 'x'}",
                                              "{_id: 5, a: [1]}",
                                              "{_id: 6, a: null}",
                                              "{_id: 7}",
                                              "{_id: 8, a: [[]]}",
                                              "{_id: 9, a: {$minKey: 1}}",
                                              "{_id: 10, a: {$undefined: true}}"};
  CHECK(filter_ids("{a: {$type: 'int'}}", documents) == "1 5");
  CHECK(filter_ids("{a: {$type: 16}}", documents) == "1 5");
  CHECK(filter_ids("{a: {$type: 'number'}}", documents) == "1 2 3 5");
  CHECK(filter_ids("{a: {$type: ['string', 'null']}}", documents) == "4 6");
  CHECK(filter_ids("{a: {$type: 'array'}}", documents) == "5 8");
  CHECK(filter_ids("{a: {$type: -1}}", documents) == "9");
  CHECK(filter_ids("{a: {$type: 'undefined'}}", documents) == "10");
}

TEST_CASE("$mod cuts what stands behind the point and keeps the sign", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 7}",
                                              "{_id: 2, a: 7.9}",
                                              "{_id: 3, a: -7}",
                                              "{_id: 4, a: '7'}",
                                              "{_id: 5, a: [1, 4]}",
                                              "{_id: 6, a: {$numberDecimal: '10.5'}}",
                                              "{_id: 7, a: {$numberDouble: 'NaN'}}",
                                              "{_id: 8, a: {$numberLong: '-9223372036854775808'}}"};
  CHECK(filter_ids("{a: {$mod: [3, 1]}}", documents) == "1 2 5 6");
  CHECK(filter_ids("{a: {$mod: [3.9, 1.9]}}", documents) == "1 2 5 6");
  CHECK(filter_ids("{a: {$mod: [3, -1]}}", documents) == "3");
  CHECK(filter_ids("{a: {$mod: [-1, 0]}}", documents) == "1 2 3 5 6 8");
}

TEST_CASE("bits are tested in whole numbers and in binaries", "[filter]") {
  const std::vector<std::string> documents = {
      "{_id: 1, a: 54}",   "{_id: 2, a: 20}",
      "{_id: 3, a: 20.0}", "{_id: 4, a: {$binary: {base64: 'Zg==', subType: '00'}}}",
      "{_id: 5, a: 20.5}", "{_id: 6, a: -1}",
      "{_id: 7, a: 'x'}",  "{_id: 8, a: [0, 54]}"};
  CHECK(filter_ids("{a: {$bitsAllSet: [1, 5]}}", documents) == "1 4 6 8");
  CHECK(filter_ids("{a: {$bitsAllSet: 50}}", documents) == "1 6 8");
  CHECK(filter_ids("{a: {$bitsAllClear: [1, 5]}}", documents) == "2 3 8");
  CHECK(filter_ids("{a: {$bitsAnySet: 34}}", documents) == "1 4 6 8");
  CHECK(filter_ids("{a: {$bitsAnyClear: [1, 5]}}", documents) == "2 3 8");
  CHECK(filter_ids("{a: {$bitsAllSet: {$binary: {base64: 'MA==', subType: '00'}}}}", documents) == "1 6 8");
  CHECK(filter_ids("{a: {$bitsAllSet: [200]}}", documents) == "6");
  CHECK(filter_ids("{a: {$bitsAllClear: [200]}}", documents) == "1 2 3 4 8");
}

TEST_CASE("regular expressions match texts, elements, and expressions that are the same", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 'Trainee 7'}",
                                              "{_id: 2, a: ['x', 'trainee']}",
                                              "{_id: 3, a: 7}",
                                              "{_id: 4, a: {$regularExpression: {pattern: '^tra', options: 'i'}}}",
                                              "{_id: 5, a: 'a\\ntrainee'}",
                                              "{_id: 6}",
                                              "{_id: 7, a: 'Straße'}"};
  CHECK(filter_ids("{a: {$regex: '^tra', $options: 'i'}}", documents) == "1 2 4");
  CHECK(filter_ids("{a: {$regularExpression: {pattern: '^tra', options: 'i'}}}", documents) == "1 2 4");
  CHECK(filter_ids("{a: {$eq: {$regularExpression: {pattern: '^tra', options: 'i'}}}}", documents) == "4");
  CHECK(filter_ids("{a: {$not: {$regularExpression: {pattern: '^tra', options: 'i'}}}}", documents) == "3 5 6 7");
  CHECK(filter_ids("{a: {$options: 'm', $regex: '^tra'}}", documents) == "2 5");
  CHECK(filter_ids("{a: {$regex: 'n.t', $options: 's'}}", documents) == "");
  CHECK(filter_ids("{a: {$regex: 'a.t', $options: 's'}}", documents) == "5");
  CHECK(filter_ids("{a: {$regex: 't r a # a word', $options: 'x'}}", documents) == "2 5 7");
  CHECK(filter_ids("{a: {$regex: '^.{6}$'}}", documents) == "7");
  CHECK(filter_ids("{a: {$regex: '(?<=e) [0-9]'}}", documents) == "1");
  CHECK(filter_ids("{a: {$regex: 'tra', $nin: ['trainee']}}", documents) == "5 7");
}

TEST_CASE("references to other documents are values, not operators", "[filter]") {
  CHECK(filter_matches("{a: {$ref: 'users', $id: 7}}", "{a: {$ref: 'users', $id: 7}}"));
  CHECK_FALSE(filter_matches("{a: {$ref: 'users', $id: 7}}", "{a: {$ref: 'users', $id: 8}}"));
  CHECK(filter_matches("{'a.$id': 7}", "{a: {$ref: 'users', $id: 7}}"));
  CHECK(filter_matches("{a: {$elemMatch: {$id: 7}}}", "{a: [{$ref: 'users', $id: 7}]}"));
}
