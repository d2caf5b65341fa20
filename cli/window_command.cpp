// premortem window: for which instants, durations or counts of one address nothing breaks, and until when a remedy
// helps.

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "cli/region_report.hpp"
#include "cli/remedy_report.hpp"
#include "cli/stop.hpp"
#include "cli/window_range.hpp"
#include "sim/explore/seed_windows.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::vector<std::string> vary, from, to, remedies;
  std::string check;
  std::uint64_t runs_max = 0, seeds = 1;  ///< runs_max 0: as the help says.
  bool json = false, arrivals = false, all_remedies = false, every_item = false;
};

std::string nth(const std::vector<std::string>& values, std::size_t n) { return n < values.size() ? values[n] : ""; }

/// A region has many windows.
std::uint64_t runs_max(const Options& options) {
  return options.runs_max != 0 ? options.runs_max : options.vary.size() > 1 ? 20'000 : 1000;
}

/// A window of one address.
class Window {
 public:
  explicit Window(const Options& options)
      : options_(options), loaded_(load(options.scenario.file)), variant_(options.scenario.variant()) {
    scenario_ = compile(loaded_, variant_);
  }

  int run() {
    check_is_there(*scenario_, options_.check);
    const WindowRange range =
        range_of(loaded_, variant_, *scenario_, options_.vary[0], nth(options_.from, 0), nth(options_.to, 0));
    question_.address = range.address;
    question_.varied = range.varied;
    question_.from = range.from;
    question_.to = range.to;
    question_.check = options_.check;
    question_.seed = options_.scenario.seed;
    question_.runs_max = runs_max(options_);
    question_.arrivals = options_.arrivals;
    Progress progress;
    question_.go_on = watched_runs(progress);
    const SeedWindows answer = of_file(options_.scenario.file,
                                       [&] { return find_seed_windows(loaded_, variant_, question_, options_.seeds); });
    progress.end();
    options_.json ? tell_json(answer) : tell(answer);
    if (!answer.sums.complete) return stopped_exit_code();
    return answer.holds.empty() ? different : as_expected;
  }

 private:
  std::string said(std::int64_t value) const { return cli::said(question_.varied, *scenario_, value); }

  /// Some seeds may pass where not all do.
  std::string none_holds(const SeedWindows& answer, const std::string& range) const {
    const std::string values = question_.address + " that was run" + range;
    if (!question_.check.empty()) return question_.check + " holds for no value of " + values + of_seeds(answer.seeds);
    if (answer.seeds == 1) return "a check is broken for every value of " + values + of_seeds(1);
    return "no value of " + values + " passes" + of_seeds(answer.seeds);
  }

  std::string of_seeds(std::uint64_t seeds) const {
    if (options_.seeds == 1) return "";
    const std::string first = std::to_string(question_.seed);
    if (seeds == 1) return " with seed " + first;  // Stopped behind it.
    return " with each of the seeds " + first + " to " + std::to_string(question_.seed + seeds - 1);
  }

  template <class Interval>
  std::string from_to(const Interval& one) const {
    return "  from " + said(one.low) + (one.low == question_.from ? " (where the search began)" : "") + " to " +
           said(one.high) + (one.high == question_.to ? " (where it ended)" : "");
  }

  void tell(const SeedWindows& answer) const {
    const std::string range = " between " + said(question_.from) + " and " + said(question_.to);
    if (answer.holds.empty()) {
      std::cout << none_holds(answer, range) << "\n";
    } else {
      std::cout << (question_.check.empty() ? "no check is broken" : question_.check + " holds") << " for "
                << question_.address << range << of_seeds(answer.seeds) << ":\n";
    }
    for (const WindowInterval& one : answer.holds) std::cout << from_to(one) << "\n";
    const bool elsewhere = answer.seeds > 1 && answer.shares.size() > 1;
    if (elsewhere) std::cout << "elsewhere for so many of the " << answer.seeds << " seeds:\n";
    for (const WindowShare& one : answer.shares) {
      if (elsewhere && one.holds < answer.seeds) std::cout << from_to(one) << ": " << one.holds << "\n";
    }
    for (const WindowGap& one : answer.sums.open)
      std::cout << "  it changes somewhere between " << said(one.below) << " and " << said(one.above) << "\n";
    const std::string unit = question_.varied == Varied::count ? "one" : "one nanosecond";
    std::cout << answer.sums.runs << " runs";
    if (answer.sums.open.empty() && (!answer.holds.empty() || elsewhere))
      std::cout << "; at each boundary a run that passes and one that fails, " << unit << " apart";
    std::cout << "\n";
    if (question_.varied == Varied::instant) {
      std::cout << answer.sums.examined << " of " << answer.sums.critical
                << " instants at which a job, step or setting changes"
                << (question_.arrivals ? " or an item arrives" : "") << " were run at, and one nanosecond behind\n";
    }
    if (answer.sums.left_out > 0)
      std::cout << answer.sums.left_out << " values that were to be run at were not: --runs-max was reached\n";
    if (answer.sums.refused > 0)
      std::cout << answer.sums.refused << " values are refused by the language; they count as failing\n";
    if (!answer.sums.complete) std::cout << stopped_line();
  }

