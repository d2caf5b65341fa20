#pragma once
// One run: a pure function of (scenario, strategy, seed, choices).

#include <memory>

#include "sim/compare/run_result.hpp"
#include "sim/kernel/chooser.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

struct RunOptions {
  std::uint64_t seed = 1;
  Chooser* chooser = nullptr;  ///< Must outlive the run; null: choices are drawn by name.
  History* history = nullptr;  ///< Keeps all records when given.
  bool story = false;          ///< Fills RunResult::story.
  bool digesting = true;
};

RunResult run_scenario(const CompiledScenario& scenario, const RunOptions& options);

/// Whether what a check says is what was expected of it.
bool meets(const Expectation& expectation, const CheckResult& result);

}  // namespace premortem
