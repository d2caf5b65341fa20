#include "bench/bounds.hpp"

#include <cmath>

namespace bounds {

Increments::Increments() {
  for (int i = 0; i < 2048; ++i)
    table_.push_back(static_cast<std::int64_t>(-std::log1p(-(i + 0.5) / 2048) * 1'048'576) + 1);
}

Radix::Item Radix::pop() {
  if (head_ == buckets_[0].size()) {
    buckets_[0].clear();
    head_ = 0;
    std::size_t lowest = 1;
    while (buckets_[lowest].empty()) ++lowest;
    std::int64_t earliest = buckets_[lowest][0].time;
    for (const Item& item : buckets_[lowest]) earliest = item.time < earliest ? item.time : earliest;
    last_ = earliest;
    for (const Item& item : buckets_[lowest]) buckets_[bucket_of(item.time)].push_back(item);
    buckets_[lowest].clear();
  }
  --size_;
  return buckets_[0][head_++];
}

namespace {
struct FreeFrame {
  FreeFrame* next;
};
FreeFrame* free_frames[64] = {};
}  // namespace

void* take_frame(std::size_t size) {
  const std::size_t kind = (size + 15) / 16;
  if (kind < 64 && free_frames[kind] != nullptr) {
    FreeFrame* frame = free_frames[kind];
    free_frames[kind] = frame->next;
    return frame;
  }
  return std::malloc(kind * 16);
}

void give_frame(void* frame, std::size_t size) {
  const std::size_t kind = (size + 15) / 16;
  if (kind >= 64) return std::free(frame);
  auto* freed = static_cast<FreeFrame*>(frame);
  freed->next = free_frames[kind];
  free_frames[kind] = freed;
}

void Coroutines::run(std::uint64_t events) {
  while (events-- > 0) {
    if (!ready_.empty()) {
      const std::coroutine_handle<> next = ready_.front();
      ready_.pop_front();
      next.resume();
      continue;
    }
    if (heap_.empty()) return;
    const Heap::Entry entry = heap_.pop();
    now = entry.time;
    const auto slot = static_cast<std::uint32_t>(entry.key & 0xFFFFFF);
    const std::coroutine_handle<> next = sleeping_[slot];
    free_.push_back(slot);
    next.resume();
  }
}

void Coroutines::clear() {
  while (!heap_.empty()) sleeping_[heap_.pop().key & 0xFFFFFF].destroy();
  for (const std::coroutine_handle<> handle : ready_) handle.destroy();
  ready_.clear();
}

}  // namespace bounds
