#pragma once
// Activities: half-done work as plain values - a program counter with its locals - addressed by number.

#include <cstdint>
#include <vector>

#include "sim/kernel/future_events.hpp"
#include "sim/kernel/program.hpp"

namespace premortem {

using ActivityId = std::uint32_t;
inline constexpr ActivityId no_activity = 0xFFFFFFFF;

/// Why a blocked activity goes on.
enum class Woken : std::uint8_t { by_time, by_signal };

/// What an activity waits for, as far as the kernel knows; a model's own reasons start at `model`.
enum class Waiting : std::uint8_t { nothing, time, resource, mailbox, children, model };

/// The head of an activity. 56 bytes; its locals stand beside it in Activities.
struct Activity {
  EventId wake = 0;                 ///< The one event that may wake it; 0 when none is pending.
  std::uint64_t luck = 0;           ///< Names its random draws: who it works for, never when it was made.
  ProgramCounter counter = 0;       ///< Next instruction.
  ActivityId next = no_activity;    ///< Link of the wait queue or free list that it stands in.
  ActivityId parent = no_activity;  ///< Who waits for its end or its reply.
  std::uint32_t children = 0;       ///< Parallel branches that have not ended.
  std::uint32_t cause = 0;          ///< Number of the last history record that it wrote or was started by.
  std::uint32_t waits_on = 0;       ///< What exactly it waits for: number of a queue, transaction, log ...
  std::uint32_t program = 0;        ///< Number of its program, for diagnosis and for what its locals hold.
  std::uint32_t run = 0;            ///< Number that its component gave it: worker, partition, batch run.
  std::uint16_t component = 0;      ///< The system that it belongs to.
  std::uint16_t scope = 0;          ///< Innermost error scope; 0 when none.
  Waiting waiting = Waiting::nothing;
  Woken woken = Woken::by_time;
  std::uint8_t alive = 0;
  std::uint8_t flags = 0;  ///< The machine's own.
};
static_assert(sizeof(Activity) == 56);

/// All activities of a World: heads in one flat buffer, locals in another, so that copying is two memory copies.
class Activities {
 public:
  /// Every activity gets `locals` 64-bit locals.
  explicit Activities(std::uint32_t locals = 4) : stride_(locals) {}

  /// A new activity that will begin at `counter`; its locals are zero. References to other activities become invalid.
  ActivityId create(ProgramCounter counter);
  /// Gives the frame back. Its number may be used again at once.
  void destroy(ActivityId activity);

  Activity& operator[](ActivityId activity) { return heads_[activity]; }
  const Activity& operator[](ActivityId activity) const { return heads_[activity]; }
  std::uint64_t* locals(ActivityId activity) { return locals_.data() + std::size_t{activity} * stride_; }
  const std::uint64_t* locals(ActivityId activity) const { return locals_.data() + std::size_t{activity} * stride_; }

  std::uint32_t stride() const { return stride_; }
  std::uint32_t capacity() const { return static_cast<std::uint32_t>(heads_.size()); }
  std::uint32_t count() const { return count_; }
  void reserve(std::uint32_t activities);

  template <class F>
  void fields(F&& f) {
    f(heads_), f(locals_), f(stride_), f(free_), f(count_);
  }
  template <class F>
  void fields(F&& f) const {
    f(heads_), f(locals_), f(stride_), f(free_), f(count_);
  }

 private:
  std::vector<Activity> heads_;
  std::vector<std::uint64_t> locals_;
  std::uint32_t stride_;
  ActivityId free_ = no_activity;
  std::uint32_t count_ = 0;
};

/// A queue of waiting activities: two numbers, the links stand in the activities. First come, first served.
struct WaitQueue {
  ActivityId first = no_activity;
  ActivityId last = no_activity;

  bool empty() const { return first == no_activity; }
  void push(Activities& activities, ActivityId activity);
  /// REQUIRES: not empty.
  ActivityId pop(Activities& activities);
  /// Takes `activity` out wherever it stands; false when it is not there. Linear in the queue's length.
  bool remove(Activities& activities, ActivityId activity);
};

}  // namespace premortem
