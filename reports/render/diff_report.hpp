#pragma once
// The difference between two runs as text: for a terminal, for a machine.

#include <cstdint>
#include <string>
#include <vector>

#include "reports/render/reports.hpp"
#include "sim/explore/diff.hpp"

namespace premortem {

/// What a run was made of, for headings.
struct NamedRun {
  std::string file, strategy;
  std::vector<std::string> assumptions, sets;
  std::uint64_t seed = 1;
  std::string choices;  ///< The file with what was chosen; empty: nothing was.
};

/// At most twenty lines, unless `all`; "" for equal runs. `format` writes instants.
std::string diff_to_terminal(const RunDiff& diff, const NamedRun& a, const NamedRun& b, const TimeFormat& format,
                             bool all);
/// Everything, with the ids of all items.
std::string diff_to_json(const RunDiff& diff, const NamedRun& a, const NamedRun& b, const TimeFormat& format);

}  // namespace premortem
