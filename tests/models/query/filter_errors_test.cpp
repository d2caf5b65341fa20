// What a filter that cannot be read is told, with the server's codes and texts.
#include <string>
#include <utility>

#include "tests/models/query/filter_support.hpp"

using premortem::testing::filter_error;

TEST_CASE("every mistake in a filter has the server's code and text", "[filter]") {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"{a: {$foo: 1}}", "2 BadValue: unknown operator: $foo"},
      {"{a: {$gt: 1, b: 1}}", "2 BadValue: unknown operator: b"},
      {"{$foo: 1}",
       "2 BadValue: unknown top level operator: $foo. If you have a field name that starts with a '$' symbol, consider "
       "using $getField or $setField."},
      {"{$not: {a: 1}}",
       "2 BadValue: unknown top level operator: $not. If you are trying to negate an entire expression, use $nor."},
      {"{$and: {}}", "2 BadValue: $and must be an array"},
      {"{$or: []}", "2 BadValue: $and/$or/$nor must be a nonempty array"},
      {"{$nor: [1]}", "2 BadValue: $or/$and/$nor entries need to be full objects"},
      {"{a: {$in: 1}}", "2 BadValue: $in needs an array"},
      {"{a: {$nin: 'x'}}", "2 BadValue: $nin needs an array"},
      {"{a: {$in: [{$gt: 1}]}}", "2 BadValue: cannot nest $ under $in"},
      {"{a: {$in: [{$undefined: true}]}}", "2 BadValue: InMatchExpression equality cannot be undefined"},
      {"{a: {$undefined: true}}", "2 BadValue: cannot compare to undefined"},
      {"{a: {$gt: {$regularExpression: {pattern: 'x', options: ''}}}}",
       "2 BadValue: Can't have RegEx as arg to predicate over field 'a'."},
      {"{a: {$ne: {$regularExpression: {pattern: 'x', options: ''}}}}", "2 BadValue: Can't have regex as arg to $ne."},
      {"{a: {$not: 1}}", "2 BadValue: $not needs a regex or a document"},
      {"{a: {$not: {}}}", "2 BadValue: $not cannot be empty"},
      {"{a: {$not: {b: 1}}}", "2 BadValue: unknown operator: b"},
      {"{a: {$all: 1}}", "2 BadValue: $all needs an array"},
      {"{a: {$all: [{$gt: 1}]}}", "2 BadValue: no $ expressions in $all"},
      {"{a: {$all: [{$elemMatch: {b: 1}}, 5]}}", "2 BadValue: $all/$elemMatch has to be consistent"},
      {"{a: {$elemMatch: 1}}", "2 BadValue: $elemMatch needs an Object"},
      {"{a: {$size: 'x'}}", "2 BadValue: Failed to parse $size. Expected a number in: $size: \"x\""},
      {"{a: {$size: -1}}", "2 BadValue: Failed to parse $size. Expected a non-negative number in: $size: -1"},
      {"{a: {$size: 1.5}}", "2 BadValue: Failed to parse $size. Expected an integer: $size: 1.5"},
      {"{a: {$size: {$numberLong: '5000000000'}}}",
       "2 BadValue: Failed to parse $size. Cannot represent $size: 5000000000 in an int"},
      {"{a: {$type: 'missing'}}",
       "2 BadValue: 'missing' is not a legal type name. To query for non-existence of a field, use {$exists:false}."},
      {"{a: {$type: 'float'}}", "2 BadValue: Unknown type name alias: float"},
      {"{a: {$type: 0}}", "2 BadValue: Invalid numerical type code: 0. Instead use {$exists:false}."},
      {"{a: {$type: 20}}", "2 BadValue: Invalid numerical type code: 20"},
      {"{a: {$type: 1.5}}", "2 BadValue: Invalid numerical type code: 1.5"},
      {"{a: {$type: true}}", "14 TypeMismatch: type must be represented as a number or a string"},
      {"{a: {$type: []}}", "9 FailedToParse: a must match at least one type"},
      {"{a: {$mod: 3}}", "2 BadValue: malformed mod, needs to be an array"},
      {"{a: {$mod: [3]}}", "2 BadValue: malformed mod, not enough elements"},
      {"{a: {$mod: [3, 1, 2]}}", "2 BadValue: malformed mod, too many elements"},
      {"{a: {$mod: ['x', 1]}}", "2 BadValue: malformed mod, divisor not a number"},
      {"{a: {$mod: [3, 'x']}}", "2 BadValue: malformed mod, remainder not a number"},
      {"{a: {$mod: [0.5, 1]}}", "2 BadValue: divisor cannot be 0"},
      {"{a: {$mod: [{$numberDouble: 'NaN'}, 1]}}",
       "2 BadValue: malformed mod, divisor value is invalid :: caused by :: Unable to coerce NaN/Inf to integral type"},
      {"{a: {$mod: [3, 1e300]}}",
       "2 BadValue: malformed mod, remainder value is invalid :: caused by :: Out of bounds coercing to integral "
       "value"},
      {"{a: {$bitsAllSet: 'x'}}",
       "2 BadValue: a takes an Array, a number, or a BinData but received: $bitsAllSet: \"x\""},
      {"{a: {$bitsAnySet: -1}}", "9 FailedToParse: Expected a non-negative number in: $bitsAnySet: -1"},
      {"{a: {$bitsAnySet: [1, 1.5]}}", "2 BadValue: Failed to parse bit position. Expected an integer: 1: 1.5"},
      {"{a: {$regex: 1}}", "2 BadValue: $regex has to be a string"},
      {"{a: {$options: 'i'}}", "2 BadValue: $options needs a $regex"},
      {"{a: {$regex: 'x', $options: 1}}", "2 BadValue: $options has to be a string"},
      {"{a: {$regex: {$regularExpression: {pattern: 'x', options: 'i'}}, $options: 'm'}}",
       "51075 Location51075: options set in both $regex and $options"},
      {"{a: {$options: 'm', $regex: {$regularExpression: {pattern: 'x', options: 'i'}}}}",
       "51074 Location51074: options set in both $regex and $options"},
      {"{a: {$regex: '('}}", "51091 Location51091: Regular expression is invalid: missing closing parenthesis"},
      {"{a: {$regex: 'x', $options: 'g'}}", "51108 Location51108:  invalid flag in regex options: g"},
      {"{a: {$regex: 'x\\u0000y'}}", "2 BadValue: Regular expression cannot contain an embedded null byte"},
      {"{$where: 'true'}", "2 BadValue: no globalScriptEngine in $where parsing"},
      {"{a: {$where: 'true'}}", "2 BadValue: $where cannot be applied to a field"},
      {"{$text: {$search: 'x'}}", "27 IndexNotFound: text index required for $text query"},
      {"{a: {$elemMatch: {$expr: true}}}", "2 BadValue: $expr can only be applied to the top-level document"},
      {"{a: {$near: [1, 2]}}", "291 NoQueryExecutionPlans: unable to find index for $geoNear query"},
      {"{a: {$geoWithin: {}}}", "115 CommandNotSupported: $geoWithin is not supported"},
      {"{$alwaysTrue: 2}", "9 FailedToParse: $alwaysTrue must be an integer value of 1"},
      {"{$sampleRate: 'x'}", "2 BadValue: argument to $sampleRate must be a numeric type"},
      {"{$sampleRate: 1.5}", "2 BadValue: numeric argument to $sampleRate must be in [0, 1]"},
      {"{$sampleRate: -0.5}", "2 BadValue: numeric argument to $sampleRate must be in [0, 1]"},
      {"{$jsonSchema: 1}", "14 TypeMismatch: $jsonSchema must be an object"},
  };
  for (const auto& row : table) {
    CHECK(row.first + " is " + filter_error(row.first) == row.first + " is " + row.second);
  }
}

