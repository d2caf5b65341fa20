#pragma once
// A table of texts: what every report of figures is made of, whatever it is rendered to.

#include <string>
#include <vector>

namespace premortem {

struct Column {
  std::string name;
  bool right = false;  ///< Figures stand at the right.
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< Each as long as `columns`.
};

/// Columns aligned by spaces, one line a row, two spaces before each; UTF-8 counts by code points.
std::string to_terminal(const Table& table);
/// A table as GitHub renders it.
std::string to_markdown(const Table& table);

/// How many columns of a terminal a UTF-8 text takes.
std::size_t width_of(const std::string& text);

}  // namespace premortem
