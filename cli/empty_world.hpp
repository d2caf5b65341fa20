#pragma once
// The scenario of `serve` without a file: a broker, and nothing else.

#include <cstdint>
#include <string>

#include "sim/scenario/load.hpp"

namespace premortem::cli {

/// A world in UTC whose clock begins at the second in which `begins` (ns since 1970) lies. `rabbitmq`: 3010, 3013,
/// 4000, 4200, 4300.
LoadedScenario empty_world(std::int64_t begins, int rabbitmq);

}  // namespace premortem::cli
