#include "sim/scenario/compiled.hpp"

namespace premortem {

bool meets(const Expectation& expectation, const CheckResult& result) {
  if (expectation.any) return true;
  if (!expectation.given && expectation.not_broken) return result.verdict != CheckVerdict::broken;
  if (result.verdict != expectation.verdict) return false;
  if (expectation.verdict != CheckVerdict::broken || !result.broken_for) return true;
  return *result.broken_for >= expectation.count_min && *result.broken_for <= expectation.count_max;
}

}  // namespace premortem
