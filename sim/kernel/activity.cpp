#include "sim/kernel/activity.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"

namespace premortem {

ActivityId Activities::create(ProgramCounter counter) {
  ActivityId activity = free_;
  if (activity != no_activity) {
    free_ = heads_[activity].next;
    std::fill_n(locals(activity), stride_, 0);
  } else {
    PREMORTEM_CHECK(heads_.size() < (std::size_t{1} << FutureEvents::slot_bits),
                    "a World has fewer than 16.7 million activities at a time");
    // By an eighth: doubling would leave up to half of a large slab unused.
    if (heads_.size() == heads_.capacity()) reserve(capacity() + capacity() / 8 + 16);
    activity = static_cast<ActivityId>(heads_.size());
    heads_.emplace_back();
    locals_.resize(locals_.size() + stride_, 0);
  }
  Activity& head = heads_[activity];
  head = Activity{};
  head.counter = counter;
  head.alive = 1;
  ++count_;
  return activity;
}

void Activities::destroy(ActivityId activity) {
  PREMORTEM_CHECK(heads_[activity].alive == 1, "an activity ends once");
  Activity& head = heads_[activity];
  head.alive = 0;
  head.wake = 0;
  head.next = free_;
  free_ = activity;
  --count_;
}

void Activities::reserve(std::uint32_t activities) {
  heads_.reserve(activities);
  locals_.reserve(std::size_t{activities} * stride_);
}

void WaitQueue::push(Activities& activities, ActivityId activity) {
  activities[activity].next = no_activity;
  if (empty()) {
    first = activity;
  } else {
    activities[last].next = activity;
  }
  last = activity;
}

ActivityId WaitQueue::pop(Activities& activities) {
  const ActivityId activity = first;
  first = activities[activity].next;
  if (first == no_activity) last = no_activity;
  activities[activity].next = no_activity;
  return activity;
}

bool WaitQueue::remove(Activities& activities, ActivityId activity) {
  ActivityId before = no_activity;
  for (ActivityId at = first; at != no_activity; before = at, at = activities[at].next) {
    if (at != activity) continue;
    const ActivityId after = activities[at].next;
    (before == no_activity ? first : activities[before].next) = after;
    if (last == at) last = before;
    activities[at].next = no_activity;
    return true;
  }
  return false;
}

}  // namespace premortem
