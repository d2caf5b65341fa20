#include "sim/models/event_log/event_log.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"

namespace premortem {

void EventLog::append(std::uint64_t key, PayloadId payload, std::uint32_t attempt, std::uint32_t cause,
                      std::int64_t now) {
  Partition& partition = partitions_[spec_.partitions == 1 ? 0 : mix64(key) % spec_.partitions];
  const std::uint64_t offset = partition.entries.size();
  if (spec_.segment > 0) {
    std::vector<std::uint64_t>& segments = partition.segments;
    const bool full = segments.empty() || segments.back() < partition.start ||
                      now - partition.entries[segments.back()].time > spec_.segment;
    if (full) segments.push_back(offset);
  }
  partition.entries.push_back({key, now, payload, attempt, cause, 0});
}

const LogEntry* EventLog::read(std::uint32_t number, std::uint64_t offset) const {
  const Partition& partition = partitions_[number];
  return offset < partition.start || offset >= partition.entries.size() ? nullptr : &partition.entries[offset];
}

std::uint64_t EventLog::offset_at(std::uint32_t number, std::int64_t time) const {
  const std::vector<LogEntry>& entries = partitions_[number].entries;
  const auto first =
      std::lower_bound(entries.begin() + static_cast<std::ptrdiff_t>(partitions_[number].start), entries.end(), time,
                       [](const LogEntry& entry, std::int64_t t) { return entry.time < t; });
  return static_cast<std::uint64_t>(first - entries.begin());
}

std::int64_t EventLog::next_expiry() const {
  std::int64_t next = INT64_MAX;
  if (spec_.keeps == INT64_MAX) return next;
  for (const Partition& partition : partitions_) {
    if (partition.start == partition.entries.size()) continue;
    std::uint64_t last = partition.start;  // Of what can go first: one event, or the last one of its segment.
    if (spec_.segment > 0) {
      const auto after = std::upper_bound(partition.segments.begin(), partition.segments.end(), partition.start);
      last = (after == partition.segments.end() ? partition.entries.size() : *after) - 1;
    }
    next = std::min(next, partition.entries[last].time + spec_.keeps + 1);
  }
  return next;
}

std::uint64_t EventLog::first_to_stay(std::uint32_t number, std::int64_t now) const {
  const Partition& partition = partitions_[number];
  if (spec_.keeps == INT64_MAX) return partition.start;
  const auto young = std::lower_bound(partition.entries.begin() + static_cast<std::ptrdiff_t>(partition.start),
                                      partition.entries.end(), now - spec_.keeps,
                                      [](const LogEntry& entry, std::int64_t time) { return entry.time < time; });
  const auto first = static_cast<std::uint64_t>(young - partition.entries.begin());
  if (spec_.segment == 0 || first == partition.entries.size()) return first;
  // The segment in which the first young event stands goes with its last event, not before.
  return std::max(partition.start,
                  *(std::upper_bound(partition.segments.begin(), partition.segments.end(), first) - 1));
}

void EventLog::expire(std::uint32_t number, std::uint64_t start) {
  Partition& partition = partitions_[number];
  for (std::uint64_t offset = partition.start; offset < start; ++offset) partition.entries[offset].payload = 0;
  partition.start = start;
}

GroupId EventLog::add_group(bool from_latest) {
  const auto group = static_cast<GroupId>(committed_.size() / spec_.partitions);
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    committed_.push_back(from_latest ? end_offset(partition) : 0);
  }
  return group;
}

std::uint64_t EventLog::lag(GroupId group) const {
  std::uint64_t lag = 0;
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    lag += end_offset(partition) - std::max(committed(group, partition), start_offset(partition));
  }
  return lag;
}

std::uint64_t EventLog::retained() const {
  std::uint64_t retained = 0;
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    retained += end_offset(partition) - start_offset(partition);
  }
  return retained;
}

}  // namespace premortem
