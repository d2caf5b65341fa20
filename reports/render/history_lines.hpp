#pragma once
// A history as JSON Lines: one record a line, names instead of numbers.

#include <string>

#include "sim/history/history.hpp"
#include "sim/models/model.hpp"

namespace premortem {

/// {"n": 17, "at": "2020-01-27 11:00", "ns": ..., "kind": "step-done", "who": "timeline", "cause": 16, "a": ..., "b":
/// ...}
std::string history_lines(const Model& model, const History& history);

}  // namespace premortem
