#pragma once
// The kernel's own operations and a few of the tests': what activities did, as lines "12 name".

#include <string>
#include <utility>
#include <vector>

#include "sim/kernel/interpreter.hpp"

namespace premortem::testing {

/// Operations of TellingMachine.
namespace tell_operation {
enum Telling : std::uint8_t {
  tell = operation::first_of_machine,  ///< Writes name number `operand`.
  tell_local,                          ///< Writes local `slot`.
  tell_why,                            ///< Writes "time" or "signal": what let the activity go on.
  put,                                 ///< Local `slot` becomes `operand`.
  wait,                                ///< Waits for a signal.
  wait_at_most,                        ///< Waits for a signal, `operand` ns at most.
  signal,                              ///< Signals activity `operand`.
  cancel                               ///< Ends activity `operand`, whatever it waits for.
};
}  // namespace tell_operation

class TellingMachine {
 public:
  TellingMachine(CodeBlock code, std::vector<std::string> names) : code_(std::move(code)), names_(std::move(names)) {}

  Kernel state;
  std::vector<std::string> lines;

  Kernel& kernel() { return state; }
  const Instruction* code() const { return code_.data(); }
  std::int64_t sleep_for(ActivityId, Instruction i) { return i.operand; }
  void ended(ActivityId) {}

  Flow execute(ActivityId self, Instruction i) {
    Activity& activity = state.activities[self];
    switch (i.operation) {
      case tell_operation::tell:
        say(names_[i.operand]);
        return Flow::next;
      case tell_operation::tell_local:
        say(std::to_string(state.activities.locals(self)[i.slot]));
        return Flow::next;
      case tell_operation::tell_why:
        say(activity.woken == Woken::by_time ? "time" : "signal");
        return Flow::next;
      case tell_operation::put:
        state.activities.locals(self)[i.slot] = i.operand;
        return Flow::next;
      case tell_operation::wait:
        activity.waiting = Waiting::model;
        return Flow::blocked;
      case tell_operation::wait_at_most:
        activity.waiting = Waiting::model;
        state.wake_at(self, state.events.now() + i.operand);
        return Flow::blocked;
      case tell_operation::signal:
        state.signal(i.operand);
        return Flow::next;
      default:
        end_activity(*this, i.operand);
        return Flow::next;
    }
  }

  ActivityId start(ProgramCounter counter) { return start_activity(state, counter); }
  /// Returns the number of events.
  std::uint64_t run(std::int64_t until = INT64_MAX, Chooser* chooser = nullptr) {
    return run_events(*this, time_from_nanoseconds(until), chooser, [] { return true; });
  }

 private:
  void say(const std::string& what) { lines.push_back(std::to_string(state.events.now()) + " " + what); }

  CodeBlock code_;
  std::vector<std::string> names_;
};

using Lines = std::vector<std::string>;

}  // namespace premortem::testing
