// $jsonSchema: every keyword that MongoDB has, and an error for those that it has not.
#include "tests/models/query/filter_support.hpp"

using premortem::testing::filter_error;
using premortem::testing::filter_ids;

namespace {

std::string schema_ids(const std::string& schema, const std::vector<std::string>& documents) {
  return filter_ids("{$jsonSchema: " + schema + "}", documents);
}
std::string schema_error(const std::string& schema) { return filter_error("{$jsonSchema: " + schema + "}"); }

}  // namespace

TEST_CASE("the manual's schema of students takes the one that is right", "[filter]") {
  const std::string schema =
      "{bsonType: 'object', required: ['name', 'year'], properties: {name: {bsonType: 'string', description: 'x'}, "
      "year: {bsonType: 'int', minimum: 2017, maximum: 3017}, gpa: {bsonType: ['double']}, "
      "address: {bsonType: 'object', required: ['city'], properties: {city: {enum: ['A', 'B']}}}}}";
  CHECK(schema_ids(schema,
                   {"{_id: 1, name: 'x', year: 2019}", "{_id: 2, name: 'x', year: 2016}", "{_id: 3, year: 2019}",
                    "{_id: 4, name: 'x', year: 2019, gpa: 3}", "{_id: 5, name: 'x', year: 2019, gpa: 3.0}",
                    "{_id: 6, name: 'x', year: 2019, address: {city: 'B'}}",
                    "{_id: 7, name: 'x', year: 2019, address: {city: 'C'}}",
                    "{_id: 8, name: 'x', year: 2019, address: {}}", "{_id: 9, name: 'x', year: 2019.0}"}) == "1 5 6");
}

TEST_CASE("a keyword about one type says nothing about others", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 5}",   "{_id: 2, a: 50}",        "{_id: 3, a: 'five'}",
                                              "{_id: 4, a: 'a'}", "{_id: 5, a: [1, 2, 1]}", "{_id: 6}"};
  CHECK(schema_ids("{properties: {a: {maximum: 5}}}", documents) == "1 3 4 5 6");
  CHECK(schema_ids("{properties: {a: {maximum: 5, exclusiveMaximum: true}}}", documents) == "3 4 5 6");
  CHECK(schema_ids("{properties: {a: {minimum: 50}}}", documents) == "2 3 4 5 6");
  CHECK(schema_ids("{properties: {a: {minLength: 2}}}", documents) == "1 2 3 5 6");
  CHECK(schema_ids("{properties: {a: {maxLength: 1}}}", documents) == "1 2 4 5 6");
  CHECK(schema_ids("{properties: {a: {pattern: '^f'}}}", documents) == "1 2 3 5 6");
  CHECK(schema_ids("{properties: {a: {uniqueItems: true}}}", documents) == "1 2 3 4 6");
  CHECK(schema_ids("{properties: {a: {maxItems: 2}}}", documents) == "1 2 3 4 6");
  CHECK(schema_ids("{properties: {a: {multipleOf: 10}}}", documents) == "2 3 4 5 6");
  CHECK(schema_ids("{properties: {a: {type: 'number'}}}", documents) == "1 2 6");
}

TEST_CASE("multiples are exact, of doubles and of decimals", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 0.3}", "{_id: 2, a: 0.35}",
                                              "{_id: 3, a: {$numberDecimal: '1E30'}}", "{_id: 4, a: -4}",
                                              "{_id: 5, a: {$numberDouble: 'Infinity'}}"};
  CHECK(schema_ids("{properties: {a: {multipleOf: 0.1}}}", documents) == "1 3 4");
  CHECK(schema_ids("{properties: {a: {multipleOf: {$numberDecimal: '0.05'}}}}", documents) == "1 2 3 4");
  CHECK(schema_ids("{properties: {a: {multipleOf: 3}}}", documents) == "");
}

