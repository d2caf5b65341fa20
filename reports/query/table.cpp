#include "reports/query/table.hpp"

#include <algorithm>

namespace premortem {

namespace {

/// Lays one table out; all texts are visible ones.
class Layout {
 public:
  explicit Layout(const Table& table) : table_(table) {
    for (std::size_t n = 0; n < table.columns.size(); ++n) {
      heads_.push_back(head(table.columns[n]));
      std::size_t width = 0;
      for (const std::string& line : heads_.back()) width = std::max(width, width_of(line));
      for (const auto& row : table.rows) width = std::max(width, width_of(row[n]));
      widths_.push_back(width);
    }
  }

  std::string text() const {
    std::string out;
    std::size_t from = 1;
    do {
      std::vector<std::size_t> block = {0};
      std::size_t width = 2 + widths_[0];
      while (from < widths_.size() && (block.size() == 1 || width + 2 + widths_[from] <= terminal_width)) {
        width += 2 + widths_[from];
        block.push_back(from++);
      }
      out += (out.empty() ? "" : "\n") + block_text(block);
    } while (from < widths_.size());
    return out;
  }

 private:
  /// A heading of figures is broken at its spaces, so that it is not wider than they are.
  static std::vector<std::string> head(const Column& column) {
    std::vector<std::string> lines;
    const std::string name = visible(column.name);
    if (!column.right) return {name};
    for (std::size_t from = 0; from <= name.size();) {
      const std::size_t end = std::min(name.find(' ', from), name.size());
      lines.push_back(name.substr(from, end - from));
      from = end + 1;
    }
    return lines;
  }

  std::string block_text(const std::vector<std::size_t>& block) const {
    std::string out;
    const auto line = [&](const auto& cell) {
      std::string text;
      for (const std::size_t n : block) {
        const std::string content = cell(n);
        const std::string space(widths_[n] - width_of(content), ' ');
        text += "  " + (table_.columns[n].right ? space + content : content + space);
      }
      text.erase(text.find_last_not_of(' ') + 1);
      out += text + "\n";
    };
    std::size_t height = 1;
    for (const std::size_t n : block) height = std::max(height, heads_[n].size());
    for (std::size_t row = 0; row < height; ++row) {
      line([&](std::size_t n) {
        const std::size_t skipped = height - heads_[n].size();  // Headings stand on the figures.
        return row < skipped ? std::string() : heads_[n][row - skipped];
      });
    }
    for (const auto& row : table_.rows) line([&](std::size_t n) { return row[n]; });
    return out;
  }

  const Table& table_;
  std::vector<std::vector<std::string>> heads_;
  std::vector<std::size_t> widths_;
};

}  // namespace

std::string to_terminal(const Table& table) {
  Table shown = table;
  for (auto& row : shown.rows) {
    for (std::string& cell : row) cell = visible(cell);
  }
  const std::string title = table.title.empty() ? "" : visible(table.title) + "\n";
  return title + (table.columns.empty() ? "" : Layout(shown).text());
}

std::string to_markdown(const Table& table) {
  std::string out;
  if (!table.title.empty()) out += "**" + markdown_text(table.title) + "**\n\n";
  out += "|";
  for (const Column& column : table.columns) out += " " + markdown_text(column.name) + " |";
  out += "\n|";
  for (const Column& column : table.columns) out += column.right ? "--:|" : "---|";
  for (const auto& row : table.rows) {
    out += "\n|";
    for (const std::string& content : row) out += " " + markdown_text(content) + " |";
  }
  return out + "\n";
}

}  // namespace premortem
