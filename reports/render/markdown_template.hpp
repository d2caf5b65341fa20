#pragma once
// Markdown files of others with {{placeholders}}, filled with the pieces of a report.

#include <cstdint>
#include <string>
#include <vector>

#include "reports/render/markdown.hpp"

namespace premortem {

/// One {{name}} in a template. `\{{` is no placeholder, but two braces.
struct Placeholder {
  std::size_t from = 0, to = 0;        ///< Bytes of the template.
  std::uint32_t line = 1, column = 1;  ///< From 1; columns count letters.
  std::string name;                    ///< Without the spaces around it; empty: nothing closes it in its line.
  bool alone = false;                  ///< Nothing but spaces stands beside it in its line.
};

/// All of them, in order.
std::vector<Placeholder> placeholders_in(const std::string& text);

/// REQUIRES: every placeholder names one of the parts, and those that name a block are alone in their lines. A block is
/// indented as its placeholder is.
std::string fill_template(const std::string& text, const std::vector<MarkdownPart>& parts);

}  // namespace premortem
