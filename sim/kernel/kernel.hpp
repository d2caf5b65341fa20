#pragma once
// The part of a World that every model needs: time, pending events, activities, resources, the seed and the digest.

#include <cstdint>
#include <vector>

#include "sim/kernel/activity.hpp"
#include "sim/kernel/digest.hpp"
#include "sim/kernel/future_events.hpp"
#include "sim/kernel/resource.hpp"
#include "sim/kernel/time.hpp"

namespace premortem {

/// A value: copying it in mid-run gives a second run that goes on exactly as the first.
struct Kernel {
  FutureEvents events;
  Activities activities;
  std::vector<Resource> resources;
  Mailboxes mailboxes;
  std::uint64_t seed = 1;
  std::uint64_t events_done = 0;  ///< Events processed so far.
  std::uint32_t records = 0;      ///< History records written so far, kept or not: their numbers name causes.
  Digest digest;                  ///< Over all records so far.

  Time now() const { return time_from_nanoseconds(events.now()); }

  /// Lets a blocked activity go on at this instant, after everything already due now. Its pending event is forgotten.
  void signal(ActivityId activity) {
    Activity& head = activities[activity];
    if (head.wake != 0) events.forget();
    head.woken = Woken::by_signal;
    head.wake = events.schedule_now(activity);
  }
  /// Wakes `activity` at `time`, unless it is signalled before. REQUIRES: nothing pending for it.
  void wake_at(ActivityId activity, std::int64_t time) {
    Activity& head = activities[activity];
    head.woken = Woken::by_time;
    head.wake = events.schedule(time, activity);
  }
  /// The activity no longer waits for its pending event, if it has one.
  void forget_wake(ActivityId activity) {
    Activity& head = activities[activity];
    if (head.wake != 0) events.forget();
    head.wake = 0;
  }

  template <class F>
  void fields(F&& f) {
    events.fields(f), activities.fields(f), f(resources), mailboxes.fields(f);
    f(seed), f(events_done), f(records), f(digest);
  }
  template <class F>
  void fields(F&& f) const {
    events.fields(f), activities.fields(f), f(resources), mailboxes.fields(f);
    f(seed), f(events_done), f(records), f(digest);
  }
};

}  // namespace premortem
