#pragma once
// A served session, run again.

#include <string>

#include "cli/common.hpp"
#include "cli/run_outputs.hpp"

namespace premortem::cli {

/// Runs what `serve --session` kept in `path` and reports as run does. Exit code 4 when it ends with another digest
/// than it was kept with. `options`: the scenario given beside it, which must be that of the session; its file may be
/// empty.
int replay_session(const std::string& path, const ScenarioOptions& options, RunOutputs& outputs);

}  // namespace premortem::cli
