#include "sim/scenario/expression/token.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace premortem::expression_syntax {

namespace {

// Not <cctype>, whose answers depend on the locale.
bool is_digit(char c) { return c >= '0' && c <= '9'; }
/// Letters of all alphabets: a byte of such a letter in UTF-8 is 0x80 or more.
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

std::string shown(char c) {
  const auto byte = static_cast<unsigned char>(c);
  if (byte >= 0x21 && byte < 0x7F) return {'"', c, '"'};
  constexpr std::string_view digits = "0123456789abcdef";
  return std::string("byte 0x") + digits[byte >> 4U] + digits[byte & 15U];
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> tokens() {
    std::vector<Token> tokens;
    for (;;) {
      while (is_space(peek())) ++at_;
      Token token = next();
      token.end = at_;
      tokens.push_back(std::move(token));
      if (tokens.back().kind == TokenKind::end) return tokens;
    }
  }

 private:
  /// The byte `ahead`; a zero byte past the end, which no token may hold either.
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  Token next() {
    Token token;
    token.offset = at_;
    if (at_ >= text_.size()) return token;
    if (is_letter(peek())) {
      token.kind = TokenKind::name;
      while (is_letter(peek()) || is_digit(peek())) token.text += text_[at_++];
    } else if (is_digit(peek())) {
      number(token);
    } else if (peek() == '\'') {
      quoted(token);
    } else {
      punctuation(token);
    }
    return token;
  }

  void number(Token& token) {
    const std::size_t start = at_;
    token.kind = TokenKind::integer;
    while (is_digit(peek())) ++at_;
    if (peek() == '.' && is_digit(peek(1))) {
      token.kind = TokenKind::real;
      ++at_;
      while (is_digit(peek())) ++at_;
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-' ? 1 : 0;
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      token.kind = TokenKind::real;
      at_ += 1 + sign;
      while (is_digit(peek())) ++at_;
    }
    token.text = text_.substr(start, at_ - start);
    refuse_unit(token);
    const char* const begin = token.text.data();
    const char* const end = begin + token.text.size();
    if (token.kind == TokenKind::integer) {
      const auto result = std::from_chars(begin, end, token.integer);
      const std::uint64_t most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()) + 1;
      if (result.ec != std::errc{} || token.integer > most) raise(start, token.text + " is too large for an int");
    } else if (std::from_chars(begin, end, token.real).ec != std::errc{} || !std::isfinite(token.real)) {
      raise(start, token.text + " is beyond the range of a double");
    }
  }

  /// "4 h" and "4h" are the values of other keys; here they need a word around them.
  void refuse_unit(const Token& number) const {
    std::size_t at = at_;
    while (at < text_.size() && is_space(text_[at])) ++at;
    std::size_t end = at;
    while (end < text_.size() && (is_letter(text_[end]) || is_digit(text_[end]))) ++end;
    const std::string unit(text_.substr(at, end - at));
    for (const std::string_view known : {"ns", "us", "ms", "s", "min", "h", "day", "days", "week", "weeks"}) {
      if (unit == known) {
        const std::string amount = number.text + " " + unit;
        raise(number.offset, amount + " is a duration; in an expression write duration('" + amount + "')");
      }
    }
    if (at == at_ && !unit.empty()) raise(number.offset, number.text + unit + " is neither a number nor a name");
  }

  void quoted(Token& token) {
    token.kind = TokenKind::text;
    ++at_;
    while (peek() != '\'') {
      if (at_ >= text_.size()) raise(token.offset, "a text begins here and never ends; close it with '");
      if (peek() == '\0') raise(at_, "unexpected byte 0x00");
      if (peek() != '\\') {
        token.text += text_[at_++];
        continue;
      }
      switch (peek(1)) {
        case '\\':
        case '\'':
          token.text += peek(1);
          break;
        case 'n':
          token.text += '\n';
          break;
        case 't':
          token.text += '\t';
          break;
        default:
          raise(at_, "unknown escape; there are \\\\ \\' \\n \\t");
      }
      at_ += 2;
    }
    ++at_;
  }

  void punctuation(Token& token) {
    token.kind = TokenKind::punctuation;
    constexpr std::array<std::string_view, 21> marks = {"&&", "||", "==", "!=", "<=", ">=", "<", ">", "!", "+", "-",
                                                        "*",  "/",  "%",  "?",  ":",  "(",  ")", "[", "]", ","};
    for (const std::string_view mark : marks) {
      if (text_.substr(at_, mark.size()) != mark) continue;
      token.text = mark;
      at_ += mark.size();
      return;
    }
    if (peek() == '.') {
      token.text = text_[at_++];
      return;
    }
    raise(at_, advice());
  }

  std::string advice() const {
    switch (peek()) {
      case '=':
        return "\"=\" compares nothing here; write \"==\"";
      case '&':
        return "\"&\" is unknown; write \"&&\"";
      case '|':
        return "\"|\" is unknown; write \"||\"";
      case '"':
        return "text stands in single quotes; write '...'";
      default:
        return "unexpected " + shown(peek());
    }
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Token> tokenize(std::string_view text) { return Lexer(text).tokens(); }

}  // namespace premortem::expression_syntax
