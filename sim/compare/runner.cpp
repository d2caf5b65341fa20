#include "sim/compare/runner.hpp"

#include <algorithm>

#include "sim/compare/unfinished.hpp"
#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"
#include "sim/scenario/goals.hpp"

namespace premortem {

namespace {

/// Collects what a person would tell.
class StoryTeller final : public Observer {
 public:
  StoryTeller(const Model& model, std::vector<StoryLine>& story) : model_(model), story_(story) {}

  void observe(const Record& record) override {
    const Time at = time_from_nanoseconds(record.at);
    switch (static_cast<RecordKind>(record.kind)) {
      case RecordKind::step_done:
        if (!model_.timeline[record.a].sentence.empty())
          say(at, model_.timeline[record.a].id + ": " + model_.timeline[record.a].sentence).step =
              static_cast<std::uint32_t>(record.a);
        return;
      case RecordKind::step_skipped: {
        StoryLine& line =
            say(at, model_.timeline[record.a].id + ": skipped, " +
                        (record.b == 0 ? "its condition is false" : "as what it comes after was skipped"));
        line.step = static_cast<std::uint32_t>(record.a);
        line.skipped = true;
        return;
      }
      case RecordKind::noticed:
        if (record.b == 1) say(at, "noticed: " + model_.texts[record.a]);
        return;
      case RecordKind::crashed:
        if (crashes_++ < 5) {
          say(at, model_.components[record.who].name + " crashes");
        } else {
          last_crash_ = at;
        }
        return;
      case RecordKind::rolled_back:
        say(at, std::to_string(record.a) + (record.a == 1 ? " document of " : " documents of ") +
                    model_.components[record.who].name + " rolled back, which no majority had");
        return;
      case RecordKind::elected:
        say(at, model_.components[record.who].name + " has a primary again");
        return;
      case RecordKind::released:
        if (first_released_++ == 0) say(at, "from here on somebody's work is held by nobody").decisive = true;
        return;
      case RecordKind::ended:
        if (crashes_ > 5) {
          say(last_crash_, "the last of " + std::to_string(crashes_) + " crashes; only the first five stand here");
          std::ranges::stable_sort(story_, {}, &StoryLine::at);
        }
        return;
      default:
        return;
    }
  }

 private:
  StoryLine& say(Time at, std::string text) {
    StoryLine line;
    line.at = at;
    line.text = std::move(text);
    story_.push_back(std::move(line));
    return story_.back();
  }

