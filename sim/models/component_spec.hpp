#pragma once
// The systems of a scenario as specifications.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/models/broker/broker.hpp"
#include "sim/models/civil/cron_schedule.hpp"
#include "sim/models/document_store/document_store.hpp"
#include "sim/models/event_log/event_log.hpp"
#include "sim/models/item_spec.hpp"
#include "sim/models/step_spec.hpp"

namespace premortem {

enum class ComponentKind : std::uint8_t {
  queue,
  exchange,
  log,
  documents,
  service,
  consumer,
  stream,
  job,
  toggles,
  monitor,
  arrivals,
  timeline,
  broker,
  clients
};

/// One system. What its kind adds stands in the table of that kind at `number`.
struct ComponentSpec {
  std::string name;
  ComponentKind kind = ComponentKind::toggles;
  std::uint32_t number = 0;
  bool on = true;
  bool external = false;  ///< A real program plays it.
  std::uint16_t zone = 0;
};

/// Something that faults can strike and that may take time: `store.find`, `commands.publish`.
struct OperationSpec {
  enum class Kind : std::uint8_t { publish, deliver, ack, append, read, document, commit, call } kind = Kind::call;
  std::string name;
  std::uint16_t component = 0;
  std::uint16_t counterpart = 0;  ///< Who is asked: its own system; for the commit of a stream, the log.
  std::uint32_t takes = unset;    ///< Setting; none: no time.
  std::uint64_t purpose = 0;
};

struct CollectionInfo {
  std::string name;  ///< "store.records".
  std::uint16_t shape = 0;
  bool of_items = false;
  std::uint32_t kind = 0;                ///< Of the items, where it is of_items.
  std::vector<std::vector<Word>> holds;  ///< Documents that are there at the start: words of the shape.
};

/// Whom a simulated system's write waits for.
enum class WriteConcern : std::uint8_t { majority, primary };

struct StoreSpec {
  std::uint16_t component = 0;
  DocumentStoreSpec store;
  std::vector<CollectionInfo> collections;
  std::uint32_t first_collection = 0;          ///< Number of its first collection through all stores.
  std::uint32_t lifetime = unset;              ///< Setting: ns; none: 60 s.
  std::string database;                        ///< By which programs know its collections.
  std::uint32_t lag = unset;                   ///< Setting: ns until a majority has a write; none: no time. MONGO-060
  std::uint32_t write_concern = unset;         ///< Setting: a WriteConcern of simulated systems; none: majority.
  std::uint32_t cache_pressure = unset;        ///< Setting: 1 = under pressure; none: never. MONGO-005
  std::uint64_t transaction_max = UINT64_MAX;  ///< Bytes that a program's transaction may write: MONGO-036.
  std::uint64_t oplog_max = 0;                 ///< Bytes that its oplog keeps; 0: as many as the server's. MONGO-065
  std::vector<std::pair<std::string, std::string>> users;  ///< Who may connect: name, password; none: everybody.
  ProgramCounter reaper = 0;
  ProgramCounter elector = 0;  ///< Of who waits for the end of an election.
};

struct QueueExtra {
  std::uint16_t component = 0;
  std::uint16_t shape = 0;
  std::vector<std::uint32_t> kinds;  ///< Of items that it carries.
  bool is_dead_letter = false;  ///< What dies elsewhere comes here, and nothing takes it from here: it is not held.
  bool expires = false;
  ProgramCounter expirer = 0;
};

struct LogSpec {
  std::uint16_t component = 0;
  std::uint16_t shape = 0;
  EventLogSpec log;
  std::int32_t key_field = -1;         ///< Of the event: decides its partition; -1: the item's id does.
  std::vector<std::uint32_t> streams;  ///< That read it.
  std::uint32_t key = unset;           ///< Expression over the event; none: the item's id.
  ProgramCounter expirer = unset;      ///< unset: nothing grows too old before the clock ends.
};

struct ServiceOperationSpec {
  std::string name;  ///< "arena.order".
  std::uint16_t component = 0;
  std::uint32_t operation = 0;  ///< For faults.
  std::uint16_t shape = 0;
  std::uint32_t program = 0;
  std::uint32_t takes = unset;  ///< Setting.
  std::uint64_t purpose = 0;
  std::uint32_t idempotent = unset;      ///< Setting: 1 = by item id.
  std::uint32_t workers = unset;         ///< Resource of the service; none: no limit.
  std::uint32_t workers_wanted = unset;  ///< Setting: how many units that resource shall have.
  SlotKind reply_kind = SlotKind::scalar;
  Type reply_type;                   ///< `nothing`: it replies no value.
  std::vector<std::uint32_t> kinds;  ///< Of items that its calls carry.
};

enum class AckMode : std::uint8_t { after_success, on_receipt, by_hand };

struct ConsumerSpec {
  std::uint16_t component = 0;
  std::uint32_t queue = 0;
  std::uint32_t workers = 0, prefetch = 0, ack = 0, restart = unset;  ///< Settings.
  std::uint32_t program = 0;
  std::uint32_t deliver_operation = 0, ack_operation = 0;
  std::uint8_t attempt_slot = 0, message_slot = 0, redelivered_slot = 0, deaths_slot = 0;
  std::uint64_t purpose = 0;
  std::uint32_t ack_finishes = unset;  ///< Outcome with which a real program's acknowledgement finishes the item.
};

enum class CommitMode : std::uint8_t { after, before, transaction, by_time };

struct StreamSpec {
  std::uint16_t component = 0;
  std::uint32_t log = 0;
  bool from_latest = false;
  CommitMode commit = CommitMode::after;
  std::int64_t commit_every = 0;
  std::uint32_t workers = 0, restart = 0;  ///< Settings.
  std::uint32_t program = 0;               ///< Of a worker.
  std::uint32_t replay_program = 0;        ///< The same steps for an event that a replay reads.
  std::uint32_t read_operation = 0, commit_operation = 0, append_operation = 0;
  std::uint8_t attempt_slot = 0, offset_slot = 0, partition_slot = 0, key_slot = 0, buffer_slot = 0;
  std::uint8_t strike_slot = 0;  ///< What struck a commit that a fault slows down; 0: no fault names it.
  ProgramCounter committer = 0;
  std::uint64_t purpose = 0;
};

enum class Overlap : std::uint8_t { allow, forbid, replace };
enum class AfterCrash : std::uint8_t { anew, last_chunk, refuse };
/// By which clock a lock's times are written and read: that of the store that keeps it, or that of the job's machine.
enum class LockClock : std::uint8_t { shared, own };

struct JobSpec {
  std::uint16_t component = 0;
  std::uint32_t cron = unset;  ///< Setting of kind cron; none: only `run`.
  std::uint32_t delay = unset, overlap = unset, missed = unset, after_crash = unset, instances = unset;  ///< Settings.
  std::uint32_t lock = unset;  ///< Setting: text of the lock's name, 0 none.
  std::uint32_t lock_max = unset, lock_min = unset, lock_clock = unset, restart = unset;
  std::uint32_t program = 0;
  ProgramCounter scheduler = 0;
  std::uint64_t purpose = 0;
};

struct MonitorSpec {
  std::uint16_t component = 0;
  std::uint32_t when = unset;                         ///< Setting of kind expression.
  std::uint32_t for_at_least = unset, every = unset;  ///< Settings.
  std::uint32_t notice = 0;                           ///< Text.
  ProgramCounter entry = 0;
};

/// A document field whose changes are recorded, because a check is about them.
struct WatchSpec {
  std::uint16_t store = 0, collection = 0, field = 0;
};

}  // namespace premortem
