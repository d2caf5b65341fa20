#include "reports/render/markdown.hpp"

#include <algorithm>

namespace premortem {

std::string markdown_code(const std::string& text) {
  const std::string plain = visible(text);
  std::size_t longest = 0, run = 0;
  for (const char c : plain) {
    run = c == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  // A fence is longer than what it holds, and apart from it where that begins or ends with the same sign.
  const std::string fence(longest + 1, '`'), space = longest == 0 ? "" : " ";
  return fence + space + plain + space + fence;
}

std::string fenced(const std::string& language, const std::string& text) {
  return "```" + language + "\n" + text + (text.ends_with('\n') ? "" : "\n") + "```";
}

std::string table_text(const Table& table) {
  if (table.rows.empty()) return "";
  std::string text = to_markdown(table);
  text.pop_back();
  return text;
}

Table with_fewer_rows(const Table& table, std::size_t most) {
  Table fewer = table;
  if (table.rows.size() <= most) return fewer;
  fewer.rows.resize(most);
  std::vector<std::string> rest(table.columns.size());
  rest.front() = "and " + std::to_string(table.rows.size() - most) + " more";
  fewer.rows.push_back(rest);
  return fewer;
}

std::size_t lines_in(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) +
         (text.empty() || text.ends_with('\n') ? 0 : 1);
}

}  // namespace premortem
