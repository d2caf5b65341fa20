#pragma once
// Whether a fault strikes one operation: a pure function of the rule and of how often it was asked.

#include "sim/models/fault_spec.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// Counts the operation as seen if the rule's `where` fits, and as struck if it is. `holds(expression)` evaluates
/// `where`; `hit()` decides `share`, and is asked for nothing else.
template <class Holds, class Hit>
bool strikes(const FaultSpec& fault, ActiveFault& active, Holds&& holds, Hit&& hit) {
  if (fault.where != unset && !holds(fault.where)) return false;
  ++active.seen;
  if (fault.nth >= 0 && active.seen != fault.nth) return false;
  if (fault.first >= 0 && active.struck >= fault.first) return false;
  if (fault.share >= 0 && !hit()) return false;
  ++active.struck;
  return true;
}

}  // namespace premortem
