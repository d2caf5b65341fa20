#include "sim/models/document_store/equality_index.hpp"

namespace premortem {

EqualityIndex::EntryId EqualityIndex::add(Word value, DocumentId row) {
  EntryId entry = free_;
  if (entry != none) {
    free_ = entries_[entry].next;
  } else {
    entry = static_cast<EntryId>(entries_.size());
    entries_.emplace_back();
  }
  entries_[entry] = {value, row, none, none, 1};
  if ((values_ + 1) * 2 > slots_.size()) grow();
  Slot& slot = slots_[find(value)];
  if (slot.first == none) {
    slot = {value, entry, entry};
    ++values_;
  } else {
    link(slot, entry);
  }
  return entry;
}

/// Documents take a new value in about the order of their rows, or an early one comes back: so it is looked for from
/// both ends at once.
void EqualityIndex::link(Slot& slot, EntryId entry) {
  const DocumentId row = entries_[entry].row;
  EntryId low = slot.first, high = slot.last;  // The place is before `low` or later, and behind `high` or earlier.
  while (entries_[low].row < row && entries_[high].row > row) {
    low = entries_[low].next;
    high = entries_[high].previous;
  }
  const EntryId before = entries_[low].row > row ? entries_[low].previous : high;
  const EntryId after = before == none ? slot.first : entries_[before].next;
  entries_[entry].previous = before;
  entries_[entry].next = after;
  (before == none ? slot.first : entries_[before].next) = entry;
  (after == none ? slot.last : entries_[after].previous) = entry;
}

void EqualityIndex::release(EntryId entry) {
  if (--entries_[entry].uses > 0) return;
  const Entry gone = entries_[entry];
  const std::size_t at = find(gone.value);
  (gone.previous == none ? slots_[at].first : entries_[gone.previous].next) = gone.next;
  (gone.next == none ? slots_[at].last : entries_[gone.next].previous) = gone.previous;
  if (slots_[at].first == none) vacate(at);
  entries_[entry] = {0, 0, free_, none, 0};
  free_ = entry;
}

/// Closes the gap instead of leaving a tombstone, so that values which come and go do not fill the table.
/// Source: Knuth, "The Art of Computer Programming", volume 3, algorithm 6.4R.
void EqualityIndex::vacate(std::size_t gap) {
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = (gap + 1) & mask; slots_[at].first != none; at = (at + 1) & mask) {
    if (((at - home(slots_[at].value)) & mask) < ((at - gap) & mask)) continue;  // It would stand before its home.
    slots_[gap] = slots_[at];
    gap = at;
  }
  slots_[gap] = Slot{};
  --values_;
}

void EqualityIndex::grow() {
  std::vector<Slot> old(slots_.size() * 2);
  old.swap(slots_);
  for (const Slot& slot : old) {
    if (slot.first != none) slots_[find(slot.value)] = slot;
  }
}

}  // namespace premortem
