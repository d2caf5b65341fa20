#pragma once
// A scenario as text that people read: what fits on a line stands on one.

#include <string>

#include "sim/scenario/node.hpp"

namespace premortem {

/// JSON in the order of the nodes, indented by two, lines of at most `width` columns where the values allow. Reading it
/// gives the same nodes, positions aside.
std::string scenario_text(const Node& root, std::size_t width = 120);

}  // namespace premortem
