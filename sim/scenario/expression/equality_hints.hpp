#pragma once
// Finds `field == value` among the conjuncts of a condition.

#include <functional>
#include <vector>

#include "sim/scenario/expression/syntax_tree.hpp"

namespace premortem::expression_syntax {

/// The hints of a checked condition; `generate` makes the code of a part of it.
std::vector<EqualityHint> equality_hints(const Node& condition, const std::function<Expression(const Node&)>& generate);

}  // namespace premortem::expression_syntax
