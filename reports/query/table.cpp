#include "reports/query/table.hpp"

#include <algorithm>

namespace premortem {

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string to_terminal(const Table& table) {
  std::vector<std::size_t> widths;
  for (std::size_t n = 0; n < table.columns.size(); ++n) {
    std::size_t width = width_of(table.columns[n].name);
    for (const auto& row : table.rows) width = std::max(width, width_of(row[n]));
    widths.push_back(width);
  }
  std::string out;
  if (!table.title.empty()) out += table.title + "\n";
  const auto line = [&](const auto& cell) {
    std::string text = " ";
    for (std::size_t n = 0; n < table.columns.size(); ++n) {
      const std::string content = cell(n);
      const std::string space(widths[n] - width_of(content), ' ');
      text += " " + (table.columns[n].right ? space + content : content + space) + " ";
    }
    while (!text.empty() && text.back() == ' ') text.pop_back();
    out += text + "\n";
  };
  line([&](std::size_t n) { return table.columns[n].name; });
  for (const auto& row : table.rows) line([&](std::size_t n) { return row[n]; });
  return out;
}

std::string to_markdown(const Table& table) {
  std::string out;
  if (!table.title.empty()) out += "**" + table.title + "**\n\n";
  const auto cell = [](const std::string& text) {
    std::string escaped;
    for (const char c : text) {
      if (c == '|') escaped += '\\';
      escaped += c;
    }
    return escaped;
  };
  out += "|";
  for (const Column& column : table.columns) out += " " + cell(column.name) + " |";
  out += "\n|";
  for (const Column& column : table.columns) out += column.right ? "--:|" : "---|";
  for (const auto& row : table.rows) {
    out += "\n|";
    for (const std::string& content : row) out += " " + cell(content) + " |";
  }
  return out + "\n";
}

}  // namespace premortem
