// premortem window: for which instants, durations or counts of one address nothing breaks.

#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "sim/explore/seed_windows.hpp"
#include "sim/scenario/address.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

struct Options {
  ScenarioOptions scenario;
  std::string vary, from, to, check;
  std::uint64_t runs_max = 1000, seeds = 1;
  bool json = false;
};

class Command {
 public:
  explicit Command(const Options& options)
      : options_(options), loaded_(load(options.scenario.file)), variant_(options.scenario.variant()) {
    scenario_ = compile(loaded_, variant_);
  }

  int run() {
    question_.address = options_.vary;
    question_.check = options_.check;
    question_.seed = options_.scenario.seed;
    question_.runs_max = options_.runs_max;
    read_check();
    read_range();
    for (const std::int64_t end : {question_.from, question_.to}) {  // What the language refuses is said here.
      Variant variant = variant_;
      variant.set.emplace_back(question_.address, window_value(question_.varied, end));
      compile(loaded_, variant);
    }
    const SeedWindows answer = find_seed_windows(loaded_, variant_, question_, options_.seeds);
    options_.json ? tell_json(answer) : tell(answer);
    return answer.holds.empty() ? different : as_expected;
  }

 private:
  void read_check() const {
    std::vector<std::string> names;
    for (const CheckSpec& check : scenario_->judge->checks) names.push_back(check.name);
    if (!question_.check.empty() && std::ranges::find(names, question_.check) == names.end())
      throw UsageError("premortem: --check: there is no check \"" + question_.check + "\"" +
                       did_you_mean(question_.check, names) + "\n");
  }

  std::int64_t value_of(const std::string& text, const char* option) const {
    std::string error;
    if (question_.varied == Varied::instant) {
      const auto time = parse_time(text, scenario_->model->zone, Node::no_day, error);
      if (time && time->kind == TimeSpec::Kind::absolute && time->low == time->high) return time->low;
      throw UsageError("premortem: " + std::string(option) + ": " + (error.empty() ? text + " is no instant" : error) +
                       "; write \"2020-01-27 13:00\"\n");
    }
    if (question_.varied == Varied::duration) {
      if (const auto duration = parse_duration(text)) return duration->count();
      throw UsageError("premortem: " + std::string(option) + ": \"" + text + "\" is no duration; write \"20 s\"\n");
    }
    if (!text.empty() && text.size() < 10 && text.find_first_not_of("0123456789") == std::string::npos)
      return std::stoll(text);
    throw UsageError("premortem: " + std::string(option) + ": \"" + text + "\" is no count; write \"4\"\n");
  }

