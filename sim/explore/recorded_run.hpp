#pragma once
// One run with its whole history: what two runs are compared by.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/trial.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// A run, the names in its history, and what became of its items. A value: nothing else must outlive it.
struct RecordedRun {
  std::shared_ptr<const CompiledScenario> scenario;
  std::uint64_t seed = 1;
  HistoryNames names;
  Trial trial;
  std::vector<Record> records;
  std::vector<std::string> last_marks;  ///< By item: the last mark that was put on it; empty: none.

  /// "application 467991431": kind and id, which are equal in every run in which the item arrives.
  std::string item_name(std::uint64_t item) const;
  /// A text of the scenario; "" for one that came into being while running.
  std::string text(std::uint64_t number) const;
};

/// Runs from the beginning to the end of the clock. Throws Livelock as a run does.
RecordedRun record_run(std::shared_ptr<const CompiledScenario> scenario, std::uint64_t seed);

}  // namespace premortem
