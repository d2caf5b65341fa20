#pragma once
// What the commands that write HTML share: one run told, two runs side by side, the page of a comparison.

#include <string>
#include <vector>

#include "reports/query/report_data.hpp"
#include "sim/compare/campaign.hpp"
#include "sim/compare/runner.hpp"
#include "sim/explore/recorded_run.hpp"

namespace premortem::cli {

/// Throws UsageError when this program was built without the front end of reports.
void check_html(const std::string& path);

/// A report with a title and nothing in it yet.
ReportData empty_report(const std::string& title);

/// The names of a run's history: the scenario's, and those of fault rules that came in meanwhile.
HistoryNames names_of(const CompiledScenario& scenario, const RunResult& result);

/// A run that has been recorded: `history` and `items` are of the run that gave `result`.
StoryData story_of(const CompiledScenario& scenario, const RunResult& result, const History& history,
                   const std::vector<JudgedItem>& items);
/// Runs the scenario and tells it. `file`: as given on the command line.
StoryData told_story(const CompiledScenario& scenario, std::uint64_t seed, const std::string& file);
/// The run again, with what was chosen in it, and tells it. `choices`: the file that they came from; "" for none.
StoryData told_story(const RecordedRun& run, const std::string& file, const std::string& choices);

/// The comparison, and the stories of its strategies under the scenario as written and the first seed, each beside the
/// baseline's: the baseline and what the headline recommends first, then the others, as long as the page stays small
/// enough to attach to a ticket; which are left out is said. `scenarios`: of the first reading, in the order of its
/// strategies. `only`: the strategies that were asked for; empty: all.
ReportData decision_report(const std::vector<CampaignResult>& campaigns,
                           const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                           const std::vector<std::string>& only);

}  // namespace premortem::cli
