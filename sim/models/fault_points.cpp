// Where faults meet operations: what sim/faults decides is carried out here.

#include "sim/kernel/check.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

Strike Machine::ask_interposer(const Attempt& attempt) {
  if (!reachable(model_.operations[attempt.operation].counterpart)) {
    Strike unreached;
    unreached.fails = true;
    unreached.error = error::unavailable;
    return unreached;
  }
  if (world_.faults.empty() && world_.fault_rules.empty()) return {};
  PREMORTEM_CHECK(interposer_ != nullptr, "a World with faults runs on a Machine that knows who decides on them");
  return interposer_->strike(*this, attempt);
}

Word Machine::evaluate_about(std::uint32_t expression, ActivityId self, PayloadId about) {
  const Word keep = locals(self)[0];
  locals(self)[0] = about;
  const Word value = evaluate(expression, subject_of(self));
  locals(self)[0] = keep;
  return value;
}

Flow Machine::do_inject_fault(ActivityId self, Instruction i) {
  PREMORTEM_CHECK(interposer_ != nullptr, "a Model with faults runs on a Machine that knows who decides on them");
  Word& until = locals(self)[2];  // Instant plus one at which it is taken back.
  if (until == 0) {
    const std::int64_t ends = interposer_->begin(*this, i.operand, head(self).luck);
    if (ends == INT64_MAX) return Flow::next;
    until = static_cast<Word>(ends) + 1;
  }
  if (integer_of(until) - 1 > now()) {
    --head(self).counter;
    return sleep(self, integer_of(until) - 1 - now());
  }
  until = 0;
  interposer_->end(*this, i.operand);
  return Flow::next;
}

void Machine::clock_changed(std::uint32_t component) {
  world_.systems_changed = 1;
  wake_schedulers(component);
}

/// Before an operation on a store: faults strike, and its own time passes.
Flow Machine::do_before_operation(ActivityId self, Instruction i) {
  const OperationSpec& operation = model_.operations[i.small];
  std::int64_t length = 0;
  const std::uint64_t luck = combine(head(self).luck, i.operand);
  locals(self)[i.slot] = 0;  // What struck an earlier operation that never came to its end is over.
  const Strike strike = this->strike({i.small, self, 0, luck, head(self).cause});
  if (strike.fails && !strike.applied) return raise(self, strike.error);
  length += strike.delay;
  if (strike.fails) locals(self)[i.slot] = Word{strike.error} + 1;
  if (operation.takes != unset) length += draw(operation.takes, operation.purpose, luck);
  return sleep(self, length);
}

/// After it: an operation that happened may still be reported as failed.
Flow Machine::do_after_operation(ActivityId self, Instruction i) {
  const Word failed = locals(self)[i.slot];
  if (failed == 0) return Flow::next;
  locals(self)[i.slot] = 0;
  return raise(self, static_cast<std::uint32_t>(failed - 1));
}

}  // namespace premortem
