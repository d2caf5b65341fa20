#pragma once
// What goes round in a circle, as text.

#include <string>
#include <vector>

#include "reports/render/reports.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

/// Numbered, each on a line of its own: "   1  exporter takes export 2".
std::string steps_to_terminal(const std::vector<ToldRecord>& steps, const TimeFormat& format);

/// The steps with a line before them that says what they are. `repeats`: it is a whole
/// turn; else the last of what happened. `of_one_item`: others go round as well.
std::string circle_to_terminal(const std::vector<ToldRecord>& steps, bool repeats, bool of_one_item,
                               const TimeFormat& format);

}  // namespace premortem
