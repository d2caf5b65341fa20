#pragma once
// Hand-written bounds: the least that a kernel can do for each workload, with no cancellation, tracing or error
// handling.

#include <coroutine>
#include <cstdint>
#include <cstdlib>
#include <deque>
#include <exception>
#include <utility>
#include <vector>

namespace bounds {

/// exp(1) in 2^-20 units from a table indexed by a 64-bit LCG: about a nanosecond a draw, the same for everybody.
class Increments {
 public:
  Increments();
  std::int64_t next() {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return table_[state_ >> 53];
  }

 private:
  std::uint64_t state_ = 42;
  std::vector<std::int64_t> table_;
};

/// 4-ary heap of 16-byte keys; the payload is the slot in the low bits of `key`. Pop and push together are one sift.
class Heap {
 public:
  struct Entry {
    std::int64_t time;
    std::uint64_t key;
  };
  void push(std::int64_t time, std::uint32_t slot) {
    const Entry entry{time, sequence_++ << 24 | slot};
    if (hole_) {
      hole_ = false;
      sift_down(entry);
      return;
    }
    std::size_t at = entries_.size();
    entries_.push_back(entry);
    while (at > 0) {
      const std::size_t parent = (at - 1) / 4;
      if (!before(entry, entries_[parent])) break;
      entries_[at] = entries_[parent];
      at = parent;
    }
    entries_[at] = entry;
  }
  Entry pop() {
    close_hole();
    hole_ = true;
    return entries_[0];
  }
  bool empty() {
    close_hole();
    return entries_.empty();
  }

 private:
  static bool before(const Entry& a, const Entry& b) { return a.time != b.time ? a.time < b.time : a.key < b.key; }
  void close_hole() {
    if (!hole_) return;
    hole_ = false;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (!entries_.empty()) sift_down(last);
  }
  void sift_down(Entry entry) {
    std::size_t at = 0;
    const std::size_t size = entries_.size();
    for (;;) {
      const std::size_t first = at * 4 + 1;
      if (first >= size) break;
      std::size_t least = first;
      const std::size_t end = first + 4 < size ? first + 4 : size;
      for (std::size_t child = first + 1; child < end; ++child) {
        if (before(entries_[child], entries_[least])) least = child;
      }
      if (!before(entries_[least], entry)) break;
      entries_[at] = entries_[least];
      at = least;
    }
    entries_[at] = entry;
  }

  std::vector<Entry> entries_;
  std::uint64_t sequence_ = 1;
  bool hole_ = false;
};

/// Monotone radix heap with 32-byte items inline; order among equal times is that of insertion.
class Radix {
 public:
  struct Item {
    std::int64_t time;
    std::uint64_t slot;
    std::uint64_t unused[2];
  };
  Radix() : buckets_(65) {}
  void push(std::int64_t time, std::uint32_t slot) {
    buckets_[bucket_of(time)].push_back({time, slot, {0, 0}});
    ++size_;
  }
  Item pop();
  bool empty() const { return size_ == 0; }

 private:
  std::size_t bucket_of(std::int64_t time) const {
    const std::uint64_t difference = static_cast<std::uint64_t>(time) ^ static_cast<std::uint64_t>(last_);
    return difference == 0 ? 0 : static_cast<std::size_t>(64 - __builtin_clzll(difference));
  }
  std::vector<std::vector<Item>> buckets_;
  std::int64_t last_ = 0;
  std::size_t size_ = 0, head_ = 0;
};

/// Frames from a free list, so that a process costs no allocation once the list has grown.
void* take_frame(std::size_t size);
void give_frame(void* frame, std::size_t size);

/// A process that sleeps and waits: a pooled coroutine.
struct Process {
  struct promise_type {
    Process get_return_object() { return {std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
    static void* operator new(std::size_t size) { return take_frame(size); }
    static void operator delete(void* frame, std::size_t size) { give_frame(frame, size); }
  };
  std::coroutine_handle<promise_type> handle;
};

/// Coroutines on the heap and a FIFO for the present instant.
class Coroutines {
 public:
  std::int64_t now = 0;
  struct Sleep {
    Coroutines& kernel;
    std::int64_t length;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> handle) { kernel.schedule(length, handle); }
    void await_resume() const noexcept {}
  };
  Sleep sleep(std::int64_t length) { return {*this, length}; }
  void start(Process process) { ready_.push_back(process.handle); }
  void wake(std::coroutine_handle<> handle) { ready_.push_back(handle); }
  /// Processes at most `events`.
  void run(std::uint64_t events);
  /// Destroys what still sleeps.
  void clear();

 private:
  void schedule(std::int64_t length, std::coroutine_handle<> handle) {
    std::uint32_t slot;
    if (!free_.empty()) {
      slot = free_.back();
      free_.pop_back();
      sleeping_[slot] = handle;
    } else {
      slot = static_cast<std::uint32_t>(sleeping_.size());
      sleeping_.push_back(handle);
    }
    heap_.push(now + length, slot);
  }
  Heap heap_;
  std::deque<std::coroutine_handle<>> ready_;
  std::vector<std::coroutine_handle<>> sleeping_;
  std::vector<std::uint32_t> free_;
};

}  // namespace bounds
