#pragma once
// Where records go: observers judge them as they come, a History keeps them.

#include <cstdint>
#include <vector>

#include "sim/history/record.hpp"

namespace premortem {

/// A set of kinds of records, as bits.
using RecordKinds = std::uint64_t;
inline constexpr RecordKinds all_record_kinds = ~RecordKinds{0};
constexpr RecordKinds kinds_of(RecordKind kind) { return RecordKinds{1} << static_cast<unsigned>(kind); }
template <class... More>
constexpr RecordKinds kinds_of(RecordKind kind, More... more) {
  return kinds_of(kind) | kinds_of(more...);
}
static_assert(static_cast<unsigned>(RecordKind::count_of_kinds) <= 64);

/// Reads a history while it is written. Sees every record that it wants once, in order; must not reach into the World.
class Observer {
 public:
  virtual ~Observer() = default;
  virtual void observe(const Record& record) = 0;
  /// What it wants to see; it may be shown more. Asked once, when it begins to observe: a record that nobody wants is
  /// numbered and never made.
  virtual RecordKinds wants() const { return all_record_kinds; }
};

/// Keeps the whole history of one run. Not part of the World: a copy of a World has no past, only a digest of it.
class History final : public Observer {
 public:
  void observe(const Record& record) override { records_.push_back(record); }
  const std::vector<Record>& records() const { return records_; }
  void clear() { records_.clear(); }

 private:
  std::vector<Record> records_;
};

}  // namespace premortem
