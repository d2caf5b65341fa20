// premortem report: one HTML file to decide from and to tell from.

#include <filesystem>
#include <iostream>

#include "cli/campaigns.hpp"
#include "cli/common.hpp"
#include "cli/report_page.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/table.hpp"
#include "reports/render/html_report.hpp"
#include "reports/render/report_json.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  CampaignSize size;
  std::string html, json, store;
};

/// "incident.jsonc" is told in "incident.html", in the folder where one stands.
std::string page_beside(const std::string& file) {
  const std::string stem = std::filesystem::path(file).stem().string();
  return (stem.empty() ? "report" : stem) + ".html";
}

/// Nothing to compare: one run, told.
ReportData only_story(const CompiledScenario& scenario, const Options& options, int& code) {
  ReportData report = empty_report(scenario.title);
  report.stories.push_back(told_story(scenario, options.scenario.seed, options.scenario.file));
  const std::string& verdict = report.stories.front().verdict;
  code = verdict == name_of(RunVerdict::as_expected) ? as_expected
         : verdict == name_of(RunVerdict::different) ? different
                                                     : not_exercised;
  return report;
}

int report(Options options) {
  if (options.html.empty() && options.json.empty()) options.html = page_beside(options.scenario.file);
  check_html(options.html);
  for (const std::string& path : {options.html, options.json}) check_writable(path);
  check_apart(options.scenario.file, {options.html, options.json, options.store});
  check_stdout({options.html, options.json}, false);
  const LoadedScenario loaded = load(options.scenario.file);
  ComparisonPlan plan = plan_comparison(loaded, options.scenario.variant(), options.size.strategies);
  std::unique_ptr<RunStore> store;
  if (!options.store.empty()) store = std::make_unique<RunStore>(options.store, program_identity());
  ReportData data;
  int code = as_expected;
  if (plan.readings.size() == 1 && plan.readings.front().size() == 1 && options.size.runs == 0 &&
      options.size.threads == 0 && store == nullptr) {
    data = only_story(*plan.readings.front().front(), options, code);
  } else {
    plan.options.first_seed = options.scenario.seed;
    plan.options.store = store.get();
    plan.options.file = options.scenario.file;
    const Campaigns campaigns = run_campaigns(plan, options.size);
    if (campaigns.stopped) return say_stopped(campaigns, options.store);
    data = decision_report(campaigns.results, plan.readings.front(), options.size.strategies);
    code = exit_code(campaigns.verdict);
    std::cerr << wrapped(data.decision->headline, "  ") << "\n";
    if (campaigns.from_store > 0)
      std::cerr << "premortem: " << campaigns.from_store << " of these runs were taken from " << options.store << "\n";
  }
  const auto write = [](const std::string& path, const std::string& text) {
    if (path.empty()) return;
    write_file(path, text);
    if (path != "-") std::cerr << "wrote " << path << ", " << (text.size() + 1023) / 1024 << " KiB\n";
  };
  if (!options.html.empty()) write(options.html, report_to_html(data));
  if (!options.json.empty()) write(options.json, report_to_json(data, {}) + "\n");
  for (const std::string& sentence : data.left_out) std::cerr << wrapped(sentence, "  ") << "\n";
  return code;
}

}  // namespace

void add_report(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("report", "write one HTML file to decide from, with the stories behind it");
  options->scenario.add_to(*command, false);
  command
      ->add_option("--html", options->html,
                   "where; without it NAME.html in this folder, after the scenario's name; "
                   "- is stdout")
      ->type_name("PATH");
  command->add_option("--json", options->json, "write what the page is drawn from; - is stdout")->type_name("PATH");
  options->size.add_to(*command);
  command->add_option("--store", options->store, "keep the runs there, and take from there what has run already")
      ->type_name("PATH");
  command->footer(
      "A scenario without strategies and readings gives the story of one run. The page needs no network and no "
      "server.\n"
      "Examples:\n  premortem report scenarios/incidents/nav-brut-cutover.jsonc --runs 20\n"
      "  premortem report incident.jsonc --strategies one-consumer --html decision.html\n"
      "  premortem report incident.jsonc --json - | jq .decision.headline\n"
      "Exit codes: as of compare");
  command->callback([options, &code] { code = report(*options); });
}

}  // namespace premortem::cli
