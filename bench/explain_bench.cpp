// What people wait for: the whole of an explanation, a difference, a window, a smallest story, of both incidents.

#include <benchmark/benchmark.h>

#include <stdexcept>

#include "sim/explore/diff.hpp"
#include "sim/explore/minimise.hpp"
#include "sim/explore/why.hpp"
#include "sim/explore/window.hpp"

namespace {

using namespace premortem;

const char* const nav = "nav-brut-cutover";
const char* const esr = "esr-export-write-conflict";

LoadedScenario incident(const std::string& name) {
  Diagnostics diagnostics;
  const std::string file = std::string(PREMORTEM_SOURCE_DIR) + "/scenarios/incidents/" + name + ".jsonc";
  auto loaded = load_scenario(file, diagnostics);
  if (!loaded) throw std::runtime_error(diagnostics.format(file));
  return std::move(*loaded);
}

void why(benchmark::State& state, const char* name, const char* check) {
  const LoadedScenario loaded = incident(name);
  WhyQuestion question;
  question.check = check;
  for (auto _ : state) benchmark::DoNotOptimize(explain_why(loaded, {}, question));
}

void diff(benchmark::State& state, const char* name, const char* strategy) {
  const LoadedScenario loaded = incident(name);
  Diagnostics diagnostics;
  const auto a = compile_variant(loaded, {}, diagnostics), b = compile_variant(loaded, {strategy, {}, {}}, diagnostics);
  for (auto _ : state) benchmark::DoNotOptimize(diff_runs(record_run(a, 1), record_run(b, 1)));
}

void window(benchmark::State& state) {
  const LoadedScenario loaded = incident(nav);
  Diagnostics diagnostics;
  const auto scenario = compile_variant(loaded, {}, diagnostics);
  WindowQuestion question;
  question.address = "timeline[stop-brut].at";
  question.from = scenario->model->begins;
  question.to = scenario->model->ends - 1;
  for (auto _ : state) benchmark::DoNotOptimize(find_window(loaded, {}, question));
}

void smallest(benchmark::State& state, const char* name, const char* check) {
  const LoadedScenario loaded = incident(name);
  MinimiseOptions options;
  options.check = check;
  std::string error;
  for (auto _ : state) {
    const auto found = minimise(loaded, {}, options, error);
    if (!found || !found->minimal) state.SkipWithError("no smallest story was found");
  }
}

BENCHMARK_CAPTURE(why, NAV, nav, "in-time")->Name("explain/why, NAV")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(why, ESR, esr, "exports-finish")->Name("explain/why, ESR")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(diff, NAV, nav, "one-more-batch")->Name("explain/diff, NAV")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(diff, ESR, esr, "retry-3x1s")->Name("explain/diff, ESR")->Unit(benchmark::kMillisecond);
BENCHMARK(window)->Name("explain/window, NAV")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(smallest, NAV, nav, "in-time")->Name("explain/minimise, NAV")->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(smallest, ESR, esr, "exports-finish")->Name("explain/minimise, ESR")->Unit(benchmark::kMillisecond);

}  // namespace
