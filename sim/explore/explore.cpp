#include "sim/explore/explore.hpp"

#include <algorithm>
#include <set>

namespace premortem {

namespace {

class Exploration {
 public:
  explicit Exploration(const Explored& explored) {
    const CompiledScenario& scenario = explored.scenario();
    for (std::size_t n = 0; n < scenario.judge->checks.size(); ++n) {
      ExploredCheck check;
      check.name = scenario.judge->checks[n].name;
      check.expected = scenario.expectations[n].text;
      check.sometimes = scenario.judge->checks[n].form == CheckSpec::Form::sometimes;
      result.checks.push_back(std::move(check));
    }
    if (!explored.goals()) return;
    for (const Goal& goal : explored.goals()->goals()) result.goals.push_back({goal, 0});
  }

  void add(const ExploredRun& execution) {
    const std::uint64_t number = ++result.executions;
    result.decisions_max = std::max(result.decisions_max, execution.decisions);
    result.faults_open = result.faults_open || execution.faults.asked > 0;
    result.faults_max = std::max(result.faults_max, execution.faults.struck);
    for (std::size_t n = 0; n < execution.goals.size(); ++n) result.goals[n].reached += execution.goals[n] ? 1 : 0;
    if (execution.merged) return;
    ++result.completed;
    outcomes_.insert({execution.outcome.a, execution.outcome.b});
    result.outcomes = outcomes_.size();
    if (execution.endless) ++result.endless;
    if (execution.surprising && result.failing++ == 0) {
      result.first_failing = number;
      result.failure = execution;
    }
    if (result.completed == 1) result.first_score = execution.score;
    if (result.worst == 0 || execution.score > result.worst_score) {
      result.worst = number;
      result.worst_score = execution.score;
    }
    for (std::size_t n = 0; n < execution.verdicts.size(); ++n) count(result.checks[n], execution.verdicts[n], number);
  }

  ExploreResult result;

 private:
  static void count(ExploredCheck& check, CheckVerdict verdict, std::uint64_t number) {
    switch (verdict) {
      case CheckVerdict::broken:
        if (check.broken++ == 0) check.first_broken = number;
        return;
      case CheckVerdict::holds:
        ++check.held;
        return;
      case CheckVerdict::not_exercised:
        ++check.not_exercised;
        return;
    }
  }

  std::set<std::pair<std::uint64_t, std::uint64_t>> outcomes_;
};

}  // namespace

bool ExploreResult::exercised() const {
  const bool judged =
      std::ranges::any_of(checks, [](const ExploredCheck& check) { return check.broken + check.held > 0; });
  return decisions_max > 0 && (judged || endless > 0);
}

ExploreResult explore(const Explored& explored, Search& search, const ExploreOptions& options) {
  Exploration exploration(explored);
  ExploreResult& result = exploration.result;
  while (result.executions < options.executions && !search.over()) {
    const std::uint64_t before = result.executions;
    const std::uint64_t jobs = std::min(search.round_max(), options.executions - before);
    std::vector<ExploredRun> executions(jobs);
    const auto work = [&](std::uint64_t job) { executions[job] = search.execute(before + job + 1); };
    if (options.side_by_side && jobs > 1) {
      options.side_by_side(jobs, work);
    } else {
      for (std::uint64_t job = 0; job < jobs; ++job) work(job);
    }
    for (const ExploredRun& execution : executions) {
      search.learn(execution);
      exploration.add(execution);
    }
    if (options.enough && options.enough(result.executions, result.failing)) {
      result.ended_early = result.executions < options.executions && !search.over();
      break;
    }
  }
  result.census = search.census();
  result.bound = search.bound();
  return std::move(exploration.result);
}

}  // namespace premortem
