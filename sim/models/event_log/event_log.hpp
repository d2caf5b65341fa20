#pragma once
// An event log: partitions that only grow, groups that remember how far they have read. KAFKA-001 to KAFKA-039.

#include <cstdint>
#include <vector>

namespace premortem {

using PayloadId = std::uint32_t;
using GroupId = std::uint32_t;

struct EventLogSpec {
  std::uint32_t partitions = 1;
  std::int64_t keeps =
      INT64_MAX;  ///< ns; an event is gone when it is older. By single events, not whole segments: KAFKA-035.

  template <class F>
  void fields(F&& f) {
    f(partitions), f(keeps);
  }
  template <class F>
  void fields(F&& f) const {
    f(partitions), f(keeps);
  }
};

struct LogEntry {
  std::uint64_t key = 0;
  std::int64_t time = 0;  ///< When it was appended, ns.
  PayloadId payload = 0;
  std::uint32_t attempt = 0;  ///< How often it has been appended before.
  std::uint32_t cause = 0;
  std::uint32_t unused = 0;
};

/// A value. Reading removes nothing: KAFKA-001.
class EventLog {
 public:
  explicit EventLog(EventLogSpec spec = {}) : spec_(spec), partitions_(spec.partitions) {}

  /// At the tail of the key's partition: KAFKA-002, with our own hash in the place of murmur2.
  void append(std::uint64_t key, PayloadId payload, std::uint32_t attempt, std::uint32_t cause, std::int64_t now);
  /// Null at the end, and for what is gone. Valid until the next append.
  const LogEntry* read(std::uint32_t partition, std::uint64_t offset, std::int64_t now) const;
  std::uint32_t partitions() const { return spec_.partitions; }
  /// First offset that is still there: KAFKA-036.
  std::uint64_t start_offset(std::uint32_t partition, std::int64_t now) const;
  std::uint64_t end_offset(std::uint32_t partition) const { return partitions_[partition].entries.size(); }
  /// First retained offset whose time is `time` or later: KAFKA-031.
  std::uint64_t offset_at(std::uint32_t partition, std::int64_t time, std::int64_t now) const;

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
  std::uint64_t lag(GroupId group, std::int64_t now) const;
  std::uint64_t retained(std::int64_t now) const;

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
    std::vector<LogEntry> entries;

    template <class F>
    void fields(F&& f) {
      f(entries);
    }
    template <class F>
    void fields(F&& f) const {
      f(entries);
    }
  };
  EventLogSpec spec_;
  std::vector<Partition> partitions_;
  std::vector<std::uint64_t> committed_;
};

}  // namespace premortem
