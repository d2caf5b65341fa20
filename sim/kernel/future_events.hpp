#pragma once
// The future event list: what is due now in a FIFO, what is due soon in a 4-ary heap, what is due later in radix
// buckets.
//
// An event always passes through the heap or the FIFO before it is taken out, so only (time, sequence) decides the
// order. Sources: LaMarca & Ladner, "The Influence of Caches on the Performance of Heaps", 1996 (4-ary heap); Ahuja,
// Mehlhorn, Orlin, Tarjan, "Faster Algorithms for the Shortest Path Problem", JACM 37(2), 1990 (radix heap: here only
// its buckets).

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "sim/kernel/check.hpp"

namespace premortem {

/// Names one scheduled event: sequence << 24 | slot. 0: none. The slot's owner stores the id that it waits for; an
/// event whose id the owner no longer stores is dead. That is all there is to cancelling.
using EventId = std::uint64_t;

struct Entry {
  std::int64_t time;  ///< ns
  EventId id;
};

/// A value: copying it copies the pending events.
class FutureEvents {
 public:
  static constexpr std::int64_t never = std::numeric_limits<std::int64_t>::max();
  static constexpr std::uint32_t slot_bits = 24;

  /// `near_max`: how many events the heap holds before later ones move to the buckets. Does not change any order.
  explicit FutureEvents(std::uint32_t near_max = 2048, std::uint32_t refill = 256)
      : near_max_(near_max), refill_(refill) {}

  static constexpr std::uint32_t slot_of(EventId id) {
    return static_cast<std::uint32_t>(id & ((1U << slot_bits) - 1));
  }

  /// The event is due at `time` ≥ now(), after everything scheduled for that instant before. Slots are below 2^24.
  EventId schedule(std::int64_t time, std::uint32_t slot);
  EventId schedule_now(std::uint32_t slot);
  /// One scheduled event has died.
  void forget() { ++dead_; }

  std::int64_t now() const { return now_; }
  /// Moves the clock forward. REQUIRES: nothing live is due before `time`.
  void set_now(std::int64_t time);
  bool empty() const { return size() == 0; }
  std::size_t size() const { return (ready_.size() - ready_first_) + near_.size() + far_size_; }
  std::size_t dead() const { return dead_; }

  /// Takes out the next event for which live(id), if it is due before `until`, and moves the clock to it. Dead events
  /// are dropped on the way and do not move the clock.
  template <class Live>
  bool pop(Entry& out, std::int64_t until, Live&& live);

  /// Moves the clock to the next instant before `until` at which something live is due, and lines up all that is: then
  /// due() are exactly these, in the order of scheduling, and nothing has been taken out. Returns how many; 0: none.
  template <class Live>
  std::size_t line_up(std::int64_t until, Live&& live);
  /// After line_up(), and before anything else is scheduled: what may be taken next.
  std::span<const EventId> due() const { return std::span(ready_).subspan(ready_first_); }
  /// Takes out one of due(). REQUIRES: place < due().size().
  Entry take(std::size_t place);

  /// Forgets the dead and numbers the live anew from 1, in their order: renamed(slot, id) hears each new name. What
  /// happens from here on stays the same; two Worlds that differ only in what they have forgotten become equal.
  template <class Live, class Renamed>
  void renumber(Live&& live, Renamed&& renamed);

  /// When the next live event is due; `never` when there is none.
  template <class Live>
  std::int64_t next_time(Live&& live);

  template <class F>
  void fields(F&& f) {
    f(ready_), f(near_), f(far_), f(now_), f(limit_), f(base_), f(sequence_), f(ready_first_), f(far_size_), f(dead_);
    f(near_max_), f(refill_);
  }
  template <class F>
  void fields(F&& f) const {
    f(ready_), f(near_), f(far_), f(now_), f(limit_), f(base_), f(sequence_), f(ready_first_), f(far_size_), f(dead_);
    f(near_max_), f(refill_);
  }

