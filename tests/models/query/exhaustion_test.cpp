// What one message of a client could make a store do without end, or with all the memory there is.
#include "sim/models/query/regex.hpp"
#include "tests/models/document_server/server.hpp"
#include "tests/models/query/filter_support.hpp"
#include "tests/models/query/pipeline_support.hpp"
#include "tests/models/query/update_support.hpp"

namespace premortem::testing {

namespace {

bson::Value literal_text(std::size_t megabytes) {
  return bson::doc({{"$literal", bson::Value::string(std::string(megabytes << 20, 'x'))}});
}

std::string evaluated_value(const bson::Value& expression) {
  return result_or_error([&] {
    const auto parsed = query::AggregateExpression::parse(expression, test_context());
    return text(parsed.evaluate(bson::Value::document()));
  });
}

/// {f0: value, f1: value, ...}
bson::Value many_fields(std::size_t count, const bson::Value& value) {
  bson::Value all = bson::Value::document();
  for (std::size_t at = 0; at < count; ++at) all.append("f" + std::to_string(at), value);
  return all;
}

bson::Value many_texts(std::size_t count) {
  bson::Value all = bson::Value::array();
  for (std::size_t at = 0; at < count; ++at) all.push_back(bson::Value::string("f" + std::to_string(at)));
  return all;
}

}  // namespace

TEST_CASE("the least of all longs has no root, and no absolute value on the way to it", "[exhaustion]") {
  CHECK(evaluated("{$sqrt: {$numberLong: '-9223372036854775808'}}") ==
        "28714: $sqrt's argument must be greater than or equal to 0");
  CHECK(evaluated("{$sqrt: -1}") == "28714: $sqrt's argument must be greater than or equal to 0");
  CHECK(evaluated("{$sqrt: {$numberLong: '9'}}") == "3.0");
}

TEST_CASE("no field gets a name with a NUL in it", "[exhaustion]") {
  const bson::Value name = bson::Value::string(std::string("a\0b", 3));
  const bson::Value set = bson::doc({{"field", name}, {"input", bson::Value::document()}, {"value", name}});
  CHECK(evaluated_value(bson::doc({{"$setField", set}})) ==
        "16411: $setField requires 'field' to be the name of a field, which may not contain '\\0'");
}

TEST_CASE("all groups of a pipeline together keep no more than its memory", "[exhaustion]") {
  const auto run = [](const std::string& accumulator) {
    return result_or_error([&] {
      const bson::Value group =
          bson::doc({{"_id", bson::Value::string("$_id")}, {"x", bson::doc({{accumulator, literal_text(90)}})}});
      Shelves none;
      const auto documents = json("[{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}, {_id: 6}]").elements();
      const bson::Value stages = bson::arr({bson::doc({{"$group", group}}), json("{$project: {x: 0}}")});
      return text(bson::Value::array(query::Pipeline::parse(stages, test_context()).run(documents, none)));
    });
  };
  CHECK(run("$push") ==
        "292: PlanExecutor error during aggregation :: caused by :: Exceeded memory limit of 536870912 bytes for a "
        "pipeline");
  CHECK(run("$sum") == "[{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}, {_id: 6}]");
}

TEST_CASE("what an expression keeps while it evaluates another is limited as well", "[exhaustion]") {
  const auto let = [](const bson::Value& variables, const bson::Value& in) {
    return bson::doc({{"$let", bson::doc({{"vars", variables}, {"in", in}})}});
  };
  const bson::Value one = bson::Value::int32(1), large = literal_text(90);
  CHECK(evaluated_value(
            let(bson::doc({{"a", large}}), let(bson::doc({{"b", large}}), let(bson::doc({{"c", large}}), one)))) ==
        "292: Exceeded memory limit of 268435456 bytes for the evaluation of an expression");
  CHECK(evaluated_value(let(bson::doc({{"a", large}, {"b", large}}), one)) ==
        "292: Exceeded memory limit of 104857600 bytes for the value of an expression");
}

TEST_CASE("results and constants that are made again and again are work", "[exhaustion]") {
  const auto filter = [&](int count) {
    return bson::doc({{"$filter", bson::doc({{"input", json("{$range: [0, " + std::to_string(count) + "]}")},
                                             {"cond", bson::doc({{"$and", bson::arr({literal_text(8)})}})}})}});
  };
  CHECK(evaluated_value(bson::doc({{"$size", filter(10)}})) == "10");
  CHECK(evaluated_value(bson::doc({{"$size", filter(3000)}})) == "50: operation exceeded time limit");
}

TEST_CASE("a regular expression at which PCRE2 gives up is an error of an expression", "[exhaustion]") {
  const std::string text = std::string(40, 'a') + "b";
  for (const std::string name : {"$regexMatch", "$regexFind", "$regexFindAll"}) {
    CHECK(evaluated("{" + name + ": {input: '" + text + "', regex: '(a+)+$'}}") ==
          "51156: Error occurred while executing the regular expression in " + name +
              ". Result code: match limit exceeded");
  }
}

TEST_CASE("all searches of one command have one budget", "[exhaustion]") {
  TestServer server;
  server.run("{insert: 'c', documents: [{_id: 1, x: '" + std::string(400, 'x') + "'}]}");
  const std::string slow = "{x: {$regex: 'x*x*x*[yz]'}}";
  CHECK(server.say("{count: 'c', query: " + slow + "}") == "{n: 0, ok: 1.0}");
  std::string all = slow;
  for (int at = 0; at < 20; ++at) all += ", " + slow;
  CHECK(server.run("{count: 'c', query: {$or: [" + all + "]}}")["code"].integral() == 50);
  CHECK(server.say("{count: 'c', query: " + slow + "}") == "{n: 0, ok: 1.0}");
}

TEST_CASE("fifty thousand names take no time that grows with their square", "[exhaustion]") {
  const std::size_t count = 50'000;
  const bson::Value one = bson::Value::int32(1), fields = many_fields(count, one);
  SECTION("of a sort") {
    CHECK(error_of([&] { query::Sort::parse(fields); }) == "13103 Location13103: too many compound keys");
  }
  SECTION("of an object that an expression makes") {
    CHECK(query::AggregateExpression::parse(fields, test_context()).evaluate(one).fields().size() == count);
  }
  SECTION("of a projection") {
    const auto projection = query::Projection::parse(fields, test_context());
    CHECK(projection.apply(fields).fields().size() == count);
  }
  SECTION("of fields that are added") {
    const auto added = query::Projection::parse_stage(many_fields(count, bson::doc({{"$literal", one}})),
                                                      test_context(), query::Projection::Rules::add_fields);
    CHECK(added.apply(fields).fields().size() == count);
    CHECK(added.apply(bson::Value::document()).fields().size() == count);
  }
  SECTION("of a schema, and of the document that it is about") {
    const bson::Value schema =
        bson::doc({{"required", many_texts(count)}, {"properties", many_fields(count, bson::Value::document())}});
    CHECK(query::Filter::parse(bson::doc({{"$jsonSchema", schema}}), {}).matches(fields));
  }
  SECTION("of objects that are merged") {
    const bson::Value merge = bson::doc({{"$mergeObjects", bson::doc({{"$literal", bson::arr({fields, fields})}})}});
    CHECK(query::AggregateExpression::parse(merge, test_context()).evaluate(one).fields().size() == count);
  }
  SECTION("of variables") {
    const bson::Value let = bson::doc({{"$let", bson::doc({{"vars", fields}, {"in", bson::Value::string("$$f0")}})}});
    CHECK(query::AggregateExpression::parse(let, test_context()).evaluate(one).as_int64() == 1);
  }
}

TEST_CASE("fifty thousand elements take no time that grows with their square", "[exhaustion]") {
  const bson::Value all = many_texts(50'000), document = bson::doc({{"a", all}});
  SECTION("when they are added to a set") {
    const bson::Value each = bson::doc({{"$addToSet", bson::doc({{"a", bson::doc({{"$each", all}})}})}});
    const auto update = query::Update::parse(each, {}, false, update_context());
    CHECK(update.apply(bson::doc({{"a", bson::Value::array()}}), {})["a"].elements().size() == 50'000);
    CHECK(update.apply(document, {})["a"].elements().size() == 50'000);
  }
  SECTION("when they are pulled") {
    const bson::Value pull = bson::doc({{"$pullAll", document}});
    CHECK(query::Update::parse(pull, {}, false, update_context()).apply(document, {})["a"].elements().empty());
  }
  SECTION("when each has to be another, or one of a list") {
    CHECK(filter_matches("{$jsonSchema: {properties: {a: {uniqueItems: true}}}}", "{a: [{x: 1, y: 2}, {x: 2, y: 1}]}"));
    CHECK_FALSE(
        filter_matches("{$jsonSchema: {properties: {a: {uniqueItems: true}}}}", "{a: [{x: 1, y: 2}, {y: 2.0, x: 1}]}"));
    const auto matches = [&](const bson::Value& items) {
      const bson::Value schema = bson::doc({{"properties", bson::doc({{"a", items}})}});
      return query::Filter::parse(bson::doc({{"$jsonSchema", schema}}), {}).matches(document);
    };
    CHECK(matches(bson::doc({{"uniqueItems", bson::Value::boolean(true)}})));
    CHECK(matches(bson::doc({{"items", bson::doc({{"enum", all}})}})));
  }
  SECTION("when a text is trimmed of as many characters") {
    std::string characters;
    for (int at = 0; at < 50'000; ++at) {  // From U+1000 on, three bytes each.
      const int point = 0x1000 + at % 0xC000;
      characters += {static_cast<char>(0xE0 | point >> 12), static_cast<char>(0x80 | (point >> 6 & 0x3F)),
                     static_cast<char>(0x80 | (point & 0x3F))};
    }
    const bson::Value some = bson::Value::string("(" + characters + ")"),
                      chars = bson::Value::string(characters + "()");
    const bson::Value trim = bson::doc({{"$trim", bson::doc({{"input", some}, {"chars", chars}})}});
    CHECK(evaluated_value(trim) == "''");
  }
  SECTION("when the greatest are looked for") {
    const bson::Value several = bson::doc({{"n", bson::Value::int32(50'000)}, {"input", bson::Value::string("$a")}});
    const auto greatest = query::AggregateExpression::parse(bson::doc({{"$maxN", several}}), test_context());
    CHECK(greatest.evaluate(document).elements().front().as_text() == "f9999");
  }
}

TEST_CASE("a command has no more than a thousand variables", "[exhaustion]") {
  CHECK(error_of([&] { query::evaluate_let(many_fields(1001, bson::Value::int32(1)), test_context()); }) ==
        "2 BadValue: 'let' has 1001 variables; this store takes at most 1000");
}

}  // namespace premortem::testing
