#pragma once
// The one interface of all searches: each is a file that decides what the next execution chooses.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/execution.hpp"

namespace premortem {

/// An outcome: executions that end alike. See ExploredRun::outcome.
struct OutcomeCount {
  Digest outcome;
  std::uint64_t orders = 0;  ///< How many ways to choose lead to it.
  ExploredRun example;       ///< The first that was found.
};

/// What exhaustive search knows beside its executions.
struct Census {
  bool complete = false;              ///< Every way to choose was looked at. Otherwise all figures are lower bounds.
  std::uint64_t orders = 0;           ///< Ways to choose; UINT64_MAX: that many or more.
  std::uint64_t failing = 0;          ///< ... of these, how many break a check in a way that is not expected.
  std::uint64_t merged = 0;           ///< Executions that met a state which had been followed to its end before.
  std::vector<OutcomeCount> classes;  ///< In the order of finding.
};

/// What PCT guarantees of one execution.
struct PctBound {
  std::uint64_t activities = 0;  ///< n: took part in ties.
  std::uint64_t decisions = 0;   ///< k: ties a run.
  std::uint64_t depth = 0;       ///< d
  std::uint64_t one_in = 0;      ///< n * k^(d-1), exactly; UINT64_MAX: that or more.
  std::uint64_t beyond = 0;      ///< Executions with more than n activities or k ties, for which it does not hold.
};

class Search {
 public:
  virtual ~Search() = default;
  /// How many executions do not depend on each other's results, from the next one on.
  virtual std::uint64_t round_max() const { return 256; }
  /// Execution `number`, from 1. Those of one round are made side by side, in any order.
  virtual ExploredRun execute(std::uint64_t number) = 0;
  /// Hears of every execution of a round, in the order of numbers, when all of the round have ended.
  virtual void learn(const ExploredRun&) {}
  /// There is nothing left to try.
  virtual bool over() const { return false; }
  virtual std::optional<Census> census() const { return std::nullopt; }
  virtual std::optional<PctBound> bound() const { return std::nullopt; }
};

/// Each choice uniform, by its name and the execution's number. `explored` must outlive every search made of it.
std::unique_ptr<Search> random_search(const Explored& explored);
/// Each execution first draws which instants' ties, which durations, faults and delays are open to chance at all; the
/// rest takes the first alternative. Source: Groce et al., "Swarm Testing", ISSTA 2012.
std::unique_ptr<Search> swarm_search(const Explored& explored);
/// Random priorities of activities, and depth - 1 instants at which the first in line becomes the last. Source:
/// Burckhardt, Kothari, Musuvathi, Nagarakatte, "A Randomized Scheduler with Probabilistic Guarantees of Finding Bugs",
/// ASPLOS 2010. `depth` ≥ 1. An activity is a thread there, a tie a step; what is no tie is random.
std::unique_ptr<Search> pct_search(const Explored& explored, std::uint64_t depth);
/// Depth first over all choices. `forking`: from a copy of the World made at the choice, else from the beginning again.
/// `merging`: a state that was followed before is not followed again, its orders are counted by what was found then.
std::unique_ptr<Search> exhaustive_search(const Explored& explored, bool forking = true, bool merging = true);
/// Hill climbing towards a larger score: changes a few choices of the best execution so far, and begins afresh when
/// that has not helped for long.
std::unique_ptr<Search> guided_search(const Explored& explored);

/// n * k^(d-1), or UINT64_MAX when it is that or more.
std::uint64_t pct_one_in(std::uint64_t activities, std::uint64_t decisions, std::uint64_t depth);

}  // namespace premortem
