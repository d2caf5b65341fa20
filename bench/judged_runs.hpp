#pragma once
// The loop that all benchmarks of whole worlds share.

#include <benchmark/benchmark.h>

#include "sim/scenario/compiled.hpp"

namespace premortem {

/// Whole runs, each with the next seed: created, run and judged, with fates on and neither history nor digest. As a
/// search does it: one World is made, and copied into another that is used again and again.
void run_judged(benchmark::State& state, const CompiledScenario& scenario);

}  // namespace premortem
