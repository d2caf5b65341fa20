// Whole incidents: created, run and judged, with fates on and neither history nor digest.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "bench/judged_runs.hpp"
#include "bench/scenarios.hpp"
#include "sim/scenario/load.hpp"

namespace {

using namespace premortem;

std::shared_ptr<const CompiledScenario> scenario(const std::string& file, const Variant& variant,
                                                 const std::string& without_check) {
  Diagnostics diagnostics;
  auto loaded = load_scenario(std::string(PREMORTEM_SOURCE_DIR) + "/" + file, diagnostics);
  if (loaded && !without_check.empty()) {  // A check of a later day has no place in a shorter clock.
    loaded->root.find("checks")->erase(without_check);
    loaded->root.find("expect")->erase(without_check);
  }
  auto compiled = loaded ? compile_variant(*loaded, variant, diagnostics) : nullptr;
  if (!compiled) {
    std::cerr << diagnostics.format(file);
    std::exit(2);
  }
  return compiled;
}

void run_incident(benchmark::State& state, const std::string& file, const Variant& variant,
                  const std::string& without_check = {}) {
  run_judged(state, *scenario(file, variant, without_check));
}

void nav_day(benchmark::State& state) {
  run_incident(state, "scenarios/incidents/nav-brut-cutover.jsonc",
               {"as-happened",
                {},
                {{"clock.until", "2020-01-28 00:00"},
                 {"timeline[fail-loud].at", "2020-01-27 23:50"},
                 {"timeline[case].at", "2020-01-27 23:51"},
                 {"timeline[pass-1].at", "2020-01-27 23:52"},
                 {"timeline[pass-2].at", "2020-01-27 23:53"},
                 {"arrivals.applications.until", "2020-01-28 00:00"},
                 {"arrivals.letters.until", "2020-01-28 00:00"}}},
               "first-pass");
}

void esr_fortnight(benchmark::State& state) {
  run_incident(state, "scenarios/incidents/esr-export-write-conflict.jsonc",
               {"as-happened", {}, {{"rmc.does[changed].limit", "0"}}});
}

void nav_whole(benchmark::State& state) { run_incident(state, "scenarios/incidents/nav-brut-cutover.jsonc", {}); }
void esr_whole(benchmark::State& state) {
  run_incident(state, "scenarios/incidents/esr-export-write-conflict.jsonc", {});
}

BENCHMARK(nav_day)->Name("incident/NAV, the cutover day")->Unit(benchmark::kMicrosecond);
BENCHMARK(esr_fortnight)->Name("incident/ESR, the fortnight without upserts")->Unit(benchmark::kMicrosecond);
BENCHMARK(nav_whole)->Name("incident/NAV, whole")->Unit(benchmark::kMicrosecond);
BENCHMARK(esr_whole)->Name("incident/ESR, whole")->Unit(benchmark::kMicrosecond);

}  // namespace

namespace bench {

std::shared_ptr<const premortem::CompiledScenario> nav_scenario() {
  return scenario("scenarios/incidents/nav-brut-cutover.jsonc", {}, {});
}
std::shared_ptr<const premortem::CompiledScenario> esr_scenario() {
  return scenario("scenarios/incidents/esr-export-write-conflict.jsonc", {}, {});
}
std::shared_ptr<const premortem::CompiledScenario> esr_burst() {
  return scenario("scenarios/incidents/esr-export-write-conflict.jsonc",
                  {"as-happened",
                   {},
                   {{"clock.until", "2021-07-30 15:00"},
                    {"timeline[teams].at", "2021-07-30 14:50"},
                    {"timeline[by-hand-1].at", "2021-07-30 14:51"},
                    {"timeline[by-hand-2].at", "2021-07-30 14:52"},
                    {"timeline[by-hand-3].at", "2021-07-30 14:53"},
                    {"timeline[by-hand-4].at", "2021-07-30 14:54"},
                    {"arrivals.late_friday.between", "[\"2021-07-30 12:00\", \"2021-07-30 13:00\"]"}}},
                  {});
}

}  // namespace bench
