#pragma once
// Aggregation expressions: {$add: ['$a', 1]}. Source: MongoDB manual, "Aggregation Operators".

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/query/filter.hpp"

namespace premortem::query {

/// $$-variables that are in force, innermost last; `root` and `current` are $$ROOT and $$CURRENT.
struct Variables {
  const bson::Value* root = nullptr;
  const bson::Value* current = nullptr;
  std::vector<std::pair<std::string, bson::Value>> named;
};

/// A parsed expression. Immutable.
class AggregateExpression {
 public:
  /// Throws CommandError: 168 InvalidPipelineOperator "Unrecognized expression '$foo'", 17276 for an unknown variable.
  static AggregateExpression parse(const bson::Value& expression, const Context& context,
                                   const std::vector<std::string>& variables = {});
  AggregateExpression();
  AggregateExpression(const AggregateExpression&) = default;
  ~AggregateExpression();
  /// Missing when it gives nothing, as a path that is not there does.
  bson::Value evaluate(const bson::Value& document) const;
  bson::Value evaluate(Variables& variables) const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace premortem::query
