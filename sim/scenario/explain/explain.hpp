#pragma once
// A scenario retold in English: what runs, sentence by sentence.

#include <string>
#include <vector>

#include "sim/scenario/load.hpp"

namespace premortem {

/// One sentence; those with a depth are points of a list below the last one with less.
struct Sentence {
  int depth = 0;
  std::string text;
};

struct ExplainedPart {
  std::string heading;
  std::vector<Sentence> sentences;
};

/// The scenario as it would run: `effective` is `loaded` under a strategy and assumptions. Strategies and assumptions
/// are told as the file has them. REQUIRES: both are valid.
std::vector<ExplainedPart> explain_scenario(const LoadedScenario& loaded, const EffectiveScenario& effective);

/// For a terminal: headings, then lines of at most `width` columns.
std::string to_text(const std::vector<ExplainedPart>& passages, std::size_t width = 100);

}  // namespace premortem
