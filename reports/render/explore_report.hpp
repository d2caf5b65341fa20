#pragma once
// What an exploration found, as text.

#include "reports/render/reports.hpp"
#include "sim/explore/explore.hpp"

namespace premortem {

/// What the exploration was of, for its heading.
struct ExploreHeading {
  std::string title, file, strategy;
  std::string search;     ///< "random", "pct" ...
  std::string choices;    ///< "tie", "tie,duration"
  std::string ties_from;  ///< "behind 2021-07-30 12:00", "from 2021-07-30 13:00 on".
  std::string measure;
  bool measure_is_duration = false;
  std::uint64_t seed = 1;
  std::optional<std::uint64_t> faults_budget;  ///< At most so many faults strike by choice; none: any number.
  std::string stopped;  ///< Why it ended before its budget: "the time of --time was over"; empty: it did not.
  std::string saved;    ///< Where the choices of the first failing execution are; empty: nowhere.
  std::string replay;   ///< The command that runs it again.
};

std::string explore_to_terminal(const ExploreResult& result, const ExploreHeading& heading);
std::string explore_to_json(const ExploreResult& result, const ExploreHeading& heading);

}  // namespace premortem
