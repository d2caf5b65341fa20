#pragma once
// Why an item met its fate, for people and for programs.

#include <string>

#include "reports/render/reports.hpp"
#include "sim/explore/why.hpp"

namespace premortem {

/// `command`: what a run of this variant is asked for with, "premortem run FILE --seed 1"; each proof adds its options.
/// At most fifteen lines.
std::string why_to_terminal(const Explanation& told, const std::string& command, const TimeFormat& format);
std::string why_to_json(const Explanation& told, const std::string& command);

}  // namespace premortem
