#pragma once
// Finds `field == value` among the conjuncts of a condition.

#include <functional>
#include <vector>

#include "sim/scenario/expression/syntax_tree.hpp"

namespace premortem::expression_syntax {

/// The hints of a checked condition; `generate` makes the code of a part of it.
std::vector<EqualityHint> equality_hints(const Node& condition, const std::function<Expression(const Node&)>& generate);
/// Whether the condition says nothing but what its hints say, and all of them are indexable.
bool is_equalities(const Node& condition, const std::vector<EqualityHint>& hints);

}  // namespace premortem::expression_syntax
