#include "cli/report_page.hpp"

#include <algorithm>

#include "cli/common.hpp"
#include "reports/query/decision_data.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/sides_data.hpp"
#include "reports/query/story_data.hpp"
#include "reports/render/html_report.hpp"
#include "reports/render/report_json.hpp"
#include "sim/explore/diff.hpp"
#include "sim/scenario/history_names.hpp"

namespace premortem::cli {

namespace {

/// Bytes of the page of a comparison: less than what fits into a ticket everywhere.
constexpr std::size_t page_max = 1'480'000;

std::size_t size_in_page(const StoryData& story) {
  ReportData alone;
  alone.stories.push_back(story);
  return report_to_json(alone, {.pack = true, .in_markup = true}).size();
}

/// By number of the strategy: the baseline, what is recommended, the rest.
std::vector<std::size_t> by_interest(const ReadingData& reading) {
  std::vector<std::size_t> order;
  for (const bool recommended : {true, false}) {
    for (std::size_t n = 0; n < reading.strategies.size(); ++n) {
      const bool first = n == 0 || reading.strategies[n].recommended;
      if (first == recommended) order.push_back(n);
    }
  }
  return order;
}

}  // namespace

void check_html(const std::string& path) {
  if (!path.empty() && !has_html()) throw UsageError("premortem: --html: " + why_no_html() + "\n");
}

ReportData empty_report(const std::string& title) {
  ReportData report;
  report.generator = std::string("premortem ") + version;
  report.title = title;
  return report;
}

HistoryNames names_of(const CompiledScenario& scenario, const RunResult& result) {
  HistoryNames names = history_names(scenario);
  names.faults.insert(names.faults.end(), result.live_rules.begin(), result.live_rules.end());
  return names;
}

StoryData story_of(const CompiledScenario& scenario, const RunResult& result, const History& history,
                   const std::vector<JudgedItem>& items) {
  const HistoryNames names = names_of(scenario, result);
  return story_data({result, names, history.records(), items}, reproduce(result), times_of(scenario));
}

StoryData told_story(const CompiledScenario& scenario, std::uint64_t seed, const std::string& file) {
  History history;
  std::vector<JudgedItem> items;
  RunOptions how;
  how.seed = seed;
  how.story = true;
  how.history = &history;
  how.items = &items;
  RunResult result = of_file(file, [&] { return run_scenario(scenario, how); });
  result.file = file;
  return story_of(scenario, result, history, items);
}

StoryData told_story(const RecordedRun& run, const std::string& file, const std::string& choices) {
  if (!run.choices) return told_story(*run.scenario, run.seed, file);
  ReplayChooser replay(run.choices->choices);
  FaultBudget faults;
  faults.left = run.choices->faults_max;
  SelectedChooser selected(replay, run.choices->kinds, run.choices->ties_from, faults);
  History history;
  std::vector<JudgedItem> items;
  RunOptions how;
  how.seed = run.seed;
  how.chooser = &selected;
  how.story = true;
  how.history = &history;
  how.items = &items;
  RunResult result = of_file(file, [&] { return run_scenario(*run.scenario, how); });
  result.file = file;
  result.choices = choices;
  return story_of(*run.scenario, result, history, items);
}

ReportData decision_report(const std::vector<CampaignResult>& campaigns,
                           const std::vector<std::shared_ptr<const CompiledScenario>>& scenarios,
                           const std::vector<std::string>& only) {
  const Comparison& written = campaigns.front().comparison;
  ReportData report = empty_report(written.title);
  report.decision = decision_data(campaigns);
  std::string named;
  for (const std::string& strategy : only) named += (named.empty() ? "" : ",") + strategy;
  for (ReadingData& one : report.decision->readings) {
    if (!named.empty()) one.command += " --strategies " + shell_word(named);
  }
  const ReadingData& reading = report.decision->readings.front();
  if (reading.seeds.empty()) return report;
  const std::uint64_t seed = reading.seeds.front();
  std::vector<std::string> left_out;
  std::size_t used = has_html() ? report_to_html(report).size() : 0;
  std::optional<RecordedRun> baseline;
  for (const std::size_t n : by_interest(reading)) {
    StoryData story = told_story(*scenarios[n], seed, written.file);
    const std::size_t size = size_in_page(story);
    // The baseline's story is what all others are held against: a page without it would tell nothing.
    if (!report.stories.empty() && used + size > page_max) {
      left_out.push_back(story.strategy);
      continue;
    }
    used += size;
    report.stories.push_back(std::move(story));
    RecordedRun recorded = record_run(scenarios[n], seed);
    if (!baseline) {
      baseline.emplace(std::move(recorded));
      continue;
    }
    const std::string command = "premortem diff " + shell_word(written.file + "@" + std::to_string(seed)) + " " +
                                shell_word(":" + scenarios[n]->strategy) + changes_again(written);
    report.sides.push_back(
        sides_data(diff_runs(*baseline, recorded), 0, report.stories.size() - 1, command, times_of(*scenarios[n])));
  }
  if (!left_out.empty())
    report.left_out.push_back("The " + std::string(left_out.size() == 1 ? "story" : "stories") + " of " +
                              listed(left_out) + " would make this page too large to pass around: premortem run " +
                              shell_word(written.file) + " --strategy NAME" + changes_again(written) + " --seed " +
                              std::to_string(seed) + " --html PATH writes one.");
  return report;
}

}  // namespace premortem::cli
