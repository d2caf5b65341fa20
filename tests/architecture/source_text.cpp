#include "tests/architecture/source_text.hpp"

namespace premortem::architecture {
namespace {

bool is_identifier(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// The path of an #include directive, if `line` is one.
std::optional<std::string> included_path(std::string_view line) {
  auto skip_spaces = [&] {
    while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  };
  skip_spaces();
  if (!line.starts_with('#')) return std::nullopt;
  line.remove_prefix(1);
  skip_spaces();
  if (!line.starts_with("include")) return std::nullopt;
  line.remove_prefix(7);
  skip_spaces();
  if (line.empty() || (line.front() != '"' && line.front() != '<')) return std::nullopt;
  const std::size_t end = line.find(line.front() == '"' ? '"' : '>', 1);
  return end == std::string_view::npos ? std::nullopt : std::optional<std::string>{line.substr(1, end - 1)};
}

/// Copies `line` without comments and without what stands in literals. `in_comment` goes on from line to line.
std::string without_comments_and_literals(std::string_view line, bool& in_comment) {
  std::string code;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const char next = i + 1 < line.size() ? line[i + 1] : '\0';
    if (in_comment) {
      if (c == '*' && next == '/') in_comment = false, ++i;
    } else if (quote != 0) {
      if (c == '\\') {
        ++i;
      } else if (c == quote) {
        quote = 0;
        code += c;
      }
    } else if (c == '/' && next == '/') {
      break;
    } else if (c == '/' && next == '*') {
      in_comment = true, ++i;
    } else {
      const bool separates_digits = c == '\'' && !code.empty() && is_identifier(code.back());
      if (c == '"' || (c == '\'' && !separates_digits)) quote = c;
      code += c;
    }
  }
  return code;
}

/// Calls `accept(position)` for every whole word `word` in `code` until it returns true; says whether it did.
template <class Accept>
bool any_word(std::string_view code, std::string_view word, Accept accept) {
  for (std::size_t at = code.find(word); at != std::string_view::npos; at = code.find(word, at + 1)) {
    const bool begins = at == 0 || !is_identifier(code[at - 1]);
    const std::size_t end = at + word.size();
    if (begins && (end == code.size() || !is_identifier(code[end])) && accept(at)) return true;
  }
  return false;
}

}  // namespace

std::vector<CodeLine> code_lines(std::string_view text) {
  std::vector<CodeLine> lines;
  bool in_comment = false;
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    const bool starts_in_comment = in_comment;
    std::string code = without_comments_and_literals(line, in_comment);
    auto included = starts_in_comment ? std::nullopt : included_path(line);
    lines.push_back({++number, std::move(code), std::move(included)});
  }
  return lines;
}

bool contains_word(std::string_view code, std::string_view word) {
  return any_word(code, word, [](std::size_t) { return true; });
}

bool contains_call(std::string_view code, std::string_view function) {
  return any_word(code, function, [&](std::size_t at) {
    const std::size_t next = code.find_first_not_of(' ', at + function.size());
    const bool is_member = at > 0 && (code[at - 1] == '.' || code.substr(0, at).ends_with("->"));
    return next != std::string_view::npos && code[next] == '(' && !is_member;
  });
}

bool orders_by_address(std::string_view code) {
  for (const std::string_view container : {"map", "multimap", "set", "multiset", "less"}) {
    const bool found = any_word(code, container, [&](std::size_t at) {
      const std::size_t open = at + container.size();
      if (open >= code.size() || code[open] != '<') return false;
      const std::size_t key_end = code.find_first_of(",<>(", open + 1);
      const std::size_t star = code.find('*', open + 1);
      return star != std::string_view::npos && (key_end == std::string_view::npos || star < key_end);
    });
    if (found) return true;
  }
  return false;
}

}  // namespace premortem::architecture
