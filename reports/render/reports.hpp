#pragma once
// Whole reports as text: for a terminal, for a machine. For a pull request: markdown.hpp.

#include <string>
#include <vector>

#include "reports/query/time_format.hpp"
#include "sim/compare/comparison.hpp"

namespace premortem {

std::string run_to_terminal(const RunResult& run, const TimeFormat& format);
std::string run_to_json(const RunResult& run);
/// CSV with a heading line: every table of the run's report, one row a cell. Durations are in ns, times civil.
std::string run_to_csv(const RunResult& run, const TimeFormat& format);

/// `readings`: the scenario as written first, then under each reading of what is assumed; never empty.
std::string comparisons_to_terminal(const std::vector<Comparison>& readings);
/// One object: the first comparison, with the others under "readings".
std::string comparisons_to_json(const std::vector<Comparison>& readings);
/// CSV with a heading line: one row a reading, strategy and measure, with its difference to the baseline where there is
/// one. Durations are in ns; `low` and `high` are the interval of the mean.
std::string comparisons_to_csv(const std::vector<Comparison>& readings);

/// A file that could not be run, and why.
struct InvalidFile {
  std::string file, message;
};

/// JUnit XML as Jenkins reads it: a suite for each scenario and strategy, a test case for each check; then a suite for
/// each file that could not be run, with one error.
std::string runs_to_junit(const std::vector<RunResult>& runs, const std::vector<InvalidFile>& invalid = {});

}  // namespace premortem
