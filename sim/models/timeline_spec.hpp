#pragma once
// What people did and what broke, as specifications; and what checks observe on their behalf.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/program.hpp"
#include "sim/models/item_spec.hpp"

namespace premortem {

/// One entry of the timeline.
struct TimelineSpec {
  std::string id;
  enum class When : std::uint8_t { at, after_entry } when = When::at;
  std::int64_t low = 0, high = 0;       ///< Instants, or offsets from what it comes after.
  std::uint32_t after_entry = unset;    ///< Not before this entry came off.
  std::uint32_t after_monitor = unset;  ///< Not before this monitor fired.
  std::uint32_t program = 0;
  std::uint64_t purpose = 0;
  std::string sentence;   ///< "stop brut": for the story.
  bool by_person = true;  ///< Counts as an operator step; faults and notices do not.
};

struct SetSpec {
  std::vector<std::uint32_t> settings;
  std::vector<Word> values;
};

struct CrashSpec {
  std::uint32_t component = 0;
  std::uint32_t restart = unset;  ///< Setting of kind distribution; none: never, or the system's own.
  std::uint64_t purpose = 0;
};

/// The primary of a replica set goes, and another member is elected. MONGO-061, MONGO-063
struct StepDownSpec {
  std::uint32_t store = 0;
  std::uint32_t lasts = unset;  ///< Setting of kind distribution: ns until there is a primary again.
  bool orderly = false;         ///< A majority gets everything first: nothing is rolled back.
  std::uint64_t purpose = 0;
};

struct ReplaySpec {
  std::string id;
  std::uint32_t log = 0, stream = 0;
  bool from_earliest = true, to_head = true;
  std::int64_t from = 0, to = 0;
  std::uint32_t only = unset;   ///< Expression.
  std::uint32_t lasts = unset;  ///< Setting; none: the steps' own time.
  std::uint8_t hand_slot = 0, partition_slot = 0, offsets_slot = 0, began_slot = 0;
  std::uint8_t again_slot = 0;  ///< Instant plus one at which an event on which it died is read again; 0: none.
  std::uint8_t frozen_slot = 0, frozen_count = 0;  ///< Locals with the lists and counts of `only`, taken at the start.
  std::vector<bool> frozen_is_list;
  std::uint32_t entry = unset;  ///< Of the timeline.
  std::uint64_t purpose = 0;
};

/// A condition that a check wants observed while the World runs; the check itself reads only the record.
struct ProbeSpec {
  enum class Kind : std::uint8_t { at, eventually, sometimes, always, item_always } kind = Kind::at;
  std::uint32_t check = 0;
  std::uint32_t expression = 0;
  std::int64_t at = 0;  ///< For `at` and `eventually`: the instant; -1: the end.
  std::uint32_t item_kind = unset;
  std::uint32_t where = unset;
  bool reads_clock = false;
  bool reads_systems = false;    ///< What can be seen of systems: queues, workers, positions.
  bool reads_documents = false;  ///< Counts or lists over collections.
  ProgramCounter entry = 0;
};

/// Which items a check judges: recorded as they arrive.
struct MemberSpec {
  std::uint32_t check = 0;
  std::uint32_t kind = 0;
  std::uint32_t where = unset;
};

}  // namespace premortem
