// Texts that a scenario's author chose, as a terminal or Markdown can show them.

#include <fmt/format.h>

#include <algorithm>

#include "reports/query/table.hpp"

namespace premortem {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

namespace {

/// Length of the UTF-8 sequence at `n`, or 0 when there is none.
std::size_t sequence_at(const std::string& text, std::size_t n) {
  const auto first = static_cast<unsigned char>(text[n]);
  const std::size_t length = first < 0x80                    ? 1
                             : first >= 0xC2 && first < 0xE0 ? 2
                             : first >= 0xE0 && first < 0xF0 ? 3
                             : first >= 0xF0 && first < 0xF5 ? 4
                                                             : 0;
  if (length == 0 || n + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((static_cast<unsigned char>(text[n + i]) & 0xC0U) != 0x80U) return 0;
  }
  // Longer than need be, half of a surrogate pair, or beyond Unicode: readers of XML and JSON refuse those.
  const auto second = length > 1 ? static_cast<unsigned char>(text[n + 1]) : 0;
  const bool wrong = (first == 0xE0 && second < 0xA0) || (first == 0xED && second >= 0xA0) ||
                     (first == 0xF0 && second < 0x90) || (first == 0xF4 && second >= 0x90);
  return wrong ? 0 : length;
}

}  // namespace

std::string readable_utf8(const std::string& text) {
  std::string valid;
  for (std::size_t n = 0; n < text.size();) {
    const std::size_t length = sequence_at(text, n);
    if (length == 0) {
      valid += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[n++]));
      continue;
    }
    valid.append(text, n, length);
    n += length;
  }
  return valid;
}

std::string visible(const std::string& given) {
  const std::string text = readable_utf8(given);
  std::string shown;
  for (std::size_t n = 0; n < text.size(); ++n) {
    const auto byte = static_cast<unsigned char>(text[n]);
    const auto after = n + 1 < text.size() ? static_cast<unsigned char>(text[n + 1]) : 0;
    if (byte == '\n') {
      shown += "\\n";
    } else if (byte == '\t') {
      shown += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else if (byte == 0xC2 && after >= 0x80 && after < 0xA0) {  // The second set of control characters.
      shown += fmt::format("\\x{:02x}", after);
      ++n;
    } else {
      shown += text[n];
    }
  }
  return shown;
}

std::string wrapped(const std::string& text, const std::string& indent) {
  const std::string plain = visible(text);
  std::string out, line;
  std::size_t from = 0;
  while (from <= plain.size()) {
    const std::size_t end = std::min(plain.find(' ', from), plain.size());
    const std::string word = plain.substr(from, end - from);
    if (!line.empty() && width_of(line) + 1 + width_of(word) > terminal_width) {
      out += line + "\n";
      line = indent + word;
    } else {
      line += (from == 0 ? "" : " ") + word;
    }
    from = end + 1;
  }
  return out + line;
}

std::string markdown_text(const std::string& text) {
  const std::string plain = visible(text);
  const auto in_word = [&](std::size_t n) {
    const auto byte = static_cast<unsigned char>(n < plain.size() ? plain[n] : ' ');
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
  };
  std::string escaped;
  for (std::size_t n = 0; n < plain.size(); ++n) {
    const char c = plain[n], before = n > 0 ? plain[n - 1] : ' ';
    if (c == '<') {
      escaped += "&lt;";
      continue;
    }
    // Within a word an underscore is one, and brackets are only a link's when parentheses follow.
    const bool markup = c == '|' || c == '*' || c == '`' || c == '\\' || c == '$' || (c == '(' && before == ']') ||
                        (c == '~' && before == '~') || (c == '_' && !(n > 0 && in_word(n - 1) && in_word(n + 1)));
    if (markup) escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace premortem
