#pragma once
// A table of texts: what every report of figures is made of, whatever it is rendered to.

#include <string>
#include <vector>

namespace premortem {

/// Columns of a terminal that reports keep to.
inline constexpr std::size_t terminal_width = 120;

struct Column {
  std::string name;
  bool right = false;  ///< Figures stand at the right, and their heading may take several lines.
};

struct Table {
  std::string title;
  std::vector<Column> columns;
  std::vector<std::vector<std::string>> rows;  ///< Each as long as `columns`.
};

/// Columns aligned by spaces, one line a row, two spaces before each; UTF-8 counts by code points. What does not fit
/// into `terminal_width` goes on below, with the first column again.
std::string to_terminal(const Table& table);
/// A table as GitHub renders it.
std::string to_markdown(const Table& table);

/// How many columns of a terminal a UTF-8 text takes.
std::size_t width_of(const std::string& text);
/// Bytes that are not UTF-8, which a path may hold, as `\xff`.
std::string readable_utf8(const std::string& text);
/// `readable_utf8`, and control characters as they would be typed: a newline in a name is `\n`, and no name can colour
/// a terminal.
std::string visible(const std::string& text);
/// `visible`, broken at spaces into lines of at most `terminal_width`; all but the first begin with `indent`.
std::string wrapped(const std::string& text, const std::string& indent);
/// `visible`, and nothing in it is markup.
std::string markdown_text(const std::string& text);

}  // namespace premortem
