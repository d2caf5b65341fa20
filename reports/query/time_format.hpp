#pragma once
// How reports write instants.

#include <functional>
#include <string>

#include "sim/kernel/time.hpp"

namespace premortem {

/// Writes an instant as people read it, in the scenario's zone.
using TimeFormat = std::function<std::string(Time)>;

}  // namespace premortem
