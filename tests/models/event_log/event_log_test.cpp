#include "sim/models/event_log/event_log.hpp"

#include <algorithm>

#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t day = 24LL * 3600 * 1'000'000'000;

/// Payload numbers in the order in which a partition holds them.
std::vector<PayloadId> payloads(const EventLog& log, std::uint32_t partition) {
  std::vector<PayloadId> all;
  for (std::uint64_t offset = log.start_offset(partition); const LogEntry* entry = log.read(partition, offset);
       ++offset)
    all.push_back(entry->payload);
  return all;
}

std::uint32_t partition_of(const EventLog& log, PayloadId payload) {
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    for (const PayloadId held : payloads(log, partition)) {
      if (held == payload) return partition;
    }
  }
  FAIL("no partition holds it");
  return 0;
}

/// One event a day, at 0, 1, 2, ... days; payloads 1, 2, 3, ...
EventLog daily(EventLogSpec spec, int events) {
  EventLog log(spec);
  for (int n = 0; n < events; ++n) log.append(0, static_cast<PayloadId>(n + 1), 0, 0, n * day);
  return log;
}

}  // namespace

TEST_CASE("KAFKA-001: reading removes nothing: two groups read the same events", "[event_log]") {
  EventLog log = daily({}, 2);
  const GroupId one = log.add_group(false), two = log.add_group(false);
  log.commit(one, 0, 2);
  REQUIRE(log.lag(one) == 0);
  REQUIRE(log.lag(two) == 2);
  REQUIRE(log.read(0, 0)->payload == 1);
  REQUIRE(log.retained() == 2);
}

TEST_CASE("KAFKA-002: the key decides the partition, and order holds within one", "[event_log]") {
  EventLog log({.partitions = 4});
  for (PayloadId n = 1; n <= 40; ++n) log.append(n % 5, n, 0, 0, n);
  std::vector<bool> used(4, false);
  for (std::uint32_t partition = 0; partition < 4; ++partition) {
    const std::vector<PayloadId> held = payloads(log, partition);
    used[partition] = !held.empty();
    REQUIRE(std::is_sorted(held.begin(), held.end()));
  }
  for (PayloadId n = 6; n <= 40; ++n) REQUIRE(partition_of(log, n) == partition_of(log, n - 5));
  REQUIRE(std::count(used.begin(), used.end(), true) > 1);
}

TEST_CASE("KAFKA-020: the committed offset is the next one to read", "[event_log]") {
  EventLog log = daily({}, 3);
  const GroupId group = log.add_group(false);
  REQUIRE(log.committed(group, 0) == 0);
  log.commit(group, 0, 1);
  REQUIRE(log.read(0, log.committed(group, 0))->payload == 2);
}

TEST_CASE("KAFKA-024: a commit is one number: everything before it is passed, done or not", "[event_log]") {
  EventLog log = daily({}, 7);
  const GroupId group = log.add_group(false);
  log.commit(group, 0, 7);  // After the seventh event, although the sixth had failed.
  REQUIRE(log.lag(group) == 0);
}

TEST_CASE("KAFKA-025: a group without committed offsets begins at the earliest event, or behind the latest",
          "[event_log]") {
  EventLog log = daily({}, 3);
  const GroupId earliest = log.add_group(false), latest = log.add_group(true);
  REQUIRE(log.committed(earliest, 0) == 0);
  REQUIRE(log.committed(latest, 0) == 3);
}

TEST_CASE("KAFKA-031: a seek by time finds the first event of that time or later", "[event_log]") {
  const EventLog log = daily({}, 4);
  REQUIRE(log.offset_at(0, 0) == 0);
  REQUIRE(log.offset_at(0, 2 * day) == 2);
  REQUIRE(log.offset_at(0, 2 * day + 1) == 3);
  REQUIRE(log.offset_at(0, 9 * day) == 4);
}

TEST_CASE("KAFKA-035: events go when they are older than the log keeps them", "[event_log]") {
  EventLog log = daily({.keeps = 2 * day}, 4);
  REQUIRE(log.next_expiry() == 2 * day + 1);
  REQUIRE(log.first_to_stay(0, 2 * day) == 0);  // Just as old as it may be.
  REQUIRE(log.first_to_stay(0, 2 * day + 1) == 1);
  REQUIRE(log.first_to_stay(0, 20 * day) == 4);
}

TEST_CASE("KAFKA-035: whole segments go, so that a log with few events keeps old ones longer", "[event_log]") {
  EventLog log = daily({.keeps = 2 * day, .segment = 3 * day}, 6);  // Segments: days 0 to 3, and from day 4 on.
  REQUIRE(log.next_expiry() == 5 * day + 1);
  REQUIRE(log.first_to_stay(0, 5 * day) == 0);  // By single events, three would be gone.
  REQUIRE(log.first_to_stay(0, 5 * day + 1) == 4);
  log.expire(0, 4);
  REQUIRE(log.next_expiry() == 7 * day + 1);
  REQUIRE(log.first_to_stay(0, 7 * day) == 4);  // The segment that grew last.
}

TEST_CASE("KAFKA-036: the start of the log moves up, and offsets stay what they are", "[event_log]") {
  EventLog log = daily({.keeps = 2 * day}, 4);
  const GroupId group = log.add_group(false);
  log.expire(0, 3);
  REQUIRE(log.start_offset(0) == 3);
  REQUIRE(log.end_offset(0) == 4);
  REQUIRE(log.read(0, 2) == nullptr);
  REQUIRE(log.read(0, 3)->payload == 4);
  REQUIRE(log.lag(group) == 1);
  REQUIRE(log.retained() == 1);
  REQUIRE(log.offset_at(0, 0) == 3);
}
