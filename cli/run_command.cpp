// premortem run: one run, told.

#include <iostream>

#include "cli/common.hpp"
#include "reports/render/history_lines.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"
#include "sim/scenario/history_names.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  bool json = false;
  std::string markdown, junit, history, store;
};

int run(const Options& options) {
  for (const std::string& path : {options.markdown, options.junit, options.history}) check_writable(path);
  const bool elsewhere = check_stdout({options.markdown, options.junit, options.history}, options.json);
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, options.scenario.variant());
  std::unique_ptr<RunStore> store;  // Before the run: nobody wants to hear of a wrong path after it.
  if (!options.store.empty()) store = std::make_unique<RunStore>(options.store, program_identity());
  History history;
  RunOptions how;
  how.seed = options.scenario.seed;
  how.story = true;
  if (!options.history.empty()) how.history = &history;
  RunResult result = run_scenario(*scenario, how);
  result.file = options.scenario.file;
  const TimeFormat format = times_of(*scenario);
  if (!options.markdown.empty()) write_file(options.markdown, run_to_markdown(result, format));
  if (!options.junit.empty()) write_file(options.junit, runs_to_junit({result}));
  if (!options.history.empty()) write_file(options.history, history_lines(history_names(*scenario), history, format));
  if (store) store->put(result);
  if (!elsewhere) std::cout << (options.json ? run_to_json(result) : run_to_terminal(result, format));
  return exit_code(result.verdict);
}

}  // namespace

void add_run(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "run a scenario once and say what became of every item");
  options->scenario.add_to(*command, true);
  command->add_flag("--json", options->json, "the result as JSON on stdout");
  command->add_option("--markdown", options->markdown, "write the report as Markdown")->type_name("PATH");
  command->add_option("--junit", options->junit, "write the checks as JUnit XML")->type_name("PATH");
  command->add_option("--history", options->history, "write every record as JSON Lines")->type_name("PATH");
  command->add_option("--store", options->store, "keep the result in a run store")->type_name("PATH");
  command->footer(
      "Examples:\n  premortem run scenarios/incidents/nav-brut-cutover.jsonc\n"
      "  premortem run incident.jsonc --strategy one-more-batch --seed 7 --json\n"
      "  premortem run incident.jsonc --set exporter.workers=1\n"
      "Exit codes: 0 as expected, 1 different, 2 invalid input, 3 not exercised, 4 internal error");
  command->callback([options, &code] { code = run(*options); });
}

}  // namespace premortem::cli
