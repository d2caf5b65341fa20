#pragma once
// What compiled steps need beyond their eight-byte instruction.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/kernel/program.hpp"
#include "sim/models/item_spec.hpp"

namespace premortem {

/// What a local of an activity holds, so that it can be let go when the activity ends.
enum class SlotKind : std::uint8_t {
  scalar,
  payload,
  list,
  transaction,
  held  ///< A payload on its way: its item is held by whoever has it.
};

/// What is done with an error that is not tried again.
enum class Then : std::uint8_t { outwards, ignore, requeue, reject, discard, park, leave, crash, give_up };

/// What the driver itself tries again of a transaction: nothing, the commit once, or as its withTransaction of that
/// year.
enum class DriverRetries : std::uint8_t { none, commit, driver, driver_2025, driver_2026 };

enum class Jitter : std::uint8_t { none, full, equal };

/// One line of an `on` table. All its values are settings, so that the timeline and strategies can change each.
struct ErrorRule {
  std::uint32_t error = unset;                                                        ///< none: any.
  std::uint32_t tries = 0, wait = 0, factor = 0, wait_max = 0, jitter = 0, then = 0;  ///< Settings.
};

/// A stretch of a program whose errors are caught: a step with `on`, a transaction, a handler.
struct ScopeSpec {
  enum class Kind : std::uint8_t { none, step, transaction, handler, branch };
  Kind kind = Kind::none;
  std::uint16_t parent = 0;
  ProgramCounter begin = 0, end = 0;  ///< Where a retry starts, and where `ignore` goes on.
  std::uint8_t failures_slot = 0;     ///< Local that counts failures; of a branch: the trunk's, for its error.
  std::uint8_t branch_slot = 0;       ///< Of a branch: local that is not 0 in a parallel one.
  std::uint8_t transaction_slot = 0;
  std::uint32_t store = unset;
  std::uint32_t retries = unset, retry_limit = unset;  ///< Of a transaction: settings, DriverRetries and ns.
  /// Of a transaction: locals with the instants at which the driver began and last tried, and how often it has failed.
  std::uint8_t began_slot = 0, tried_slot = 0, tries_slot = 0;
  std::uint8_t first_slot = 0, last_slot = 0;  ///< Results made inside: [first, last).
  std::uint32_t first_rule = 0, last_rule = 0;
  std::uint64_t purpose = 0;  ///< Keys the draws of its waits.
};

struct WorkSpec {
  std::uint32_t distribution = 0;  ///< Setting.
  std::uint64_t purpose = 0;
};

/// Which documents a step means.
struct Selection {
  std::uint16_t store = 0;
  std::uint16_t collection = 0;
  std::uint32_t where = unset;   ///< Setting of kind expression.
  std::int32_t sort = -1;        ///< Field of the document, -1: order of insertion.
  std::uint32_t offset = unset;  ///< Expression: so many are passed over.
  std::uint32_t limit = unset;   ///< Setting.
  std::uint16_t shape = 0;
  std::uint8_t hand_slot = 0;
};

struct FindSpec {
  Selection select;
  bool one = false;
  std::uint8_t result_slot = 0;
  bool keeps_result = false;
};

/// insert, update, find-and-modify, delete.
struct WriteSpec {
  Selection select;
  bool hand_is_payload = false;  ///< What is in hand carries an item or fields.
  bool removes = false;
  bool of_result = false;        ///< Writes the documents of a result instead of selecting.
  std::uint8_t source_slot = 0;  ///< ... which stands here.
  bool source_is_list = true;
  std::uint32_t assignments = unset;         ///< Changes; none for delete and plain insert.
  std::uint32_t build = unset;               ///< New document: insert and upsert.
  std::uint32_t insert_assignments = unset;  ///< For upsert: equalities of `where`, then `with` over an empty document.
  bool upsert = false;
  std::uint8_t pending_slot = 0;  ///< List of documents still to be written.
  std::uint8_t index_slot = 0;
  std::uint8_t since_slot = 0;  ///< When the first attempt at a held document was made, plus one; 0: none.
  std::uint8_t result_slot = 0;
  bool keeps_result = false;
};

struct CallSpec {
  std::uint32_t operation = 0;  ///< Number among service operations.
  std::uint32_t build = 0;
  std::uint32_t timeout = unset;  ///< Setting.
  std::uint8_t hand_slot = 0;
  bool hand_is_payload = false;
  std::uint8_t state_slot = 0;  ///< Who was called, and an error that its reply shall be.
  std::uint8_t result_slot = 0;
  bool keeps_result = false;
  SlotKind result_kind = SlotKind::scalar;
  std::uint64_t apart = 0;  ///< Tells the draws of several calls of one operation in a handler apart; 0: the first.
};

/// How a publisher listens to the broker. RABBIT-003, RABBIT-006
struct ConfirmSpec {
  std::uint32_t confirms = unset, mandatory = unset;  ///< Settings; none: the target is no queue or exchange.
  std::uint32_t timeout = unset;                      ///< Setting: how long it waits for the confirm.
  std::uint32_t takes = unset;                        ///< Setting: how long a confirm takes; none: no time.
  std::uint8_t outcome_slot = 0;                      ///< Error that the step fails with, plus one.
  std::uint64_t purpose = 0;
  std::uint64_t apart = 0;  ///< Tells the draws of several publishes of one handler apart; 0: the first.
};

struct PublishSpec {
  Target target;
  ConfirmSpec confirm;
  std::uint32_t ttl = unset;  ///< Setting: the message's own life; none: none.
  std::uint32_t key = unset;  ///< Expression: partition or routing key.
  std::uint8_t hand_slot = 0;
  bool hand_is_payload = false;
  std::uint8_t buffer_slot = 0;  ///< In a stream that commits by transaction: publishes wait here; 0: at once.
  std::uint64_t apart = 0;       ///< Tells the faults of several publishes to one target in a handler apart.
  std::uint64_t purpose = 0;     ///< With its publisher's luck, names the draws of a message that carries no item.
};

struct SendSpec {
  std::uint32_t kind = 0;
  std::vector<FieldSource> fields;  ///< Of the new item.
  Target target;
  ConfirmSpec confirm;
  std::uint32_t ttl = unset;  ///< Setting: the message's own life; none: none.
  std::uint32_t key = unset;  ///< Expression: partition or routing key.
  std::uint8_t hand_slot = 0, count_slot = 0;
  bool hand_is_payload = false;
  std::uint32_t counts_for = unset;  ///< Timeline entry whose acts are counted.
  std::uint64_t purpose = 0;
};

struct RedriveSpec {
  std::uint32_t from = 0, to = 0;  ///< Queues.
  std::uint32_t where = unset;     ///< Setting of kind expression, over the message.
  std::int32_t sort = -1;
  bool sorts_text = false;
  std::uint32_t gap = unset;  ///< Setting.
  std::uint32_t counts_for = unset;
  std::uint8_t hand_slot = 0, list_slot = 0, index_slot = 0;
  std::uint64_t purpose = 0;
};

struct EachSpec {
  std::uint32_t list = unset;  ///< Expression that gives the list.
  std::uint8_t hand_slot = 0;  ///< Where the element stands.
  bool element_is_payload = false;
  BaseType element_type = BaseType::nothing;
  std::uint16_t branch_scope = 0;  ///< Catches errors of a parallel branch.
  std::uint8_t list_slot = 0, index_slot = 0, branch_slot = 0, error_slot = 0, luck_slot = 0;
  std::uint32_t gap = unset, at_once = unset, chunk = unset;  ///< Settings.
  ProgramCounter body = 0, end = 0;
  std::uint64_t purpose = 0;
  bool checkpointed = false;  ///< The outermost loop of a job: restart goes on after the last chunk.
};

}  // namespace premortem
