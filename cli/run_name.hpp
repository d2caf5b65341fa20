#pragma once
// RUN on the command line: a scenario file, a strategy of it and a seed in one word.

#include <cstdint>
#include <optional>
#include <string>

namespace premortem::cli {

/// FILE[:STRATEGY][@SEED]. Empty where it is not said.
struct RunName {
  std::string file, strategy;
  std::optional<std::uint64_t> seed;
};

/// "nav.jsonc:one-more-batch@7", ":one-more-batch", "@7". A word that is the name of a file is that file, whatever is
/// in it. Throws UsageError for an empty word or part.
RunName parse_run_name(const std::string& word);

/// What B does not say is as in A: the file, and then the strategy, too, unless B names one; the seed always.
RunName completed(RunName b, const RunName& a);

}  // namespace premortem::cli
