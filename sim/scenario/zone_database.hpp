#pragma once
// Zones from the system's database, once per scenario; from then on a Zone is a value.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/civil/zone.hpp"

namespace premortem {

/// The zone with all its transitions from a year before `from` to two years after `until`. Nothing: no such zone.
std::optional<Zone> load_zone(std::string_view name, Time from, Time until);
/// All names, for "did you mean".
std::vector<std::string> zone_names();

}  // namespace premortem
