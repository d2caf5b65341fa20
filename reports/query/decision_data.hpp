#pragma once
// Strategies side by side: what a decision page is drawn from.

#include <vector>

#include "reports/query/report_data.hpp"
#include "sim/compare/campaign.hpp"

namespace premortem {

/// `campaigns`: the scenario as written first, then under each reading; none of them stopped.
DecisionData decision_data(const std::vector<CampaignResult>& campaigns);

/// Which of the strategies are best on a trade-off: by number, those that no other beats in one without being worse in
/// the other. `x` and `y`: by strategy; none: it does not apply, and the strategy takes no part.
std::vector<std::uint64_t> pareto_front(const std::vector<std::optional<double>>& x,
                                        const std::vector<std::optional<double>>& y);

}  // namespace premortem
