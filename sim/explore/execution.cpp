#include "sim/explore/execution.hpp"

#include <algorithm>

#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/livelock.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {

void prepare(Machine& machine) {
  machine.set_digesting(false);
  machine.set_tracing(false);
}

/// What was answered, and how often was asked.
class CountingChooser final : public Chooser {
 public:
  CountingChooser(Chooser& inner, ExploredRun& execution) : inner_(inner), execution_(execution) {}
  std::uint64_t choose(const Choice& choice) override {
    const std::uint64_t chosen = inner_.choose(choice);
    ++execution_.decisions;
    if (choice.kind == Choice::Kind::tie) ++execution_.ties;
    execution_.choices.push_back(chosen);
    return chosen;
  }
  bool decides(Choice::Kind kind) const override { return inner_.decides(kind); }

 private:
  Chooser& inner_;
  ExploredRun& execution_;
};

}  // namespace

Explored::Explored(const CompiledScenario& scenario, std::uint64_t seed, ChoiceKinds kinds, std::string measure,
                   std::optional<std::int64_t> ties_from, std::uint64_t faults_max)
    : scenario_(scenario),
      seed_(seed),
      kinds_(kinds),
      measure_(std::move(measure)),
      ties_from_(ties_from.value_or(scenario.model->begins + 1)),
      faults_max_(faults_max),
      fresh_(new_world(*scenario.model, seed)) {}

bool Explored::is_measure(const CompiledScenario& scenario, const std::string& measure) {
  return measure == "failed" || measure == "delay" || measure_named(measure, scenario.judge->kinds).has_value();
}

bool Explored::go_on(HalfRun& run, bool begins, Chooser& chooser) const {
  SelectedChooser selected(chooser, kinds_, ties_from_, run.faults);
  const FaultPlan faults;
  Machine machine(*scenario_.model, run.world, &selected, &faults);
  prepare(machine);
  machine.add_observer(&run.judge);
  if (run.goals) machine.add_observer(&*run.goals);
  if (begins) machine.begin();
  const Time end = time_from_nanoseconds(scenario_.model->ends);
  machine.run_until(end);
  Kernel& kernel = run.world.kernel;
  return kernel.events.next_time([&](EventId id) { return kernel.activities[FutureEvents::slot_of(id)].wake == id; }) >=
         scenario_.model->ends;
}

std::int64_t Explored::score_of(const Judge& judge) const {
  if (measure_ == "failed") {
    return std::ranges::count_if(
        judge.items(), [](const JudgedItem& item) { return item.fate != Fate::done && item.fate != Fate::in_flight; });
  }
  if (measure_ == "delay") {
    std::int64_t longest = 0;
    for (const JudgedItem& item : judge.items())
      longest = std::max(longest, (item.finished > 0 ? item.finished_at : scenario_.judge->ends) - item.arrived);
    return longest;
  }
  bool known = false;
  return judge.measure(measure_, known).value_or(-1);
}

ExploredRun Explored::conclude(HalfRun& run) const {
  const FaultPlan faults;
  Machine machine(*scenario_.model, run.world, nullptr, &faults);
  prepare(machine);
  machine.add_observer(&run.judge);
  machine.finish();
  run.judge.conclude();
  ExploredRun execution;
  const std::vector<CheckResult> checks = run.judge.checks();
  for (std::size_t n = 0; n < checks.size(); ++n) {
    execution.verdicts.push_back(checks[n].verdict);
    if (checks[n].verdict == CheckVerdict::broken && !meets(scenario_.expectations[n], checks[n]))
      execution.surprising = true;
    execution.outcome.add(static_cast<std::uint64_t>(checks[n].verdict));
    execution.outcome.add(checks[n].broken_for.value_or(0));
  }
  for (const JudgedItem& item : run.judge.items()) {
    execution.outcome.add(std::uint64_t{item.kind} << 8 | static_cast<std::uint64_t>(item.fate));
    execution.outcome.add(static_cast<std::uint64_t>(item.id));
    execution.outcome.add(item.outcome);
    execution.outcome.add(std::uint64_t{item.finished} << 1 | (item.finished > 0 ? 1U : 0U));
    execution.outcome.add(static_cast<std::uint64_t>(item.finished_at));
  }
  execution.score = score_of(run.judge);
  if (run.goals) execution.goals = run.goals->reached(checks);
  return execution;
}

ExploredRun Explored::execute(HalfRun& run, Chooser& chooser) const {
  ExploredRun asked;
  CountingChooser counting(chooser, asked);
  ExploredRun execution;
  try {
    go_on(run, true, counting);
    execution = conclude(run);
  } catch (const Livelock&) {
    execution.endless = execution.surprising = true;
    execution.outcome.add(hash_name("endless"));
    if (run.goals) execution.goals = run.goals->reached({});
  }
  execution.decisions = asked.decisions;
  execution.ties = asked.ties;
  execution.faults = run.faults;
  execution.choices = std::move(asked.choices);
  return execution;
}

}  // namespace premortem
