#include "sim/explore/why.hpp"

#include <algorithm>

#include "sim/explore/inquiry.hpp"

namespace premortem {

WhyAnswer explain_why(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question) {
  Inquiry inquiry(loaded, variant, question);
  WhyAnswer answer;
  answer.happened = inquiry.happened();
  answer.without_id = entries_without_id(inquiry.effective());
  find_causes(inquiry, answer);
  if (!answer.happened.right && answer.happened.longest >= 0) find_length(inquiry, answer);
  const bool competition = std::ranges::any_of(
      answer.necessary, [](const WhyLink& one) { return one.changes[0].kind == Intervention::Kind::competition; });
  if (competition && question.check.empty()) find_rivals(inquiry, answer);
  answer.unfit = inquiry.unfit();
  answer.stopped = inquiry.stopped();
  return answer;
}

}  // namespace premortem
