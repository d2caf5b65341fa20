// Calls: a service operation is an activity of its own; its caller waits for the reply, or for its time-out.

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// In Activity::waits_on of a caller that has been answered.
constexpr std::uint32_t answered = 0xFFFFFFFE;
/// ... with an error: its number is added.
constexpr std::uint32_t answered_by_error = 0x80000000;
}  // namespace

Flow Machine::do_call(ActivityId self, Instruction i) {
  const CallSpec& call = model_.calls[i.operand];
  const auto hand = static_cast<PayloadId>(call.hand_is_payload ? locals(self)[call.hand_slot] : 0);
  const ItemId item = hand == 0 ? item_none : world_.payloads.head(hand).item;
  const PayloadId payload = build(model_.builds[call.build], hand, item, subject_of(self));
  const ServiceOperationSpec& operation = model_.service_operations[call.operation];
  const std::uint64_t luck = told_apart(head(self).luck, call.apart);
  const Strike strike = this->strike({operation.operation, self, payload, luck, head(self).cause});
  locals(self)[call.state_slot] = 0;
  if (strike.fails && !strike.applied) {
    release_payload(payload);
    return raise(self, strike.error);
  }
  if (strike.lost) {  // The request never arrives: only a time-out ends the wait.
    release_payload(payload);
  } else {
    if (strike.doubled) {
      retain_payload(payload);
      start_call(call.operation, payload, no_activity, combine(luck, 2), head(self).cause);
    }
    const ActivityId callee = start_call(call.operation, payload, self, luck, head(self).cause);
    locals(self)[call.state_slot] = Word{callee} + 1;
    if (strike.fails && strike.error == error::timeout && call.timeout != unset) {
      head(callee).parent = no_activity;  // The reply is lost: who waits for it learns that from the time-out.
    } else if (strike.fails) {            // Applied, but the reply is an error.
      locals(self)[call.state_slot] |= Word{strike.error + 1} << 32;
    }
    if (strike.delay > 0) {  // Slow: it begins later.
      kernel().forget_wake(callee);
      kernel().wake_at(callee, now() + strike.delay);
    }
  }
  if (call.timeout != unset) {
    const std::int64_t timeout = draw(call.timeout, operation.purpose, luck);
    if (timeout >= 0) kernel().wake_at(self, now() + timeout);
  }
  return block(self, i.operand);
}

Flow Machine::do_called(ActivityId self, Instruction i) {
  const CallSpec& call = model_.calls[i.operand];
  const std::uint32_t answer = head(self).waits_on;
  const Word state = locals(self)[call.state_slot];
  locals(self)[call.state_slot] = 0;
  if (answer == answered) {
    if ((state >> 32) != 0) return raise(self, static_cast<std::uint32_t>(state >> 32) - 1);
    return Flow::next;
  }
  if ((answer & answered_by_error) != 0) return raise(self, answer & ~answered_by_error);
  // The time is over. The callee goes on and nobody waits for it: a time-out is not definite.
  const ActivityId callee = static_cast<ActivityId>(state & 0xFFFFFFFF) - 1;
  if ((state & 0xFFFFFFFF) != 0 && head(callee).parent == self) head(callee).parent = no_activity;
  return raise(self, error::timeout);
}

/// Answers whoever waits for `self`; what comes after goes on in the background.
void Machine::answer_caller(ActivityId self, Word value, bool has_value) {
  const ActivityId caller = head(self).parent;
  const std::uint32_t operation = head(self).run;
  record_of(self, RecordKind::replied, item_in_hand(self, 0), operation);
  if ((head(self).flags & holds_item_key) != 0) {
    head(self).flags &= static_cast<std::uint8_t>(~holds_item_key);
    remember_execution(operation, item_in_hand(self, 0), executed, value);
  }
  if (!world_.outside_calls.empty()) answer_outside(self, 0, value, has_value);
  if (caller == no_activity) return;
  head(self).parent = no_activity;
  const CallSpec& call = model_.calls[head(caller).waits_on];
  if (call.keeps_result) {
    const SlotKind kind = call.result_kind;
    if (kind == SlotKind::payload && value != 0) retain_payload(static_cast<PayloadId>(value));
    if (kind == SlotKind::list && value != 0) ++world_.lists[static_cast<ListId>(value)].references;
    set_slot(caller, call.result_slot, kind, value);
  }
  head(caller).waits_on = answered;
  head(caller).cause = head(self).cause;
  kernel().signal(caller);
}

/// STRAT-029: by item id. Who waits for the outcome of the first call is woken by it.
void Machine::remember_execution(std::uint32_t operation, ItemId item, Execution execution, Word reply) {
  if (item == item_none) return;
  const ServiceOperationSpec& spec = model_.service_operations[operation];
  std::vector<std::uint8_t>& done = world_.executed[operation];
  std::vector<Word>& replies = world_.replies[operation];
  if (done.size() <= item) done.resize(item + 1, not_executed), replies.resize(item + 1, 0);
  done[item] = execution;
  if (execution == under_way) return;
  replies[item] = execution == executed ? reply : 0;
  if (replies[item] != 0 && spec.reply_kind == SlotKind::payload) retain_payload(static_cast<PayloadId>(reply));
  if (replies[item] != 0 && spec.reply_kind == SlotKind::list) ++world_.lists[static_cast<ListId>(reply)].references;
  for (ActivityId call = 0; call < kernel().activities.capacity(); ++call) {
    const Activity& at = head(call);
    if (at.alive != 0 && at.waiting == Waiting::model && at.waits_on == service_waits && at.run == operation &&
        at.component == spec.component)
      kernel().signal(call);
  }
}

