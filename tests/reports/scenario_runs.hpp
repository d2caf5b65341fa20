#pragma once
// Runs and comparisons of scenario files, for reports to be made of.

#include <string>
#include <vector>

#include "reports/render/markdown.hpp"
#include "reports/render/reports.hpp"
#include "sim/scenario/load.hpp"
#include "tests/support/scenarios.hpp"

namespace premortem::testing {

inline const std::string every_fate = "tests/golden/reports/every-fate.jsonc";

/// One run of `file`, named relative to the repository.
struct ScenarioRun {
  ScenarioRun(const std::string& file, const Variant& variant);

  RunResult result;
  TimeFormat format;
  std::string history;            ///< As JSON Lines.
  std::optional<ItemStory> item;  ///< Whose steps Markdown shows.
};

/// The scenario as written, and under each of `alternatives` of one assumption.
std::vector<Comparison> comparisons(const std::string& file, const std::vector<std::string>& strategies,
                                    std::uint64_t runs, const std::string& assumption = "",
                                    const std::vector<std::string>& alternatives = {});

/// Without what every change of a model or scenario changes: digest, hashes, number of events.
std::string lasting(std::string text, const RunResult& run);

/// Exit code and stdout of a line of sh; the text is there as the file $INPUT.
std::pair<int, std::string> through_shell(const std::string& text, const std::string& line);

/// A name with everything that some format gives a meaning to.
inline const std::string nasty = "Ærlig \"øl\" | 'å' & <b>\nny\tlinje \x1b[31m`*` \\";
/// A run in which everything has that name, and one check is broken against expectation.
RunResult nasty_run();
/// A clock that stands still.
inline std::string noon(Time) { return "2020-01-27 12:00"; }

std::vector<std::string> lines_of(const std::string& text);

}  // namespace premortem::testing
