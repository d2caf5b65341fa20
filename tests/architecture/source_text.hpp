#pragma once
// Just enough of C++'s lexical structure to tell code from comments and string literals.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace premortem::architecture {

/// One line of a source file without its comments.
struct CodeLine {
  int number = 0;                       ///< From 1.
  std::string code;                     ///< String and character literals emptied ("" stays).
  std::optional<std::string> included;  ///< The path between the quotes or brackets of an #include.
};

/// Splits a source text. Raw string literals are taken for ordinary ones, which can only hide the rest of their line.
std::vector<CodeLine> code_lines(std::string_view text);

/// Does `word` stand in `code` with no identifier character beside it?
bool contains_word(std::string_view code, std::string_view word);

/// As contains_word, with "(" as the next character that is not a space, and no member access before it.
bool contains_call(std::string_view code, std::string_view function);

/// Does `code` name an ordered container whose key is a pointer, such as std::map<Queue*, int>?
bool orders_by_address(std::string_view code);

}  // namespace premortem::architecture