TEST_CASE("items in order, all items, and what may follow", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: [1, 'x']}", "{_id: 2, a: [1, 'x', true]}",
                                              "{_id: 3, a: ['x']}", "{_id: 4, a: []}", "{_id: 5, a: [1]}"};
  CHECK(schema_ids("{properties: {a: {items: {bsonType: 'int'}}}}", documents) == "4 5");
  CHECK(schema_ids("{properties: {a: {items: [{bsonType: 'int'}, {bsonType: 'string'}]}}}", documents) == "1 2 4 5");
  CHECK(schema_ids("{properties: {a: {items: [{bsonType: 'int'}], additionalItems: false}}}", documents) == "4 5");
  CHECK(schema_ids("{properties: {a: {items: [{bsonType: 'int'}], additionalItems: {bsonType: 'string'}}}}",
                   documents) == "1 4 5");
}

TEST_CASE("properties by name, by pattern, all others, their number and what they bring along", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 1}", "{_id: 2, a: 1, b1: 'x'}", "{_id: 3, a: 1, b1: 2}",
                                              "{_id: 4, c: 1}", "{_id: 5, a: 1, c: 'x'}"};
  CHECK(schema_ids("{properties: {_id: {}, a: {}}, additionalProperties: false}", documents) == "1");
  CHECK(schema_ids("{properties: {_id: {}, a: {}}, additionalProperties: {bsonType: 'string'}}", documents) == "1 2 5");
  CHECK(schema_ids("{patternProperties: {'^b': {bsonType: 'string'}}}", documents) == "1 2 4 5");
  CHECK(schema_ids("{properties: {_id: {}, a: {}}, patternProperties: {'^b': {}}, additionalProperties: false}",
                   documents) == "1 2 3");
  CHECK(schema_ids("{minProperties: 3}", documents) == "2 3 5");
  CHECK(schema_ids("{dependencies: {a: ['b1']}}", documents) == "2 3 4");
  CHECK(schema_ids("{dependencies: {c: {required: ['a']}}}", documents) == "1 2 3 5");
}

TEST_CASE("combinations of schemas, and values whose fields may stand in any order", "[filter]") {
  const std::vector<std::string> documents = {"{_id: 1, a: 1}", "{_id: 2, a: 5}", "{_id: 3, a: 9}",
                                              "{_id: 4, a: {x: 1, y: 2}}"};
  const std::string low = "{properties: {a: {maximum: 5}}}", high = "{properties: {a: {minimum: 5}}}";
  CHECK(schema_ids("{allOf: [" + low + ", " + high + "]}", documents) == "2 4");
  CHECK(schema_ids("{anyOf: [" + low + ", " + high + "]}", documents) == "1 2 3 4");
  CHECK(schema_ids("{oneOf: [" + low + ", " + high + "]}", documents) == "1 3");
  CHECK(schema_ids("{not: " + low + "}", documents) == "3");
  CHECK(schema_ids("{properties: {a: {enum: [{y: 2, x: 1}, 9]}}}", documents) == "3 4");
}

TEST_CASE("schemas that MongoDB does not take are refused by keyword", "[filter]") {
  CHECK(schema_error("{foo: 1}") == "9 FailedToParse: Unknown $jsonSchema keyword: foo");
  CHECK(schema_error("{$ref: 'x'}") == "9 FailedToParse: $jsonSchema keyword '$ref' is not currently supported");
  CHECK(schema_error("{type: 'integer'}") == "9 FailedToParse: $jsonSchema type 'integer' is not currently supported.");
  CHECK(schema_error("{type: 'object', bsonType: 'object'}") ==
        "9 FailedToParse: Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  CHECK(schema_error("{type: 'int'}") == "2 BadValue: Unknown type name alias: int");
  CHECK(schema_error("{required: []}") == "9 FailedToParse: $jsonSchema keyword 'required' cannot be an empty array");
  CHECK(schema_error("{required: 'a'}") == "14 TypeMismatch: $jsonSchema keyword 'required' must be an array");
  CHECK(schema_error("{properties: {a: {minimum: 'x'}}}") ==
        "14 TypeMismatch: $jsonSchema keyword 'minimum' must be a number");
  CHECK(schema_error("{properties: {a: {exclusiveMaximum: true}}}") ==
        "9 FailedToParse: $jsonSchema keyword 'maximum' must be a present if exclusiveMaximum is present");
  CHECK(schema_error("{minLength: -1}") == "9 FailedToParse: Expected a non-negative number in: minLength: -1");
  CHECK(schema_error("{anyOf: []}") == "2 BadValue: $jsonSchema keyword 'anyOf' must be a non-empty array");
}
