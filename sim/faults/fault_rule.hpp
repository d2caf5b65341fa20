#pragma once
// Whether a fault strikes one operation: a pure function of the rule and of how often it was asked.

#include "sim/models/fault_spec.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// Counts the operation as seen if the rule's `where` fits, and as struck if it is. `holds(expression)` evaluates
/// `where`; the upper half of `bits` decides `share`.
template <class Holds>
bool strikes(const FaultSpec& fault, ActiveFault& active, Holds&& holds, std::uint64_t bits) {
  if (fault.where != unset && !holds(fault.where)) return false;
  ++active.seen;
  if (fault.nth >= 0 && active.seen != fault.nth) return false;
  if (fault.share >= 0 && static_cast<std::int64_t>(bits >> 32) >= fault.share) return false;
  if (fault.first >= 0 && active.struck >= fault.first) return false;
  ++active.struck;
  return true;
}

}  // namespace premortem
