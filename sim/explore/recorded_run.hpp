#pragma once
// One run with its whole history: what two runs are compared by.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/trial.hpp"
#include "sim/history/names.hpp"
#include "sim/history/told_record.hpp"

namespace premortem {

/// What a search chose in a run, to be said again: see ReplayChooser.
struct RepeatedChoices {
  ChoiceKinds kinds{};
  std::int64_t ties_from = 0;  ///< ns; ties before it go by order of scheduling.
  std::uint64_t faults_max = FaultBudget::unlimited;
  std::vector<std::uint64_t> choices;
};

/// A run, the names in its history, and what became of its items. A value: nothing else must outlive it.
struct RecordedRun {
  std::shared_ptr<const CompiledScenario> scenario;
  std::uint64_t seed = 1;
  std::optional<RepeatedChoices> choices;  ///< None: everything was drawn by name.
  std::size_t misfits = 0;                 ///< Choices that no longer fit: the last alternative was taken there.
  HistoryNames names;
  Trial trial;
  std::vector<Record> records;
  std::vector<std::string> items;       ///< By number: "application 467991431", equal in every run in which it arrives.
  std::vector<std::string> last_marks;  ///< By item: the last mark that was put on it; empty: none.

  /// REQUIRES: a number of a record.
  ToldRecord tell(std::uint32_t number) const;
  /// A text of the scenario; "" for one that came into being while running.
  std::string text(std::uint64_t number) const;
};

/// Runs from the beginning to the end of the clock. Throws Livelock as a run does.
RecordedRun record_run(std::shared_ptr<const CompiledScenario> scenario, std::uint64_t seed,
                       std::optional<RepeatedChoices> choices = std::nullopt);

}  // namespace premortem
