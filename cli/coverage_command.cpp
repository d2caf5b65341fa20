// premortem coverage: which goals of a scenario the runs in a store have reached, and which never.

#include <algorithm>
#include <array>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "cli/common.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/table.hpp"
#include "sim/compare/run_store.hpp"
#include "sim/scenario/goals.hpp"

namespace premortem::cli {

namespace {

struct Options {
  std::string file, store = "runs.premortem.sqlite";
  bool all = false, json = false;
};

/// Every goal of the file and its strategies, with what the store knows of it.
std::vector<GoalCount> counted_goals(const LoadedScenario& loaded, RunStore& store, std::string& title) {
  std::vector<GoalCount> counts;
  for (const std::string& strategy : strategy_names(loaded.root)) {
    const std::shared_ptr<const CompiledScenario> scenario = compile(loaded, {strategy, {}, {}});
    title = scenario->title;
    for (const Goal& goal : goals_of(*scenario)) {
      const bool known = std::ranges::any_of(
          counts, [&](const GoalCount& count) { return count.kind == goal.kind && count.name == goal.name; });
      if (!known) counts.push_back({goal.kind, goal.name, 0, 0});
    }
  }
  constexpr std::array<std::string_view, 8> order = {"sometimes", "check",   "step", "fault",
                                                     "error",     "outcome", "mark", "change"};
  std::ranges::stable_sort(counts, std::ranges::less(), [&](const GoalCount& count) {
    return std::ranges::find(order, count.kind) - order.begin();
  });
  for (const GoalCount& stored : store.goals(title)) {  // What the file no longer has does not count.
    for (GoalCount& count : counts) {
      if (count.kind == stored.kind && count.name == stored.name) count = stored;
    }
  }
  return counts;
}

Table table_of(const std::vector<GoalCount>& counts, bool reached) {
  Table table{"", {{"goal"}, {"name"}, {"reached in", true}, {"of runs", true}}, {}};
  for (const GoalCount& count : counts) {
    if ((count.reached > 0) == reached)
      table.rows.push_back({count.kind, count.name, std::to_string(count.reached), std::to_string(count.runs)});
  }
  return table;
}

std::string to_json(const std::string& title, const std::vector<GoalCount>& counts) {
  nlohmann::ordered_json json = {{"scenario", title}, {"goals", nlohmann::ordered_json::array()}};
  for (const GoalCount& count : counts) {
    json["goals"].push_back(
        {{"kind", count.kind}, {"name", count.name}, {"reached", count.reached}, {"runs", count.runs}});
  }
  return json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

int coverage(const Options& options) {
  const LoadedScenario loaded = load(options.file);
  std::error_code error;
  if (!std::filesystem::exists(options.store, error)) {  // Opening would make one.
    throw UsageError("premortem: there is no run store " + options.store + "; make it: premortem test " + options.file +
                     " --store " + options.store + "\n");
  }
  RunStore store(options.store, program_identity());
  std::string title;
  const std::vector<GoalCount> counts = counted_goals(loaded, store, title);
  const auto reached =
      static_cast<std::size_t>(std::ranges::count_if(counts, [](const GoalCount& count) { return count.reached > 0; }));
  const bool everything = reached == counts.size();
  if (options.json) {
    std::cout << to_json(title, counts);
    return everything ? as_expected : not_exercised;
  }
  std::cout << wrapped(title, "") << "\n"
            << reached << " of " << counted(counts.size(), "goal") << " reached, over all runs in the store.\n";
  if (!everything) std::cout << "\nNever reached\n" << to_terminal(table_of(counts, false));
  if (options.all && reached > 0) std::cout << "\nReached\n" << to_terminal(table_of(counts, true));
  return everything ? as_expected : not_exercised;
}

}  // namespace

void add_coverage(CLI::App& app, int& code) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("coverage", "say what of a scenario no run in a store has reached; runs nothing");
  command->add_option("FILE", options->file, "scenario file (.jsonc)")->required()->type_name("");
  command->add_option("--store", options->store, "where runs were kept, by compare, run, test or explore")
      ->type_name("PATH")
      ->capture_default_str();
  command->add_flag("--all", options->all, "also what was reached, and how often");
  command->add_flag("--json", options->json, "all goals as JSON on stdout");
  command->footer(
      "Examples:\n  premortem test scenarios/ --store ci.sqlite\n"
      "  premortem coverage scenarios/incidents/nav-brut-cutover.jsonc --store ci.sqlite\n"
      "Exit codes: 0 every goal was reached, 2 invalid input, 3 some never was, 4 internal error");
  command->callback([options, &code] { code = coverage(*options); });
}

}  // namespace premortem::cli