  void tell_json(const SeedWindows& answer) const {
    nlohmann::ordered_json json = {{"address", question_.address}, {"check", question_.check}};
    json["from"] = window_value(question_.varied, question_.from);
    json["to"] = window_value(question_.varied, question_.to);
    json["holds"] = nlohmann::ordered_json::array();
    for (const WindowInterval& one : answer.holds)
      json["holds"].push_back({{"low", window_value(question_.varied, one.low)},
                               {"high", window_value(question_.varied, one.high)},
                               {"low-number", one.low},
                               {"high-number", one.high}});
    json["uncertified"] = nlohmann::ordered_json::array();
    for (const WindowGap& one : answer.sums.open)
      json["uncertified"].push_back(
          {{"below", window_value(question_.varied, one.below)}, {"above", window_value(question_.varied, one.above)}});
    if (answer.seeds > 1) {
      json["first-seed"] = question_.seed;
      json["seeds"] = answer.seeds;
      json["shares"] = nlohmann::ordered_json::array();
      for (const WindowShare& one : answer.shares)
        json["shares"].push_back({{"low", window_value(question_.varied, one.low)},
                                  {"high", window_value(question_.varied, one.high)},
                                  {"holds", one.holds}});
    }
    json["runs"] = answer.sums.runs;
    json["critical"] = answer.sums.critical;
    json["examined"] = answer.sums.examined;
    json["left-out"] = answer.sums.left_out;
    json["refused"] = answer.sums.refused;
    json["complete"] = answer.sums.complete;
    std::cout << json.dump(2) << "\n";
  }

  const Options& options_;
  LoadedScenario loaded_;
  Variant variant_;
  std::shared_ptr<const CompiledScenario> scenario_;
  WindowQuestion question_;
};

std::vector<std::string> remedies_of(const Options& options, const LoadedScenario& loaded) {
  const Node* declared = loaded.root.find("remedies");
  const bool none = declared == nullptr || declared->members.empty();
  const std::vector<std::string> names = none ? std::vector<std::string>() : declared->keys();
  if (none)
    throw UsageError("premortem: " + options.scenario.file +
                     " declares no remedies; write under \"remedies\" what could still be done, as entries of the "
                     "timeline without \"at\"\n");
  for (const std::string& name : options.remedies) {
    if (std::ranges::find(names, name) == names.end())
      throw UsageError("premortem: --remedy: there is no remedy \"" + name + "\"" + did_you_mean(name, names) + "\n");
  }
  return options.all_remedies ? names : options.remedies;
}

/// Until when each remedy helps.
int find_limits(const Options& options) {
  const LoadedScenario loaded = load(options.scenario.file);
  const Variant variant = options.scenario.variant();
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  check_is_there(*scenario, options.check);
  const std::vector<std::string> names = remedies_of(options, loaded);
  const WindowRange range = instants_of(*scenario, nth(options.from, 0), nth(options.to, 0));
  std::string command =
      "premortem run " + shell_word(options.scenario.file) + variant_options(options.scenario) + " --remedy ";
  nlohmann::ordered_json json = nlohmann::ordered_json::array();
  Progress progress;
  const GoOn go_on = watched_runs(progress);
  bool any = false, all_saved = true;
  for (const std::string& name : names) {
    Variant with = variant;  // A strategy may have taken away what the remedy acts on.
    with.remedies.emplace_back(name, "");
    compile(loaded, with);
    const RemedyQuestion question{
        name, options.check, range.from, range.to, options.scenario.seed, runs_max(options), options.every_item, go_on};
    const RemedyLimits limits =
        of_file(options.scenario.file, [&] { return find_remedy_limits(loaded, variant, question); });
    progress.end();
    const RemedyReport report{*scenario, question, command, options.every_item};
    if (options.json) {
      json.push_back(remedy_to_json(limits, report));
    } else {
      std::cout << remedy_to_terminal(limits, report);
    }
    for (const CheckLimit& check : limits.checks) {
      any = any || check.broken;
      all_saved = all_saved && (!check.broken || !check.holds.empty());
    }
    if (limits.complete) continue;
    std::cout << (options.json ? json.dump(2) + "\n" : stopped_line());
    return stopped_exit_code();
  }
  if (options.json) std::cout << json.dump(2) << "\n";
  return !any ? not_exercised : all_saved ? as_expected : different;
}

