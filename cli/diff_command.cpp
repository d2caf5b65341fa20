// premortem diff: where two runs part, and what became of the items in each.

#include <iostream>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/report_page.hpp"
#include "cli/run_name.hpp"
#include "reports/query/sides_data.hpp"
#include "reports/render/diff_report.hpp"
#include "reports/render/html_report.hpp"

namespace premortem::cli {

namespace {

struct Options {
  std::string a, b;
  ScenarioOptions both;
  std::vector<std::string> assume_b, set_b;
  std::string choices_a, choices_b;
  std::string html;
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

/// The command without its page, as a shell reads it.
std::string diff_again(const Options& options) {
  std::string command = "premortem diff " + shell_word(options.a) + " " + shell_word(options.b);
  const auto add = [&](const char* option, const std::vector<std::string>& values) {
    for (const std::string& value : values) command += std::string(option) + shell_word(value);
  };
  add(" --assume ", options.both.assume);
  add(" --set ", options.both.set);
  add(" --assume-b ", options.assume_b);
  add(" --set-b ", options.set_b);
  if (!options.choices_a.empty()) command += " --choices-a " + shell_word(options.choices_a);
  if (!options.choices_b.empty()) command += " --choices-b " + shell_word(options.choices_b);
  return command;
}

/// Both stories and where they part.
ReportData page_of(const Options& options, const RunDiff& found, const RecordedRun& a, const NamedRun& told_a,
                   const RecordedRun& b, const NamedRun& told_b) {
  ReportData report = empty_report(a.scenario->title);
  report.stories.push_back(told_story(a, told_a.file, told_a.choices));
  report.stories.push_back(told_story(b, told_b.file, told_b.choices));
  report.sides.push_back(sides_data(found, 0, 1, diff_again(options), times_of(*a.scenario)));
  return report;
}

int diff(const Options& options) {
  check_html(options.html);
  check_writable(options.html);
  const bool elsewhere = check_stdout({options.html}, options.json);
  const RunName name_a = parse_run_name(options.a);
  if (name_a.file.empty())
    throw UsageError("premortem: " + options.a + ": the first run names no file; write FILE[:STRATEGY][@SEED]\n");
  const RunName name_b = completed(parse_run_name(options.b), name_a);
  for (const std::string& input : {name_a.file, name_b.file, options.choices_a, options.choices_b}) {
    if (!input.empty()) check_apart(input, {options.html}, "what is read");
  }
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
  if (!options.html.empty()) write_file(options.html, report_to_html(page_of(options, found, a, told_a, b, told_b)));
  if (elsewhere) return found.same ? as_expected : different;
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
  command->add_option("--html", options->html, "write both runs side by side as a page; - is stdout")
      ->type_name("PATH");
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
