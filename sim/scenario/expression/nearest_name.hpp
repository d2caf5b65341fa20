#pragma once
// "Did you mean": the known name that a mistyped one resembles most.

#include <string>
#include <string_view>
#include <vector>

namespace premortem::expression_syntax {

/// The candidate with the fewest letters changed, left out, added or swapped with their neighbour; among several the
/// first in alphabetical order; empty if all differ in more than a third of the letters.
std::string nearest_name(std::string_view name, const std::vector<std::string>& candidates);

/// "; did you mean X?", or nothing.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace premortem::expression_syntax
