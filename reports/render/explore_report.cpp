#include "reports/render/explore_report.hpp"

#include <nlohmann/json.hpp>

#include "reports/query/figures.hpp"
#include "reports/query/table.hpp"

namespace premortem {

namespace {

std::string or_more(std::uint64_t count) { return count == UINT64_MAX ? "2^64 or more" : std::to_string(count); }

std::string score_text(std::int64_t score, bool duration) {
  if (score < 0) return "–";
  return duration ? short_duration(score) : std::to_string(score);
}

/// "37 of 720 orders are inequivalent; 36 ..." - as far as it got.
std::string census_sentence(const Census& census, bool over_ties) {
  const std::string noun = over_ties ? "order" : "way";
  const std::string at_least = census.complete ? "" : "at least ";
  std::uint64_t failing = 0;
  for (const OutcomeCount& one : census.classes) failing += one.example.surprising ? 1 : 0;
  const std::size_t classes = census.classes.size();
  std::string text = (census.complete ? std::to_string(classes) : "At least " + std::to_string(classes)) + " of " +
                     at_least + or_more(census.orders) + " " + noun + (census.orders == 1 ? " is" : "s are") +
                     " inequivalent; ";
  text += failing == 0 ? "none of them breaks a check beyond what is expected."
          : failing == classes && classes > 1
              ? "all of them break a check beyond what is expected."
              : std::to_string(failing) + (failing == 1 ? " breaks" : " break") + " a check beyond what is expected (" +
                    at_least + or_more(census.failing) + " of the " + noun + "s).";
  text += std::string(over_ties ? " Orders" : " Ways to choose") +
          " are equivalent when every item meets the same fate at the same instant and every check says the same.";
  if (!census.complete) text += " The budget ended first.";
  return text;
}

std::string bound_sentence(const PctBound& bound) {
  std::string text =
      "A bug of depth " + std::to_string(bound.depth) + " shows in each execution with a probability of 1/" +
      (bound.one_in == UINT64_MAX ? "2^64 or less" : std::to_string(bound.one_in)) +
      " or more: 1/(n k^(d-1)), n = " + std::to_string(bound.activities) +
      " activities in ties, k = " + std::to_string(bound.decisions) + " ties, d = " + std::to_string(bound.depth) + ".";
  if (bound.beyond > 0)
    text += " " + counted(bound.beyond, "execution") +
            " had more activities or ties than that: it does not hold for these.";
  return text;
}

Table checks_table(const ExploreResult& result) {
  Table table{
      "",
      {{"check"}, {"expected"}, {"broken", true}, {"held", true}, {"not exercised", true}, {"first broken", true}},
      {}};
  for (const ExploredCheck& check : result.checks) {
    table.rows.push_back({check.name, check.expected, std::to_string(check.broken), std::to_string(check.held),
                          std::to_string(check.not_exercised),
                          check.first_broken == 0 ? "–" : "execution " + std::to_string(check.first_broken)});
  }
  return table;
}

/// What became of the budget of faults, where that is not as one would think.
std::string budget_sentence(const ExploreResult& result, std::uint64_t budget) {
  if (!result.faults_open)
    return "No fault was ever open: whether one strikes was never left to a choice, so the budget limited nothing.";
  if (result.faults_max >= budget) return "";
  return "The budget was never used up: at most " + counted(result.faults_max, "fault") + " struck in an execution.";
}

std::vector<std::string> goals(const ExploreResult& result, bool reached) {
  std::vector<std::string> names;
  for (const ExploredCheck& check : result.checks) {
    if (check.sometimes && (check.held > 0) == reached) names.push_back(check.name);
  }
  return names;
}

}  // namespace

std::string explore_to_terminal(const ExploreResult& result, const ExploreHeading& heading) {
  std::string out = wrapped(heading.title, "  ") + "\n";
  const auto say = [&out](const std::string& text) { out += wrapped(text, "  ") + "\n"; };
  say("strategy " + heading.strategy + ", seed " + std::to_string(heading.seed) + ", " + heading.search +
      " search over " + heading.choices +
      (heading.faults_budget ? " with at most " + counted(*heading.faults_budget, "fault") : "") + ", ties " +
      heading.ties_from + " on: " + counted(result.executions, "execution") + ", at most " +
      counted(result.decisions_max, "choice") + " each");
  if (!heading.stopped.empty())
    say("Ended early: " + heading.stopped + ". Another machine may come further or less far.");
  out += "\n";
  if (heading.faults_budget) {
    if (const std::string text = budget_sentence(result, *heading.faults_budget); !text.empty()) say(text);
  }
  if (result.decisions_max == 0) {
    say("Nothing to explore: no choice of these kinds ever came up.");
    return out;
  }
  if (result.census) say(census_sentence(*result.census, heading.choices == "tie"));
  if (result.census && result.census->merged > 0)
    say(counted(result.census->merged, "execution") + " met a state that was known already, and ended there.");
  if (result.bound) say(bound_sentence(*result.bound));
  if (!result.census) {
    say(counted(result.failing, "execution") + " of " + std::to_string(result.completed) +
        (result.failing == 1 ? " breaks" : " break") + " a check beyond what is expected; " +
        counted(result.outcomes, "outcome") + " in all.");
  }
  if (result.endless > 0)
    say("Time stood still in " + counted(result.endless, "execution") + ": it goes round and round at one instant.");
  if (result.worst != 0) {
    say("Worst " + heading.measure + ": " + score_text(result.worst_score, heading.measure_is_duration) +
        ", in execution " + std::to_string(result.worst) + " (" +
        score_text(result.first_score, heading.measure_is_duration) + " in the first).");
  }
  out += "\n" + to_terminal(checks_table(result));
  const std::vector<std::string> reached = goals(result, true), missed = goals(result, false);
  if (!reached.empty()) out += "\n", say("Reached: " + listed(reached) + ".");
  if (!missed.empty()) out += "\n", say("Never reached: " + listed(missed) + ".");
  if (result.first_failing != 0) {
    out += "\n";
    say("The first to fail is execution " + std::to_string(result.first_failing) + ", after " +
        counted(result.failure.choices.size(), "choice") + ".");
    if (heading.saved.empty()) {
      say("Keep it with --save-choices FILE.");
    } else {
      say("Kept in " + heading.saved + "; run it again: " + heading.replay);
    }
  }
  return out;
}

std::string explore_to_json(const ExploreResult& result, const ExploreHeading& heading) {
  using Json = nlohmann::ordered_json;
  Json json;
  json["scenario"] = heading.title;
  json["file"] = heading.file;
  json["strategy"] = heading.strategy;
  json["seed"] = heading.seed;
  json["search"] = heading.search;
  json["choices"] = heading.choices;
  if (heading.faults_budget) {
    json["faults"] = {
        {"budget", *heading.faults_budget}, {"ever-open", result.faults_open}, {"struck-max", result.faults_max}};
  }
  json["executions"] = result.executions;
  json["completed"] = result.completed;
  json["failing"] = result.failing;
  json["endless"] = result.endless;
  json["outcomes"] = result.outcomes;
  json["choices-max"] = result.decisions_max;
  json["ended-early"] = heading.stopped.empty() ? Json(nullptr) : Json(heading.stopped);
  json["measure"] = {{"name", heading.measure},
                     {"worst", result.worst_score},
                     {"execution", result.worst},
                     {"first", result.first_score}};
  json["checks"] = Json::array();
  for (const ExploredCheck& check : result.checks) {
    json["checks"].push_back({{"name", check.name},
                              {"expected", check.expected},
                              {"broken", check.broken},
                              {"held", check.held},
                              {"not-exercised", check.not_exercised},
                              {"first-broken", check.first_broken == 0 ? Json(nullptr) : Json(check.first_broken)}});
  }
  json["goals"] = {{"reached", goals(result, true)}, {"never-reached", goals(result, false)}};
  if (result.census) {
    std::uint64_t failing = 0;
    for (const OutcomeCount& one : result.census->classes) failing += one.example.surprising ? 1 : 0;
    json["census"] = {{"complete", result.census->complete},      {"orders", result.census->orders},
                      {"failing-orders", result.census->failing}, {"inequivalent", result.census->classes.size()},
                      {"failing-inequivalent", failing},          {"merged", result.census->merged}};
  }
  if (result.bound) {
    json["bound"] = {{"one-in", result.bound->one_in},
                     {"activities", result.bound->activities},
                     {"ties", result.bound->decisions},
                     {"depth", result.bound->depth},
                     {"executions-beyond", result.bound->beyond}};
  }
  json["first-failing"] = nullptr;
  if (result.first_failing != 0)
    json["first-failing"] = {{"execution", result.first_failing}, {"choices", result.failure.choices}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace premortem
