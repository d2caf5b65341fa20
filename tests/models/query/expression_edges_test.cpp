// Arguments that give nothing, numbers of every type, and limits that count what is kept.
#include "tests/models/query/filter_support.hpp"
#include "tests/models/query/pipeline_support.hpp"

namespace premortem::testing {

TEST_CASE("an argument that gives nothing is null, and not left out", "[expression]") {
  CHECK(evaluated("{$dateFromParts: {year: 2024, month: '$m'}}") == "null");
  CHECK(evaluated("{$dateFromParts: {year: '$y', month: 1}}") == "null");
  CHECK(evaluated("{$dateFromParts: {year: 2024, timezone: '$m'}}") == "null");
  CHECK(evaluated("{$dateFromParts: {year: 2024}}") == "{$date: {$numberLong: '1704067200000'}}");
  CHECK(evaluated("{$dateToParts: {date: {$toDate: {$numberLong: '0'}}, iso8601: '$m'}}") == "null");
  CHECK(evaluated("{$dateToString: {date: {$toDate: {$numberLong: '0'}}, format: '$m'}}") == "null");
  CHECK(evaluated("{$dateTrunc: {date: {$toDate: {$numberLong: '0'}}, unit: 'day', binSize: '$m'}}") == "null");
  CHECK(evaluated("{$dateTrunc: {date: {$toDate: {$numberLong: '0'}}, unit: 'week', startOfWeek: '$m'}}") == "null");
  CHECK(evaluated("{$trim: {input: ' x ', chars: '$m'}}") == "null");
}

TEST_CASE("what a date is replaced by may be nothing, and is evaluated only then", "[expression]") {
  CHECK(evaluated("{$dateToString: {date: null, onNull: '$m'}}") == "missing");
  CHECK(evaluated("{$dateToString: {date: null}}") == "null");
  CHECK(evaluated("{$dateFromString: {dateString: null, onNull: '$m'}}") == "missing");
  CHECK(evaluated("{$dateFromString: {dateString: 'no', onError: '$m'}}") == "missing");
  CHECK(evaluated("{$dateFromString: {dateString: 'no', onError: 5}}") == "5");
  CHECK(evaluated("{$dateFromString: {dateString: 'no'}}") == "241: Error parsing date string 'no'");
  CHECK(evaluated("{$dateFromString: {dateString: '2024-01-01', onError: {$divide: [1, 0]}}}") ==
        "{$date: {$numberLong: '1704067200000'}}");
}

TEST_CASE("everything but zero, false and nothing is true", "[expression]") {
  for (const std::string value : {"[]", "{}", "[0]"})
    CHECK(evaluated("{$toBool: {$literal: " + value + "}}") == "true");
  const auto truth = [](const bson::Value& value) {
    const bson::Value literal = bson::doc({{"$literal", value}});
    return text(query::AggregateExpression::parse(bson::doc({{"$toBool", literal}}), test_context()).evaluate({}));
  };
  CHECK(truth(bson::Value::binary(0, "")) == "true");
  CHECK(truth(bson::Value::regex("a", "")) == "true");
  CHECK(truth(bson::Value::code("")) == "true");
  CHECK(truth(bson::Value::timestamp(0, 0)) == "true");
  CHECK(truth(bson::Value::min_key()) == "true");
  CHECK(truth(bson::Value::max_key()) == "true");
  CHECK(truth(bson::Value::null()) == "null");
}

TEST_CASE("parts and amounts of dates are whole numbers of any type", "[expression]") {
  CHECK(evaluated("{$dateFromParts: {year: 1970, second: {$numberLong: '4294967296'}}}") ==
        "{$date: {$numberLong: '4294967296000'}}");
  CHECK(evaluated("{$dateFromParts: {year: 1970, millisecond: {$numberLong: '4294967296000'}}}") ==
        "{$date: {$numberLong: '4294967296000'}}");
  const std::string start = "{$toDate: {$numberLong: '0'}}";
  CHECK(evaluated("{$dateAdd: {startDate: " + start + ", unit: 'day', amount: {$numberDecimal: '2'}}}") ==
        "{$date: {$numberLong: '172800000'}}");
  CHECK(evaluated("{$dateAdd: {startDate: " + start + ", unit: 'day', amount: {$numberDecimal: '2.5'}}}") ==
        "5166405: $dateAdd expects integer amount of time units");
  CHECK(evaluated("{$dateTrunc: {date: {$toDate: {$numberLong: '7300000'}}, unit: 'hour', binSize: {$numberDecimal: "
                  "'2'}}}") == "{$date: {$numberLong: '7200000'}}");
}

TEST_CASE("the seconds of an object id are signed, whoever reads them", "[expression]") {
  const std::string id = "{$toObjectId: 'ffffffff0000000000000000'}";
  CHECK(evaluated("{$toDate: " + id + "}") == "{$date: {$numberLong: '-1000'}}");
  CHECK(evaluated("{$year: " + id + "}") == "1969");
}

TEST_CASE("names that only this store has are no operators", "[expression]") {
  CHECK(evaluated("{$_internalSortArray: [[2, 1], 1]}") == "168: Unrecognized expression '$_internalSortArray'");
  CHECK(evaluated("{$_internalNumberedRand: {$numberLong: '1'}}") ==
        "168: Unrecognized expression '$_internalNumberedRand'");
  CHECK(evaluated("{$sortArray: {input: [2, 3, 1], sortBy: -1}}") == "[3, 2, 1]");
}

TEST_CASE("a filter's pattern has at most 32764 bytes", "[expression]") {
  const auto error = [](std::size_t size) {
    const bson::Value filter = bson::doc({{"a", bson::Value::regex(std::string(size, 'x'), "")}});
    return error_of([&] { query::Filter::parse(filter, {}); });
  };
  CHECK(error(32764) == "taken");
  CHECK(error(32765) == "2 BadValue: Regular expression is too long");
}

TEST_CASE("a text of a hundred thousand characters is searched for all matches", "[expression]") {
  std::string letters;
  for (int at = 0; at < 50'000; ++at) letters += "\u00e4b";
  const std::string all = "{$regexFindAll: {input: '" + letters + "', regex: 'b'}}";
  CHECK(evaluated("{$size: " + all + "}") == "50000");
  CHECK(evaluated("{$arrayElemAt: [" + all + ", -1]}") == "{match: 'b', idx: 99999, captures: []}");
}

TEST_CASE("an accumulator that keeps few counts only those towards its memory", "[expression]") {
  const bson::Value large = bson::doc({{"$literal", bson::Value::string(std::string(30 << 20, 'x'))}});
  const auto sizes = [&](const std::string& name, bson::Value operand) {
    return error_of([&] {
      const bson::Value accumulator = bson::doc({{name, std::move(operand)}});
      const bson::Value group = bson::doc({{"_id", bson::Value::null()}, {"x", accumulator}});
      const bson::Value stages =
          bson::arr({bson::doc({{"$group", group}}), json("{$project: {_id: 0, n: {$size: '$x'}}}")});
      Shelves none;
      const auto documents = json("[{_id: 0}, {_id: 1}, {_id: 2}, {_id: 3}]").elements();
      throw query::CommandError(0, text(query::Pipeline::parse(stages, test_context()).run(documents, none).at(0)));
    });
  };
  const bson::Value one = bson::Value::int32(1), by = json("{_id: 1}");
  CHECK(sizes("$topN", bson::doc({{"n", one}, {"sortBy", by}, {"output", large}})) == "0 OK: {n: 1}");
  CHECK(sizes("$bottomN", bson::doc({{"n", one}, {"sortBy", by}, {"output", large}})) == "0 OK: {n: 1}");
  CHECK(sizes("$lastN", bson::doc({{"n", one}, {"input", large}})) == "0 OK: {n: 1}");
  CHECK(sizes("$minN", bson::doc({{"n", one}, {"input", large}})) == "0 OK: {n: 1}");
  CHECK(sizes("$push", large) ==
        "292 QueryExceededMemoryLimitNoDiskUseAllowed: PlanExecutor error during aggregation :: caused by :: Exceeded "
        "memory limit of "
        "104857600 bytes for an accumulator");
}

}  // namespace premortem::testing
