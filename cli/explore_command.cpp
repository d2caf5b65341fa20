// premortem explore: searches over everything that could have gone otherwise for a check that breaks.

#include <atomic>
#include <chrono>
#include <iostream>
#include <thread>

#include "cli/choices_file.hpp"
#include "cli/common.hpp"
#include "cli/progress.hpp"
#include "cli/side_by_side.hpp"
#include "cli/stop.hpp"
#include "reports/render/explore_report.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string search = "random", measure = "failed", from, save_choices, store;
  std::vector<std::string> choices = {"tie"};
  std::uint64_t executions = 1000, seconds = 0, depth = 3, faults = FaultBudget::unlimited;
  unsigned threads = 0;
  bool json = false, no_merging = false, depth_said = false;
};

std::unique_ptr<Search> search_named(const Options& options, const Explored& explored) {
  if (options.search == "random") return random_search(explored);
  if (options.search == "swarm") return swarm_search(explored);
  if (options.search == "pct") return pct_search(explored, options.depth);
  if (options.search == "guided") return guided_search(explored);
  return exhaustive_search(explored, true, !options.no_merging);
}

std::optional<std::int64_t> ties_from(const Options& options, const Model& model) {
  if (options.from.empty()) return std::nullopt;
  std::string error;
  const auto from = parse_time(options.from, model.zone, Node::no_day, error);
  if (!from || from->kind != TimeSpec::Kind::absolute || from->low != from->high) {
    throw UsageError("premortem: --from: " + (error.empty() ? options.from + " is no instant" : error) +
                     "; write \"2020-01-27 13:00\"\n");
  }
  if (from->low < model.begins || from->low >= model.ends)
    throw UsageError("premortem: --from: " + options.from + " is not within the clock, from " +
                     model.zone.format(time_from_nanoseconds(model.begins)) + " to " +
                     model.zone.format(time_from_nanoseconds(model.ends)) + "\n");
  return from->low;
}

int explore_file(const Options& options) {
  check_writable(options.save_choices);
  check_apart(options.scenario.file, {options.save_choices, options.store});
  const bool elsewhere = check_stdout({options.save_choices}, options.json);
  const LoadedScenario loaded = load(options.scenario.file);
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, options.scenario.variant());
  if (scenario->choices)
    throw UsageError("premortem: " + options.scenario.file +
                     " fixes its choices; take away the section \"choices\" to explore others\n");
  const ChoiceKinds kinds = parse_kinds(options.choices);
  if (options.depth_said && options.search != "pct")
    throw UsageError("premortem: --depth is for --search pct; leave it out\n");
  if (options.no_merging && options.search != "exhaustive")
    throw UsageError("premortem: --no-merging is for --search exhaustive; leave it out\n");
  if (options.faults != FaultBudget::unlimited && !kinds.has(Choice::Kind::fault))
    throw UsageError("premortem: --faults is a budget for choices about faults; add --choices fault\n");
  if (!Explored::is_measure(*scenario, options.measure)) {
    throw UsageError("premortem: there is no measure \"" + options.measure + "\"" +
                     did_you_mean(options.measure, scenario->measures) + "; or write failed or delay\n");
  }
  Explored explored(*scenario, options.scenario.seed, kinds, options.measure, ties_from(options, *scenario->model),
                    options.faults);
  const std::atomic<bool>& stop = listen_for_stop();
  std::unique_ptr<RunStore> store;  // Before the search: nobody wants to hear of a wrong path after it.
  if (!options.store.empty()) {
    store = std::make_unique<RunStore>(options.store, program_identity());
    explored.watch_goals();
  }
  const std::unique_ptr<Search> search = search_named(options, explored);
  const unsigned threads = options.threads != 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const auto begun = std::chrono::steady_clock::now();
  Progress progress;
  ExploreHeading heading;
  ExploreOptions how;
  how.executions = options.executions;
  how.side_by_side = [&](std::uint64_t jobs, const std::function<void(std::uint64_t)>& work) {
    side_by_side(threads, jobs, work);
  };
  how.enough = [&](std::uint64_t executions, std::uint64_t failing) {
    progress.tell(std::to_string(executions) + " of " + std::to_string(options.executions) + " executions, " +
                  std::to_string(failing) + " failing");
    if (stop) heading.stopped = "stopped by the user";
    if (options.seconds != 0 && std::chrono::steady_clock::now() - begun >= std::chrono::seconds(options.seconds))
      heading.stopped = "the time of --time was over";
    return !heading.stopped.empty();
  };
  const ExploreResult result = explore(explored, *search, how);
  if (store) {
    std::vector<GoalCount> counts;
    for (const ExploredGoal& one : result.goals)
      counts.push_back({one.goal.kind, one.goal.name, result.executions, one.reached});
    store->add_goals(scenario->title, scenario->strategy, counts);
  }
  progress.end();
  if (!result.ended_early) heading.stopped.clear();
  const TimeFormat format = times_of(*scenario);
  heading.title = scenario->title;
  heading.file = options.scenario.file;
  heading.strategy = scenario->strategy;
  heading.search = options.search;
  for (const std::string& name : names_of(kinds)) heading.choices += (heading.choices.empty() ? "" : ",") + name;
  // The first instant at which anything is left to choice, or behind the clock's first.
  heading.ties_from = options.from.empty() ? "behind " + format(time_from_nanoseconds(scenario->model->begins))
                                           : "from " + format(time_from_nanoseconds(explored.ties_from())) + " on";
  if (options.faults != FaultBudget::unlimited) heading.faults_budget = options.faults;
  heading.measure = options.measure;
  const auto named = measure_named(options.measure, scenario->judge->kinds);
  heading.measure_is_duration = options.measure == "delay" || (named && named->is_duration());
  heading.seed = options.scenario.seed;
  if (result.first_failing != 0 && !options.save_choices.empty()) {
    write_choices(options.save_choices, {scenario->scenario_hash, options.scenario.seed, kinds, explored.ties_from(),
                                         options.faults, result.failure.choices});
    heading.saved = options.save_choices;
    ScenarioOptions variant = options.scenario;
    variant.seed = 1;  // The file knows it.
    heading.replay = "premortem run " + shell_word(options.scenario.file) + " --choices " +
                     shell_word(options.save_choices) + variant_options(variant);
  }
  if (!elsewhere) std::cout << (options.json ? explore_to_json(result, heading) : explore_to_terminal(result, heading));
  if (result.first_failing == 0 && !options.save_choices.empty())
    std::cerr << "premortem: nothing failed, so --save-choices wrote nothing\n";
  if (stop && result.ended_early) return stopped_exit_code();
  const bool chosen = result.decisions_max > 0 || result.endless > 0;  // Else it is a run like any other.
  return chosen && result.failing > 0 ? different : result.exercised() ? as_expected : not_exercised;
}

}  // namespace

