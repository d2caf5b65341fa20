#pragma once
// From a path to something that runs.

#include <memory>
#include <optional>
#include <string>

#include "sim/scenario/compiled.hpp"

namespace premortem {

/// A file that has been read, with its `uses`, checked against the vocabulary, and its days fixed.
struct LoadedScenario {
  std::string path;
  Node root;
};

/// Nothing, with diagnostics, when the file is not valid in itself.
std::optional<LoadedScenario> load_scenario(const std::string& path, Diagnostics& diagnostics);
/// The same for what has been read already; `path` says where its `uses` are looked up.
std::optional<LoadedScenario> load_scenario(const std::string& path, Node root, Diagnostics& diagnostics);

/// The scenario under a strategy and assumptions.
std::shared_ptr<const CompiledScenario> compile_variant(const LoadedScenario& loaded, const Variant& variant,
                                                        Diagnostics& diagnostics);

/// Everything that could be run: the file as written, every strategy, every alternative of every assumption.
void check_all_variants(const LoadedScenario& loaded, Diagnostics& diagnostics);

}  // namespace premortem
