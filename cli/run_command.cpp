// premortem run: one run, told.

#include <fstream>
#include <iostream>
#include <sstream>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/github.hpp"
#include "cli/report_page.hpp"
#include "cli/template_file.hpp"
#include "reports/render/history_lines.hpp"
#include "reports/render/html_report.hpp"
#include "reports/render/trace.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/compare/runner.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/history_names.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  bool json = false;
  std::string markdown, junit, history, trace, otlp, csv, html, store, markdown_template;
  bool no_github = false;
  std::string until, save, from, choices;
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
  std::string error;
  const auto until = parse_time(options.until, model.zone, Node::no_day, error);
  if (!until || until->kind != TimeSpec::Kind::absolute || until->low != until->high) {
    const std::string why = error.empty() ? options.until + " is no instant" : error;
    throw UsageError("premortem: --until: " + why + "; write \"2020-01-27 13:00\"\n");
  }
  const std::int64_t from = how.from != nullptr ? how.from->world.kernel.events.now() : model.begins;
  if (until->low < from || until->low >= model.ends) {
    throw UsageError("premortem: --until: " + options.until + " is not within the run, from " +
                     model.zone.format(time_from_nanoseconds(from)) + " to " +
                     model.zone.format(time_from_nanoseconds(model.ends)) + "\n");
  }
  const SavedRun run = of_file(options.scenario.file,
                               [&] { return interrupt_scenario(scenario, how, time_from_nanoseconds(until->low)); });
  write_file(options.save, save_run(run, scenario));
  std::cerr << "saved " << options.save << ": everything before "
            << model.zone.format(time_from_nanoseconds(until->low)) << ", " << run.world.kernel.events_done
            << " events, " << run.records.size() << " records; go on with --continue\n";
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

int run(const Options& options) {
  const std::vector<std::string> reports = {options.markdown, options.junit, options.history, options.trace,
                                            options.otlp,     options.csv,   options.html};
  for (const std::string& path : reports) check_writable(path);
  check_html(options.html);
  std::vector<std::string> outputs = reports;
  outputs.insert(outputs.end(), {options.save, options.store});
  check_apart(options.scenario.file, outputs);
  // What is read is not to be written over either.
  for (const std::string& input : {options.choices, options.from, options.markdown_template}) {
    if (!input.empty()) check_apart(input, outputs, "what is read");
  }
  const bool elsewhere = check_stdout(reports, options.json);
  const MarkdownTemplate form = read_template(options.markdown_template, Report::run);
  const Github github(options.no_github);
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant_of(options));
  std::unique_ptr<RunStore> store;  // Before the run: nobody wants to hear of a wrong path after it.
  if (!options.store.empty()) store = std::make_unique<RunStore>(options.store, program_identity());
  History history;
  RunOptions how;
  how.seed = options.scenario.seed;
  how.story = true;
  how.goals = store != nullptr;
  const bool as_markdown = !options.markdown.empty() || github.wants_summary();
  if (as_markdown || !(options.history + options.trace + options.otlp + options.html).empty()) how.history = &history;
  std::vector<JudgedItem> items;
  if (!options.html.empty()) how.items = &items;
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
  const TimeFormat format = times_of(*scenario);
  std::string markdown;
  if (as_markdown) {
    const auto item = telling_item(result, history_names(*scenario), history.records());
    markdown = form ? form.filled(run_parts(result, format, item)) : run_to_markdown(result, format, item);
  }
  if (!options.markdown.empty()) write_file(options.markdown, markdown);
  if (!options.csv.empty()) write_file(options.csv, run_to_csv(result, format));
  if (!options.junit.empty()) write_file(options.junit, runs_to_junit({result}));
  if (!options.history.empty()) write_file(options.history, history_lines(history_names(*scenario), history, format));
  const TraceHeading heading{result.title, result.strategy, result.seed, result.digest};
  if (!options.trace.empty())
    write_file(options.trace, history_to_trace(heading, history_names(*scenario), history.records()));
  if (!options.otlp.empty())
    write_file(options.otlp, history_to_otlp(heading, history_names(*scenario), history.records()));
  if (!options.html.empty()) {
    ReportData report = empty_report(result.title);
    report.stories.push_back(story_of(*scenario, result, history, items));
    write_file(options.html, report_to_html(report));
  }
  if (store) store->put(result);
  if (!elsewhere) std::cout << (options.json ? run_to_json(result) : run_to_terminal(result, format));
  github.annotate(annotations_of(result, loaded.root));
  github.summarize(markdown);
  return exit_code(result.verdict);
}

}  // namespace

void add_run(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("run", "run a scenario once and say what became of every item");
  options->scenario.add_to(*command, true);
  command
      ->add_option("--remedy", options->remedies,
                   "NAME=TIME: one of the file's `remedies`, done at that time beside what the timeline says")
      ->type_name("NAME=TIME")
      ->allow_extra_args(false);
  command->add_flag("--json", options->json, "the result as JSON on stdout");
  CLI::Option* markdown = command->add_option("--markdown", options->markdown, "write the report as Markdown");
  markdown->type_name("PATH");
  add_template(*command, options->markdown_template, markdown);
  command->add_option("--junit", options->junit, "write the checks as JUnit XML")->type_name("PATH");
  command->add_option("--history", options->history, "write every record as JSON Lines")->type_name("PATH");
  command->add_option("--trace", options->trace, "write a trace that Perfetto or Chrome opens")->type_name("PATH");
  command->add_option("--otlp", options->otlp, "write OpenTelemetry spans as OTLP JSON")->type_name("PATH");
  command->add_option("--html", options->html, "write the run's story as a page; - is stdout")->type_name("PATH");
  command->add_option("--csv", options->csv, "write every table as CSV; - is stdout")->type_name("PATH");
  add_no_github(*command, options->no_github);
  command->add_option("--store", options->store, "keep the result in a run store")->type_name("PATH");
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
