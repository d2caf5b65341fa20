#pragma once
// How figures are written for people.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/compare/run_result.hpp"
#include "sim/compare/statistics.hpp"

namespace premortem {

/// The two largest units: "16 d 2 h", "1.8 s", "0 s".
std::string short_duration(std::int64_t ns);
/// One unit: "2.6 d", "17 min", "793 ms"; for widths of intervals.
std::string rough_duration(std::int64_t ns);
/// A count, or a duration; "never" for a detection that did not come, "–" for anything else that does not apply.
std::string figure(const Measure& measure);
/// "182", "93.1 ±0.4": the mean and its interval; "±?" after a single run.
std::string mean_with_interval(const Summary& summary, Measure::Unit unit);
/// "26 .. 54", or the one value that all runs have.
std::string range(const Summary& summary, Measure::Unit unit);
/// "1 run", "3 runs".
std::string counted(std::uint64_t count, const std::string& one);
/// "a", "a and b", "a, b and c".
std::string listed(const std::vector<std::string>& names);

}  // namespace premortem
