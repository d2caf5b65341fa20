#pragma once
// What figures amount to, in plain words.

#include <string>
#include <vector>

#include "sim/compare/comparison.hpp"

namespace premortem {

/// "As expected: 6 checks, 3 broken as foretold."
std::string verdict_sentence(const RunResult& run);
/// "strategy as-happened, assuming reading=..., seed 1, 20619 events, digest ..."
std::string what_ran(const RunResult& run);

/// Which strategies let nothing go wrong, which of them is cheapest, what happened without one, and what was not as
/// expected: the answer first, before any table.
std::vector<std::string> verdict_sentences(const Comparison& comparison);
/// Which strategies let nothing go wrong whatever is true of the unknown; none for a single comparison.
std::vector<std::string> overall_sentences(const std::vector<Comparison>& readings);
/// "application late 182; broken: in-time and somebody-has"; "" when nothing does.
std::string what_goes_wrong(const StrategySummary& strategy);
/// "as-happened in 2 of 20 runs (in-time and once)": where runs are not as expected.
std::string not_as_expected(const StrategySummary& strategy);
/// "as written", or what is assumed and set instead.
std::string reading_name(const Comparison& comparison);

}  // namespace premortem
