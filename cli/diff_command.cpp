// premortem diff: where two runs part, and what became of the items in each.

#include <iostream>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/run_name.hpp"
#include "reports/render/diff_report.hpp"

namespace premortem::cli {

namespace {

struct Options {
  std::string a, b;
  ScenarioOptions both;
  std::vector<std::string> assume_b, set_b;
  std::string choices_a, choices_b;
  bool all = false, json = false;
};

/// One of the two, before it runs.
struct Prepared {
  std::shared_ptr<const CompiledScenario> scenario;
  std::optional<SavedChoices> choices;
  NamedRun told;
};

Prepared prepare(const RunName& name, ScenarioOptions options, const std::string& choices) {
  options.strategy = name.strategy.empty() ? "as-happened" : name.strategy;
  Prepared run;
  run.scenario = compile(load(name.file), options.variant());
  run.told = {name.file,          run.scenario->strategy, run.scenario->assumptions,
              run.scenario->sets, name.seed.value_or(1),  choices};
  if (choices.empty()) return run;
  run.choices = read_choices(choices, *run.scenario);
  if (name.seed && *name.seed != run.choices->seed) {
    throw UsageError("premortem: " + choices + " was found with seed " + std::to_string(run.choices->seed) +
                     "; leave out @" + std::to_string(*name.seed) + "\n");
  }
  run.told.seed = run.choices->seed;
  return run;
}

RecordedRun record(Prepared& run) {
  std::optional<RepeatedChoices> choices;
  if (run.choices)
    choices = {run.choices->kinds, run.choices->ties_from, run.choices->faults_max, std::move(run.choices->choices)};
  RecordedRun recorded = record_run(std::move(run.scenario), run.told.seed, std::move(choices));
  if (recorded.misfits > 0)
    std::cerr << "premortem: " << recorded.misfits << " of the choices in "
              << (run.told.choices.empty() ? run.told.file : run.told.choices) << " do not fit\n";
  return recorded;
}

int diff(const Options& options) {
  const RunName name_a = parse_run_name(options.a);
  if (name_a.file.empty())
    throw UsageError("premortem: " + options.a + ": the first run names no file; write FILE[:STRATEGY][@SEED]\n");
  const RunName name_b = completed(parse_run_name(options.b), name_a);
  ScenarioOptions for_b = options.both;
  for_b.assume.insert(for_b.assume.end(), options.assume_b.begin(), options.assume_b.end());
  for_b.set.insert(for_b.set.end(), options.set_b.begin(), options.set_b.end());
  Prepared run_a = prepare(name_a, options.both, options.choices_a);
  Prepared run_b = prepare(name_b, for_b, options.choices_b);
  // Whoever names no seed wants to see what was chosen, not another seed's luck.
  if (!name_a.seed && !run_a.choices && run_b.choices) run_a.told.seed = run_b.told.seed;
  if (!name_b.seed && !run_b.choices) run_b.told.seed = run_a.told.seed;
  const NamedRun told_a = run_a.told, told_b = run_b.told;
  const RecordedRun a = of_file(name_a.file, [&] { return record(run_a); });
  const RecordedRun b = of_file(name_b.file, [&] { return record(run_b); });
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
  command->add_option("--choices-a", options->choices_a, "RUN_A as explore --save-choices found it")->type_name("PATH");
  command->add_option("--choices-b", options->choices_b, "RUN_B as explore --save-choices found it")->type_name("PATH");
  command->add_flag("--all", options->all, "everything, not only twenty lines");
  command->add_flag("--json", options->json, "the result as JSON on stdout, with all ids");
  command->footer(
      "--assume and --set hold for both runs. Without a strategy a FILE runs as it happened, without a seed with 1.\n"
      "With --choices-b alone and no seed, both runs have the seed with which the choices were found.\n"
      "Examples:\n  premortem diff incident.jsonc :one-more-batch\n"
      "  premortem diff incident.jsonc@1 @2\n"
      "  premortem diff old/incident.jsonc new/incident.jsonc\n"
      "  premortem diff incident.jsonc :as-happened --set-b exporter.workers=1\n"
      "  premortem diff incident.jsonc :as-happened --choices-b found.json\n"
      "Exit codes: 0 the runs are the same (nothing is printed), 1 they differ, 2 invalid input, 4 internal error");
  command->callback([options, &code] { code = diff(*options); });
}

}  // namespace premortem::cli
