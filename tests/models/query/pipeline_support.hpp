#pragma once
// Pipelines and expressions of tests, written down as JSON, and what comes out of them, written down too.

#include <map>
#include <string>
#include <vector>

#include "sim/models/query/expression.hpp"
#include "sim/models/query/pipeline.hpp"
#include "tests/models/query/json.hpp"

namespace premortem::testing {

/// Other collections by name.
class Shelves final : public query::CollectionReader {
 public:
  void read(const std::string& collection, const query::Filter& filter,
            const std::function<bool(const bson::Value&)>& visit) override {
    for (const bson::Value& document : collections[collection]) {
      if (filter.matches(document) && !visit(document)) return;
    }
  }
  std::map<std::string, std::vector<bson::Value>> collections;
};

inline query::Context test_context() {
  query::Context context;
  context.now = 1'000;
  context.luck = 7;
  return context;
}

/// As text; an error as "code: text".
inline std::string evaluated(const std::string& expression, const std::string& document = "{}") {
  try {
    const auto parsed = query::AggregateExpression::parse(json(expression), test_context());
    return text(parsed.evaluate(json(document)));
  } catch (const query::CommandError& error) {
    return std::to_string(error.code()) + ": " + error.what();
  }
}

/// The documents that come out as one array.
inline std::string piped(const std::string& stages, const std::string& documents, Shelves shelves = {}) {
  try {
    const auto pipeline = query::Pipeline::parse(json(stages), test_context());
    return text(bson::Value::array(pipeline.run(json(documents).elements(), shelves)));
  } catch (const query::CommandError& error) {
    return std::to_string(error.code()) + ": " + error.what();
  }
}

}  // namespace premortem::testing
