#pragma once
// The run loop: takes the next event, lets its activity run until it waits or ends. One loop for every machine.
//
// A Machine offers
//   Kernel& kernel();                                        the state it works on
//   const Instruction* code() const;                         its programs
//   std::int64_t sleep_for(ActivityId, Instruction);         nanoseconds of a `sleep`
//   Flow execute(ActivityId, Instruction);                   its own operations
//   void ended(ActivityId);                                  an activity is about to give its frame back

#include <cstdint>

#include "sim/kernel/chooser.hpp"
#include "sim/kernel/kernel.hpp"

namespace premortem {

/// An activity is over: tells its parent, which goes on when the last child has ended, and gives the frame back.
/// Children that it has not waited for go on as nobody's: whoever gets the frame next must not inherit them.
template <class Machine>
void end_activity(Machine& machine, ActivityId self) {
  Kernel& kernel = machine.kernel();
  machine.ended(self);
  const ActivityId parent = kernel.activities[self].parent;
  if (parent != no_activity) {
    Activity& waiting = kernel.activities[parent];
    if (--waiting.children == 0 && waiting.waiting == Waiting::children) kernel.signal(parent);
  }
  for (ActivityId other = 0; kernel.activities[self].children != 0 && other < kernel.activities.capacity(); ++other) {
    Activity& child = kernel.activities[other];
    if (child.alive == 0 || child.parent != self) continue;
    child.parent = no_activity;
    --kernel.activities[self].children;
  }
  kernel.forget_wake(self);
  kernel.activities.destroy(self);
}

/// Creates an activity at `counter` that begins at this instant, after everything already due now.
inline ActivityId start_activity(Kernel& kernel, ProgramCounter counter) {
  const ActivityId activity = kernel.activities.create(counter);
  kernel.activities[activity].wake = kernel.events.schedule_now(activity);
  return activity;
}

/// Gives a free unit to `self`, or lets it wait in line.
inline Flow acquire(Kernel& kernel, ActivityId self, std::uint32_t number) {
  Resource& resource = kernel.resources[number];
  if (resource.free > 0) {
    --resource.free;
    return Flow::next;
  }
  kernel.activities[self].waiting = Waiting::resource;
  kernel.activities[self].waits_on = number;
  resource.waiting.push(kernel.activities, self);
  return Flow::blocked;
}

/// Hands the unit to the longest waiting activity, which owns it from this instant on, or frees it.
inline void release(Kernel& kernel, std::uint32_t number) {
  Resource& resource = kernel.resources[number];
  if (resource.waiting.empty()) {
    ++resource.free;
    return;
  }
  kernel.signal(resource.waiting.pop(kernel.activities));
}

/// Carries out one operation of the kernel.
template <class Machine>
Flow execute_kernel_operation(Machine& machine, ActivityId self, Instruction instruction) {
  Kernel& kernel = machine.kernel();
  switch (instruction.operation) {
    case operation::jump:
      kernel.activities[self].counter = instruction.operand;
      return Flow::next;
    case operation::sleep: {
      const std::int64_t length = machine.sleep_for(self, instruction);
      if (length <= 0) return Flow::next;
      kernel.activities[self].waiting = Waiting::time;
      kernel.wake_at(self, kernel.events.now() + length);
      return Flow::blocked;
    }
    case operation::acquire:
      return acquire(kernel, self, instruction.operand);
    case operation::release:
      release(kernel, instruction.operand);
      return Flow::next;
    case operation::send: {
      const std::uint64_t value = kernel.activities.locals(self)[instruction.slot];
      Mailbox& box = kernel.mailboxes[instruction.operand];
      if (box.waiting.empty()) {
        kernel.mailboxes.put(instruction.operand, value);
        return Flow::next;
      }
      const ActivityId receiver = box.waiting.pop(kernel.activities);
      kernel.activities.locals(receiver)[kernel.activities[receiver].flags] = value;
      kernel.signal(receiver);
      return Flow::next;
    }
    case operation::receive:
      if (!kernel.mailboxes.empty(instruction.operand)) {
        kernel.activities.locals(self)[instruction.slot] = kernel.mailboxes.take(instruction.operand);
        return Flow::next;
      }
      kernel.activities[self].waiting = Waiting::mailbox;
      kernel.activities[self].flags = instruction.slot;
      kernel.mailboxes[instruction.operand].waiting.push(kernel.activities, self);
      return Flow::blocked;
    case operation::spawn: {
      const ActivityId child = start_activity(kernel, instruction.operand);
      Activity& head = kernel.activities[child];
      Activity& parent = kernel.activities[self];
      head.parent = self;
      head.component = parent.component;
      head.cause = parent.cause;
      head.luck = parent.luck;
      ++parent.children;
      return Flow::next;
    }
    case operation::join:
      if (kernel.activities[self].children == 0) return Flow::next;
      kernel.activities[self].waiting = Waiting::children;
      return Flow::blocked;
    case operation::count_down:
      if (--kernel.activities.locals(self)[instruction.slot] != 0) {
        kernel.activities[self].counter = instruction.operand;
      }
      return Flow::next;
    case operation::yield:
      kernel.activities[self].waiting = Waiting::time;
      kernel.activities[self].woken = Woken::by_time;
      kernel.activities[self].wake = kernel.events.schedule_now(self);
      return Flow::blocked;
    default:
      end_activity(machine, self);
      return Flow::ended;
  }
}

/// Lets one activity run until it waits or ends.
template <class Machine>
void resume(Machine& machine, ActivityId self) {
  machine.kernel().activities[self].waiting = Waiting::nothing;
  for (Flow flow = Flow::next; flow == Flow::next;) {
    const Instruction instruction = machine.code()[machine.kernel().activities[self].counter++];
    flow = instruction.operation < operation::first_of_machine ? execute_kernel_operation(machine, self, instruction)
                                                               : machine.execute(self, instruction);
  }
}

/// Processes all events before `until`; `after_event` is called after each. Returns how many there were.
/// With a chooser that decides ties, it decides the order of what is due at the same instant, and may stop the run
/// there; without, the order of scheduling does. While it is asked, nothing has been taken out: a copy of the World
/// goes on as the World itself will.
template <class Machine, class AfterEvent>
std::uint64_t run_events(Machine& machine, Time until, Chooser* chooser, AfterEvent&& after_event) {
  Kernel& kernel = machine.kernel();
  const std::int64_t end = nanoseconds_of(until);
  const auto live = [&kernel](EventId id) { return kernel.activities[FutureEvents::slot_of(id)].wake == id; };
  std::uint64_t done = 0;
  Entry entry{};
  const auto pop_chosen = [&] {
    const std::size_t due = kernel.events.line_up(end, live);
    if (due == 0) return false;
    std::uint64_t place = 0;
    if (due > 1) {
      place = chooser->choose({Choice::Kind::tie, 0, static_cast<std::uint64_t>(kernel.events.now()),
                               kernel.events_done, static_cast<std::uint64_t>(due)});
      if (place == Chooser::stop_here) return false;
    }
    entry = kernel.events.take(static_cast<std::size_t>(place));
    return true;
  };
  const bool choosing = chooser != nullptr && chooser->decides(Choice::Kind::tie);
  for (;;) {
    if (!(choosing ? pop_chosen() : kernel.events.pop(entry, end, live))) break;
    const ActivityId self = FutureEvents::slot_of(entry.id);
    kernel.activities[self].wake = 0;
    ++done, ++kernel.events_done;
    resume(machine, self);
    if (!after_event()) break;
  }
  return done;
}

}  // namespace premortem