  void read_range() {
    Diagnostics diagnostics;
    Node root = effective_scenario(loaded_.root, variant_, diagnostics)->root;
    std::string error;
    const std::optional<Place> place = find_place(root, options_.vary, true, error);
    if (!place) throw UsageError("premortem: --vary: " + error + "\n");
    const Node* node = place->node();
    const std::string text = node == nullptr ? "" : node->is(Node::Kind::text) ? node->text : node->to_json();
    const bool both = !options_.from.empty() && !options_.to.empty();
    if (options_.vary.ends_with(".at")) {
      question_.varied = Varied::instant;
      question_.from = scenario_->model->begins;
      question_.to = scenario_->model->ends - 1;
    } else if (parse_duration(text) || (both && parse_duration(options_.from))) {
      question_.varied = Varied::duration;
      question_.to = std::max<std::int64_t>(60'000'000'000, parse_duration(text).value_or(Duration{0}).count() * 10);
    } else if ((node != nullptr && node->is(Node::Kind::integer)) || both) {
      question_.varied = Varied::count;
      question_.from = 1;
      question_.to = node == nullptr ? 10 : std::max<std::int64_t>(10, node->integer * 2);
    } else {
      throw UsageError("premortem: --vary: at " + options_.vary +
                       " stands no instant, duration or count; name one, or say --from and --to\n");
    }
    if (!options_.from.empty()) question_.from = value_of(options_.from, "--from");
    if (!options_.to.empty()) question_.to = value_of(options_.to, "--to");
    if (question_.to <= question_.from) throw UsageError("premortem: --to is not behind --from\n");
  }

  std::string said(std::int64_t value) const {
    return question_.varied == Varied::instant ? scenario_->model->zone.format(time_from_nanoseconds(value))
                                               : window_value(question_.varied, value);
  }

  std::string of_seeds() const {
    if (options_.seeds == 1) return "";
    return " with each of the seeds " + std::to_string(question_.seed) + " to " +
           std::to_string(question_.seed + options_.seeds - 1);
  }

  template <class Interval>
  std::string from_to(const Interval& one) const {
    return "  from " + said(one.low) + (one.low == question_.from ? " (where the search began)" : "") + " to " +
           said(one.high) + (one.high == question_.to ? " (where it ended)" : "");
  }

  void tell(const SeedWindows& answer) const {
    const std::string what = question_.check.empty() ? "no check is broken" : question_.check + " holds";
    const std::string range = " between " + said(question_.from) + " and " + said(question_.to);
    if (answer.holds.empty()) {
      std::cout << what << " for no value of " << question_.address << " that was run" << range << of_seeds() << "\n";
    } else {
      std::cout << what << " for " << question_.address << range << of_seeds() << ":\n";
    }
    for (const WindowInterval& one : answer.holds) std::cout << from_to(one) << "\n";
    const bool elsewhere = answer.seeds > 1 && answer.shares.size() > 1;
    if (elsewhere) std::cout << "elsewhere for so many of the " << answer.seeds << " seeds:\n";
    for (const WindowShare& one : answer.shares) {
      if (elsewhere && one.holds < answer.seeds) std::cout << from_to(one) << ": " << one.holds << "\n";
    }
    const std::string unit = question_.varied == Varied::count ? "one" : "one nanosecond";
    std::cout << answer.sums.runs << " runs; at each boundary a run that passes and one that fails, " << unit
              << " apart\n";
    if (question_.varied == Varied::instant) {
      std::cout << answer.sums.examined << " of " << answer.sums.critical
                << " instants at which a job, step or setting changes were run at, and one nanosecond behind\n";
    }
    if (answer.sums.refused > 0)
      std::cout << answer.sums.refused << " values are refused by the language; they count as failing\n";
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
    json["refused"] = answer.sums.refused;
    std::cout << json.dump(2) << "\n";
  }

  const Options& options_;
  LoadedScenario loaded_;
  Variant variant_;
  std::shared_ptr<const CompiledScenario> scenario_;
  WindowQuestion question_;
};

}  // namespace

void add_window(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("window", "find the instants or values of one address at which nothing breaks");
  options->scenario.add_to(*command, true);
  command->add_option("--vary", options->vary, "whose value: an instant, a duration or a count")
      ->required()
      ->type_name("ADDRESS");
  command->add_option("--from", options->from, "smallest value; without it, of an instant the clock's beginning")
      ->type_name("VALUE");
  command->add_option("--to", options->to, "largest value; without it, of an instant the clock's end")
      ->type_name("VALUE");
  command->add_option("--check", options->check, "this one must hold; without it, none may be broken")
      ->type_name("NAME");
  command->add_option("--seeds", options->seeds, "so many seeds, from --seed on; it must hold for all of them")
      ->type_name("NUMBER")
      ->check(CLI::Range(std::uint64_t{1}, std::uint64_t{10'000}))
      ->capture_default_str();
  command->add_option("--runs-max", options->runs_max, "after so many runs of a seed no further instant is looked at")
      ->type_name("NUMBER")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_flag("--json", options->json, "the intervals as JSON");
  command->footer(
      "Examples:\n  premortem window scenarios/incidents/nav-brut-cutover.jsonc --vary 'timeline[stop-brut].at'\n"
      "  premortem window incident.jsonc --vary exporter.workers --from 1 --to 8 --check exports-finish\n"
      "Exit codes: 0 there is such a value, 1 there is none, 2 invalid input, 4 internal error");
  command->callback([options, &code] { code = Command(*options).run(); });
}

}  // namespace premortem::cli
