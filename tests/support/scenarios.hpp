#pragma once
// The scenario files of the repository, ready to run. Each of these fails the test at hand, with the diagnostics, when
// a file is not as it should be.

#include <memory>
#include <string>

#include "sim/scenario/load.hpp"

namespace premortem::testing {

inline const std::string nav = "scenarios/incidents/nav-brut-cutover.jsonc";
inline const std::string esr = "scenarios/incidents/esr-export-write-conflict.jsonc";

/// `file` is named relative to the repository.
LoadedScenario scenario_file(const std::string& file);
std::shared_ptr<const CompiledScenario> scenario(const LoadedScenario& loaded, const Variant& variant = {});
std::shared_ptr<const CompiledScenario> scenario(const std::string& file, const Variant& variant = {});

}  // namespace premortem::testing
