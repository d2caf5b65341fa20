// Executions of each search: on a world of about a hundred events and on both incidents; and what forking is worth.

#include <benchmark/benchmark.h>

#include "bench/scenarios.hpp"
#include "sim/explore/explore.hpp"

namespace {

using namespace premortem;

constexpr ChoiceKinds ties{Choice::Kind::tie};

std::unique_ptr<Search> made(const std::string& name, const Explored& explored) {
  if (name == "random") return random_search(explored);
  if (name == "swarm") return swarm_search(explored);
  if (name == "pct") return pct_search(explored, 3);
  if (name == "guided") return guided_search(explored);
  return exhaustive_search(explored, name != "exhaustive, run again from the start", name == "exhaustive");
}

/// Executions a second, on one core. One search goes on through all iterations.
void search(benchmark::State& state, const std::string& name, std::shared_ptr<const CompiledScenario> (*scenario)()) {
  const auto compiled = scenario();
  const Explored explored(*compiled, 1, ties, "failed");
  std::unique_ptr<Search> searching = made(name, explored);
  std::uint64_t number = 0, executions = 0, choices = 0;
  for (auto _ : state) {
    if (searching->over()) searching = made(name, explored);
    const ExploredRun run = searching->execute(++number);
    searching->learn(run);
    ++executions;
    choices += run.decisions;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(executions));
  state.counters["choices"] =
      benchmark::Counter(static_cast<double>(choices) / static_cast<double>(state.iterations()));
  state.counters["events"] = 0;
}

const int registered = [] {
  const std::pair<const char*, std::shared_ptr<const CompiledScenario> (*)()> worlds[] = {
      {"a small world", bench::small_scenario}, {"NAV", bench::nav_scenario}, {"ESR", bench::esr_scenario}};
  for (const auto& [world, scenario] : worlds) {
    for (const char* name : {"random", "swarm", "pct", "guided", "exhaustive"}) {
      benchmark::RegisterBenchmark(
          (std::string("incident/explore, ") + name + ", " + world).c_str(),
          [name, scenario = scenario](benchmark::State& state) { search(state, name, scenario); })
          ->Unit(benchmark::kMicrosecond);
    }
  }
  for (const char* name : {"exhaustive, forked without merging", "exhaustive, run again from the start"}) {
    benchmark::RegisterBenchmark((std::string("incident/explore, ") + name + ", ESR burst").c_str(),
                                 [name](benchmark::State& state) { search(state, name, bench::esr_burst); })
        ->Unit(benchmark::kMicrosecond);
  }
  return 0;
}();

}  // namespace
