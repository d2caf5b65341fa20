#pragma once
// A run's history as a page draws it: columns of numbers, texts said once.

#include <string>
#include <vector>

#include "reports/query/report_data.hpp"
#include "reports/query/time_format.hpp"
#include "sim/checks/judge.hpp"
#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// How much of a history goes into a page. What is beyond it is thinned, and that is said.
struct HistoryBudget {
  std::size_t records = 200'000;
  std::size_t steps = 4000;       ///< Of each series.
  std::int64_t stretches = 1000;  ///< Of the density of each system.
};

struct ToldHistory {
  HistoryData data;
  std::vector<std::string> left_out;  ///< A sentence each; empty: everything is there.
  std::uint64_t records_kept = 0;
};

/// `items`: what became of each, by number; all of one run. Within the budget all items that did not end done come
/// first, then as many others as fit, evenly over the run.
ToldHistory history_data(const HistoryNames& names, const std::vector<Record>& records,
                         const std::vector<JudgedItem>& items, const TimeFormat& format, const HistoryBudget& budget);

}  // namespace premortem
