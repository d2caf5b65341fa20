#include "sim/explore/state_key.hpp"

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

}  // namespace

Digest settle_and_key(HalfRun& run) {
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
  std::string bytes;
  WorldWriter writer(bytes);
  run.world.fields(writer);
  kernel.events_done = events_done;
  kernel.records = records;
  run.world.looked_at = looked_at;
  Digest digest = digest_of(bytes);
  run.judge.add_to(digest);
  digest.add(run.faults.left);
  return digest;
}

}  // namespace premortem
