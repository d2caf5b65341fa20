#pragma once
// How items ended and which times moved, between two runs.

#include <vector>

#include "sim/explore/alignment.hpp"
#include "sim/explore/diff.hpp"

namespace premortem {

std::vector<ItemGroup> changed_ends(const RecordedRun& a, const RecordedRun& b);
/// Of items that finished in both, at different instants; one a kind.
std::vector<Shifts> finish_shifts(const RecordedRun& a, const RecordedRun& b);
/// Of runs of jobs; one a job.
std::vector<Shifts> job_run_shifts(const RecordedRun& a, const RecordedRun& b, const Alignment& alignment);
std::vector<Moved> moved_steps_and_notices(const RecordedRun& a, const RecordedRun& b);

/// Checks by name: those that say something else.
std::vector<ChangedCheck> changed_checks(const RecordedRun& a, const RecordedRun& b);

}  // namespace premortem
