#include "sim/models/machine.hpp"

namespace premortem {

void Machine::show(const Record& record) {
  if (digesting_) {
    world_.kernel.digest.add(static_cast<std::uint64_t>(record.at));
    world_.kernel.digest.add(std::uint64_t{record.cause} << 32 | std::uint64_t{record.kind} << 16 | record.who);
    world_.kernel.digest.add(record.a);
    world_.kernel.digest.add(record.b);
  }
  for (Observer* observer : observers_) observer->observe(record);
}

Flow Machine::sleep(ActivityId self, std::int64_t length) {
  if (length <= 0) return Flow::next;
  head(self).waiting = Waiting::time;
  kernel().wake_at(self, now() + length);
  return Flow::blocked;
}

Flow Machine::block(ActivityId self, std::uint32_t on) {
  head(self).waiting = Waiting::model;
  head(self).waits_on = on;
  return Flow::blocked;
}

Flow Machine::block_and_repeat(ActivityId self, std::uint32_t on) {
  --head(self).counter;
  return block(self, on);
}

std::int64_t Machine::sleep_for(ActivityId self, Instruction instruction) {
  const WorkSpec& work = model_.works[instruction.operand];
  return draw(work.distribution, work.purpose, head(self).luck);
}

std::uint64_t Machine::run_until(Time until) {
  return run_events(*this, until, chooser_, [this] { return after_event(); });
}

bool Machine::after_event() {
  if (!world_.touched.empty() || world_.systems_changed != 0) {
    settle_items();
  } else if (!model_.probes.empty() && kernel().records != looked_at_) {
    look_at_probes(false);  // A queue or a collection changed, and no item changed hands for good.
  }
  looked_at_ = kernel().records;
  world_.documents_changed = 0;
  if (!world_.condition_waiters.empty()) wake_condition_waiters();
  return true;
}

void Machine::finish() {
  kernel().events.set_now(model_.ends);
  look_at_probes(true);
  for (std::uint32_t number = 0; number < model_.probes.size(); ++number) {
    const ProbeSpec& probe = model_.probes[number];
    const bool at_end =
        probe.at < 0 && (probe.kind == ProbeSpec::Kind::at || probe.kind == ProbeSpec::Kind::eventually);
    if (at_end && world_.probes[number].over == 0)
      observe(number, evaluate(probe.expression, Subject{}) != 0, item_none);
  }
  const bool live = kernel().events.next_time([this](EventId id) {
    return kernel().activities[FutureEvents::slot_of(id)].wake == id;
  }) != INT64_MAX;
  for (ItemId item = 0; item < world_.items.size(); ++item) {
    const Item& left = world_.items[item];
    if (left.finished != 0) continue;
    const Remains remains = left.dead != 0   ? Remains::dead_letter
                            : !is_held(item) ? Remains::nobody
                            : live           ? Remains::held
                                             : Remains::nothing_moves;
    record(RecordKind::remained, 0, item, static_cast<std::uint64_t>(remains), kernel().records);
  }
  record(RecordKind::ended, 0, live ? 0 : 1, 0, kernel().records);
}

}  // namespace premortem
