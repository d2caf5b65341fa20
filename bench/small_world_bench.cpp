// A small world as a search runs it, again and again: a real scenario with a queue, workers and a store, about a
// hundred events; created, run and judged. The row "execution" beside it measures the kernel alone.

#include <benchmark/benchmark.h>

#include <cstdlib>
#include <iostream>

#include "bench/judged_runs.hpp"
#include "bench/scenarios.hpp"
#include "sim/scenario/load.hpp"
#include "sim/scenario/reader.hpp"

namespace {

using namespace premortem;

constexpr const char* two_workers_and_a_counter = R"({
  "premortem": 1,
  "title": "Two workers number what they handle in one document",
  "clock": { "from": "2021-01-04 00:00", "until": "2021-01-04 01:00", "zone": "UTC" },
  "items": { "order": { "done": "numbered", "due": "10 min" } },
  "arrivals": { "orders": { "item": "order", "into": "orders", "count": 20, "between": ["2021-01-04 00:00", "2021-01-04 00:10"] } },
  "systems": {
    "orders": { "is": "queue", "of": "order" },
    "store": { "is": "documents", "collections": { "counters": { "fields": { "last": "int" }, "holds": [{ "last": 0 }] } } },
    "clerk": { "is": "consumer", "reads": "orders", "workers": 2, "does": [
      { "transaction": "store", "does": [
        { "find-and-modify": "store.counters", "with": { "last": "last + 1" } },
        { "id": "think", "work": "1 s .. 9 s" } ] },
      { "finish": "numbered" } ],
      "on": { "WriteConflict": { "tries": 5, "wait": "2 s" }, "any": { "then": "reject" } } }
  },
  "checks": { "all-done": { "every": "order", "ends": ["done"] } }
})";

}  // namespace

std::shared_ptr<const premortem::CompiledScenario> bench::small_scenario() {
  Diagnostics diagnostics;
  std::optional<Node> root = read_scenario_text(two_workers_and_a_counter, diagnostics);
  const auto loaded = root ? load_scenario("small.jsonc", std::move(*root), diagnostics) : std::nullopt;
  auto compiled = loaded ? compile_variant(*loaded, {}, diagnostics) : nullptr;
  if (!compiled) {
    std::cerr << diagnostics.format("small.jsonc");
    std::exit(2);
  }
  return compiled;
}

namespace {

void small_world(benchmark::State& state) { run_judged(state, *bench::small_scenario()); }

BENCHMARK(small_world)->Name("incident/a small world of about 100 events")->Unit(benchmark::kMicrosecond);

}  // namespace
