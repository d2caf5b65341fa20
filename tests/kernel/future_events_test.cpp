// The future event list against std::map: random schedules, cancellations, choices and copies, with thresholds so small
// that every way through heap and buckets is taken.

#include "sim/kernel/future_events.hpp"

#include <map>

#include "sim/kernel/random.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// Draws one after the other: one a statement, or the compiler picks their order.
class Draws {
 public:
  explicit Draws(std::uint64_t seed) : seed_(seed) {}
  std::uint64_t below(std::uint64_t n) { return uniform_below(random_bits(seed_, 0, 0, count_++), n); }

 private:
  std::uint64_t seed_;
  std::uint64_t count_ = 0;
};

/// A list of events and what it must do, side by side.
class Pair {
  auto live() {
    return [this](EventId id) { return owners_[FutureEvents::slot_of(id)] == id; };
  }

 public:
  Pair(std::uint32_t near_max, std::uint32_t refill, std::int64_t begin) : events_(near_max, refill), owners_(40, 0) {
    events_.set_now(begin);
    now_ = begin;
  }

  std::size_t pending() const { return expected_.size(); }
  bool is_pending(std::uint32_t slot) const { return owners_[slot] != 0; }
  std::int64_t now() const { return now_; }

  void schedule(std::uint32_t slot, std::int64_t time) {
    owners_[slot] = events_.schedule(time, slot);
    expected_[{time > now_ ? time : now_, ++order_}] = slot;
  }
  void schedule_now(std::uint32_t slot) {
    owners_[slot] = events_.schedule_now(slot);
    expected_[{now_, ++order_}] = slot;
  }
  void cancel(std::uint32_t slot) {
    owners_[slot] = 0;
    events_.forget();
    for (auto at = expected_.begin(); at != expected_.end(); ++at) {
      if (at->second != slot) continue;
      expected_.erase(at);
      return;
    }
  }
  void set_now(std::int64_t time) {
    if (!expected_.empty() && expected_.begin()->first.first < time) time = expected_.begin()->first.first;
    if (time <= now_) return;
    events_.set_now(time);
    now_ = time;
  }
  /// Takes the next event out of both, the `choice`-th of those due at once.
  void pop(std::int64_t until, bool choosing, std::uint64_t choice) {
    Entry entry{};
    std::size_t offered = 1;
    bool popped = false;
    if (choosing) {
      const std::size_t due = events_.line_up(until, live());
      REQUIRE((due == 0 || events_.due().size() == due));
      if (due != 0) entry = events_.take(choice % due);
      offered = std::max<std::size_t>(due, 1);
      popped = due != 0;
    } else {
      popped = events_.pop(entry, until, live());
    }
    if (expected_.empty() || expected_.begin()->first.first >= until) {
      REQUIRE(!popped);
      REQUIRE(events_.now() == now_);  // Neither what is not due yet nor what is dead moves the clock.
      return;
    }
    REQUIRE(popped);
    const std::int64_t due = expected_.begin()->first.first;
    const auto behind = expected_.lower_bound({due + 1, 0});
    auto at = expected_.begin();
    if (choosing) {
      const auto ties = static_cast<std::size_t>(std::distance(at, behind));
      REQUIRE(offered == ties);  // The dead are not offered.
      std::advance(at, static_cast<std::ptrdiff_t>(choice % ties));
    }
    now_ = due;
    REQUIRE(entry.time == due);
    REQUIRE(events_.now() == due);
    REQUIRE(FutureEvents::slot_of(entry.id) == at->second);
    owners_[at->second] = 0;
    expected_.erase(at);
  }
  void check_next_time() {
    REQUIRE(events_.next_time(live()) == (expected_.empty() ? FutureEvents::never : expected_.begin()->first.first));
    REQUIRE(events_.size() - events_.dead() == expected_.size());
  }
  void drain() {
    while (pending() != 0) pop(FutureEvents::never, false, 0);
    pop(FutureEvents::never, false, 0);
    REQUIRE(events_.empty());
  }

 private:
  FutureEvents events_;
  std::vector<EventId> owners_;
  std::map<std::pair<std::int64_t, std::uint64_t>, std::uint32_t> expected_;  ///< By time and order of scheduling.
  std::int64_t now_ = 0;
  std::uint64_t order_ = 0;
};

