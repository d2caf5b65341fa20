#pragma once
// What can be measured of a run, by name.

#include <string>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

/// "detection", "operator-steps", and of each kind of item its fates and times: "application.lost",
/// "application.time-to-done.p99".
std::vector<std::string> measure_names(const Node& root);

}  // namespace premortem
