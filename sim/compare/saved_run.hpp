#pragma once
// A run that was interrupted, as a value and as bytes: it can be kept, and continued as if nothing had happened.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/history/record.hpp"
#include "sim/models/world.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

/// The World, and the history so far: those who judge and tell read it again from its beginning.
struct SavedRun {
  World world;
  std::vector<Record> records;
};

/// What loading gave: a run, or why there is none.
struct LoadedRun {
  std::optional<SavedRun> run;
  std::string error;  ///< As of LoadedWorld; empty when there is a run.
};

/// The World's bytes (see save_world), their number before them, the records behind them.
std::string save_run(const SavedRun& run, const CompiledScenario& scenario);

/// Refuses what load_world() refuses, and a history that is not the World's: their digests must agree.
LoadedRun load_run(std::string_view bytes, const CompiledScenario& scenario);

}  // namespace premortem
