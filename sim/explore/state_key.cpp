#include "sim/explore/state_key.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/models/world_bytes.hpp"

namespace premortem {

namespace {

Digest digest_of(const std::string& bytes) {
  Digest digest;
  std::size_t at = 0;
  for (; at + sizeof(std::uint64_t) <= bytes.size(); at += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, sizeof word);
    digest.add(word);
  }
  std::uint64_t rest = 0;
  if (at < bytes.size()) std::memcpy(&rest, bytes.data() + at, bytes.size() - at);
  digest.add(rest);
  digest.add(bytes.size());
  return digest;
}

/// The same pending events, numbered by instant and slot wherever their order is open.
FutureEvents in_any_order(FutureEvents events, std::int64_t from) {
  std::vector<Entry> pending;
  FutureEvents sorted;
  sorted.set_now(events.now());
  for (Entry entry{}; events.pop(entry, FutureEvents::never, [](EventId) { return true; });) pending.push_back(entry);
  std::ranges::stable_sort(pending, [from](const Entry& a, const Entry& b) {
    if (a.time != b.time) return a.time < b.time;
    return a.time >= from && FutureEvents::slot_of(a.id) < FutureEvents::slot_of(b.id);
  });
  for (const Entry& entry : pending) sorted.schedule(entry.time, FutureEvents::slot_of(entry.id));
  return sorted;
}

}  // namespace

Digest settle_and_key(HalfRun& run, std::int64_t any_order_from) {
  Kernel& kernel = run.world.kernel;
  const auto live = [&](EventId id) { return kernel.activities[FutureEvents::slot_of(id)].wake == id; };
  kernel.events.renumber(live, [&](std::uint32_t slot, EventId id) { kernel.activities[slot].wake = id; });
  for (ActivityId number = 0; number < kernel.activities.capacity(); ++number) {
    Activity& activity = kernel.activities[number];
    if (activity.alive != 0) {
      activity.cause = 0;
      continue;
    }
    const ActivityId next_free = activity.next;
    activity = Activity{};
    activity.next = next_free;
    std::memset(kernel.activities.locals(number), 0, kernel.activities.stride() * sizeof(std::uint64_t));
  }
  // How many events and records there were names choices and records, and decides nothing.
  const std::uint64_t events_done = std::exchange(kernel.events_done, 0);
  const std::uint32_t records = std::exchange(kernel.records, 0);
  const std::uint32_t looked_at = std::exchange(run.world.looked_at, run.world.looked_at == records ? 0 : 1);
  // An event is its owner's `wake`: with the numbers of the one list in the other, neither would be a World.
  std::vector<EventId> wakes;
  for (ActivityId number = 0; number < kernel.activities.capacity(); ++number)
    wakes.push_back(std::exchange(kernel.activities[number].wake, 0));
  FutureEvents events = in_any_order(kernel.events, any_order_from);
  std::swap(events, kernel.events);
  std::string bytes;
  WorldWriter writer(bytes);
  run.world.fields(writer);
  std::swap(events, kernel.events);
  for (ActivityId number = 0; number < kernel.activities.capacity(); ++number)
    kernel.activities[number].wake = wakes[number];
  kernel.events_done = events_done;
  kernel.records = records;
  run.world.looked_at = looked_at;
  Digest digest = digest_of(bytes);
  run.judge.add_to(digest);
  digest.add(run.faults.left);
  return digest;
}

}  // namespace premortem