Flow Machine::do_begin_call(ActivityId self, Instruction) {
  if (world_.components[head(self).component].paused != 0) return block_and_repeat(self, service_waits);
  const std::uint32_t operation = head(self).run;
  const ServiceOperationSpec& spec = model_.service_operations[operation];
  const ItemId item = item_in_hand(self, 0);
  if (spec.idempotent == unset || setting(spec.idempotent) == 0 || item == item_none) return Flow::next;
  const std::vector<std::uint8_t>& done = world_.executed[operation];
  const std::uint8_t execution = done.size() <= item ? std::uint8_t{not_executed} : done[item];
  if (execution == under_way) return block_and_repeat(self, service_waits);  // Its outcome is this one's, too.
  if (execution == not_executed) {
    head(self).flags |= holds_item_key;
    remember_execution(operation, item, under_way, 0);
    return Flow::next;
  }
  answer_caller(self, world_.replies[operation][item], spec.reply_type.base != BaseType::nothing);
  end_activity(*this, self);
  return Flow::ended;
}

Flow Machine::do_reply(ActivityId self, Instruction i) {
  const Subject subject = subject_of(self);
  if (i.slot != 0) {
    answer_caller(self, 0, false);
  } else if (model_.expressions[i.small].type.base == BaseType::list) {
    const ListId list = evaluate_list(i.small, subject);
    answer_caller(self, list, true);
    release_list(list);
  } else {
    answer_caller(self, evaluate(i.small, subject), true);
  }
  locals(self)[1] = 1;
  return Flow::next;
}

Flow Machine::do_end_call(ActivityId self, Instruction) {
  if (locals(self)[1] == 0) answer_caller(self, 0, false);
  end_activity(*this, self);
  return Flow::ended;
}

/// The operation failed: its caller fails with the same error, and a later call for the item is a first one again.
void Machine::end_call_early(ActivityId callee, std::uint32_t error) {
  if ((head(callee).flags & holds_item_key) != 0) {
    head(callee).flags &= static_cast<std::uint8_t>(~holds_item_key);
    remember_execution(head(callee).run, item_in_hand(callee, 0), not_executed, 0);
  }
  if (!world_.outside_calls.empty()) answer_outside(callee, error + 1, 0, false);
  const ActivityId caller = head(callee).parent;
  head(callee).parent = no_activity;
  if (caller == no_activity) return;
  head(caller).waits_on = answered_by_error | error;
  head(caller).cause = head(callee).cause;
  kernel().signal(caller);
}

/// What every activity gives back when it ends, however it ends.
void Machine::ended(ActivityId self) {
  Activity& over = head(self);
  // Whoever gets this frame next waits for none of it.
  std::erase(world_.condition_waiters, self);
  std::erase_if(world_.transaction_waiters, [self](const TransactionWaiter& one) { return one.activity == self; });
  std::erase_if(world_.replica_waiters, [self](const ReplicaWaiter& one) { return one.activity == self; });
  const ComponentSpec& component = model_.components[over.component];
  if (over.program != no_program) {
    const ProgramSpec& program = model_.programs[over.program];
    if (component.kind == ComponentKind::stream) drop_buffer(self, model_.streams[component.number].buffer_slot);
    const bool branch = (over.flags & is_branch) != 0;
    if (program.holds_item) let_go(item_in_hand(self, 0));
    std::size_t transaction = 0;
    for (std::size_t slot = 0; slot < program.slots.size(); ++slot) {
      if (program.slots[slot] != SlotKind::transaction) continue;
      const auto store = static_cast<std::uint16_t>(program.transaction_stores[transaction++]);
      const auto open = static_cast<TransactionId>(locals(self)[slot]);
      locals(self)[slot] = 0;
      if (open == 0 || !world_.stores[store].open(open)) continue;
      world_.stores[store].abort(open);
      record_of(self, RecordKind::transaction_ended, open, 0);
      transaction_over(store, open);
    }
    clear_slots(self, 0, static_cast<std::uint8_t>(program.slots.size()));
    if (component.kind == ComponentKind::service && !branch) {
      --world_.components[over.component].running;
      const ServiceOperationSpec& spec = model_.service_operations[over.run];
      if (spec.workers != unset && (over.flags & holds_worker) != 0) {
        Resource& workers = kernel().resources[spec.workers];
        if (workers.units > setting(spec.workers_wanted)) {
          --workers.units;  // Fewer are wanted now: this one leaves.
        } else {
          release(kernel(), spec.workers);
        }
      }
    }
  }
  const ActivityId parent = head(self).parent;
  if (parent != no_activity && head(parent).waiting == Waiting::model) kernel().signal(parent);  // A branch's parent.
}

}  // namespace premortem
