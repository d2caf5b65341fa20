#pragma once
// From a path to something that runs.

#include <cstdint>
#include <functional>
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

/// Calls `work` for each job from 0 to `jobs` - 1, in any order, also on several threads at once; returns when all are
/// done.
using DoAll = std::function<void(std::uint64_t jobs, const std::function<void(std::uint64_t)>& work)>;

/// Everything that could be run: the file as written, every strategy, every remedy, every alternative of every
/// assumption. `do_all` compiles the variants, which have nothing to do with each other; without it, they are compiled
/// one by one. What is said, and its order, does not depend on it.
void check_all_variants(const LoadedScenario& loaded, Diagnostics& diagnostics, const DoAll& do_all = {});

}  // namespace premortem
