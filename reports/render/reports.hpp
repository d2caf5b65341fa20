#pragma once
// Whole reports as text: for a terminal, for a pull request, for a machine.

#include <functional>
#include <string>
#include <vector>

#include "sim/compare/comparison.hpp"

namespace premortem {

/// Writes an instant as people read it, in the scenario's zone.
using TimeFormat = std::function<std::string(Time)>;

std::string run_to_terminal(const RunResult& run, const TimeFormat& format);
std::string run_to_markdown(const RunResult& run, const TimeFormat& format);
std::string run_to_json(const RunResult& run);

std::string comparison_to_terminal(const Comparison& comparison);
std::string comparison_to_markdown(const Comparison& comparison);
std::string comparison_to_json(const Comparison& comparison);

/// JUnit XML as Jenkins reads it: a suite for each scenario and strategy, a test case for each check.
std::string runs_to_junit(const std::vector<RunResult>& runs);

/// The command that repeats the run.
std::string reproduce(const RunResult& run);

}  // namespace premortem
