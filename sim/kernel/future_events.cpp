#include "sim/kernel/future_events.hpp"

#include <algorithm>
#include <bit>

namespace premortem {

namespace {
constexpr std::size_t bucket_count = 65;

/// 0 for `base` itself, else one more than the highest bit in which they differ.
std::size_t bucket_of(std::int64_t time, std::int64_t base) {
  return static_cast<std::size_t>(std::bit_width(static_cast<std::uint64_t>(time) ^ static_cast<std::uint64_t>(base)));
}
}  // namespace

void FutureEvents::push_far(Entry entry) {
  if (far_.empty()) far_.resize(bucket_count);
  far_[bucket_of(entry.time, base_)].push_back(entry);
  ++far_size_;
}

/// Too much is near: the later three quarters move away. The limit stays above now, or the FIFO would overtake a tie.
void FutureEvents::split() {
  std::vector<std::int64_t> times;
  times.reserve(near_.size());
  for (const Entry& entry : near_) times.push_back(entry.time);
  const auto quarter = times.begin() + static_cast<std::ptrdiff_t>(times.size() / 4);
  std::nth_element(times.begin(), quarter, times.end());
  const std::int64_t limit = *quarter + 1;
  std::vector<Entry> all;
  all.swap(near_);
  base_ = limit;
  for (const Entry& entry : all) {
    if (entry.time < limit) {
      push_near(entry);
    } else {
      push_far(entry);
    }
  }
  limit_ = far_size_ == 0 ? never : limit;
}

/// What is due now must not stay far, or the FIFO would overtake it.
void FutureEvents::set_now(std::int64_t time) {
  now_ = time;
  while (far_size_ != 0 && limit_ <= now_) refill();
}

void FutureEvents::refill() {
  std::size_t lowest = 0;
  while (far_[lowest].empty()) ++lowest;
  if (lowest > 0 && far_[lowest].size() > refill_) {
    // Spread the bucket over the lower ones: the base moves to its earliest time.
    std::vector<Entry> bucket;
    bucket.swap(far_[lowest]);
    std::int64_t earliest = never;
    for (const Entry& entry : bucket) earliest = std::min(earliest, entry.time);
    base_ = earliest;
    for (const Entry& entry : bucket) far_[bucket_of(entry.time, base_)].push_back(entry);
    bucket.clear();
    if (far_[lowest].empty()) far_[lowest].swap(bucket);  // Keep its memory.
    return;
  }
  std::int64_t latest = std::numeric_limits<std::int64_t>::min();
  for (const Entry& entry : far_[lowest]) {
    latest = std::max(latest, entry.time);
    push_near(entry);
  }
  far_size_ -= far_[lowest].size();
  far_[lowest].clear();
  // Later events of the same span go to the same bucket again, which stays the lowest: the base need not move.
  limit_ = far_size_ == 0 ? never : latest + 1;
}

}  // namespace premortem
