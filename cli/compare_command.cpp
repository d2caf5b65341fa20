// premortem compare: strategies side by side, under the same seeds.

#include <unistd.h>

#include <atomic>
#include <csignal>
#include <iostream>
#include <thread>

#include "cli/common.hpp"
#include "sim/compare/campaign.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::vector<std::string> strategies;
  std::uint64_t runs = 0;
  unsigned threads = 0;
  bool json = false, no_store = false;
  std::string markdown, store = "runs.premortem.sqlite";
};

std::atomic<bool> interrupted_by_user{false};
void on_interrupt(int) { interrupted_by_user = true; }

/// One comparison: all strategies under one reading of what is assumed.
CampaignResult compare_under(const LoadedScenario& loaded, const Options& options, Variant variant, RunStore* store) {
  std::vector<std::shared_ptr<const CompiledScenario>> scenarios;
  std::vector<std::string> names = options.strategies;
  if (names.empty()) names = strategy_names(loaded.root);
  if (std::find(names.begin(), names.end(), "as-happened") == names.end()) names.insert(names.begin(), "as-happened");
  for (const std::string& name : names) {
    variant.strategy = name;
    scenarios.push_back(compile(loaded, variant));
  }
  CampaignOptions how;
  how.first_seed = options.scenario.seed;
  how.runs = options.runs;
  how.threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  how.store = store;
  how.file = options.scenario.file;
  how.stop = &interrupted_by_user;
  if (const Node* wanted = loaded.root.find("compare")) {
    if (const Node* width = wanted->find("half-width")) how.half_width = static_cast<double>(width->integer);
    if (const Node* most = wanted->find("runs-max")) how.runs_max = static_cast<std::uint64_t>(most->integer);
    if (const Node* level = wanted->find("level"))
      how.level = static_cast<double>(parse_share(level->text).value_or(9500)) / 10'000;
  }
  const bool terminal = isatty(STDERR_FILENO) != 0;
  if (terminal) {
    how.progress = [](std::uint64_t done, std::uint64_t all) {
      if (done % 16 == 0 || done == all)
        std::cerr << "\r" << done << " of " << all << " runs" << (done == all ? "\n" : "") << std::flush;
    };
  }
  return run_campaign(scenarios, how);
}

int compare(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  std::vector<Variant> readings = {options.scenario.variant()};
  if (const Node* wanted = loaded.root.find("compare")) {
    if (const Node* under = wanted->find("under")) {
      for (const Node& name : under->items) {
        for (const std::string& alternative : alternatives_of(loaded.root, name.text)) {
          Variant variant = options.scenario.variant();
          const bool fixed = std::any_of(variant.assume.begin(), variant.assume.end(),
                                         [&](const auto& a) { return a.first == name.text; });
          if (fixed) continue;
          variant.assume.emplace_back(name.text, alternative);
          readings.push_back(variant);
        }
      }
    }
  }
  for (const Variant& reading : readings) compile(loaded, reading);  // All that is wrong, before anything is written.
  std::unique_ptr<RunStore> store;
  if (!options.no_store) store = std::make_unique<RunStore>(options.store);
  std::signal(SIGINT, on_interrupt);
  std::string json = "[", markdown, text;
  for (std::size_t n = 0; n < readings.size() && !interrupted_by_user; ++n) {
    const CampaignResult result = compare_under(loaded, options, readings[n], store.get());
    json += (n > 0 ? ",\n" : "\n") + comparison_to_json(result.comparison);
    markdown += (n > 0 ? "\n" : "") + comparison_to_markdown(result.comparison);
    text += (n > 0 ? "\n" : "") + comparison_to_terminal(result.comparison);
    if (result.from_store > 0)
      text += "\n" + std::to_string(result.from_store) + " of these runs were taken from " + options.store + "\n";
  }
  if (interrupted_by_user) {
    std::cout << text;
    std::cerr << "\npremortem: stopped. "
              << (store ? std::to_string(store->count()) + " runs are kept in " + options.store +
                              "; the same command again goes on from there.\n"
                        : std::string("Nothing was kept, as --no-store says.\n"));
    return interrupted;
  }
  if (!options.markdown.empty()) write_file(options.markdown, markdown);
  std::cout << (options.json ? (readings.size() == 1 ? json.substr(2) : json + "]\n") : text);
  return as_expected;
}

}  // namespace

void add_compare(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("compare", "run all strategies under the same seeds and compare them");
  options->scenario.add_to(*command, false);
  command->add_option("--strategies", options->strategies, "only these (as-happened is always the baseline)")
      ->delimiter(',');
  command->add_option("--runs", options->runs, "of each strategy; without it, as many as the wanted precision needs");
  command->add_option("--threads", options->threads, "without it, one for each core");
  command->add_flag("--json", options->json, "the comparison as JSON; a list where several readings are compared");
  command->add_option("--markdown", options->markdown, "write the report as Markdown")->type_name("PATH");
  command->add_option("--store", options->store, "where runs are kept and found again")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--no-store", options->no_store, "keep nothing");
  command->footer(
      "Examples:\n  premortem compare scenarios/incidents/esr-export-write-conflict.jsonc --runs 20\n"
      "  premortem compare incident.jsonc --strategies one-consumer,retry-3x1s --json");
  command->callback([options, &code] { code = compare(*options); });
}

}  // namespace premortem::cli