 private:
  static bool before(const Entry& a, const Entry& b) { return a.time != b.time ? a.time < b.time : a.id < b.id; }
  void push_near(Entry entry);
  void pop_near();
  void push_far(Entry entry);
  /// Brings the earliest of the far events near. REQUIRES: some are far.
  void refill();
  void split();
  /// At the first event too many and then at every doubling: when all are due at one instant, nothing can move away,
  /// and trying at every event would cost the square of their number.
  bool split_is_due() const {
    return near_.size() == std::size_t{near_max_} + 1 || (near_.size() & (near_.size() - 1)) == 0;
  }
  template <class Live>
  void purge(Live&& live);
  /// Drops dead events from the front; false when nothing is left.
  template <class Live>
  bool settle(Live&& live);

  std::vector<EventId> ready_;           ///< Due at now_, in order from ready_first_ on.
  std::vector<Entry> near_;              ///< Heap of everything due before limit_.
  std::vector<std::vector<Entry>> far_;  ///< By highest bit in which the time differs from base_; empty until needed.
  std::int64_t now_ = 0;
  std::int64_t limit_ = never;  ///< Far events are due at or after it.
  std::int64_t base_ = 0;       ///< Far events are due at or after it; only grows.
  std::uint64_t sequence_ = 1;
  std::size_t ready_first_ = 0;
  std::size_t far_size_ = 0;
  std::size_t dead_ = 0;
  std::uint32_t near_max_;
  std::uint32_t refill_;
};

inline EventId FutureEvents::schedule_now(std::uint32_t slot) {
  const EventId id = sequence_++ << slot_bits | slot;
  ready_.push_back(id);
  return id;
}

inline EventId FutureEvents::schedule(std::int64_t time, std::uint32_t slot) {
  if (time <= now_) return schedule_now(slot);
  const EventId id = sequence_++ << slot_bits | slot;
  if (time < limit_) {
    push_near({time, id});
    if (near_.size() > near_max_ && far_size_ == 0 && split_is_due()) split();
  } else {
    push_far({time, id});
  }
  return id;
}

inline void FutureEvents::push_near(Entry entry) {
  std::size_t hole = near_.size();
  near_.push_back(entry);
  while (hole > 0) {
    const std::size_t parent = (hole - 1) / 4;
    if (!before(entry, near_[parent])) break;
    near_[hole] = near_[parent];
    hole = parent;
  }
  near_[hole] = entry;
}

inline void FutureEvents::pop_near() {
  const Entry last = near_.back();
  near_.pop_back();
  const std::size_t size = near_.size();
  if (size == 0) return;
  std::size_t hole = 0;
  for (;;) {
    const std::size_t first = hole * 4 + 1;
    if (first >= size) break;
    std::size_t least = first;
    const std::size_t end = first + 4 < size ? first + 4 : size;
    for (std::size_t child = first + 1; child < end; ++child) {
      if (before(near_[child], near_[least])) least = child;
    }
    if (!before(near_[least], last)) break;
    near_[hole] = near_[least];
    hole = least;
  }
  near_[hole] = last;
}

template <class Live>
bool FutureEvents::settle(Live&& live) {
  if (dead_ > 64 && dead_ * 2 > size()) purge(live);
  for (;;) {
    while (ready_first_ < ready_.size()) {
      if (live(ready_[ready_first_])) return true;
      ++ready_first_, --dead_;
    }
    ready_.clear();
    ready_first_ = 0;
    PREMORTEM_CHECK(sequence_ < (std::uint64_t{1} << (64 - slot_bits)), "a run has fewer than 2^40 events");
    while (!near_.empty()) {
      if (live(near_.front().id)) return true;
      pop_near();
      --dead_;
    }
    if (far_size_ == 0) {
      limit_ = never;
      return false;
    }
    refill();
  }
}

template <class Live>
bool FutureEvents::pop(Entry& out, std::int64_t until, Live&& live) {
  if (!settle(live)) return false;
  if (ready_first_ < ready_.size()) {
    if (now_ >= until) return false;
    // What the heap still holds of this instant was scheduled before the clock came here, and so before all of these.
    while (!near_.empty() && near_.front().time <= now_ && !live(near_.front().id)) pop_near(), --dead_;
    if (near_.empty() || near_.front().time > now_) {
      out = {now_, ready_[ready_first_++]};
      return true;
    }
  }
  if (near_.front().time >= until) return false;
  out = near_.front();
  now_ = out.time;
  pop_near();
  return true;
}

template <class Live>
std::size_t FutureEvents::line_up(std::int64_t until, Live&& live) {
  if (!settle(live)) return 0;
  if (ready_first_ >= ready_.size()) {
    if (near_.front().time >= until) return 0;
    now_ = near_.front().time;
  }
  if (now_ >= until) return 0;
  std::size_t kept = 0;
  for (std::size_t at = ready_first_; at < ready_.size(); ++at) {
    if (live(ready_[at])) {
      ready_[kept++] = ready_[at];
    } else {
      --dead_;
    }
  }
  ready_.resize(kept);
  ready_first_ = 0;
  // What was scheduled for this instant earlier comes first: its sequence numbers are smaller.
  std::size_t from_heap = 0;
  while (!near_.empty() && near_.front().time <= now_) {  // Below now_, after set_now(), only what is dead.
    if (live(near_.front().id)) {
      ready_.insert(ready_.begin() + static_cast<std::ptrdiff_t>(from_heap++), near_.front().id);
    } else {
      --dead_;
    }
    pop_near();
  }
  return ready_.size();
}

inline Entry FutureEvents::take(std::size_t place) {
  const Entry taken{now_, ready_[ready_first_ + place]};
  if (place == 0) {
    ++ready_first_;
  } else {
    ready_.erase(ready_.begin() + static_cast<std::ptrdiff_t>(ready_first_ + place));
  }
  return taken;
}

template <class Live, class Renamed>
void FutureEvents::renumber(Live&& live, Renamed&& renamed) {
  purge(live);
  for (std::vector<Entry>& bucket : far_) {
    near_.insert(near_.end(), bucket.begin(), bucket.end());
    bucket.clear();
  }
  std::sort(near_.begin(), near_.end(), before);  // Sorted is a heap, too.
  std::sort(ready_.begin(), ready_.end());
  far_size_ = 0;
  limit_ = never;
  base_ = 0;
  // The heap's events of this instant are older than what is ready, and keep the smaller numbers.
  sequence_ = 1;
  const auto rename = [&](EventId& id) {
    const std::uint32_t slot = slot_of(id);
    id = sequence_++ << slot_bits | slot;
    renamed(slot, id);
  };
  for (Entry& entry : near_) rename(entry.id);
  for (EventId& id : ready_) rename(id);
}

template <class Live>
std::int64_t FutureEvents::next_time(Live&& live) {
  if (!settle(live)) return never;
  return ready_first_ < ready_.size() ? now_ : near_.front().time;
}

template <class Live>
void FutureEvents::purge(Live&& live) {
  std::vector<EventId> ready;
  for (std::size_t at = ready_first_; at < ready_.size(); ++at) {
    if (live(ready_[at])) ready.push_back(ready_[at]);
  }
  ready_ = std::move(ready);
  ready_first_ = 0;
  std::vector<Entry> all;
  all.swap(near_);
  for (const Entry& entry : all) {
    if (live(entry.id)) push_near(entry);
  }
  for (std::vector<Entry>& bucket : far_) {
    std::size_t kept = 0;
    for (const Entry& entry : bucket) {
      if (live(entry.id)) bucket[kept++] = entry;
    }
    far_size_ -= bucket.size() - kept;
    bucket.resize(kept);
  }
  dead_ = 0;
}

}  // namespace premortem
