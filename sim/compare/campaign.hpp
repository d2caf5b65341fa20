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
  double half_width = 1;  ///< Wanted, of every interval of a fate, in items.
  double level = 0.95;
  unsigned threads = 1;
  RunStore* store = nullptr;                ///< Runs that are there are taken from there; new ones are written.
  std::string file;                         ///< As given on the command line, for results.
  const std::atomic<bool>* stop = nullptr;  ///< Set from outside: finish what is under way, keep it, and return.
  std::function<void(std::uint64_t done, std::uint64_t wanted)> progress;
};

struct CampaignResult {
  Comparison comparison;
  bool stopped = false;  ///< By `stop`, before it was done.
  std::uint64_t from_store = 0;
  std::vector<std::vector<RunResult>> runs;  ///< By strategy and seed.
};

/// Runs every scenario under the same seeds.
CampaignResult run_campaign(const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                            const CampaignOptions& options);

}  // namespace premortem
