#pragma once
// Many scenarios tested, in Markdown: the page of a CI job.

#include <string>
#include <vector>

#include "reports/render/reports.hpp"

namespace premortem {

/// What is not as expected, each with the command that shows it; the rest is counted. `runs`: the worst of each
/// scenario, strategy and reading; `seeds` that each was run with.
std::string tests_to_markdown(const std::vector<RunResult>& runs, const std::vector<InvalidFile>& invalid,
                              std::uint64_t seeds);

}  // namespace premortem
