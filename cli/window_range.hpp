#pragma once
// What `window` varies, and between which values.

#include <string>
#include <vector>

#include "cli/common.hpp"
#include "cli/progress.hpp"
#include "sim/explore/window.hpp"

namespace premortem::cli {

struct WindowRange {
  std::string address;
  Varied varied = Varied::instant;
  std::int64_t from = 0, to = 0;  ///< from < to.
};

/// What stands at the address, and the range that is searched without --from and --to ("" for none). Throws UsageError;
/// also when the scenario does not compile with either end at the address.
WindowRange range_of(const LoadedScenario& loaded, const Variant& variant, const CompiledScenario& scenario,
                     const std::string& address, const std::string& from, const std::string& to);
/// The instants at which a remedy may be done: those of the clock, or between --from and --to. Throws UsageError.
WindowRange instants_of(const CompiledScenario& scenario, const std::string& from, const std::string& to);

/// The value as a person of the clock's zone writes it.
std::string said(Varied varied, const CompiledScenario& scenario, std::int64_t value);

/// Throws UsageError when --check names none of the scenario's; empty names all.
void check_is_there(const CompiledScenario& scenario, const std::string& check);

/// Listens for Ctrl-C from now on, and tells a person at the terminal how far the search is. `progress` must outlive
/// it.
GoOn watched_runs(Progress& progress);

/// The line, with its end, that says what stopped the search and that the answer is incomplete.
std::string stopped_line();

}  // namespace premortem::cli
