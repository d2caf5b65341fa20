#pragma once
// Text of an expression -> tokens.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/expression/compile.hpp"

namespace premortem::expression_syntax {

/// Thrown inside the compiler only; compile_expression() catches it.
struct SyntaxError {
  ExpressionError error;
};

[[noreturn]] inline void raise(std::size_t offset, std::string message) {
  throw SyntaxError{{offset, std::move(message)}};
}

enum class TokenKind : std::uint8_t { name, text, integer, real, punctuation, end };

struct Token {
  TokenKind kind = TokenKind::end;
  std::size_t offset = 0;
  std::size_t end = 0;        ///< One past its last byte.
  std::string text;           ///< A name, a punctuation mark, a text without quotes and escapes.
  std::uint64_t integer = 0;  ///< Up to 2^63, which only a minus in front makes an int.
  double real = 0;

  bool is(std::string_view mark) const { return kind == TokenKind::punctuation && text == mark; }
  bool is_name(std::string_view word) const { return kind == TokenKind::name && text == word; }
};

/// The tokens, with one of kind `end` at the end. Throws SyntaxError.
std::vector<Token> tokenize(std::string_view text);

}  // namespace premortem::expression_syntax
