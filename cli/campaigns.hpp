#pragma once
// All readings of a comparison, run: what `compare` and `report` have in common.

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

#include "cli/comparison_plan.hpp"
#include "sim/compare/campaign.hpp"

namespace premortem::cli {

/// The options that say how much is compared.
struct CampaignSize {
  std::vector<std::string> strategies;  ///< Only these; empty: all.
  std::uint64_t runs = 0;               ///< Of each strategy; 0: as many as the wanted precision needs.
  unsigned threads = 0;                 ///< 0: one for each core.

  void add_to(CLI::App& command);
};

struct Campaigns {
  std::vector<CampaignResult> results;  ///< By reading, the scenario as written first.
  bool stopped = false;                 ///< By a signal; what has run is kept in the store, if there is one.
  std::uint64_t kept = 0, from_store = 0;
  RunVerdict verdict = RunVerdict::as_expected;
};

/// Runs the plan in that size, with what a terminal shows meanwhile and what stops it.
Campaigns run_campaigns(ComparisonPlan& plan, const CampaignSize& size);

/// Says what was stopped, what is kept and how to go on; the exit code. `store`: "" when nothing is kept.
int say_stopped(const Campaigns& campaigns, const std::string& store);

}  // namespace premortem::cli
