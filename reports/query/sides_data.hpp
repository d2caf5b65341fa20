#pragma once
// Two runs side by side: what a page says of where they part.

#include <string>

#include "reports/query/report_data.hpp"
#include "reports/query/time_format.hpp"
#include "sim/explore/diff.hpp"

namespace premortem {

/// `a` and `b`: numbers of their stories in the report. `command` says the same on a terminal.
SidesData sides_data(const RunDiff& diff, std::uint64_t a, std::uint64_t b, const std::string& command,
                     const TimeFormat& format);

}  // namespace premortem
