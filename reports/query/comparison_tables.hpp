#pragma once
// The tables of a comparison: one row a strategy, in the order of the file.

#include "reports/query/table.hpp"
#include "sim/compare/comparison.hpp"

namespace premortem {

/// "application.time-to-done.p99" as a heading: "application p99".
std::string measure_heading(const std::string& measure);
/// What the scenario wants compared; else what differs anywhere, but not what only mirrors something else.
std::vector<std::string> compared_measures(const Comparison& comparison);

/// How many runs are as expected, and every fate that occurs anywhere: mean and interval.
Table fates_table(const Comparison& comparison);
/// Smallest and largest over the seeds, of the fates that differ between seeds anywhere; no rows: none does.
Table fate_ranges_table(const Comparison& comparison);
/// In how many runs each check held.
Table check_counts_table(const Comparison& comparison);
/// Times to done, detection, operator steps: mean and interval.
Table times_table(const Comparison& comparison);
/// Differences to the baseline, paired by seed: of the measures that the scenario names, or those that differ anywhere.
Table paired_table(const Comparison& comparison);

}  // namespace premortem
