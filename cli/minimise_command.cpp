// premortem minimise: the smallest story that breaks the same check in the same way.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/progress.hpp"
#include "cli/stop.hpp"
#include "sim/compare/runner.hpp"
#include "sim/explore/found_choices.hpp"
#include "sim/explore/minimise.hpp"
#include "sim/scenario/scenario_text.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string check, out, choices, shrink_time = "60 s";
  bool json = false;
};

/// The check that is meant: the one named, or the first that is broken.
std::string check_to_keep(const Options& options, const CompiledScenario& scenario) {
  RunOptions how;
  how.seed = options.scenario.seed;
  how.digesting = false;
  const RunResult result = run_scenario(scenario, how);
  std::string broken, all;
  for (const CheckResult& check : result.checks) {
    all += (all.empty() ? "" : ", ") + check.name;
    if (check.verdict != CheckVerdict::broken) continue;
    if (check.name == options.check || (options.check.empty() && broken.empty())) broken = check.name;
  }
  if (!broken.empty()) return broken;
  const bool known = options.check.empty() ||
                     std::ranges::find(result.checks, options.check, &CheckResult::name) != result.checks.end();
  if (!known) throw UsageError("premortem: there is no check \"" + options.check + "\"; there are " + all + "\n");
  const std::string seed = std::to_string(options.scenario.seed);
  throw UsageError("premortem: " + (options.check.empty() ? "no check is" : "\"" + options.check + "\" is not") +
                   " broken under seed " + seed + ", so there is nothing to minimise; try another --seed\n");
}

/// "regressions/records-leave.jsonc" beside the scenario; not one that is there already.
std::string free_name(const std::string& file, const std::string& check) {
  const auto folder = std::filesystem::path(file).parent_path() / "regressions";
  for (int number = 1;; ++number) {
    const auto path = folder / (check + (number == 1 ? "" : "-" + std::to_string(number)) + ".jsonc");
    if (!std::filesystem::exists(path)) return path.string();
  }
}

std::string saved_text(const Minimised& smallest, const std::string& origin) {
  return "// Breaks \"" + smallest.check + "\"" +
         (smallest.failure.cause.empty() ? "" : ": an item is " + smallest.failure.cause) + ". From " + origin +
         ", made smaller by premortem minimise.\n// " +
         (smallest.minimal ? "Nothing more can be taken away: without any one of its elements it does not fail so."
                           : "Perhaps not the smallest: its time was over before everything had been tried.") +
         (smallest.only_by_choice ? "\n// It fails only under its choices." : "") +
         "\n// Run it: premortem run FILE --seed " + std::to_string(smallest.seed) + "\n" +
         scenario_text(smallest.root);
}