void random_stream(std::uint64_t seed) {
  Draws draws(seed);
  constexpr std::int64_t begins[] = {0, -1'000'000'000'000'000'000, 1'580'000'000'000'000'000, -20};
  const auto near_max = static_cast<std::uint32_t>(1 + draws.below(6));
  const auto refill = static_cast<std::uint32_t>(1 + draws.below(4));
  Pair pair(near_max, refill, begins[draws.below(4)]);
  const std::uint64_t reach = draws.below(3);  // Many ties; some; hardly any.
  const bool choosing = draws.below(3) == 0;
  for (int step = 0; step < 400; ++step) {
    const auto slot = static_cast<std::uint32_t>(draws.below(40));
    const std::uint64_t what = draws.below(100);
    if (what < 45) {
      if (pair.is_pending(slot)) continue;
      const std::uint64_t ahead = draws.below(reach == 0 ? 4 : reach == 1 ? 60 : std::uint64_t{1} << draws.below(50));
      pair.schedule(slot, pair.now() + static_cast<std::int64_t>(ahead));
    } else if (what < 50) {
      if (!pair.is_pending(slot)) pair.schedule_now(slot);
    } else if (what < 65) {
      if (pair.is_pending(slot)) pair.cancel(slot);
    } else if (what < 68) {
      pair.check_next_time();
    } else if (what < 70) {
      const Pair copy = pair;  // A copy that goes its own way changes nothing, and is as good as the original.
      pair.drain();
      pair = copy;
    } else if (what < 72) {
      pair.set_now(pair.now() + static_cast<std::int64_t>(draws.below(5)));
    } else {
      const std::uint64_t until = draws.below(20), choice = draws.below(1000);
      pair.pop(until < 12 ? FutureEvents::never : pair.now() + static_cast<std::int64_t>(until) - 12, choosing, choice);
    }
  }
  pair.check_next_time();
  pair.drain();
}

}  // namespace

TEST_CASE("random streams of schedules, cancellations, pops and copies do what a sorted map does", "[future_events]") {
  for (std::uint64_t seed = 1; seed <= 2000; ++seed) {
    INFO("seed " << seed);
    random_stream(seed);
  }
}

TEST_CASE("what was scheduled for an instant before the clock came there goes before what is due now",
          "[future_events]") {
  FutureEvents events;
  const auto live = [](EventId) { return true; };
  Entry entry{};
  events.schedule(5, 1);
  events.schedule(5, 2);
  REQUIRE(events.pop(entry, 10, live));
  REQUIRE(FutureEvents::slot_of(entry.id) == 1);
  events.schedule_now(3);
  events.schedule(5, 4);
  std::vector<std::uint32_t> order;
  while (events.pop(entry, 10, live)) order.push_back(FutureEvents::slot_of(entry.id));
  REQUIRE(order == std::vector<std::uint32_t>{2, 3, 4});
}

TEST_CASE("a dead event that is popped or purged does not move the clock", "[future_events]") {
  FutureEvents events;
  const EventId dead = events.schedule(5, 0);
  const EventId alive = events.schedule(9, 1);
  events.forget();
  const auto live = [dead](EventId id) { return id != dead; };
  Entry entry{};
  REQUIRE(!events.pop(entry, 9, live));
  REQUIRE(events.now() == 0);
  REQUIRE(events.dead() == 0);  // It was dropped on the way.
  REQUIRE(events.pop(entry, 10, live));
  REQUIRE(entry.id == alive);
  REQUIRE(events.now() == 9);
}

TEST_CASE("a thousand cancelled time-outs are purged: the list holds no more dead than living", "[future_events]") {
  FutureEvents events;
  EventId latest = 0;
  const auto live = [&latest](EventId id) { return FutureEvents::slot_of(id) != 0 || id == latest; };
  Entry entry{};
  for (std::int64_t n = 0; n < 1000; ++n) {
    if (latest != 0) events.forget();
    latest = events.schedule(1'000'000 + n, 0);
    events.schedule(n, 1);
    REQUIRE(events.pop(entry, FutureEvents::never, live));
    REQUIRE(events.now() == n);
  }
  REQUIRE(events.size() <= 130);
}

TEST_CASE("an instant before 1970 comes before one after it, from the buckets too", "[future_events]") {
  FutureEvents events(1, 1);
  events.set_now(-1000);
  const std::vector<std::int64_t> times = {500, -500, 0, -1, 1, FutureEvents::never - 1, -999};
  for (std::uint32_t n = 0; n < times.size(); ++n) events.schedule(times[n], n);
  Entry entry{};
  std::vector<std::int64_t> popped;
  while (events.pop(entry, FutureEvents::never, [](EventId) { return true; })) popped.push_back(entry.time);
  REQUIRE(popped == std::vector<std::int64_t>{-999, -500, -1, 0, 1, 500, FutureEvents::never - 1});
}

TEST_CASE("thresholds do not change any order", "[future_events]") {
  const auto order = [](std::uint32_t near_max, std::uint32_t refill) {
    FutureEvents events(near_max, refill);
    for (std::uint32_t n = 0; n < 5000; ++n) {
      events.schedule(static_cast<std::int64_t>(random_bits(3, 0, 0, n) >> 52), n);  // 4096 instants: many ties.
    }
    std::vector<EventId> ids;
    Entry entry{};
    while (events.pop(entry, FutureEvents::never, [](EventId) { return true; })) ids.push_back(entry.id);
    return ids;
  };
  const std::vector<EventId> expected = order(1'000'000, 256);
  REQUIRE(expected.size() == 5000);
  REQUIRE(order(2048, 256) == expected);
  REQUIRE(order(1, 1) == expected);
  REQUIRE(order(64, 7) == expected);
}
