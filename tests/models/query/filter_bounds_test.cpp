// What a filter says about itself: bounds for indexes, equalities for upserts, fields for reading less.
#include "tests/models/query/filter_support.hpp"

using namespace premortem;
using premortem::testing::json;

namespace {

std::string bounds_text(std::string_view filter) {
  std::string out;
  for (const query::PathBounds& bound : query::Filter::parse(json(filter), {}).bounds()) {
    out += out.empty() ? bound.path : "; " + bound.path;
    if (bound.points.empty()) {
      out += " from " + testing::text(bound.low) + " to " + testing::text(bound.high);
      continue;
    }
    out += " is";
    for (const bson::Value& point : bound.points) out += " " + testing::text(point);
  }
  return out;
}

std::string equalities_text(std::string_view filter) {
  std::string out;
  for (const bson::Field& field : query::Filter::parse(json(filter), {}).equalities())
    out += (out.empty() ? "" : "; ") + field.name + " " + testing::text(field.value);
  return out;
}

std::string fields_text(std::string_view filter) {
  bool whole = false;
  std::string out;
  for (const std::string& name : query::Filter::parse(json(filter), {}).fields(whole)) out += name + " ";
  return out + (whole ? "and all" : "alone");
}

}  // namespace

TEST_CASE("bounds come from the conditions that every match fulfils, one per condition", "[filter]") {
  CHECK(bounds_text("{state: 'TO_EXPORT', n: {$gt: 3}}") ==
        "state is 'TO_EXPORT'; n from 3 to {$numberDouble: 'Infinity'}");
  CHECK(bounds_text("{n: {$gte: 1, $lt: 5}}") ==
        "n from 1 to {$numberDouble: 'Infinity'}; n from {$numberDouble: '-Infinity'} to 5");
  CHECK(bounds_text("{$and: [{a: {$in: [3, 1, 1.0]}}, {'b.c': 'x'}]}") == "a is 1 3; b.c is 'x'");
  CHECK(bounds_text("{a: {$lte: 'm'}}") == "a from '' to 'm'");
  CHECK(bounds_text("{a: {$gt: 'm'}}") == "a from 'm' to {}");
  CHECK(bounds_text("{$or: [{a: 1}]}") == "a is 1");
}

TEST_CASE("null stands for undefined and missing too; NaN for itself alone", "[filter]") {
  CHECK(bounds_text("{a: null}") == "a is {$undefined: true} null");
  CHECK(bounds_text("{a: {$gte: null}}") == "a is {$undefined: true} null");
  CHECK(bounds_text("{a: {$in: [null, 1]}}") == "a is {$undefined: true} null 1");
  CHECK(bounds_text("{a: {$gte: {$numberDouble: 'NaN'}}}") == "a is {$numberDouble: 'NaN'}");
}

TEST_CASE("what an index cannot answer has no bounds", "[filter]") {
  CHECK(bounds_text("{}") == "");
  CHECK(bounds_text("{$or: [{a: 1}, {b: 2}]}") == "");
  CHECK(bounds_text("{a: {$ne: 1}}") == "");
  CHECK(bounds_text("{a: {$not: {$gt: 1}}}") == "");
  CHECK(bounds_text("{a: [1, 2]}") == "");
  CHECK(bounds_text("{a: {$in: [[1], 2]}}") == "");
  CHECK(bounds_text("{a: {$gt: {$minKey: 1}}}") == "");
  CHECK(bounds_text("{'a.0': 1}") == "");
  CHECK(bounds_text("{a: {$regex: '^x'}}") == "");
  CHECK(bounds_text("{a: {$in: [{$regularExpression: {pattern: 'x', options: ''}}, 2]}}") == "");
}

TEST_CASE("$elemMatch bounds one element by all its conditions", "[filter]") {
  CHECK(bounds_text("{a: {$elemMatch: {$gt: 2, $lt: 8}}}") == "a from 2 to 8");
  CHECK(bounds_text("{a: {$elemMatch: {b: 1, c: {$gte: 'x'}}}}") == "a.b is 1; a.c from 'x' to {}");
  CHECK(bounds_text("{a: {$elemMatch: {$ne: 2}}}") == "");
  CHECK(bounds_text("{a: {$elemMatch: {b: null, c: 2}}}") == "a.c is 2");
  CHECK(premortem::testing::filter_matches("{a: {$elemMatch: {b: null}}}", "{a: [[], {b: 1}]}"));
}

TEST_CASE("an upsert takes the equalities, in order, twice where they are demanded twice", "[filter]") {
  CHECK(equalities_text("{_id: 7, n: {$gt: 3}, 'a.b': {$eq: 'x'}}") == "_id 7; a.b 'x'");
  CHECK(equalities_text("{$and: [{a: 1}, {$and: [{b: [1, 2]}]}], $or: [{c: 1}, {d: 1}]}") == "a 1; b [1, 2]");
  CHECK(equalities_text("{a: {$in: [5]}, b: {$all: [6]}, $or: [{c: 7}]}") == "a 5; b 6; c 7");
  CHECK(equalities_text("{a: {$in: [5, 6]}, b: {$ne: 1}, c: {$regex: 'x'}}") == "");
  CHECK(equalities_text("{a: {$all: [1, 2]}}") == "a 1; a 2");
}

TEST_CASE("a filter names the fields that it looks at", "[filter]") {
  CHECK(fields_text("{'a.b': 1, $or: [{c: 1}, {'d.e': {$not: {$gt: 1}}}]}") == "a c d alone");
  CHECK(fields_text("{a: {$elemMatch: {b: 1}}}") == "a alone");
  CHECK(fields_text("{}") == "alone");
  CHECK(fields_text("{a: 1, $jsonSchema: {required: ['b']}}") == "a and all");
}
