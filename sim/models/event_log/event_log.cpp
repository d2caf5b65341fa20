#include "sim/models/event_log/event_log.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"

namespace premortem {

void EventLog::append(std::uint64_t key, PayloadId payload, std::uint32_t attempt, std::uint32_t cause,
                      std::int64_t now) {
  Partition& partition = partitions_[spec_.partitions == 1 ? 0 : mix64(key) % spec_.partitions];
  partition.entries.push_back({key, now, payload, attempt, cause, 0});
}

std::uint64_t EventLog::start_offset(std::uint32_t number, std::int64_t now) const {
  const std::vector<LogEntry>& entries = partitions_[number].entries;
  if (spec_.keeps == INT64_MAX || entries.empty() || entries.front().time >= now - spec_.keeps) return 0;
  const auto first = std::lower_bound(entries.begin(), entries.end(), now - spec_.keeps,
                                      [](const LogEntry& entry, std::int64_t time) { return entry.time < time; });
  return static_cast<std::uint64_t>(first - entries.begin());
}

const LogEntry* EventLog::read(std::uint32_t number, std::uint64_t offset, std::int64_t now) const {
  const std::vector<LogEntry>& entries = partitions_[number].entries;
  if (offset >= entries.size()) return nullptr;
  const LogEntry& entry = entries[offset];
  return spec_.keeps != INT64_MAX && entry.time < now - spec_.keeps ? nullptr : &entry;
}

std::uint64_t EventLog::offset_at(std::uint32_t number, std::int64_t time, std::int64_t now) const {
  const std::vector<LogEntry>& entries = partitions_[number].entries;
  const auto first = std::lower_bound(entries.begin(), entries.end(), time,
                                      [](const LogEntry& entry, std::int64_t t) { return entry.time < t; });
  return std::max(static_cast<std::uint64_t>(first - entries.begin()), start_offset(number, now));
}

GroupId EventLog::add_group(bool from_latest) {
  const auto group = static_cast<GroupId>(committed_.size() / spec_.partitions);
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    committed_.push_back(from_latest ? end_offset(partition) : 0);
  }
  return group;
}

std::uint64_t EventLog::lag(GroupId group, std::int64_t now) const {
  std::uint64_t lag = 0;
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    lag += end_offset(partition) - std::max(committed(group, partition), start_offset(partition, now));
  }
  return lag;
}

std::uint64_t EventLog::retained(std::int64_t now) const {
  std::uint64_t retained = 0;
  for (std::uint32_t partition = 0; partition < spec_.partitions; ++partition) {
    retained += end_offset(partition) - start_offset(partition, now);
  }
  return retained;
}

}  // namespace premortem
