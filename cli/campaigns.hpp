#pragma once
// All readings of a comparison, run: what `compare` and `report` have in common.

#include <string>
#include <vector>

#include "cli/comparison_plan.hpp"
#include "sim/compare/campaign.hpp"

namespace premortem::cli {

struct Campaigns {
  std::vector<CampaignResult> results;  ///< By reading, the scenario as written first.
  bool stopped = false;                 ///< By a signal; what has run is kept in the store, if there is one.
  std::uint64_t kept = 0, from_store = 0;
  RunVerdict verdict = RunVerdict::as_expected;
};

/// Fills in what a terminal shows and what stops it. `threads`: 0 for one a core.
Campaigns run_campaigns(ComparisonPlan& plan, unsigned threads);

/// Says what was stopped, what is kept and how to go on; the exit code. `store`: "" when nothing is kept.
int say_stopped(const Campaigns& campaigns, const std::string& store);

}  // namespace premortem::cli
