#pragma once
// One execution of an exploration: a run under some chooser, and what it amounts to.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/kernel/chooser.hpp"
#include "sim/models/world.hpp"
#include "sim/scenario/compiled.hpp"
#include "sim/scenario/goals.hpp"

namespace premortem {

struct ExploredRun {
  std::vector<CheckVerdict> verdicts;  ///< By check; empty when it was endless.
  bool surprising = false;             ///< A check is broken that the scenario does not expect to be, or not so.
  bool endless = false;                ///< Time stood still: it went round and round at one instant.
  bool merged = false;           ///< It met a state that was followed before, and was given up there: no verdicts.
  Digest outcome;                ///< What became of every item, and when, and of every check: equal when all that is.
  std::int64_t score = 0;        ///< Of the measure that is searched towards; larger is worse for the system.
  std::uint64_t decisions = 0;   ///< Choices asked.
  std::uint64_t ties = 0;        ///< ... of these, about the order of simultaneous events.
  std::uint64_t activities = 0;  ///< ... and how many activities took part in these; counted by PCT only.
  FaultBudget faults;            ///< What was left of it, and how often it was asked.
  std::vector<std::uint64_t> choices;  ///< What was chosen, in order: for ReplayChooser.
  std::vector<bool> goals;             ///< By goal: reached. Empty unless they are watched.
};

/// Everything that decides how a run goes on and how it will be judged. Copied at a choice, it goes on as the original.
struct HalfRun {
  World world;
  Judge judge;
  FaultBudget faults{};
  std::optional<GoalWatch> goals{};
};

/// What every execution of one exploration shares. `scenario` must outlive it. Read by many threads at once.
class Explored {
 public:
  /// `measure`: a measure's name as in checks, "delay" for the longest time from arrival to being done, or "failed" for
  /// how many items do not end done; REQUIRES: is_measure().
  /// `ties_from`: ties before that instant, ns, go by order of scheduling. Without it, those of the clock's first
  /// instant do, at which everything is set up and nothing meets.
  /// `faults_max`: so many faults may be chosen to strike in one execution; what would be one more does not strike, and
  /// is no choice.
  Explored(const CompiledScenario& scenario, std::uint64_t seed, ChoiceKinds kinds, std::string measure,
           std::optional<std::int64_t> ties_from = std::nullopt, std::uint64_t faults_max = FaultBudget::unlimited);
  static bool is_measure(const CompiledScenario& scenario, const std::string& measure);

  const CompiledScenario& scenario() const { return scenario_; }
  std::uint64_t seed() const { return seed_; }
  /// From now on executions tell which goals they have reached. Before the first one.
  void watch_goals() { goals_.emplace(scenario_); }
  const std::optional<GoalWatch>& goals() const { return goals_; }
  ChoiceKinds kinds() const { return kinds_; }
  std::int64_t ties_from() const { return ties_from_; }
  std::uint64_t faults_max() const { return faults_max_; }

  /// The run before its first instant.
  HalfRun fresh() const { return {fresh_, Judge(*scenario_.judge), {.left = faults_max_}, goals_}; }
  /// Lets `run` go on until it ends, or `chooser` stops it at a tie. `begins`: it is fresh. True: it is at its end, and
  /// conclude() may follow. `chooser` is asked about kinds() only, and what it needs to look at stands in `run`.
  /// Throws Livelock.
  bool go_on(HalfRun& run, bool begins, Chooser& chooser) const;
  /// REQUIRES: go_on() said that it is at its end.
  ExploredRun conclude(HalfRun& run) const;
  /// The three together, endless ones too; `choices` are what `chooser` answered.
  ExploredRun execute(HalfRun& run, Chooser& chooser) const;

 private:
  std::int64_t score_of(const Judge& judge) const;

  const CompiledScenario& scenario_;
  std::uint64_t seed_;
  ChoiceKinds kinds_;
  std::string measure_;
  std::int64_t ties_from_;
  std::uint64_t faults_max_;
  World fresh_;
  std::optional<GoalWatch> goals_;
};

}  // namespace premortem
