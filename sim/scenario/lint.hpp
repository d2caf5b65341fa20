#pragma once
// What a valid file could say better. Notes of `premortem check`, never errors.

#include <string>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

/// The story is too long to be read first; numbers that neither a `source` nor `assumed` answers for.
std::vector<std::string> lint(const Node& root);

}  // namespace premortem
