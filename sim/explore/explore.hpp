#pragma once
// An exploration: one search, so many executions, and what they found. The same for the same seed and number of
// executions, however many are made at once.

#include <functional>

#include "sim/explore/search.hpp"

namespace premortem {

struct ExploreOptions {
  std::uint64_t executions = 1000;  ///< At most; > 0.
  /// Calls work(0) to work(jobs - 1), on as many threads as it likes, and returns when all have returned. None: one
  /// after the other.
  std::function<void(std::uint64_t jobs, const std::function<void(std::uint64_t)>& work)> side_by_side;
  /// Asked between rounds: true ends the exploration there, with what was found.
  std::function<bool(std::uint64_t executions, std::uint64_t failing)> enough;
};

/// What became of one check over all executions.
struct ExploredCheck {
  std::string name;
  std::string expected;    ///< As the scenario says.
  bool sometimes = false;  ///< A goal: reached where it holds.
  std::uint64_t broken = 0, held = 0, not_exercised = 0;
  std::uint64_t first_broken = 0;  ///< Number of that execution; 0: none.
};

/// In how many executions one goal was reached.
struct ExploredGoal {
  Goal goal;
  std::uint64_t reached = 0;
};

struct ExploreResult {
  std::uint64_t executions = 0;
  std::uint64_t completed = 0;  ///< Executions that were run to their end, and so have verdicts.
  std::uint64_t failing = 0;    ///< A check is broken that is not expected to be, or time stood still.
  std::uint64_t endless = 0;    ///< Time stood still.
  std::uint64_t outcomes = 0;   ///< Different ones among the completed.
  std::uint64_t decisions_max = 0;
  bool faults_open = false;      ///< In some execution it was up to a choice whether a fault strikes.
  std::uint64_t faults_max = 0;  ///< Most that struck by choice in one execution; counted under a budget only.
  bool ended_early = false;      ///< By `enough`.
  std::vector<ExploredCheck> checks;
  std::vector<ExploredGoal> goals;  ///< Empty unless `explored` watches them.
  std::uint64_t first_failing = 0;  ///< Number of that execution; 0: none.
  ExploredRun failure;              ///< That execution.
  std::uint64_t worst = 0;          ///< Number of the first execution with the largest score; 0: none was completed.
  std::int64_t worst_score = 0, first_score = 0;
  std::optional<Census> census;
  std::optional<PctBound> bound;

  bool exercised() const;
};

ExploreResult explore(const Explored& explored, Search& search, const ExploreOptions& options);

}  // namespace premortem
