#pragma once
// One scenario with a remedy done at this instant or that: compiled once, run often, its items told apart from those
// that the remedy itself brings about.

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/explore/critical_instants.hpp"
#include "sim/explore/trial.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

class RemediedRun {
 public:
  /// An item is the n-th of those that the remedy has not brought about, so that its number is the same in every run:
  /// an export that somebody sends again is none of the old ones.
  struct Outcome {
    bool ends = true;                              ///< False: the run never ends; then nothing else is filled in but
                                                   ///< the verdicts, all broken.
    std::vector<CheckVerdict> verdicts;            ///< By check.
    std::vector<std::vector<std::size_t>> broken;  ///< By check: numbers of items, ascending.
    std::vector<JudgedItem> items;                 ///< By number.
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
