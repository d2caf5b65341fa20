// premortem diff: where two runs part, and what became of the items in each.

#include <iostream>

#include "cli/common.hpp"
#include "cli/run_name.hpp"
#include "reports/render/diff_report.hpp"

namespace premortem::cli {

namespace {

struct Options {
  std::string a, b;
  ScenarioOptions both;
  std::vector<std::string> assume_b, set_b;
  bool all = false, json = false;
};

/// Runs it, and says of what it was made.
RecordedRun record(const RunName& name, ScenarioOptions options, NamedRun& told) {
  options.strategy = name.strategy.empty() ? "as-happened" : name.strategy;
  const LoadedScenario loaded = load(name.file);
  std::shared_ptr<const CompiledScenario> scenario = compile(loaded, options.variant());
  told = {name.file, scenario->strategy, scenario->assumptions, scenario->sets, name.seed.value_or(1)};
  return record_run(std::move(scenario), told.seed);
}

int diff(const Options& options) {
  const RunName name_a = parse_run_name(options.a);
  if (name_a.file.empty())
    throw UsageError("premortem: " + options.a + ": the first run names no file; write FILE[:STRATEGY][@SEED]\n");
  const RunName name_b = completed(parse_run_name(options.b), name_a);
  ScenarioOptions for_b = options.both;
  for_b.assume.insert(for_b.assume.end(), options.assume_b.begin(), options.assume_b.end());
  for_b.set.insert(for_b.set.end(), options.set_b.begin(), options.set_b.end());
  NamedRun told_a, told_b;
  const RecordedRun a = record(name_a, options.both, told_a);
  const RecordedRun b = record(name_b, for_b, told_b);
  const RunDiff found = diff_runs(a, b);
  const TimeFormat format = times_of(*a.scenario);
  std::cout << (options.json ? diff_to_json(found, told_a, told_b, format)
                             : diff_to_terminal(found, told_a, told_b, format, options.all));
  return found.same ? as_expected : different;
}

}  // namespace

void add_diff(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("diff", "say where two runs part, and which items fare otherwise");
  command->add_option("RUN_A", options->a, "FILE[:STRATEGY][@SEED], e.g. incident.jsonc:one-consumer@7")
      ->required()
      ->type_name("");
  command->add_option("RUN_B", options->b, "the same; what it leaves out at its front is as in RUN_A")
      ->required()
      ->type_name("");
  options->both.add_changes_to(*command);
  command->add_option("--assume-b", options->assume_b, "as --assume, for RUN_B only")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  command->add_option("--set-b", options->set_b, "as --set, for RUN_B only")
      ->type_name("ADDRESS=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--all", options->all, "everything, not only twenty lines");
  command->add_flag("--json", options->json, "the result as JSON on stdout, with all ids");
  command->footer(
      "--assume and --set hold for both runs. Without a strategy a FILE runs as it happened, without a seed with 1.\n"
      "Examples:\n  premortem diff incident.jsonc :one-more-batch\n"
      "  premortem diff incident.jsonc@1 @2\n"
      "  premortem diff old/incident.jsonc new/incident.jsonc\n"
      "  premortem diff incident.jsonc :as-happened --set-b exporter.workers=1\n"
      "Exit codes: 0 the runs are the same (nothing is printed), 1 they differ, 2 invalid input, 4 internal error");
  command->callback([options, &code] { code = diff(*options); });
}

}  // namespace premortem::cli
