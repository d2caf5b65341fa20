#pragma once
// The operations of step programs beyond the kernel's: what scenario steps compile to.

#include <cstdint>

#include "sim/kernel/program.hpp"

namespace premortem::operation {

/// In comments: `spec` is Instruction::operand as an index into the Model's table of that name, `expression` is
/// Instruction::small as an index into Model::expressions, `target` is Instruction::operand as a program counter.
enum Model : std::uint8_t {
  // steps of handlers
  filter = first_of_machine,  ///< expression, target: false ends the handling of what is in hand.
  jump_unless,                ///< expression, target.
  wait_until,                 ///< expression: holds the activity back until it is true.
  work,                       ///< spec: time passes.
  enter_scope,                ///< small = scope: errors inside are its business first.
  leave_scope,                ///< small = scope.
  before_operation,           ///< small = operation; operand names the step in draws: faults strike, its time passes.
  after_operation,            ///< small = operation: a lost reply strikes here.
  begin_transaction,          ///< small = store, slot.
  commit_transaction,         ///< small = store, slot.
  find,                       ///< spec.
  insert,                     ///< spec.
  update,                     ///< spec.
  claim,                      ///< spec: find-and-modify.
  remove,                     ///< spec.
  call,                       ///< spec.
  called,                     ///< spec of the call: the reply is there, or an error, or the time is over.
  reply,                      ///< expression; slot = 1 when `small` is none: empty reply.
  publish,                    ///< spec.
  confirmed,                  ///< slot: what the broker said of what was published may be an error.
  send_item,                  ///< spec: a new item.
  redrive,                    ///< spec.
  mark,                       ///< operand = text; slot = what is in hand.
  finish,                     ///< operand = outcome; slot = what is in hand.
  raise,                      ///< operand = error.
  settle_by_hand,             ///< small = 0 ack, 1 drop, 2 requeue.
  each_begin,                 ///< spec.
  each_next,                  ///< spec: next element, or on behind the loop.
  // drivers of systems
  begin_call,       ///< An idempotent operation that was done before answers at once.
  take_worker,      ///< operand = resource: one of the service's workers.
  end_call,         ///< A service operation is over; replies if nobody has.
  receive_message,  ///< A consumer's worker takes its next message.
  settle_message,   ///< ... and acknowledges it.
  fetch_event,      ///< A stream's worker reads its next event.
  commit_event,     ///< ... and passes it.
  await_firing,     ///< A job's scheduler waits for the next firing and acts on it.
  end_run,          ///< A job's run is over.
  arrive,           ///< spec: the next item of a stream of arrivals.
  late_arrival,     ///< spec: one that a fault has slowed down is handed over.
  // the timeline
  await_step,    ///< spec: waits for the entry's time and for what it comes after.
  only_if_step,  ///< expression; operand = entry: false skips the entry.
  step_done,     ///< operand = entry.
  set,           ///< spec.
  control,       ///< small = Control, operand = component.
  run_job,       ///< operand = component.
  crash,         ///< spec.
  replay_begin,  ///< spec.
  replay_next,   ///< spec.
  notice,        ///< operand = text.
  inject_fault,  ///< operand = fault.
  // watchers
  watch_monitor,      ///< operand = monitor.
  observe_check,      ///< operand = probe.
  poll_probes,        ///< Looks again at what depends on the clock.
  reap_transactions,  ///< operand = store.
  expire_messages,    ///< operand = queue.
  expire_events,      ///< operand = log.
  restart_component,  ///< operand = component.
  advance_clients,    ///< Does what nobody has to ask the broker for.
  commit_offsets,     ///< operand = component: the regular commit of a stream that commits by time.
  // replica sets
  step_down,   ///< spec.
  elect,       ///< operand = store: waits until there is to be a primary again.
  acknowledge  ///< small = store, slot = 1 behind a commit: a majority has what was written before.
};

/// What `control` does to a system.
enum class Control : std::uint8_t { stop, start, pause, resume };

}  // namespace premortem::operation
