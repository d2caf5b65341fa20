#pragma once
// The tables of one run and of a comparison.

#include <vector>

#include "reports/query/table.hpp"
#include "sim/compare/comparison.hpp"

namespace premortem {

Table fates_table(const RunResult& run);
Table checks_table(const RunResult& run);
Table measures_table(const RunResult& run);

/// One row a strategy: fates that occur anywhere, checks held, time to done, detection, operator steps.
Table strategies_table(const Comparison& comparison);
/// One row a strategy and fate: mean, interval, range over seeds.
Table fate_ranges_table(const Comparison& comparison);
/// Which checks held in how many runs.
Table check_counts_table(const Comparison& comparison);
/// Differences to the baseline that are shown; strategies without any say so.
Table paired_table(const Comparison& comparison);

}  // namespace premortem
