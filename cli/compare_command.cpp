// premortem compare: strategies side by side, under the same seeds.

#include <iostream>

#include "cli/campaigns.hpp"
#include "cli/common.hpp"
#include "cli/github.hpp"
#include "cli/report_page.hpp"
#include "cli/template_file.hpp"
#include "reports/render/html_report.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  CampaignSize size;
  bool json = false, no_store = false, no_github = false;
  std::string markdown, markdown_template, csv, html, store = "runs.premortem.sqlite";
};

/// The command that compares the same once more.
std::string again(const Options& options, const Comparison& comparison) {
  std::string strategies;
  for (const std::string& one : options.size.strategies) strategies += (strategies.empty() ? "" : ",") + one;
  return "premortem compare " + shell_word(options.scenario.file) + variant_options(options.scenario) +
         (strategies.empty() ? "" : " --strategies " + shell_word(strategies)) + " --runs " +
         std::to_string(comparison.strategies.front().runs);
}

int compare(const Options& options) {
  const std::vector<std::string> reports = {options.markdown, options.csv, options.html};
  for (const std::string& path : reports) check_writable(path);
  check_html(options.html);
  std::vector<std::string> outputs = reports;
  if (!options.no_store) outputs.push_back(options.store);
  check_apart(options.scenario.file, outputs);
  const bool elsewhere = check_stdout(reports, options.json);
  if (!options.markdown_template.empty()) check_apart(options.markdown_template, outputs, "what is read");
  const MarkdownTemplate form = read_template(options.markdown_template, Report::comparison);
  const Github github(options.no_github);
  const LoadedScenario loaded = load(options.scenario.file);
  ComparisonPlan plan = plan_comparison(loaded, options.scenario.variant(), options.size.strategies);
  std::unique_ptr<RunStore> store;
  if (!options.no_store) store = std::make_unique<RunStore>(options.store, program_identity());
  plan.options.first_seed = options.scenario.seed;
  plan.options.store = store.get();
  plan.options.file = options.scenario.file;
  Campaigns campaigns = run_campaigns(plan, options.size);
  if (campaigns.stopped) return say_stopped(campaigns, options.no_store ? "" : options.store);
  std::vector<Comparison> comparisons;
  for (const CampaignResult& campaign : campaigns.results) comparisons.push_back(campaign.comparison);
  const std::string command = again(options, comparisons.front());
  const std::string markdown =
      form ? form.filled(comparison_parts(comparisons, command)) : comparisons_to_markdown(comparisons, command);
  if (!options.markdown.empty()) write_file(options.markdown, markdown);
  if (!options.csv.empty()) write_file(options.csv, comparisons_to_csv(comparisons));
  if (!options.html.empty())
    write_file(options.html,
               report_to_html(decision_report(campaigns.results, plan.readings.front(), options.size.strategies)));
  if (!elsewhere) std::cout << (options.json ? comparisons_to_json(comparisons) : comparisons_to_terminal(comparisons));
  github.annotate(annotations_of(comparisons, loaded.root));
  github.summarize(markdown);
  // Not on stdout: the same comparison reads the same, whoever computed it.
  if (campaigns.from_store > 0)
    std::cerr << "premortem: " << campaigns.from_store << " of these runs were taken from " << options.store << "\n";
  return exit_code(campaigns.verdict);
}

}  // namespace

void add_compare(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("compare", "run all strategies under the same seeds and compare them");
  options->scenario.add_to(*command, false);
  options->size.add_to(*command);
  command->add_flag("--json", options->json, "the comparison as JSON, other readings of it under \"readings\"");
  CLI::Option* markdown =
      command->add_option("--markdown", options->markdown, "write the report as Markdown; - is stdout");
  markdown->type_name("PATH");
  add_template(*command, options->markdown_template, markdown);
  command->add_option("--csv", options->csv, "write all figures as CSV; - is stdout")->type_name("PATH");
  command->add_option("--html", options->html, "write the page to decide from, with the stories behind it; - is stdout")
      ->type_name("PATH");
  add_no_github(*command, options->no_github);
  command->add_option("--store", options->store, "where runs are kept and found again")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--no-store", options->no_store, "keep nothing");
  command->footer(
      "Examples:\n  premortem compare scenarios/incidents/esr-export-write-conflict.jsonc --runs 20\n"
      "  premortem compare incident.jsonc --strategies one-consumer,retry-3x1s --json\n"
      "Exit codes: 0 every run is as the scenario expects, 1 a run of some strategy is different, 2 invalid input,\n"
      "  3 none is different, but in some nothing happened that the checks are about, 4 internal error,\n"
      "  130 stopped by Ctrl-C: what has run is kept, and the same command goes on from there");
  command->callback([options, &code] { code = compare(*options); });
}

}  // namespace premortem::cli
