#pragma once
// Many runs, over all cores: the same results for any number of threads.

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "sim/compare/comparison.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"

namespace premortem {

struct CampaignOptions {
  std::uint64_t first_seed = 1;
  std::uint64_t runs = 0;  ///< Of each strategy; 0: as many as the wanted precision needs.
  std::uint64_t runs_max = 2000;
  double half_width = 1;  ///< Wanted, of the intervals of the fates in `by`, in items.
  double level = 0.95;
  std::vector<std::string> by;  ///< Measures that matter; none: all.
  unsigned threads = 1;
  RunStore* store = nullptr;  ///< Runs that are there are taken from there; new ones are written as they end.
  std::string file;           ///< As given on the command line, for results.
  const std::atomic<bool>* stop = nullptr;  ///< Set from outside: finish what is under way, keep it, and return.
  std::function<void(std::uint64_t done, std::uint64_t wanted)> progress;
};

struct CampaignResult {
  Comparison comparison;
  bool stopped = false;          ///< By `stop`, before it was done.
  std::uint64_t from_store = 0;  ///< Runs that were there already.
  std::uint64_t computed = 0;    ///< Runs that were not, of strategies and seeds that `runs` may not hold when stopped.
  std::vector<std::vector<RunResult>> runs;  ///< By strategy and seed.
};

/// Runs every scenario under the same seeds. How many seeds, when that is left to the wanted precision: 10 at first;
/// while an interval is too wide, as many as its width lets one expect, but at most twice as many as before.
CampaignResult run_campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                            const CampaignOptions& options);

}  // namespace premortem
