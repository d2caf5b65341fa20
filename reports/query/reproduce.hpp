#pragma once
// The commands that say the same again.

#include <string>

#include "sim/compare/comparison.hpp"

namespace premortem {

/// Repeats the run, but for its seed: "premortem run FILE --strategy a".
std::string run_again(const RunResult& run);
/// The command that repeats the run.
std::string reproduce(const RunResult& run);
/// " --assume a=b --set c=d": what was changed in both runs of a comparison; "" for the file as written.
std::string changes_again(const Comparison& comparison);
/// Repeats the comparison, of all strategies, under its reading.
std::string compare_again(const Comparison& comparison, std::uint64_t first_seed, std::size_t runs);

}  // namespace premortem
