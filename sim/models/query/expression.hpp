#pragma once
// Aggregation expressions: {$add: ['$a', 1]}. Source: MongoDB manual, "Aggregation Operators".

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/models/query/filter.hpp"

namespace premortem::query {

/// $$-variables that are in force, innermost last; `root` and `current` are $$ROOT and $$CURRENT.
struct Variables {
  const bson::Value* root = nullptr;
  const bson::Value* current = nullptr;
  std::vector<std::pair<std::string, bson::Value>> named;
  std::uint64_t draws = 0;  ///< Of $rand so far: tells one draw for a document from the next.
  std::uint64_t steps = 0;  ///< Work done so far; an evaluation that would never end is stopped.

  /// The innermost variable of this name; missing when there is none.
  const bson::Value& find(std::string_view name) const;
  /// Throws CommandError when it all becomes too much.
  void spend(std::uint64_t work);
};

/// A parsed expression. Immutable.
class AggregateExpression {
 public:
  /// Throws CommandError: 168 InvalidPipelineOperator "Unrecognized expression '$foo'", 17276 for an unknown variable.
  /// `variables`: those that will be in `named`, beside the command's `let`, whose values are expressions themselves.
  static AggregateExpression parse(const bson::Value& expression, const Context& context,
                                   const std::vector<std::string>& variables = {});
  AggregateExpression();
  AggregateExpression(const AggregateExpression&) = default;
  AggregateExpression& operator=(const AggregateExpression&) = default;
  ~AggregateExpression();
  /// Missing when it gives nothing, as a path that is not there does.
  bson::Value evaluate(const bson::Value& document) const;
  bson::Value evaluate(Variables& variables) const;
  /// The same value for every document.
  bool is_constant() const;

  struct Node;

 private:
  std::shared_ptr<const Node> root_;
};

}  // namespace premortem::query