  const Model& model_;
  std::vector<StoryLine>& story_;
  int crashes_ = 0;
  Time last_crash_{};
  int first_released_ = 0;
};

/// Nothing may be silently inapplicable: what was written and did nothing.
void say_what_did_nothing(const Model& model, const World& world, std::vector<std::string>& notes) {
  for (std::size_t n = 0; n < world.fault_rules.size(); ++n) {
    const RuleState& state = world.fault_rules[n];
    const bool live = n >= model.fault_rules.size();
    const std::string& name = live ? world.live_rules[n - model.fault_rules.size()].name : model.fault_rules[n].name;
    const std::string which = (live ? "the live fault rule \"" : "the fault rule \"") + name + "\"";
    if (state.vain > 0)
      notes.push_back(which + " met " + std::to_string(state.vain) + " commands for which it means nothing");
    if (state.struck > 0) continue;
    notes.push_back(which + " never struck: " +
                    (state.seen == 0 ? "no command matched" : std::to_string(state.seen) + " commands matched"));
  }
  for (std::size_t n = 0; n < model.timeline.size(); ++n) {
    const EntryState& state = world.timeline[n];
    if (state.state == EntryState::pending) notes.push_back("timeline[" + model.timeline[n].id + "] never came off");
  }
  for (const ActiveFault& active : world.faults) {
    const FaultSpec& fault = model.faults[active.fault];
    if (active.struck == 0) notes.push_back("the fault \"" + fault.id + "\" never struck an operation");
  }
  for (std::size_t n = 0; n < world.failed_expressions.size(); ++n) {
    if (world.failed_expressions[n] == 0) continue;
    const auto fault = static_cast<ExpressionFault>(world.failed_expressions[n] - 1);
    notes.push_back(model.expression_addresses[n] + ": " + std::string(name_of(fault)) + "; the value was taken as 0");
  }
  for (const ReplaySpec& replay : model.replays) {
    const EntryState& state = world.timeline[replay.entry];
    if (state.state == EntryState::done && state.times == 0) {
      notes.push_back("timeline[" + replay.id + "] read the log and handed on 0 events: its \"only\" matched nothing");
    }
  }
}

void add_measures(const CompiledScenario& scenario, const Judge& judge, RunResult& result) {
  const auto add = [&](const std::string& name, Measure::Unit unit) {
    bool known = false;
    result.measures.push_back({name, unit, judge.measure(name, known)});
  };
  for (const JudgedKind& kind : scenario.judge->kinds) {
    for (const char* time : {"p50", "p99", "max"}) add(kind.name + ".time-to-done." + time, Measure::Unit::duration);
  }
  add("detection", Measure::Unit::duration);
  add("operator-steps", Measure::Unit::count);
}

/// Observers see the whole history, whoever wrote its beginning.
void begin_or_go_on(Machine& machine, const std::vector<Observer*>& observers, const RunOptions& options) {
  for (Observer* observer : observers) machine.add_observer(observer);
  if (options.from == nullptr) return machine.begin();
  for (const Record& record : options.from->records) {
    for (Observer* observer : observers) observer->observe(record);
  }
}

}  // namespace

SavedRun interrupt_scenario(const CompiledScenario& scenario, const RunOptions& options, Time until) {
  SavedRun run{options.from != nullptr ? options.from->world : new_world(*scenario.model, options.seed), {}};
  const FaultPlan faults;
  Machine machine(*scenario.model, run.world, options.chooser, &faults);
  History history;
  begin_or_go_on(machine, {&history}, options);
  machine.run_until(until);
  run.records = history.records();
  return run;
}

RunResult run_scenario(const CompiledScenario& scenario, const RunOptions& options) {
  const Model& model = *scenario.model;
  World world = options.from != nullptr ? options.from->world : new_world(model, options.seed);
  const FaultPlan faults;
  std::optional<FixedChooser> fixed;
  if (scenario.choices && options.chooser == nullptr) fixed.emplace(*scenario.choices, model.begins);
  Machine machine(model, world, fixed ? &*fixed : options.chooser, &faults);
  machine.set_digesting(options.digesting);
  machine.set_outside(options.sink, options.form);
  machine.set_rule_reader(options.rule_reader);
  Judge judge(*scenario.judge);
  RunResult result;
  StoryTeller teller(model, result.story);
  std::vector<Observer*> observers = {&judge};
  if (options.history != nullptr) observers.push_back(options.history);
  TailKeeper tail;
  if (options.story) observers.insert(observers.end(), {&teller, &tail});
  std::optional<GoalWatch> goals;
  if (options.goals) observers.push_back(&goals.emplace(scenario));
  begin_or_go_on(machine, observers, options);
  std::int64_t ends = model.ends;
  if (options.driver != nullptr) {
    ends = options.driver->drive(machine, model.ends);
  } else {
    machine.run_until(time_from_nanoseconds(model.ends));
  }
  result.events = world.kernel.events_done;
  machine.finish(ends);
  judge.conclude();
  if (options.items != nullptr) *options.items = judge.items();
  if (options.story) result.unfinished = diagnose(model, world, judge, tail);
  result.title = scenario.title;
  result.scenario_hash = scenario.scenario_hash;
  result.strategy = scenario.strategy;
  result.assumptions = scenario.assumptions;
  result.sets = scenario.sets;
  result.seed = world.kernel.seed;
  result.digest = world.kernel.digest.hex();
  result.zone = model.zone.name();
  result.zone_rules = scenario.zone_rules;
  result.fates = judge.fates();
  result.checks = judge.checks();
  if (goals) {
    const std::vector<bool> reached = goals->reached(result.checks);
    for (std::size_t n = 0; n < reached.size(); ++n)
      result.goals.push_back({goals->goals()[n].kind, goals->goals()[n].name, reached[n]});
  }
  result.notes = scenario.notes;
  for (const LiveRule& rule : world.live_rules) result.live_rules.push_back(rule.name);
  say_what_did_nothing(model, world, result.notes);
  if (fixed) {
    for (std::string& misfit : fixed->misfits()) result.notes.push_back(std::move(misfit));
  }
  bool all_met = true, exercised = false;
  std::uint64_t arrived = 0;
  for (const FateCounts& counts : result.fates) arrived += counts.arrived;
  for (std::size_t n = 0; n < result.checks.size(); ++n) {
    CheckResult& check = result.checks[n];
    check.expected = scenario.expectations[n].text;
    check.as_expected = meets(scenario.expectations[n], check);
    all_met = all_met && check.as_expected;
    exercised = exercised || check.verdict != CheckVerdict::not_exercised;
    if (check.verdict == CheckVerdict::not_exercised) {
      result.notes.push_back("the check \"" + check.name + "\" was not exercised: its premise never occurred");
    }
  }
  add_measures(scenario, judge, result);
  result.verdict = arrived == 0 || !exercised ? RunVerdict::not_exercised
                   : all_met                  ? RunVerdict::as_expected
                                              : RunVerdict::different;
  // A check that was expected to say something and could not: its own verdict, not a failure.
  if (result.verdict == RunVerdict::different) {
    const bool only_unexercised = std::all_of(result.checks.begin(), result.checks.end(), [](const CheckResult& check) {
      return check.as_expected || check.verdict == CheckVerdict::not_exercised;
    });
    if (only_unexercised) result.verdict = RunVerdict::not_exercised;
  }
  return result;
}

}  // namespace premortem
