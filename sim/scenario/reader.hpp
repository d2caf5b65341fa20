#pragma once
// Text of a scenario file -> Node. JSON with comments.

#include <optional>
#include <string>
#include <string_view>

#include "sim/scenario/node.hpp"

namespace premortem {

/// Deepest nesting, and largest file in bytes.
inline constexpr int nesting_max = 64;
inline constexpr std::size_t file_size_max = 16U << 20U;

/// Nothing, with diagnostics, when the text is not valid: syntax, duplicate keys, nesting, encoding.
std::optional<Node> read_scenario_text(std::string_view text, Diagnostics& diagnostics);
/// The same from a file; a directory, a missing or an enormous file is a diagnostic, too.
std::optional<Node> read_scenario_file(const std::string& path, Diagnostics& diagnostics);

}  // namespace premortem
