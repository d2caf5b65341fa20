// Steps that need no system: filter, wait-for, mark, finish, each.

#include <algorithm>

#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// In the local that counts a loop's elements: the gap before the next one is over.
constexpr std::uint64_t gap_has_passed = std::uint64_t{1} << 63;
}  // namespace

Flow Machine::do_filter(ActivityId self, Instruction i) {
  if (evaluate(i.small, subject_of(self)) != 0) return Flow::next;
  record_of(self, RecordKind::filtered, item_in_hand(self, i.slot), head(self).counter - 1);
  head(self).counter = i.operand;
  return Flow::next;
}

Flow Machine::do_jump_unless(ActivityId self, Instruction i) {
  if (evaluate(i.small, subject_of(self)) == 0) head(self).counter = i.operand;
  return Flow::next;
}

Flow Machine::do_work(ActivityId self, Instruction i) { return sleep(self, sleep_for(self, i)); }

Flow Machine::do_enter_scope(ActivityId self, Instruction i) {
  head(self).scope = i.small;
  locals(self)[model_.scopes[i.small].failures_slot] = 0;
  if (model_.scopes[i.small].kind == ScopeSpec::Kind::transaction) begin_tries(self, model_.scopes[i.small], now());
  return Flow::next;
}

Flow Machine::do_leave_scope(ActivityId self, Instruction i) {
  head(self).scope = model_.scopes[i.small].parent;
  return Flow::next;
}

Flow Machine::do_raise(ActivityId self, Instruction i) { return raise(self, i.operand); }

Flow Machine::do_take_worker(ActivityId self, Instruction i) {
  head(self).flags |= holds_worker;
  return acquire(kernel(), self, i.operand);
}

Flow Machine::do_notice(ActivityId self, Instruction i) {
  record_of(self, RecordKind::noticed, i.operand, 0);
  return Flow::next;
}

