#pragma once
// The tables of a difference between two runs.

#include "reports/query/table.hpp"
#include "reports/render/reports.hpp"
#include "sim/explore/diff.hpp"

namespace premortem {

/// One row a way in which items ended differently: how many, of which kind, their end in A and in B, an example.
Table changed_items_table(const RunDiff& diff);
/// Finishes, timeline steps, runs of jobs, notices that came at another time.
Table moved_times_table(const RunDiff& diff, const TimeFormat& format);
/// "lost for a time, late (routed)"; "not there" for an item that did not arrive.
std::string end_in_words(const ItemEnd& end, const ItemEnd& other);
/// "19 h later", "350 ms earlier". REQUIRES: not 0.
std::string shift_in_words(std::int64_t ns);

}  // namespace premortem
