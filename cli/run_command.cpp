// premortem run: one run, told.

#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/instant_option.hpp"
#include "cli/run_outputs.hpp"
#include "cli/session.hpp"
#include "sim/compare/runner.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  RunOutputs outputs;
  std::string until, save, from, choices, session;
  std::vector<std::string> remedies;  ///< NAME=TIME
};

/// The run that was saved in `path`; throws UsageError when it is none of this scenario.
SavedRun read_run(const std::string& path, const CompiledScenario& scenario) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw UsageError("premortem: cannot read " + path + "; it is written by --until TIME --save PATH\n");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  LoadedRun loaded = load_run(bytes.str(), scenario);
  if (!loaded.run) throw UsageError("premortem: " + path + " " + loaded.error + "\n");
  return std::move(*loaded.run);
}

/// Runs up to --until and writes --save instead of a report.
int run_and_save(const Options& options, const CompiledScenario& scenario, const RunOptions& how) {
  const Model& model = *scenario.model;
  const std::int64_t from = how.from != nullptr ? how.from->world.kernel.events.now() : model.begins;
  const std::int64_t until = until_option(options.until, model, from);
  const SavedRun run =
      of_file(options.scenario.file, [&] { return interrupt_scenario(scenario, how, time_from_nanoseconds(until)); });
  write_file(options.save, save_run(run, scenario));
  std::cerr << "saved " << options.save << ": everything before " << model.zone.format(time_from_nanoseconds(until))
            << ", " << run.world.kernel.events_done << " events, " << run.records.size()
            << " records; go on with --continue\n";
  return as_expected;
}

/// What runs: the variant, with what else is done.
Variant variant_of(const Options& options) {
  Variant variant = options.scenario.variant();
  for (const std::string& remedy : options.remedies) {
    const std::size_t equals = remedy.find('=');
    if (equals == std::string::npos || equals + 1 == remedy.size())
      throw UsageError("premortem: --remedy " + remedy + ": write NAME=TIME, such as '" + remedy +
                       "=2020-01-28 07:00'\n");
    variant.remedies.emplace_back(remedy.substr(0, equals), remedy.substr(equals + 1));
  }
  return variant;
}

int run(Options& options) {
  if (options.scenario.file.empty() && options.session.empty()) throw CLI::RequiredError("FILE");
  options.outputs.check(options.scenario.file, {options.choices, options.from, options.session}, {options.save});
  if (!options.session.empty()) return replay_session(options.session, options.scenario, options.outputs);
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant_of(options));
  RunOptions how;
  how.seed = options.scenario.seed;
  options.outputs.prepare(how);
  std::optional<SavedRun> from;
  if (!options.from.empty()) how.from = &from.emplace(read_run(options.from, *scenario));
  if (scenario->choices && !(options.choices + options.save + options.from).empty())
    throw UsageError("premortem: " + options.scenario.file +
                     " fixes its choices from its beginning to its end; --choices, --save and --continue do not go "
                     "with that\n");
  if (!options.save.empty()) return run_and_save(options, *scenario, how);
  std::optional<ReplayChooser> replay;
  std::size_t listed = 0;
  std::optional<SelectedChooser> selected;
  FaultBudget faults;
  if (!options.choices.empty()) {
    SavedChoices saved = read_choices(options.choices, *scenario);
    how.seed = saved.seed;
    listed = saved.choices.size();
    replay.emplace(std::move(saved.choices));
    faults.left = saved.faults_max;
    how.chooser = &selected.emplace(*replay, saved.kinds, saved.ties_from, faults);
  }
  RunResult result = of_file(options.scenario.file, [&] { return run_scenario(*scenario, how); });
  if (replay && replay->misfits() > 0)
    result.notes.push_back(std::to_string(replay->misfits()) + " of the choices in " + options.choices +
                           " no longer fit: the run took the last alternative there");
  if (replay && replay->followed() < listed)
    result.notes.push_back(std::to_string(listed - replay->followed()) + " of the " + std::to_string(listed) +
                           " choices in " + options.choices + " were never asked for");
  result.file = options.scenario.file;
  result.choices = options.choices;
  options.outputs.write(*scenario, result, loaded.root);
  return exit_code(result.verdict);
}

}  // namespace

void add_run(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "run a scenario once and say what became of every item");
  options->scenario.add_to(*command, true);
  command->get_option("FILE")->required(false);  // A session names its own.
  command
      ->add_option("--remedy", options->remedies,
                   "NAME=TIME: one of the file's `remedies`, done at that time beside what the timeline says")
      ->type_name("NAME=TIME")
      ->allow_extra_args(false);
  options->outputs.add_to(*command);
  CLI::Option* until = command->add_option("--until", options->until, "stop before this instant, in the clock's zone")
                           ->type_name("TIME");
  CLI::Option* save =
      command->add_option("--save", options->save, "with --until: where to keep the run, to go on with it")
          ->type_name("PATH")
          ->needs(until);
  until->needs(save);
  for (const char* report :
       {"--json", "--markdown", "--junit", "--history", "--trace", "--otlp", "--csv", "--html", "--store"}) {
    save->excludes(report);  // They tell of a whole run.
  }
  command
      ->add_option("--continue", options->from,
                   "go on with a run that --save kept; the same FILE, strategy and changes")
      ->type_name("PATH")
      ->excludes("--seed");
  command
      ->add_option("--choices", options->choices,
                   "repeat what explore --save-choices kept; the same FILE, strategy and changes")
      ->type_name("PATH")
      ->excludes("--seed")
      ->excludes("--continue")
      ->excludes("--store")  // Runs are found there by their seed.
      ->excludes("--save");
  CLI::Option* session =
      command
          ->add_option("--replay", options->session,
                       "run a served session again, without the programs that took part in it: what `serve "
                       "--session` kept; it names its scenario and changes itself")
          ->type_name("PATH");
  for (const char* other :
       {"--seed", "--strategy", "--assume", "--set", "--remedy", "--choices", "--continue", "--save"})
    session->excludes(other);
  command->footer(
      "Examples:\n  premortem run scenarios/incidents/nav-brut-cutover.jsonc\n"
      "  premortem run incident.jsonc --strategy one-more-batch --seed 7 --json\n"
      "  premortem run incident.jsonc --markdown - --template docs/templates/postmortem.md\n"
      "  premortem run incident.jsonc --set exporter.workers=1\n"
      "  premortem run incident.jsonc --until '2020-01-27 13:00' --save half.run\n"
      "  premortem run incident.jsonc --continue half.run\n"
      "Exit codes: 0 as expected, 1 different, 2 invalid input, 3 not exercised, 4 internal error");
  command->callback([options, &code] { code = run(*options); });
}

}  // namespace premortem::cli
