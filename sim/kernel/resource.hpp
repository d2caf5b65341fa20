#pragma once
// Resources and mailboxes: what activities queue for.

#include <cstdint>
#include <vector>

#include "sim/kernel/activity.hpp"

namespace premortem {

/// Some equal units (servers, workers, connections), handed out in order of asking.
struct Resource {
  std::uint32_t free = 1;
  std::uint32_t units = 1;
  WaitQueue waiting;
};

/// An unbounded queue of 64-bit values between activities, first in, first out.
struct Mailbox {
  std::uint32_t first = 0;  ///< Oldest letter, as index into Mailboxes::letters plus one; 0 when empty.
  std::uint32_t last = 0;
  WaitQueue waiting;
};

/// All mailboxes of a World. Letters share one slab, so sending allocates nothing once the slab has grown.
class Mailboxes {
 public:
  explicit Mailboxes(std::uint32_t count = 0) : boxes_(count) {}

  Mailbox& operator[](std::uint32_t box) { return boxes_[box]; }
  std::uint32_t count() const { return static_cast<std::uint32_t>(boxes_.size()); }
  void put(std::uint32_t box, std::uint64_t value);
  /// REQUIRES: !empty(box).
  std::uint64_t take(std::uint32_t box);
  bool empty(std::uint32_t box) const { return boxes_[box].first == 0; }

  template <class F>
  void fields(F&& f) {
    f(boxes_), f(letters_), f(free_);
  }
  template <class F>
  void fields(F&& f) const {
    f(boxes_), f(letters_), f(free_);
  }

 private:
  struct Letter {
    std::uint64_t value;
    std::uint32_t next;
    std::uint32_t unused;
  };
  std::vector<Mailbox> boxes_;
  std::vector<Letter> letters_;
  std::uint32_t free_ = 0;
};

}  // namespace premortem
