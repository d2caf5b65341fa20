// premortem why: the causes of one item's fate, or of one broken check, each proven.

#include <iostream>

#include "cli/common.hpp"
#include "cli/stop.hpp"
#include "reports/render/why_report.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string subject;
  bool json = false;
};

/// The command that runs this variant.
std::string run_command(const Options& options) {
  std::string command = "premortem run " + options.scenario.file + " --seed " + std::to_string(options.scenario.seed);
  if (options.scenario.strategy != "as-happened") command += " --strategy " + options.scenario.strategy;
  for (const std::string& assume : options.scenario.assume) command += " --assume '" + assume + "'";
  for (const std::string& set : options.scenario.set) command += " --set '" + set + "'";
  return command;
}

int why(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  const Variant variant = options.scenario.variant();
  const auto scenario = compile(loaded, variant);
  std::string error;
  const auto subject = subject_named(*scenario, options.subject, error);
  if (!subject) throw UsageError("premortem: " + error + "\n");
  WhyOptions how;
  how.seed = options.scenario.seed;
  const std::atomic<bool>& stop = listen_for_stop();
  how.go_on = [&stop] { return !stop; };
  const auto told = explain_why(loaded, variant, *subject, how, error);
  if (!told) throw UsageError("premortem: " + error + "\n");
  const std::string command = run_command(options);
  std::cout << (options.json ? why_to_json(*told, command) : why_to_terminal(*told, command, times_of(*scenario)));
  if (!stop) return told->happened.well ? as_expected : different;
  std::cerr << "premortem: stopped by " << stopped_by() << "; what was found so far is above\n";
  return stopped_exit_code();
}

}  // namespace

void add_why(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("why", "say why an item met its fate, or a check is broken; each cause with its proof");
  options->scenario.add_to(*command, true);
  command->add_option("SUBJECT", options->subject, "an item, \"KIND ID\", or a check")->required()->type_name("");
  command->add_flag("--json", options->json, "all that was found as JSON on stdout");
  command->footer(
      "A cause is named only if a run of the same seed, in which nothing but that is different, ends well.\n"
      "Examples:\n  premortem why scenarios/incidents/nav-brut-cutover.jsonc 'application 467991431'\n"
      "  premortem why incident.jsonc exports-finish --seed 7\n"
      "Exit codes: 0 it fares well, 1 it does not and this is why, 2 invalid input, 4 internal error");
  command->callback([options, &code] { code = why(*options); });
}

}  // namespace premortem::cli
