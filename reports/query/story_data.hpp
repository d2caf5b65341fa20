#pragma once
// One run told: what a story page is drawn from.

#include <string>
#include <vector>

#include "reports/query/history_data.hpp"
#include "sim/compare/run_result.hpp"

namespace premortem {

/// A run and everything that is known of it. What is pointed at must outlive the call.
struct StorySource {
  const RunResult& run;  ///< With its story.
  const HistoryNames& names;
  const std::vector<Record>& records;    ///< The whole history.
  const std::vector<JudgedItem>& items;  ///< What became of each item, by number.
};

/// `command` repeats the run; `format` writes instants in the scenario's zone.
StoryData story_data(const StorySource& source, const std::string& command, const TimeFormat& format,
                     const HistoryBudget& budget = {});

}  // namespace premortem