std::size_t lines_of(const Minimised& smallest) {
  const std::string text = scenario_text(smallest.root);
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string summary(const Minimised& smallest, const std::string& path, bool stopped) {
  return "\"" + smallest.check + "\" is still broken" +
         (smallest.failure.cause.empty() ? "" : ", an item still " + smallest.failure.cause) + ": " +
         std::to_string(smallest.lines_before) + " lines became " + std::to_string(lines_of(smallest)) + " in " +
         std::to_string(smallest.trials) + " trials.\n" +
         (smallest.minimal ? "1-minimal: without any one of the remaining elements it does not fail so.\n"
          : stopped        ? std::string("Not known to be minimal: it was stopped by ") + stopped_by() + ".\n"
                           : "Not known to be minimal: the time was over; --shrink-time gives more.\n") +
         (smallest.only_by_choice ? "It fails only under its choices.\n" : "") + "Saved: " + path + "\n";
}

std::string as_json(const Minimised& smallest, const std::string& path) {
  const nlohmann::ordered_json json = {{"check", smallest.check},
                                       {"cause", smallest.failure.cause},
                                       {"seed", smallest.seed},
                                       {"lines-before", smallest.lines_before},
                                       {"lines", lines_of(smallest)},
                                       {"trials", smallest.trials},
                                       {"minimal", smallest.minimal},
                                       {"only-by-choice", smallest.only_by_choice},
                                       {"events", smallest.failure.events},
                                       {"saved", path}};
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

/// Puts what explore found into the scenario, as if it had been written there. Returns its seed.
std::uint64_t hold_choices(LoadedScenario& loaded, const Options& options) {
  const auto scenario = compile(loaded, options.scenario.variant());
  if (scenario->choices)
    throw UsageError("premortem: " + options.scenario.file +
                     " holds choices already; --choices does not go with that\n");
  const SavedChoices saved = read_choices(options.choices, *scenario);
  std::string error;
  const auto fixed =
      as_fixed(*scenario, saved.seed, {saved.kinds, saved.ties_from, saved.faults_max, saved.choices}, error);
  if (!fixed) throw UsageError("premortem: " + options.choices + ": " + error + "\n");
  loaded.root.set("choices", choices_section(*fixed));
  return saved.seed;
}

int run_minimise(Options options) {
  const auto time = parse_duration(options.shrink_time);
  if (!time) throw UsageError("premortem: --shrink-time: " + options.shrink_time + " is no duration; write \"60 s\"\n");
  LoadedScenario loaded = load(options.scenario.file);
  if (!options.choices.empty()) options.scenario.seed = hold_choices(loaded, options);
  const Variant variant = options.scenario.variant();
  MinimiseOptions how;
  how.check = check_to_keep(options, *compile(loaded, variant));
  how.seed = options.scenario.seed;
  const std::string path = options.out.empty() ? free_name(options.scenario.file, how.check) : options.out;
  check_writable(path);
  check_apart(options.scenario.file, {path});
  if (!options.choices.empty()) check_apart(options.choices, {path}, "what is read");
  const std::string origin = std::filesystem::path(options.scenario.file).filename().string() +
                             (variant.strategy == "as-happened" ? "" : " under " + variant.strategy);
  const std::atomic<bool>& stop = listen_for_stop();
  const auto until = std::chrono::steady_clock::now() + *time;
  Progress progress;
  std::size_t lines = 0, trials = 0;
  how.go_on = [&] {
    progress.tell(std::to_string(trials++) + " trials, " + std::to_string(lines) + " lines so far");
    return !stop && std::chrono::steady_clock::now() < until;
  };
  how.improved = [&](const Minimised& better) {
    lines = lines_of(better);
    if (path != "-") write_file(path, saved_text(better, origin));
  };
  std::string error;
  const auto smallest = minimise(loaded, variant, how, error);
  if (!smallest) throw UsageError("premortem: " + error + "\n");
  progress.end();
  write_file(path, saved_text(*smallest, origin));
  if (options.json && path != "-") {
    std::cout << as_json(*smallest, path);
  } else {
    (path == "-" ? std::cerr : std::cout) << summary(*smallest, path, stop);
  }
  return stop ? stopped_exit_code() : as_expected;
}

}  // namespace

void add_minimise(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("minimise", "turn a failing case into the smallest story that fails in the same way");
  options->scenario.add_to(*command, true);
  command->add_option("--check", options->check, "the broken check to keep; without it, the first that is broken")
      ->type_name("NAME");
  command
      ->add_option("--out", options->out,
                   "where to save the story; without it, regressions/CHECK.jsonc beside FILE; - is stdout")
      ->type_name("PATH");
  command->add_option("--shrink-time", options->shrink_time, "stop after so long, with what there is")
      ->type_name("DURATION")
      ->capture_default_str();
  command
      ->add_option("--choices", options->choices,
                   "the case is the execution that explore --save-choices kept; the story holds as many of its choices "
                   "as it takes")
      ->type_name("PATH")
      ->excludes("--seed");
  command->add_flag("--json", options->json, "the result as JSON on stdout");
  command->footer(
      "The file is saved at once and replaced whenever a smaller one is found. Its check counts as expected to hold, "
      "so "
      "it fails until the cause is mended; `premortem test` runs what lies in regressions/ first.\n"
      "Examples:\n  premortem minimise scenarios/incidents/esr-export-write-conflict.jsonc --check exports-finish\n"
      "  premortem minimise incident.jsonc --strategy overlap-blind --out smaller.jsonc --shrink-time '5 min'\n"
      "  premortem minimise incident.jsonc --choices found.json --out smaller.jsonc\n"
      "Exit codes: 0 made smaller or known to be minimal, 2 invalid input or nothing is broken, 4 internal error");
  command->callback([options, &code] { code = run_minimise(*options); });
}

}  // namespace premortem::cli
