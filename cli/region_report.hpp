#pragma once
// `window` over two addresses: a table of rows, each with the exact window of the first address.

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "cli/window_range.hpp"
#include "sim/explore/region.hpp"

namespace premortem::cli {

/// `scenario`: as it is, for its zone.
std::string region_to_terminal(const RegionAnswer& region, const RegionQuestion& question,
                               const CompiledScenario& scenario);
nlohmann::ordered_json region_to_json(const RegionAnswer& region, const RegionQuestion& question);

}  // namespace premortem::cli