TEST_CASE("conditions nest to a depth of 100, and no deeper", "[filter]") {
  const auto nested = [](int depth) {
    std::string filter = "{a: 1}";
    for (int level = 0; level < depth; ++level) filter = "{$or: [" + filter + ", {a: 2}]}";
    return filter;
  };
  // libbson reads no JSON of such a depth, so the documents are built by hand.
  const auto built = [](int depth) {
    using namespace premortem::bson;
    Value filter = doc({{"a", Value::int32(1)}});
    for (int level = 0; level < depth; ++level)
      filter = doc({{"$or", arr({std::move(filter), doc({{"a", Value::int32(2)}})})}});
    return filter;
  };
  CHECK(premortem::testing::filter_matches(nested(20), "{a: 1}"));
  CHECK(premortem::query::Filter::parse(built(100), {}).matches(premortem::testing::json("{a: 1}")));
  CHECK(premortem::testing::error_of([&] { premortem::query::Filter::parse(built(101), {}); }) ==
        "2 BadValue: exceeded maximum query tree depth: 100");
}

TEST_CASE("a path has at most 180 parts", "[filter]") {
  std::string path = "a";
  for (int part = 1; part < 180; ++part) path += ".a";
  CHECK(filter_error("{'" + path + "': 1}") == "taken");
  CHECK(filter_error("{'" + path + ".a': 1}") == "5729100 Location5729100: FieldPath is too long");
}

TEST_CASE("codes have the names of error_codes.yml; those without a name say their number", "[filter]") {
  using premortem::query::code_name;
  CHECK(code_name(2) == "BadValue");
  CHECK(code_name(112) == "WriteConflict");
  CHECK(code_name(224) == "QueryFeatureNotAllowed");
  CHECK(code_name(251) == "NoSuchTransaction");
  CHECK(code_name(10107) == "NotWritablePrimary");
  CHECK(code_name(10334) == "BSONObjectTooLarge");
  CHECK(code_name(11000) == "DuplicateKey");
  CHECK(code_name(40324) == "Location40324");
  CHECK(code_name(40415) == "Location40415");
}
