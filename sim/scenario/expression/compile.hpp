#pragma once
// Text of an expression -> Expression. The language: a typed, terminating subset of CEL; docs: section 7 of the
// language.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/expression/scope.hpp"

namespace premortem {

/// Longest expression in bytes, and how deep its parts may nest.
inline constexpr std::size_t expression_length_max = 4096;
inline constexpr std::size_t expression_depth_max = 64;

/// What is wrong, and what to write instead. `offset` counts bytes from the start of the expression's text.
struct ExpressionError {
  std::size_t offset = 0;
  std::string message;

  bool operator==(const ExpressionError&) const = default;
};

struct CompileResult {
  Expression expression;                 ///< Empty if there is an error.
  std::optional<ExpressionError> error;  ///< The first one, from left to right.
  std::vector<ExpressionError> notes;    ///< Not wrong, but to be said aloud: dyn() comparisons that are never equal.

  explicit operator bool() const { return !error; }
};

/// Compiles `text`. With `wanted`, its type must be that (an int serves as a double, an empty list as any list).
/// Never throws, whatever the bytes of `text` are. The scope is used during the call only.
CompileResult compile_expression(std::string_view text, ExpressionScope& scope, std::optional<Type> wanted = {});

}  // namespace premortem
