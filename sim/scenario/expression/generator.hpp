#pragma once
// Checked tree -> Expression. Sub-expressions that read nothing are evaluated here, once.

#include "sim/scenario/expression/syntax_tree.hpp"

namespace premortem::expression_syntax {

/// The code of a checked tree, with flags and equality hints. Throws SyntaxError: for constants that cannot be computed
/// (1 / 0), and for more values at a time than the stack holds.
Expression generate(const Node& root, ExpressionScope& scope);

}  // namespace premortem::expression_syntax
