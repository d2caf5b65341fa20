#include "sim/explore/trial.hpp"

#include <algorithm>
#include <optional>

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

Trial run_trial(const CompiledScenario& scenario, std::uint64_t seed, Chooser* chooser, Observer* observer,
                std::uint64_t events_max) {
  const Model& model = *scenario.model;
  World world = new_world(model, seed);
  const FaultPlan faults;
  std::optional<FixedChooser> fixed;
  if (scenario.choices && chooser == nullptr) fixed.emplace(*scenario.choices, model.begins);
  Machine machine(model, world, fixed ? &*fixed : chooser, &faults);
  machine.set_digesting(false);
  Judge judge(*scenario.judge);
  machine.add_observer(&judge);
  if (observer != nullptr) machine.add_observer(observer);
  machine.begin();
  Trial trial;
  constexpr std::int64_t slices = 256;  // Only to look at the clock of events now and then.
  const std::int64_t slice =
      events_max == UINT64_MAX ? model.ends - model.begins : (model.ends - model.begins) / slices;
  for (std::int64_t until = model.begins; until < model.ends;) {
    until = model.ends - until <= slice + slices ? model.ends : until + slice;
    machine.run_until(time_from_nanoseconds(until));
    trial.events = world.kernel.events_done;
    if (trial.events > events_max) return trial;
  }
  if (fixed) trial.misfits = fixed->misfits().size();
  machine.finish();
  judge.conclude();
  trial.items = judge.items();
  trial.fates = judge.fates();
  trial.checks = judge.checks(&trial.broken_items);
  return trial;
}

}  // namespace premortem
