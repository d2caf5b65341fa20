#pragma once
// Aggregation expressions: {$add: ['$a', 1]}. Source: MongoDB manual, "Aggregation Operators".

#include <cstddef>
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
  std::size_t held = 0;     ///< Bytes of what is kept while something else is evaluated.

  /// The innermost variable of this name; missing when there is none.
  const bson::Value& find(std::string_view name) const;
  /// Throws CommandError when it all becomes too much.
  void spend(std::uint64_t work);
  /// The same for what is kept; to be taken from `held` again.
  void hold(std::size_t bytes);
};

/// A parsed expression. Immutable.
class AggregateExpression {
 public:
  /// Throws CommandError: 168 InvalidPipelineOperator "Unrecognized expression '$foo'", 17276 for an unknown variable.
  /// `variables`: those that will be in `named`, beside the context's `let`, whose values are taken as they are.
  /// `draws`: counts each $rand; who parses several expressions about one document gives all of them the same, or two
  /// would draw the same number.
  static AggregateExpression parse(const bson::Value& expression, const Context& context,
                                   const std::vector<std::string>& variables = {}, std::uint64_t* draws = nullptr);
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

/// A command's `let` as Context wants it: each expression's value, which later ones may use. What gives nothing is
/// undefined there, and missing for whoever uses it. Throws CommandError, 4890500 for one that looks at a document.
bson::Value evaluate_let(const bson::Value& let, const Context& context);
/// Throws CommandError: names are looked for one by one.
void check_variable_count(std::size_t count);

}  // namespace premortem::query
