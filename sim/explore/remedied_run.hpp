#pragma once
// One scenario with a remedy done at this instant or that: compiled once, run often, its items told apart from those
// that the remedy itself brings about.

#include <compare>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/critical_instants.hpp"
#include "sim/explore/trial.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

class RemediedRun {
 public:
  /// An item is the n-th of its kind to arrive at that instant, among those that the remedy has not brought about: an
  /// export that somebody sends again is none of the old ones. What the remedy does to one item renames no other; one
  /// that it keeps from arriving, or moves to another instant, is not there.
  struct Identity {
    std::int64_t arrived = 0;
    std::uint32_t kind = 0, nth = 0;
    auto operator<=>(const Identity&) const = default;
  };
  struct Outcome {
    bool ends = true;                           ///< False: the run never ends; then no item is there, and all
                                                ///< verdicts are broken.
    std::vector<CheckVerdict> verdicts;         ///< By check.
    std::vector<std::vector<Identity>> broken;  ///< By check: the items that break it, ascending.
    std::map<Identity, std::int64_t> items;     ///< All that are there, each with its id.
    /// Whether the item is there and does not break the check.
    bool spares(const Identity& item, std::size_t check) const;
  };

  /// REQUIRES: the remedy is declared and the variant compiles with it.
  RemediedRun(const LoadedScenario& loaded, const Variant& variant, const std::string& remedy, std::uint64_t seed);

  /// The run without the remedy. Throws Livelock as a run does.
  Outcome without(CriticalInstants& critical) const;
  /// The run with the remedy, done once at that instant, or later when its `after` or `wait-for` want it.
  Outcome with(std::int64_t at) const;

  const JudgeSpec& judge() const { return *plain_->judge; }

 private:
  std::shared_ptr<const CompiledScenario> plain_, remedied_;
  std::uint32_t entry_ = 0;
  std::uint64_t seed_;
};

}  // namespace premortem
