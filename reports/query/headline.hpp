#pragma once
// The answer of a comparison in one sentence, and what it depends on.

#include <string>
#include <vector>

#include "sim/compare/comparison.hpp"

namespace premortem {

/// A whole comparison judged: under all readings together.
struct Verdict {
  std::string headline;                  ///< One sentence.
  std::vector<std::string> recommended;  ///< Strategies that it names as best; empty: none is.
  /// What another assumption would change, a sentence each; "no reading changes ..." when nothing does. Empty when
  /// there is only one reading.
  std::vector<std::string> assumed;
};

/// `readings`: never empty, of the same strategies. Best is what lets nothing go wrong under any reading; of these what
/// needs the fewest operator steps, and then what is quickest, each under the reading that is worst for it.
Verdict judge_readings(const std::vector<Comparison>& readings);

/// The time to done that the scenario wants compared, or else that of its first kind of item; "" without items.
std::string time_that_matters(const Comparison& comparison);
/// Mean number of items of a run that were lost, stuck, dead-lettered, misrouted, duplicated or late.
double items_wrong(const StrategySummary& strategy);

}  // namespace premortem
