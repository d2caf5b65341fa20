#pragma once
// Reports for a pull request or a postmortem, in pieces: the reports of our own, and what templates of others ask for.

#include <optional>
#include <string>
#include <vector>

#include "reports/query/item_story.hpp"
#include "reports/query/table.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

/// A report that people read in a comment is shorter than this many lines, whatever the scenario holds.
inline constexpr std::size_t markdown_lines = 60;

/// One piece of a report, by the name that a template calls it by.
struct MarkdownPart {
  std::string name;
  std::string text;    ///< Markdown without a line end behind it; of a run or comparison that has it, not empty.
  std::string none;    ///< What a template shows in place of an empty text.
  bool block = false;  ///< Several lines: it needs a line of its own.
};

/// A run as pieces; the names are the same for every run. `item`: for its sequence diagram.
std::vector<MarkdownPart> run_parts(const RunResult& run, const TimeFormat& format,
                                    const std::optional<ItemStory>& item);
/// Some of them, in an order that suits a pull request, in fewer than `markdown_lines` lines.
std::string run_to_markdown(const RunResult& run, const TimeFormat& format,
                            const std::optional<ItemStory>& item = std::nullopt);

/// A comparison as pieces. `again`: the command that repeats it.
std::vector<MarkdownPart> comparison_parts(const std::vector<Comparison>& readings, const std::string& again);
std::string comparisons_to_markdown(const std::vector<Comparison>& readings, const std::string& again = "");

/// Text as code, whatever it holds.
std::string markdown_code(const std::string& text);
/// A block in a fence: ```mermaid.
std::string fenced(const std::string& language, const std::string& text);
/// A table without a line end behind it; empty when it has no rows.
std::string table_text(const Table& table);
/// At most so many rows, and then one that counts the others.
Table with_fewer_rows(const Table& table, std::size_t most);
std::size_t lines_in(const std::string& text);

}  // namespace premortem
