#pragma once
// One run: a pure function of (scenario, strategy, seed, choices).

#include <memory>

#include "sim/compare/run_result.hpp"
#include "sim/compare/saved_run.hpp"
#include "sim/kernel/chooser.hpp"
#include "sim/models/outside.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

struct RunOptions {
  std::uint64_t seed = 1;
  Chooser* chooser = nullptr;  ///< Must outlive the run; null: as `choices` of the scenario say, or by name.
  History* history = nullptr;  ///< Keeps all records when given.
  std::vector<JudgedItem>* items = nullptr;  ///< Is given what became of each item.
  bool story = false;                        ///< Fills RunResult::story and RunResult::unfinished.
  bool goals = false;                        ///< Fills RunResult::goals.
  bool digesting = true;
  /// Where real programs take part: who moves the clock, who tells them, and how their messages are read. Null: nobody.
  Driver* driver = nullptr;
  ClientSink* sink = nullptr;
  const MessageForm* form = nullptr;
  const RuleReader* rule_reader = nullptr;  ///< ... and the fault rules that come in.
  const SavedRun* from =
      nullptr;  ///< Goes on from there, with its seed; must outlive the run. Null: from the beginning.
};

RunResult run_scenario(const CompiledScenario& scenario, const RunOptions& options);

/// The run as it stands when everything before `until` has happened: for RunOptions::from, now or later.
/// REQUIRES: the scenario holds no choices, as how many of them were made is no part of a World.
SavedRun interrupt_scenario(const CompiledScenario& scenario, const RunOptions& options, Time until);

}  // namespace premortem
