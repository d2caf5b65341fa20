#include "bench/judged_runs.hpp"

#include "sim/faults/fault_plan.hpp"
#include "sim/models/begin.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

void run_judged(benchmark::State& state, const CompiledScenario& scenario) {
  const Model& model = *scenario.model;
  const FaultPlan faults;
  const World fresh = new_world(model, 1);
  World world = fresh;
  std::uint64_t seed = 1, events = 0;
  for (auto _ : state) {
    world = fresh;
    world.kernel.seed = seed++;
    Machine machine(model, world, nullptr, &faults);
    machine.set_digesting(false);
    Judge judge(*scenario.judge);
    machine.add_observer(&judge);
    machine.begin();
    events += machine.run_until(time_from_nanoseconds(model.ends));
    machine.finish();
    judge.conclude();
    benchmark::DoNotOptimize(judge.fates());
  }
  state.SetItemsProcessed(state.iterations());
  state.counters["events"] = benchmark::Counter(static_cast<double>(events) / static_cast<double>(state.iterations()));
}

}  // namespace premortem
