#pragma once
// How figures are written for people.

#include <cstdint>
#include <optional>
#include <string>

#include "sim/compare/run_result.hpp"
#include "sim/compare/statistics.hpp"

namespace premortem {

/// The two largest units: "16 d 2 h", "1.8 s", "0 s".
std::string short_duration(std::int64_t ns);
/// A count, or a duration; "never" for a detection that did not come, "–" for anything else that does not apply.
std::string figure(const Measure& measure);
/// "182", "93.1 ±0.4": the mean and its interval.
std::string mean_with_interval(const Summary& summary, Measure::Unit unit);
/// "26 .. 54", or the one value that all runs have.
std::string range(const Summary& summary, Measure::Unit unit);

}  // namespace premortem
