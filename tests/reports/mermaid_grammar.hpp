#pragma once
// The part of Mermaid's language that reports use, as strictly as its own parsers take it.

#include <string>
#include <vector>

namespace premortem::testing {

/// What is wrong with the text of a diagram; "" when nothing is.
std::string mermaid_mistake(const std::string& diagram);

/// The diagrams of a Markdown text; what is in a fence that nothing closes is one, too.
std::vector<std::string> mermaid_blocks(const std::string& markdown);

}  // namespace premortem::testing