Flow Machine::do_wait_until(ActivityId self, Instruction i) {
  std::vector<ActivityId>& waiters = world_.condition_waiters;
  // Who was woken by the clock still stands there: its place is kept while it waits, and given up when it goes on.
  const auto place = std::find(waiters.begin(), waiters.end(), self);
  if (evaluate(i.small, subject_of(self)) != 0) {
    if (place != waiters.end()) waiters.erase(place);
    return Flow::next;
  }
  if (place == waiters.end()) waiters.push_back(self);
  // What reads the clock may become true without an event: it is looked at again every minute.
  if (model_.expressions[i.small].reads_clock) kernel().wake_at(self, now() + 60'000'000'000);
  return block_and_repeat(self, i.small);
}

void Machine::wake_condition_waiters() {
  std::vector<ActivityId>& waiters = world_.condition_waiters;
  for (std::size_t at = 0; at < waiters.size();) {
    const ActivityId waiter = waiters[at];
    const bool waits = head(waiter).alive != 0 && head(waiter).waiting == Waiting::model;
    if (waits && evaluate(head(waiter).waits_on, subject_of(waiter)) == 0) {
      ++at;
      continue;
    }
    waiters.erase(waiters.begin() + static_cast<std::ptrdiff_t>(at));
    if (waits) kernel().signal(waiter);
  }
}

Flow Machine::do_mark(ActivityId self, Instruction i) {
  const ItemId item = item_in_hand(self, i.slot);
  if (item != item_none) {
    world_.items[item].mark = i.operand;
    touch(item);
  }
  record_of(self, RecordKind::marked, item, i.operand);
  return Flow::next;
}

Flow Machine::do_finish(ActivityId self, Instruction i) {
  finish_item(self, item_in_hand(self, i.slot), i.operand);
  return Flow::next;
}

Flow Machine::do_each_begin(ActivityId self, Instruction i) {
  const EachSpec& each = model_.eaches[i.operand];
  const ListId list = evaluate_list(each.list, subject_of(self));
  set_slot(self, each.list_slot, SlotKind::list, list);
  locals(self)[each.index_slot] = 0;
  locals(self)[each.luck_slot] = head(self).luck;
  if (each.checkpointed) {
    JobState& job = world_.jobs[model_.components[head(self).component].number];
    if (job.checkpoint_valid != 0 && job.checkpoint_loop > i.operand) {  // BATCH-061: it was finished before.
      locals(self)[each.index_slot] = list == 0 ? 0 : world_.lists[list].values.size();
    } else {
      if (job.checkpoint_valid != 0) locals(self)[each.index_slot] = job.checkpoint;
      job.checkpoint = static_cast<std::uint32_t>(locals(self)[each.index_slot]);
      job.checkpoint_loop = i.operand;
      job.checkpoint_valid = 0;
    }
  }
  head(self).counter = each.body - 1;  // each_next stands directly before the body.
  return Flow::next;
}

Flow Machine::do_each_next(ActivityId self, Instruction i) {
  const EachSpec& each = model_.eaches[i.operand];
  if (locals(self)[each.branch_slot] != 0) {  // This is one of several parallel branches, and its element is done.
    end_activity(*this, self);
    return Flow::ended;
  }
  const auto list = static_cast<ListId>(locals(self)[each.list_slot]);
  const std::uint64_t at_once = each.at_once == unset ? 1 : setting(each.at_once);
  if (locals(self)[each.error_slot] != 0) {
    const auto error = static_cast<std::uint32_t>(locals(self)[each.error_slot] - 1);
    if (head(self).children != 0) return block_and_repeat(self, unset);
    locals(self)[each.error_slot] = 0;
    return raise(self, error);
  }
  if (at_once > 1 && head(self).children >= at_once) return block_and_repeat(self, unset);
  const std::size_t size = list == 0 ? 0 : world_.lists[list].values.size();
  const bool gap_passed = (locals(self)[each.index_slot] & gap_has_passed) != 0;
  const std::uint64_t index = locals(self)[each.index_slot] & ~gap_has_passed;
  if (each.checkpointed && index > 0) {
    const std::uint64_t chunk = each.chunk == unset ? 1 : std::max<std::uint64_t>(1, setting(each.chunk));
    JobState& job = world_.jobs[model_.components[head(self).component].number];
    if (index % chunk == 0 || index == size) {
      // A chunk is over when all its elements are, and only then the next begins.
      if (each.chunk != unset && head(self).children != 0) return block_and_repeat(self, unset);
      const bool this_loop = job.checkpoint_valid == 0 && job.checkpoint_loop == i.operand;
      if (head(self).children == 0 && this_loop) job.checkpoint = static_cast<std::uint32_t>(index);
    }
  }
  if (index >= size) {
    if (head(self).children != 0) return block_and_repeat(self, unset);
    set_slot(self, each.hand_slot, each.element_is_payload ? SlotKind::payload : SlotKind::scalar, 0);
    set_slot(self, each.list_slot, SlotKind::list, 0);
    head(self).luck = locals(self)[each.luck_slot];
    head(self).scope = model_.scopes[each.branch_scope].parent;
    head(self).counter = each.end;
    return Flow::next;
  }
  const Word element = world_.lists[list].values[index];
  const std::uint64_t name = each.element_is_payload               ? luck_of_payload(static_cast<PayloadId>(element))
                             : each.element_type == BaseType::text ? hash_name(text(element))
                                                                   : element;
  const std::uint64_t luck = combine(locals(self)[each.luck_slot], name);
  // The gap stands between elements: it passes before every one but the first.
  if (each.gap != unset && index > 0 && !gap_passed) {
    locals(self)[each.index_slot] |= gap_has_passed;
    --head(self).counter;
    const std::int64_t gap = draw(each.gap, each.purpose, luck);
    if (gap > 0) return sleep(self, gap);
    head(self).waiting = Waiting::time;  // A gap of nothing lets everything else that is due now go between.
    kernel().wake_at(self, now());
    return Flow::blocked;
  }
  locals(self)[each.index_slot] = index + 1;
  if (each.element_is_payload) retain_payload(static_cast<PayloadId>(element));
  if (at_once <= 1) {
    set_slot(self, each.hand_slot, each.element_is_payload ? SlotKind::payload : SlotKind::scalar, element);
    head(self).luck = luck;
    head(self).counter = each.body;
    return Flow::next;
  }
  start_branch(self, each, element, luck);
  --head(self).counter;
  return Flow::next;
}

/// A parallel branch is a copy of the activity with an element of its own in hand.
void Machine::start_branch(ActivityId self, const EachSpec& each, Word element, std::uint64_t luck) {
  const ActivityId branch = start_activity(kernel(), each.body);
  Activity& made = head(branch);
  const Activity& parent = head(self);
  made.component = parent.component;
  made.program = parent.program;
  made.cause = parent.cause;
  made.run = parent.run;
  made.parent = self;
  made.luck = luck;
  made.scope = each.branch_scope;
  made.flags = is_branch;
  ++head(self).children;
  const std::vector<SlotKind>& kinds = model_.programs[head(self).program].slots;
  for (std::size_t slot = 0; slot < kinds.size(); ++slot) {
    const Word word = locals(self)[slot];
    if (kinds[slot] == SlotKind::transaction) continue;  // A branch has sessions of its own.
    if (kinds[slot] == SlotKind::held) continue;         // What is on its way belongs to the trunk.
    locals(branch)[slot] = word;
    if (kinds[slot] == SlotKind::payload && word != 0) retain_payload(static_cast<PayloadId>(word));
    if (kinds[slot] == SlotKind::list && word != 0) ++world_.lists[static_cast<ListId>(word)].references;
  }
  locals(branch)[each.branch_slot] = 1;
  if (model_.programs[head(self).program].holds_item) hold(item_in_hand(branch, 0));
  set_slot(branch, each.hand_slot, each.element_is_payload ? SlotKind::payload : SlotKind::scalar, element);
}

}  // namespace premortem
