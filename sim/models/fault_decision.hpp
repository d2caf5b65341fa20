#pragma once
// Whether a fault strikes one operation: a pure function of the rule and of how often it was asked.

#include "sim/models/timeline_spec.hpp"
#include "sim/models/world.hpp"

namespace premortem {

struct FaultDecision {
  bool strikes = false;
};

/// Counts the operation as seen if the rule's `where` fits. `holds(expression)` evaluates `where`; `bits` decide
/// `share`.
template <class Holds>
FaultDecision decide_fault(const FaultSpec& fault, ActiveFault& active, Holds&& holds, std::uint64_t bits) {
  if (fault.where != unset && !holds(fault.where)) return {};
  ++active.seen;
  if (fault.nth >= 0 && active.seen != fault.nth) return {};
  if (fault.share >= 0 && static_cast<std::int64_t>(bits >> 32) >= fault.share) return {};
  if (fault.first >= 0 && active.struck >= fault.first) return {};
  ++active.struck;
  return {true};
}

}  // namespace premortem