/// The windows of the first address, row by row of the second.
int find_rows(const Options& options) {
  if (options.vary.size() > 2)
    throw UsageError("premortem: --vary: two addresses at most; fix the others with --set\n");
  if (options.vary[0] == options.vary[1]) throw UsageError("premortem: --vary: twice the same address; name two\n");
  if (options.seeds > 1) throw UsageError("premortem: --seeds: a region is found with one seed; name it with --seed\n");
  const LoadedScenario loaded = load(options.scenario.file);
  const Variant variant = options.scenario.variant();
  const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, variant);
  check_is_there(*scenario, options.check);
  const auto range = [&](std::size_t n) {
    return range_of(loaded, variant, *scenario, options.vary[n], nth(options.from, n), nth(options.to, n));
  };
  const WindowRange across = range(0), down = range(1);
  Progress progress;
  RegionQuestion question;
  question.across = {across.address,    across.varied,    across.from,
                     across.to,         options.check,    options.scenario.seed,
                     runs_max(options), options.arrivals, watched_runs(progress)};
  question.down = down.address;
  question.varied = down.varied;
  question.from = down.from;
  question.to = down.to;
  const RegionAnswer region = of_file(options.scenario.file, [&] { return find_region(loaded, variant, question); });
  progress.end();
  std::cout << (options.json ? region_to_json(region, question).dump(2) + "\n"
                             : region_to_terminal(region, question, *scenario));
  if (region.stopped) return stopped_exit_code();
  const bool none = std::ranges::all_of(region.rows, [](const RegionRow& row) { return row.holds.empty(); });
  return none ? different : as_expected;
}

/// Throws UsageError when --from or --to is given more often than there is something to narrow.
void check_ends(const Options& options, std::size_t ranges) {
  const auto check = [&](const char* option, const std::vector<std::string>& values) {
    if (values.size() <= ranges) return;
    throw UsageError("premortem: " + std::string(option) + ": given " + std::to_string(values.size()) + " times, but " +
                     (options.vary.empty()       ? "remedies have one range; give it once"
                      : options.vary.size() == 1 ? "--vary once; give it once for each --vary, in the same order"
                                                 : "--vary twice; give it once for each --vary, in the same order") +
                     "\n");
  };
  check("--from", options.from);
  check("--to", options.to);
}

int find(const Options& options) {
  const bool remedies = options.all_remedies || !options.remedies.empty();
  if (remedies == !options.vary.empty())
    throw UsageError("premortem: window needs either --vary ADDRESS or --remedy NAME\n");
  check_ends(options, std::max<std::size_t>(options.vary.size(), 1));
  if (!remedies && options.every_item)
    throw UsageError("premortem: --all is for --remedy, of which it prints every item; --vary judges no single item\n");
  if (!remedies) return options.vary.size() > 1 ? find_rows(options) : Window(options).run();
  if (options.seeds > 1)
    throw UsageError("premortem: --seeds: a remedy is asked about with one seed; name it with --seed\n");
  if (options.arrivals)
    throw UsageError(
        "premortem: --arrivals is for --vary; a remedy is tried at the arrivals of what it does not save\n");
  return find_limits(options);
}

}  // namespace

void add_window(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "window", "find the instants or values of one address at which nothing breaks, or until when a remedy helps");
  options->scenario.add_to(*command, true);
  command
      ->add_option("--vary", options->vary,
                   "whose value: an instant, a duration or a count; given twice, the windows of the first "
                   "for each value of the second")
      ->type_name("ADDRESS")
      ->allow_extra_args(false);
  command
      ->add_option("--remedy", options->remedies,
                   "instead: what the file declares under `remedies`; until when does it still save what is broken?")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_flag("--remedies", options->all_remedies, "every remedy of the file");
  command->add_flag("--all", options->every_item,
                    "with a remedy: the last instant of every item, not only the first's");
  command
      ->add_option(
          "--from", options->from,
          "smallest value; without it, of an instant the clock's beginning; given twice, for each --vary in turn")
      ->type_name("VALUE")
      ->allow_extra_args(false);
  command->add_option("--to", options->to, "largest value; without it, of an instant the clock's end")
      ->type_name("VALUE")
      ->allow_extra_args(false);
  command->add_option("--check", options->check, "this one must hold; without it, none may be broken")
      ->type_name("NAME");
  command->add_option("--seeds", options->seeds, "so many seeds, from --seed on; it must hold for all of them")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000}))
      ->capture_default_str();
  command
      ->add_option("--runs-max", options->runs_max,
                   "after so many runs of a seed no further instant is looked at [1000; of a region 20000]")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber);
  command->add_flag("--arrivals", options->arrivals, "look at the instants at which items arrive, too");
  command->add_flag("--json", options->json, "what was found as JSON");
  command->footer(
      "Examples:\n  premortem window scenarios/incidents/nav-brut-cutover.jsonc --vary 'timeline[stop-brut].at'\n"
      "  premortem window incident.jsonc --vary exporter.workers --from 1 --to 8 --check exports-finish\n"
      "  premortem window scenarios/incidents/nav-brut-cutover.jsonc --remedy replay-the-log\n"
      "Exit codes: 0 there is such a value, 1 there is none, 2 invalid input, 3 no check is broken that a remedy "
      "could\n"
      "  save, 4 internal error, 130 stopped by Ctrl-C, with what was found so far printed");
  command->callback([options, &code] { code = find(*options); });
}

}  // namespace premortem::cli