void add_explore(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("explore", "search over what could have gone otherwise for a check that breaks");
  options->scenario.add_to(*command, true);
  command->add_option("--search", options->search, "random, swarm, pct, exhaustive or guided")
      ->type_name("NAME")
      ->check(CLI::IsMember({"random", "swarm", "pct", "exhaustive", "guided"}))
      ->capture_default_str();
  command
      ->add_option("--choices", options->choices,
                   "what is searched over: tie, duration, fault, operator-delay; the rest is drawn as without a search")
      ->type_name("KIND,KIND")
      ->delimiter(',')
      ->allow_extra_args(false);
  command
      ->add_option("--faults", options->faults,
                   "at most so many faults strike by choice in one execution; without it, any number")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}));
  command->add_option("--executions", options->executions, "at most so many; the result depends on nothing else")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{1'000'000'000}))
      ->capture_default_str();
  command
      ->add_option("--time", options->seconds,
                   "end after so many seconds, too; how far that goes depends on the machine")
      ->type_name("SECONDS")
      ->check(CLI::Range(1, 1'000'000));
  command->add_option("--depth", options->depth, "of bugs that pct looks for: how many orderings must come together")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 100))
      ->capture_default_str();
  command
      ->add_option("--measure", options->measure, "what guided makes worse: failed, delay, or a measure of the checks")
      ->type_name("NAME")
      ->capture_default_str();
  command->add_option("--from", options->from, "ties before this instant go in order of scheduling")->type_name("TIME");
  command->add_flag("--no-merging", options->no_merging, "exhaustive follows every order to its end");
  command->add_option("--save-choices", options->save_choices, "keep the first failing execution, for run --choices")
      ->type_name("PATH");
  command
      ->add_option("--store", options->store,
                   "add which goals were reached, and in how many executions, to a run store, for coverage")
      ->type_name("PATH");
  command->add_option("--threads", options->threads, "without it, one for each core; exhaustive takes one")
      ->type_name("NUMBER")
      ->check(CLI::Range(1, 1024));
  command->add_flag("--json", options->json, "the result as JSON on stdout");
  command->footer(
      "Examples:\n  premortem explore incident.jsonc --executions 10000\n"
      "  premortem explore incident.jsonc --search exhaustive --save-choices found.json\n"
      "  premortem explore incident.jsonc --search guided --measure delay --choices tie,duration\n"
      "Exit codes: 0 no check broke beyond what the file expects, 1 one did, 2 invalid input, 3 there was nothing to\n"
      "  choose or nothing to judge, 4 internal error, 130 stopped by Ctrl-C, with what was found so far printed");
  command->callback([options, command, &code] {
    options->depth_said = command->count("--depth") > 0;
    code = explore_file(*options);
  });
}

}  // namespace premortem::cli
