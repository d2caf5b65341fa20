#pragma once
// What a comparison is to run: every strategy under every reading, all of it valid before anything is written.

#include <memory>
#include <string>
#include <vector>

#include "sim/compare/campaign.hpp"
#include "sim/scenario/load.hpp"

namespace premortem::cli {

/// One reading of what is assumed: the scenario under each strategy, the baseline first.
using Reading = std::vector<std::shared_ptr<const CompiledScenario>>;

struct ComparisonPlan {
  std::vector<Reading> readings;  ///< As written first, then the alternatives that the scenario wants compared.
  CampaignOptions options;        ///< What the scenario says about precision and measures.
};

/// `strategies`: only these, as-happened beside them; empty: all of the file. Throws UsageError with everything that is
/// wrong.
ComparisonPlan plan_comparison(const LoadedScenario& loaded, const Variant& variant,
                               const std::vector<std::string>& strategies);

}  // namespace premortem::cli
