#pragma once
// From a value to the rows that have it, in order of the rows. Looked up by hash, never iterated by hash.

#include <cstdint>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/models/document_store/document_types.hpp"

namespace premortem {

/// A value: one chain of entries a value, found by open addressing. An entry says that some version of the row, seen by
/// somebody or not, has the value; it lives as long as it is used. Entries and slots are used again: no growth in a
/// steady state.
class EqualityIndex {
 public:
  using EntryId = std::uint32_t;
  static constexpr EntryId none = 0xFFFFFFFF;

  EqualityIndex() : slots_(16) {}

  /// The first entry of the value; `none`: no row has it. O(1).
  EntryId first(Word value) const { return slots_[find(value)].first; }
  /// The next entry of the same value, of a larger row.
  EntryId next(EntryId entry) const { return entries_[entry].next; }
  DocumentId row(EntryId entry) const { return entries_[entry].row; }
  Word value(EntryId entry) const { return entries_[entry].value; }

  /// A new entry, used once. REQUIRES: none exists for this value and row. O(1) for a row near either end of its chain.
  EntryId add(Word value, DocumentId row);
  void use(EntryId entry) { ++entries_[entry].uses; }
  /// Ends one use; with the last, the entry is gone.
  void release(EntryId entry);

  template <class F>
  void fields(F&& f) {
    f(slots_), f(entries_), f(free_), f(values_);
  }
  template <class F>
  void fields(F&& f) const {
    f(slots_), f(entries_), f(free_), f(values_);
  }
  bool operator==(const EqualityIndex&) const = default;

 private:
  struct Slot {
    Word value = 0;
    EntryId first = none, last = none;  ///< `none`: the slot is free.
    bool operator==(const Slot&) const = default;
  };
  struct Entry {
    Word value = 0;
    DocumentId row = 0;
    EntryId next = none, previous = none;  ///< Free entries: `next` leads to the next free one.
    std::uint32_t uses = 0;
    bool operator==(const Entry&) const = default;
  };

  std::size_t home(Word value) const { return mix64(value) & (slots_.size() - 1); }
  /// The slot of the value, or the free one where it would stand.
  std::size_t find(Word value) const {
    std::size_t at = home(value);
    while (slots_[at].first != none && slots_[at].value != value) at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow();
  void link(Slot& slot, EntryId entry);
  void vacate(std::size_t slot);

  std::vector<Slot> slots_;  ///< A power of two, at most half of them taken.
  std::vector<Entry> entries_;
  EntryId free_ = none;
  std::uint32_t values_ = 0;  ///< Slots taken.
};

}  // namespace premortem
