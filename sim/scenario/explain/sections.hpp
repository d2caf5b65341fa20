#pragma once
// One passage for each section of the file.

#include <optional>

#include "sim/scenario/explain/explain.hpp"

namespace premortem::explain {

/// `root`: of an effective scenario.
ExplainedPart clock(const Node& root, const ClockSpec& spec);
ExplainedPart timeline(const Node& root, const ClockSpec& spec);
ExplainedPart items(const Node& root);
ExplainedPart arrivals(const Node& root);
ExplainedPart systems(const Node& root);
ExplainedPart checks(const Node& root, const EffectiveScenario& effective);
/// REQUIRES: the file holds choices.
ExplainedPart choices(const Node& root);
/// `root`: of the file.
ExplainedPart strategies(const Node& root);
/// Null when there are none: most files have none.
std::optional<ExplainedPart> remedies(const Node& root);
std::optional<ExplainedPart> faults(const Node& root);
ExplainedPart assumptions(const Node& root, const EffectiveScenario& effective);

/// The steps of a handler, one point each. `it`: the word for what is in hand.
void steps(const Node& list, int depth, const std::string& it, std::vector<Sentence>& out);
/// What is done with errors, one point for each rule of `on`. `owner`: a step, a transaction, a consumer, ...
void errors(const Node* on, std::string_view owner, int depth, std::vector<Sentence>& out);

}  // namespace premortem::explain
