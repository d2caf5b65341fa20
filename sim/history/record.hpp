#pragma once
// One line of a run's history: everything observable is such a record, and everything but the models reads only these.

#include <cstdint>
#include <string_view>
#include <type_traits>

namespace premortem {

/// What happened. `a` and `b` are said at each kind; `who` is the system that did it unless said otherwise.
/// Items are named by their number: 0 for the first that arrived in the run, and so on.
enum class RecordKind : std::uint16_t {
  began,              ///< The run: a = seed.
  arrived,            ///< A work item came into being: a = item, b = kind of item. `who` = where it arrived.
  field,              ///< One field of an item that has just arrived: a = item, b = value; `who` = number of the field.
  member,             ///< An item belongs to what a check judges: a = item, b = number of the check.
  finished,           ///< a = item, b = outcome.
  held,               ///< Somebody holds the item again: a = item.
  released,           ///< Nobody holds the unfinished item any more: a = item.
  dead_lettered,      ///< The item lies in a dead-letter queue or is parked: a = item, b = reason.
  revived,            ///< It no longer does: a = item.
  remained,           ///< At the end, unfinished: a = item, b = Remains.
  marked,             ///< a = item, b = text.
  step_done,          ///< A timeline entry came off: a = entry. No `who`.
  step_skipped,       ///< It did not: a = entry, b = 0 its condition was false, 1 what it comes after was skipped.
  noticed,            ///< Somebody noticed: a = text.
  published,          ///< a = item or none, b = target queue, exchange or log.
  delivered,          ///< A message reached a worker: a = item or none, b = deliveries before.
  acknowledged,       ///< a = item or none.
  requeued,           ///< a = item or none.
  dropped,            ///< A message is gone: a = item or none, b = reason.
  read,               ///< A stream read an event: a = item or none, b = offset.
  committed_offset,   ///< a = partition, b = next offset to read.
  filtered,           ///< Handling ended at a filter: a = item or none, b = instruction.
  called,             ///< a = item or none, b = operation.
  replied,            ///< a = item or none, b = operation.
  failed,             ///< A step failed: a = item or none, b = error.
  retried,            ///< What failed is tried again: a = item or none, b = failures so far.
  given_up,           ///< An error was not tried again: a = item or none, b = error << 8 | what was done instead.
  inserted,           ///< a = document, b = collection. `who` = store.
  updated,            ///< a = document, b = collection.
  removed,            ///< a = document, b = collection.
  changed,            ///< A watched field of a document: a = old value << 32 | new value, b = document; `who` = watch.
  transaction_began,  ///< a = transaction.
  transaction_ended,  ///< a = transaction, b = 1 committed, 0 undone.
  due,                ///< A job's schedule fired: a = instant it was scheduled for.
  run_started,        ///< A job's run: a = number of the run.
  run_ended,          ///< a = number of the run, b = 1 in good order, 0 given up or cut off.
  run_skipped,        ///< A firing without a run: a = instant, b = reason.
  set,                ///< A setting: a = setting, b = new value.
  stopped,
  started,
  paused,
  resumed,
  crashed,
  restarted,
  fault_applied,  ///< a = item or none, b = fault.
  observed,       ///< A check's own observation: a = 1 true, 0 false, b = number of the check; `who` = item + 1 or 0.
  expression_failed,  ///< a = number of the expression, b = ExpressionFault; its value counts as 0. Once each.
  ended,              ///< The run: a = 1 if nothing was left to happen.
  asked,  ///< A real client asked the broker: a = client << 32 | channel << 16 | request, b = mix of all that it said.
  stepped_down,  ///< The primary of a replica set is none any more. `who` = store, here and below.
  rolled_back,   ///< What a majority did not have is undone: a = documents.
  elected,       ///< There is a primary again: a = term.
  count_of_kinds
};

/// Who holds an unfinished item when the clock ends.
enum class Remains : std::uint8_t { nobody, held, dead_letter, nothing_moves };

/// Written once, in order; its number is its position. No padding, so it can enter a digest as it is.
struct Record {
  std::int64_t at;      ///< Nanoseconds since 1970-01-01T00:00Z.
  std::uint32_t cause;  ///< Number of the record that brought this one about; its own number if nothing did.
  std::uint16_t kind;   ///< RecordKind.
  std::uint16_t who;    ///< Number of a system, see each kind.
  std::uint64_t a;
  std::uint64_t b;
};
static_assert(sizeof(Record) == 32 && std::has_unique_object_representations_v<Record>);

/// For `a` where no item is concerned.
inline constexpr std::uint64_t no_item = 0xFFFFFFFF;

/// The spelling of a kind in JSON Lines and reports: "step-done".
std::string_view name_of(RecordKind kind);

}  // namespace premortem
