#include "sim/kernel/resource.hpp"

namespace premortem {

void Mailboxes::put(std::uint32_t box, std::uint64_t value) {
  std::uint32_t letter = free_;
  if (letter != 0) {
    free_ = letters_[letter - 1].next;
  } else {
    letters_.push_back({});
    letter = static_cast<std::uint32_t>(letters_.size());
  }
  letters_[letter - 1] = {value, 0, 0};
  Mailbox& to = boxes_[box];
  if (to.first == 0) {
    to.first = letter;
  } else {
    letters_[to.last - 1].next = letter;
  }
  to.last = letter;
}

std::uint64_t Mailboxes::take(std::uint32_t box) {
  Mailbox& from = boxes_[box];
  const std::uint32_t letter = from.first;
  Letter& taken = letters_[letter - 1];
  from.first = taken.next;
  if (from.first == 0) from.last = 0;
  taken.next = free_;
  free_ = letter;
  return taken.value;
}

}  // namespace premortem
