#include "reports/render/shell_word.hpp"

#include "reports/query/table.hpp"

namespace premortem {

std::string shell_word(const std::string& text) {
  if (!text.empty() &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./=+,:@%") ==
          std::string::npos) {
    return text;
  }
  const std::string shown = visible(text);
  if (shown == text) {
    std::string quoted = "'";
    for (const char c : text) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return quoted + "'";
  }
  std::string escaped;  // As bash, zsh and ksh read it.
  for (const char c : text) {
    if (c == '\\' || c == '\'') escaped += '\\';
    escaped += c;
  }
  return "$'" + visible(escaped) + "'";
}

}  // namespace premortem
