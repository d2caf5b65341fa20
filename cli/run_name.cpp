#include "cli/run_name.hpp"

#include <charconv>
#include <filesystem>

#include "cli/common.hpp"

namespace premortem::cli {

RunName parse_run_name(const std::string& word) {
  RunName name;
  std::string rest = word;
  std::error_code error;
  if (std::filesystem::exists(word, error)) return {word, "", std::nullopt};
  const auto wrong = [&](const std::string& what) {
    return UsageError("premortem: " + word + ": " + what + "; write FILE[:STRATEGY][@SEED]\n");
  };
  if (word.empty()) throw UsageError("premortem: a run has no name; write FILE[:STRATEGY][@SEED]\n");
  if (const std::size_t at = rest.rfind('@'); at != std::string::npos && rest.find('/', at) == std::string::npos) {
    std::uint64_t seed = 0;
    const char* end = rest.data() + rest.size();
    const auto [stopped, failure] = std::from_chars(rest.data() + at + 1, end, seed);
    if (failure != std::errc() || stopped != end) throw wrong("\"" + rest.substr(at + 1) + "\" is no seed");
    name.seed = seed;
    rest.resize(at);
  }
  if (!std::filesystem::exists(rest, error)) {
    if (const std::size_t colon = rest.rfind(':'); colon != std::string::npos) {
      name.strategy = rest.substr(colon + 1);
      if (name.strategy.empty()) throw wrong("no strategy follows the colon");
      rest.resize(colon);
    }
  }
  name.file = rest;
  return name;
}

RunName completed(RunName b, const RunName& a) {
  if (b.file.empty()) {
    b.file = a.file;
    if (b.strategy.empty()) b.strategy = a.strategy;
  }
  if (!b.seed) b.seed = a.seed;
  return b;
}

}  // namespace premortem::cli
