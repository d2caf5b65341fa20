// Monitors and probes: what looks at the world while it runs, for people and for checks.

#include "sim/models/machine.hpp"

namespace premortem {

/// Fires once, when its condition has been true for long enough.
Flow Machine::do_watch_monitor(ActivityId self, Instruction i) {
  const MonitorSpec& monitor = model_.monitors[i.operand];
  count_turn(self);                    // A distribution may say "at once" again and again.
  Word& true_since = locals(self)[1];  // Instant plus one; 0: it is false.
  if (!running(monitor.component)) {
    true_since = 0;  // What nobody looks at does not last.
  } else {
    if (evaluate_setting(monitor.when, subject_of(self)) == 0) {
      true_since = 0;
    } else {
      if (true_since == 0) true_since = static_cast<Word>(now()) + 1;
      if (now() - (integer_of(true_since) - 1) >= draw(monitor.for_at_least, 0, 0)) {
        world_.monitors_fired[i.operand] = 1;
        world_.monitors_fired_at[i.operand] = now();
        record_of(self, RecordKind::noticed, monitor.notice, 1);
        wake_step_waiters();
        end_activity(*this, self);
        return Flow::ended;
      }
    }
  }
  --head(self).counter;
  return sleep(self, draw(monitor.every, 0, 0));
}

void Machine::observe(std::uint32_t number, bool value, ItemId item) {
  const ProbeSpec& probe = model_.probes[number];
  ProbeState& state = world_.probes[number];
  ++state.seen;
  if (!value) ++state.broken;
  record(RecordKind::observed, item == item_none ? 0 : 1, value ? 1 : 0,
         std::uint64_t{probe.check} << 32 | (item == item_none ? 0xFFFFFFFF : item), kernel().records);
}

/// A check's condition at an instant.
Flow Machine::do_observe_check(ActivityId self, Instruction i) {
  const ProbeSpec& probe = model_.probes[i.operand];
  if (probe.at > now()) {
    --head(self).counter;
    return sleep(self, probe.at - now());
  }
  if (world_.probes[i.operand].over == 0)
    observe(i.operand, evaluate(probe.expression, subject_of(self)) != 0, item_none);
  return Flow::next;
}

bool Machine::holds_for(const ProbeSpec& probe, ItemId number) {
  Subject subject;
  subject.element = world_.item_words.data() + std::size_t{number} * model_.item_fields;
  subject.element_item = number;
  subject.element_id = world_.items[number].id;
  if (probe.where != unset && evaluate(probe.where, subject) == 0) return true;
  return evaluate(probe.expression, subject) != 0;
}

/// After an event in which something changed: conditions that must always, or ever, be true.
void Machine::look_at_probes(bool all) {
  for (std::uint32_t number = 0; number < model_.probes.size(); ++number) {
    const ProbeSpec& probe = model_.probes[number];
    ProbeState& state = world_.probes[number];
    if (state.over != 0) continue;
    if (!all && !probe.reads_systems && !(probe.reads_documents && world_.documents_changed != 0)) continue;
    switch (probe.kind) {
      case ProbeSpec::Kind::item_always:
        for (const ItemId item : world_.touched) {
          if (world_.items[item].kind != probe.item_kind || holds_for(probe, item)) continue;
          std::vector<std::uint8_t>& known = world_.violators[number];
          if (known.size() <= item) known.resize(item + 1, 0);
          if (known[item] != 0) continue;  // Each item is written once.
          known[item] = 1;
          observe(number, false, item);
        }
        break;
      case ProbeSpec::Kind::always:
        if (evaluate(probe.expression, Subject{}) == 0) {
          observe(number, false, item_none);
          state.over = 1;
        }
        break;
      case ProbeSpec::Kind::sometimes:
      case ProbeSpec::Kind::eventually:
        if (probe.at > 0 && now() > probe.at) {  // What becomes true after its time comes too late.
          state.over = 1;
          break;
        }
        if (evaluate(probe.expression, Subject{}) != 0) {
          observe(number, true, item_none);
          state.over = 1;
        }
        break;
      case ProbeSpec::Kind::at:
        break;
    }
  }
}

/// Conditions that read the clock change without an event: every minute, all unfinished items are looked at again.
Flow Machine::do_poll_probes(ActivityId self, Instruction) {
  world_.systems_changed = 1;
  for (const ProbeSpec& probe : model_.probes) {
    if (probe.kind != ProbeSpec::Kind::item_always || !probe.reads_clock) continue;
    for (const ItemId item : world_.items_of_kind[probe.item_kind]) {  // Also those that somebody holds grow older.
      if (world_.items[item].finished == 0) touch(item);
    }
  }
  --head(self).counter;
  return sleep(self, 60'000'000'000);
}

Flow Machine::do_expire_messages(ActivityId self, Instruction i) {
  world_.broker.expire(i.operand, now());
  const std::int64_t next = world_.broker.next_expiry(i.operand);
  world_.expiries[i.operand].due = next;
  drain_broker(head(self).cause);
  if (next == INT64_MAX) return block_and_repeat(self, i.operand);
  --head(self).counter;
  return sleep(self, next - now());
}

/// The head of the queue may be another one now: the next expiry is that of the new head. RABBIT-045
void Machine::watch_expiry(std::uint32_t queue) {
  ExpiryWatch& watch = world_.expiries[queue];
  if (watch.activity == no_activity || world_.broker.next_expiry(queue) == watch.due) return;
  watch.due = world_.broker.next_expiry(queue);
  kernel().signal(watch.activity);
}

}  // namespace premortem
