#include "tests/models/query/pipeline_support.hpp"
#include "tests/support/catch.hpp"

namespace premortem::testing {

TEST_CASE("a path goes through arrays and gives what their documents have", "[expression]") {
  const std::string document = "{a: {b: 1}, list: [{b: 1}, 5, {c: 2}, {b: [3]}], x: null}";
  CHECK(evaluated("'$a.b'", document) == "1");
  CHECK(evaluated("'$list.b'", document) == "[1, [3]]");
  CHECK(evaluated("'$a.b.c'", document) == "missing");
  CHECK(evaluated("'$$ROOT.a'", document) == "{b: 1}");
  CHECK(evaluated("{p: '$none', q: ['$none', '$x']}", document) == "{q: [null, null]}");
  CHECK(evaluated("{$literal: '$a'}", document) == "'$a'");
}

TEST_CASE("numbers are computed with in the widest of their types", "[expression]") {
  CHECK(evaluated("{$add: [1, 2]}") == "3");
  CHECK(evaluated("{$add: [2147483647, 1]}") == "{$numberLong: '2147483648'}");
  CHECK(evaluated("{$subtract: [{$toDate: {$numberLong: '5000'}}, {$toDate: {$numberLong: '2000'}}]}") ==
        "{$numberLong: '3000'}");
  CHECK(evaluated("{$multiply: [2, 1.5]}") == "3.0");
  CHECK(evaluated("{$divide: [7, 2]}") == "3.5");
  CHECK(evaluated("{$mod: [-7, 3]}") == "-1");
  CHECK(evaluated("{$round: [2.5]}") == "2.0");
  CHECK(evaluated("{$sqrt: 16}") == "4.0");
  CHECK(evaluated("{$pow: [2, 10]}") == "1024");
  CHECK(evaluated("{$add: [1, null]}") == "null");
}

TEST_CASE("conditions look at no more than they need", "[expression]") {
  CHECK(evaluated("{$cond: [{$gt: ['$a', 1]}, 'more', {$divide: [1, 0]}]}", "{a: 2}") == "'more'");
  CHECK(evaluated("{$cond: {if: 0, then: 1, else: 2}}") == "2");
  CHECK(evaluated("{$ifNull: ['$a', '$b', 'none']}", "{b: 3}") == "3");
  CHECK(evaluated("{$or: [1, {$divide: [1, 0]}]}") == "true");
  CHECK(evaluated("{$switch: {branches: [{case: false, then: 1}, {case: true, then: 2}]}}") == "2");
  CHECK(evaluated("{$cmp: [1, 'a']}") == "-1");
}

TEST_CASE("loops give their elements names", "[expression]") {
  CHECK(evaluated("{$map: {input: [1, 2], as: 'n', in: {$add: ['$$n', 1]}}}") == "[2, 3]");
  CHECK(evaluated("{$filter: {input: [1, 2, 3, 4], cond: {$gt: ['$$this', 1]}, limit: 2}}") == "[2, 3]");
  CHECK(evaluated("{$reduce: {input: [1, 2, 3], initialValue: 0, in: {$add: ['$$value', '$$this']}}}") == "6");
  CHECK(evaluated("{$let: {vars: {a: 2, b: 3}, in: {$multiply: ['$$a', '$$b']}}}") == "6");
}

TEST_CASE("text is cut by bytes or by characters", "[expression]") {
  CHECK(evaluated("{$concat: ['a', 'b']}") == "'ab'");
  CHECK(evaluated("{$substrCP: ['h\u00e9llo', 1, 2]}") == "'\u00e9l'");
  CHECK(evaluated("{$split: ['a,b,', ',']}") == "['a', 'b', '']");
  CHECK(evaluated("{$trim: {input: '  x '}}") == "'x'");
  CHECK(evaluated("{$replaceAll: {input: 'aXbX', find: 'X', replacement: '-'}}") == "'a-b-'");
  CHECK(evaluated("{$indexOfCP: ['h\u00e9llo', 'l']}") == "2");
  CHECK(evaluated("{$regexFind: {input: 'order 42', regex: '([0-9])([0-9])'}}") ==
        "{match: '42', idx: 6, captures: ['4', '2']}");
  CHECK(evaluated("{$toUpper: 'abc'}") == "'ABC'");
}

TEST_CASE("arrays, documents and sets are taken apart and put together", "[expression]") {
  CHECK(evaluated("{$arrayElemAt: [[1, 2, 3], -1]}") == "3");
  CHECK(evaluated("{$arrayElemAt: [[1], 5]}") == "missing");
  CHECK(evaluated("{$slice: [[1, 2, 3, 4], 1, 2]}") == "[2, 3]");
  CHECK(evaluated("{$range: [0, 10, 4]}") == "[0, 4, 8]");
  CHECK(evaluated("{$zip: {inputs: [[1, 2], [3]], useLongestLength: true}}") == "[[1, 3], [2, null]]");
  CHECK(evaluated("{$sortArray: {input: [3, 1, 2], sortBy: -1}}") == "[3, 2, 1]");
  CHECK(evaluated("{$objectToArray: {a: 1}}") == "[{k: 'a', v: 1}]");
  CHECK(evaluated("{$arrayToObject: [[['a', 1], ['b', 2]]]}") == "{a: 1, b: 2}");
  CHECK(evaluated("{$mergeObjects: [{a: 1}, {b: 2}, null, {a: 3}]}") == "{a: 3, b: 2}");
  CHECK(evaluated("{$setUnion: [[2, 1], [1, 3]]}") == "[1, 2, 3]");
  CHECK(evaluated("{$getField: {$literal: '$odd'}}", "{'$odd': 1}") == "1");
  CHECK(evaluated("{$maxN: {n: 2, input: [1, 5, 3]}}") == "[5, 3]");
}

TEST_CASE("dates are read, written and moved in UTC or at a distance from it", "[expression]") {
  const std::string date = "{$dateFromString: {dateString: '2024-02-29T23:30:00Z'}}";
  CHECK(evaluated("{$year: " + date + "}") == "2024");
  CHECK(evaluated("{$dayOfMonth: {date: " + date + ", timezone: '+01:00'}}") == "1");
  CHECK(evaluated("{$dayOfWeek: " + date + "}") == "5");
  CHECK(evaluated("{$isoWeek: " + date + "}") == "9");
  CHECK(evaluated("{$toString: {$dateAdd: {startDate: " + date + ", unit: 'year', amount: 1}}}") ==
        "'2025-02-28T23:30:00.000Z'");
  CHECK(evaluated("{$dateToString: {date: " + date + ", format: '%d.%m.%Y'}}") == "'29.02.2024'");
  CHECK(evaluated("{$toString: {$dateTrunc: {date: " + date + ", unit: 'month'}}}") == "'2024-02-01T00:00:00.000Z'");
  CHECK(evaluated("{$toString: {$dateFromParts: {year: 2024, month: 14}}}") == "'2025-02-01T00:00:00.000Z'");
}

TEST_CASE("bits are combined as ints, or as longs where one is", "[expression]") {
  CHECK(evaluated("{$bitAnd: [12, 10]}") == "8");
  CHECK(evaluated("{$bitOr: [12, 10]}") == "14");
  CHECK(evaluated("{$bitXor: [12, {$numberLong: '10'}]}") == "{$numberLong: '6'}");
  CHECK(evaluated("{$bitNot: 5}") == "-6");
  CHECK(evaluated("{$bitAnd: []}") == "-1");
  CHECK(evaluated("{$bitOr: [1, null]}") == "null");
  CHECK(evaluated("{$bitOr: [1, 1.5]}") == "14: $bitOr only supports int and long operands.");
  CHECK(evaluated("{$bitNot: 1.5}") == "14: $bitNot only supports int and long, not: double.");
  CHECK(evaluated("{$bitNot: 'a'}") == "28765: $bitNot only supports numeric types, not string");
}

TEST_CASE("what is wrong with an expression is said with the server's code and text", "[expression]") {
  CHECK(evaluated("{$foo: 1}") == "168: Unrecognized expression '$foo'");
  CHECK(evaluated("{$eq: [1]}") == "16020: Expression $eq takes exactly 2 arguments. 1 were passed in.");
  CHECK(evaluated("'$$x'") == "17276: Use of undefined variable: x");
  CHECK(evaluated("'$'") == "16872: '$' by itself is not a valid FieldPath");
  CHECK(evaluated("{$divide: [1, 0]}") == "2: can't $divide by zero");
  CHECK(evaluated("{$mod: [1, 'a']}") == "16611: $mod only supports numeric types, not int and string");
  CHECK(evaluated("{$add: [1, 'a']}") == "14: $add only supports numeric or date types, not string");
  CHECK(evaluated("{$concat: ['a', 1]}") == "16702: $concat only supports strings, not int");
  CHECK(evaluated("{$size: '$none'}") == "17124: The argument to $size must be an array, but was of type: missing");
  CHECK(evaluated("{$cond: [1, 2]}") == "16020: Expression $cond takes exactly 3 arguments. 2 were passed in.");
  CHECK(evaluated("{$ln: 2}") ==
        "115: $ln is left out: the last bit of its results differs between machines, and a run must not");
}

TEST_CASE("an expression that would take all memory is stopped", "[expression]") {
  const std::string doubling =
      "{$reduce: {input: {$range: [0, 60]}, initialValue: [1], in: {$concatArrays: ['$$value', '$$value']}}}";
  CHECK(evaluated(doubling).substr(0, 4) == "292:");
}

}  // namespace premortem::testing
