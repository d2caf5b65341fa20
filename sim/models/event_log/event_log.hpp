#pragma once
// An event log: partitions that only grow, groups that remember how far they have read. KAFKA-001 to KAFKA-036; keys
// are not compacted (KAFKA-037), and committed offsets do not expire (KAFKA-027).

#include <cstdint>
#include <vector>

namespace premortem {

using PayloadId = std::uint32_t;
using GroupId = std::uint32_t;

struct EventLogSpec {
  std::uint32_t partitions = 1;    ///< At least 1.
  std::int64_t keeps = INT64_MAX;  ///< ns that an event is kept at least.
  std::int64_t segment = 0;        ///< ns that a segment grows; a whole one is deleted at a time. 0: by single events.

  template <class F>
  void fields(F&& f) {
    f(partitions), f(keeps), f(segment);
  }
  template <class F>
  void fields(F&& f) const {
    f(partitions), f(keeps), f(segment);
  }
};

struct LogEntry {
  std::uint64_t key = 0;
  std::int64_t time = 0;      ///< When it was appended, ns.
  PayloadId payload = 0;      ///< 0: deleted.
  std::uint32_t attempt = 0;  ///< How often it has been appended before.
  std::uint32_t cause = 0;
  std::uint32_t unused = 0;
};

/// A value. Reading removes nothing: KAFKA-001. What grows too old is there until expire() deletes it.
class EventLog {
 public:
  explicit EventLog(EventLogSpec spec = {}) : spec_(spec), partitions_(spec.partitions) {}

  /// At the tail of the key's partition: KAFKA-002, with our own hash in the place of murmur2.
  void append(std::uint64_t key, PayloadId payload, std::uint32_t attempt, std::uint32_t cause, std::int64_t now);
  /// Null at the end, and for what is gone. Valid until the next append.
  const LogEntry* read(std::uint32_t partition, std::uint64_t offset) const;
  std::uint32_t partitions() const { return spec_.partitions; }
  /// First offset that is still there: KAFKA-036.
  std::uint64_t start_offset(std::uint32_t partition) const { return partitions_[partition].start; }
  std::uint64_t end_offset(std::uint32_t partition) const { return partitions_[partition].entries.size(); }
  /// First retained offset whose time is `time` or later: KAFKA-031.
  std::uint64_t offset_at(std::uint32_t partition, std::int64_t time) const;

  /// First instant at which expire() has something to delete; INT64_MAX when nothing grows old.
  std::int64_t next_expiry() const;
  /// First offset of the partition that is young enough to stay: whole segments go, the one that still grows stays.
  /// KAFKA-035.
  std::uint64_t first_to_stay(std::uint32_t partition, std::int64_t now) const;
  /// Deletes everything before `start`. The caller has released the payloads.
  void expire(std::uint32_t partition, std::uint64_t start);

  /// A group without committed offsets starts at the earliest event, or behind the latest: KAFKA-025.
  GroupId add_group(bool from_latest);
  /// The next offset to read: KAFKA-020.
  std::uint64_t committed(GroupId group, std::uint32_t partition) const {
    return committed_[group * spec_.partitions + partition];
  }
  void commit(GroupId group, std::uint32_t partition, std::uint64_t next) {
    committed_[group * spec_.partitions + partition] = next;
  }
  /// Events that the group has not passed.
  std::uint64_t lag(GroupId group) const;
  std::uint64_t retained() const;

  template <class F>
  void fields(F&& f) {
    f(spec_), f(partitions_), f(committed_);
  }
  template <class F>
  void fields(F&& f) const {
    f(spec_), f(partitions_), f(committed_);
  }

 private:
  struct Partition {
    std::vector<LogEntry> entries;        ///< All that ever were, so that offsets are places.
    std::vector<std::uint64_t> segments;  ///< First offset of each; only where segments matter.
    std::uint64_t start = 0;

    template <class F>
    void fields(F&& f) {
      f(entries), f(segments), f(start);
    }
    template <class F>
    void fields(F&& f) const {
      f(entries), f(segments), f(start);
    }
  };
  EventLogSpec spec_;
  std::vector<Partition> partitions_;
  std::vector<std::uint64_t> committed_;
};

}  // namespace premortem
