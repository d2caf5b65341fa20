#include "sim/explore/trial.hpp"

#include <algorithm>

#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

const CheckResult* Trial::check(std::string_view name) const {
  const auto found = std::ranges::find(checks, name, &CheckResult::name);
  return found == checks.end() ? nullptr : &*found;
}

const JudgedItem* Trial::item(std::uint32_t kind, std::int64_t id) const {
  const auto found =
      std::ranges::find_if(items, [&](const JudgedItem& item) { return item.kind == kind && item.id == id; });
  return found == items.end() ? nullptr : &*found;
}

Trial run_trial(const CompiledScenario& scenario, std::uint64_t seed, Chooser* chooser, History* history) {
  const Model& model = *scenario.model;
  World world = new_world(model, seed);
  const FaultPlan faults;
  Machine machine(model, world, chooser, &faults);
  machine.set_digesting(false);
  Judge judge(*scenario.judge);
  machine.add_observer(&judge);
  if (history != nullptr) machine.add_observer(history);
  machine.begin();
  Trial trial;
  machine.run_until(time_from_nanoseconds(model.ends));
  trial.events = world.kernel.events_done;
  machine.finish();
  judge.conclude();
  trial.items = judge.items();
  trial.fates = judge.fates();
  trial.checks = judge.checks();
  return trial;
}

}  // namespace premortem
