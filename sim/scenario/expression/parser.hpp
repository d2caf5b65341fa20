#pragma once
// Tokens -> tree, with CEL's precedence: ?: || && (< <= > >= == != in) (+ -) (* / %) (! -) (. [] ()).

#include "sim/scenario/expression/syntax_tree.hpp"
#include "sim/scenario/expression/token.hpp"

namespace premortem::expression_syntax {

/// The whole text as one expression. Throws SyntaxError: also for texts that are too long or too deep.
NodePtr parse(std::string_view text);

}  // namespace premortem::expression_syntax
