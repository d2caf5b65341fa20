// The timeline: what people do and what breaks, in the order of the story.

#include <algorithm>
#include <optional>

#include "sim/models/machine.hpp"

namespace premortem {

Flow Machine::do_await_step(ActivityId self, Instruction i) {
  const TimelineSpec& entry = model_.timeline[i.operand];
  std::int64_t happened = INT64_MIN;
  if (entry.after_entry != unset) {
    const EntryState& before = world_.timeline[entry.after_entry];
    if (before.state == EntryState::skipped) {
      skip_step(self, i.operand, 1);
      return Flow::ended;
    }
    if (before.state == EntryState::pending) {
      world_.step_waiters.push_back(self);
      return block_and_repeat(self, i.operand);
    }
    happened = before.at;
  }
  if (entry.after_monitor != unset) {
    if (world_.monitors_fired[entry.after_monitor] == 0) {
      world_.step_waiters.push_back(self);
      return block_and_repeat(self, i.operand);
    }
    happened = std::max(happened, world_.monitors_fired_at[entry.after_monitor]);
  }
  if (locals(self)[1] == 0) {  // The instant is drawn once.
    const std::uint64_t span = static_cast<std::uint64_t>(entry.high - entry.low);
    std::int64_t at = entry.low;
    if (span > 0) {
      at += chooser(Choice::Kind::operator_delay) != nullptr
                ? static_cast<std::int64_t>(
                      chooser_->choose({Choice::Kind::operator_delay, entry.purpose, 0, 0, span + 1}))
                : static_cast<std::int64_t>(uniform_below(random_bits(kernel().seed, entry.purpose, 0, 0), span + 1));
    }
    if (entry.when == TimelineSpec::When::after_entry) at += happened;
    locals(self)[1] = static_cast<Word>(std::max(at, now()));
    if (at > now()) {
      --head(self).counter;
      return sleep(self, at - now());
    }
  }
  return Flow::next;
}

void Machine::skip_step(ActivityId self, std::uint32_t entry, std::uint64_t why) {
  world_.timeline[entry].state = EntryState::skipped;
  world_.timeline[entry].at = now();
  record_of(self, RecordKind::step_skipped, entry, why);
  wake_step_waiters();
  end_activity(*this, self);
}

void Machine::wake_step_waiters() {
  const std::vector<ActivityId> waiting = std::move(world_.step_waiters);
  world_.step_waiters.clear();
  for (const ActivityId waiter : waiting) {
    if (head(waiter).alive != 0 && head(waiter).waiting == Waiting::model) kernel().signal(waiter);
  }
}

Flow Machine::do_only_if_step(ActivityId self, Instruction i) {
  if (evaluate(i.small, subject_of(self)) != 0) return Flow::next;
  skip_step(self, i.operand, 0);
  return Flow::ended;
}

/// Written before the verb acts, so that what it brings about is caused by it; `after` counts from here.
Flow Machine::do_step_done(ActivityId self, Instruction i) {
  EntryState& state = world_.timeline[i.operand];
  state.state = EntryState::done;
  state.at = now();
  record_of(self, RecordKind::step_done, i.operand, 0);
  wake_step_waiters();
  return Flow::next;
}

Flow Machine::do_set(ActivityId self, Instruction i) {
  const SetSpec& set = model_.sets[i.operand];
  for (std::size_t n = 0; n < set.settings.size(); ++n) {
    world_.settings[set.settings[n]] = set.values[n];
    record_of(self, RecordKind::set, set.settings[n], set.values[n]);
    settings_changed(set.settings[n]);
  }
  world_.systems_changed = 1;
  return Flow::next;
}

Flow Machine::do_control(ActivityId self, Instruction i) {
  world_.systems_changed = 1;
  switch (static_cast<operation::Control>(i.small)) {
    case operation::Control::stop:
      stop_component(i.operand);
      head(self).cause = record(RecordKind::stopped, i.operand, 0, 0, head(self).cause);
      break;
    case operation::Control::start:
      head(self).cause = record(RecordKind::started, i.operand, 0, 0, head(self).cause);
      start_component(i.operand, head(self).cause);
      break;
    case operation::Control::pause:
      pause_component(i.operand);
      head(self).cause = record(RecordKind::paused, i.operand, 0, 0, head(self).cause);
      break;
    case operation::Control::resume:
      head(self).cause = record(RecordKind::resumed, i.operand, 0, 0, head(self).cause);
      resume_component(i.operand, head(self).cause);
      break;
  }
  return Flow::next;
}

/// By hand, also while the job is stopped: `stop` ends its schedule, not people's access to it.
Flow Machine::do_run_job(ActivityId self, Instruction i) {
  const std::uint32_t job = model_.components[i.operand].number;
  if (model_.components[i.operand].external) return Flow::next;
  start_run(job, now(), 0, head(self).cause, combine(head(self).luck, model_.jobs[job].purpose));
  return Flow::next;
}

Flow Machine::do_crash(ActivityId self, Instruction i) {
  const CrashSpec& crash = model_.crashes[i.operand];
  const ComponentSpec& struck = model_.components[crash.component];
  const std::uint32_t after =
      crash.restart == unset && struck.kind == ComponentKind::job ? model_.jobs[struck.number].restart : crash.restart;
  const std::int64_t restart = after == unset ? -1 : draw(after, crash.purpose, head(self).luck);
  crash_component(crash.component, restart, head(self).cause);
  return Flow::next;
}

Flow Machine::do_replay_begin(ActivityId self, Instruction i) {
  const ReplaySpec& replay = model_.replays[i.operand];
  EventLog& log = world_.logs[replay.log];
  const ListId offsets = world_.lists.create(false);
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    world_.lists[offsets].values.push_back(replay.from_earliest ? log.start_offset(partition)
                                                                : log.offset_at(partition, replay.from));
  }
  set_slot(self, replay.offsets_slot, SlotKind::list, offsets);
  head(self).run = i.operand;  // So that what it starts finds it.
  locals(self)[replay.began_slot] = static_cast<Word>(now());
  if (replay.only == unset) return Flow::next;
  std::vector<Word> taken;
  freeze_sets(replay.only, subject_of(self), taken);
  for (std::size_t n = 0; n < taken.size() && n < replay.frozen_count; ++n) {
    locals(self)[static_cast<std::size_t>(replay.frozen_slot) + n] = taken[n];
  }
  return Flow::next;
}

/// The partition whose next event is the oldest, so that several are read side by side; none: all is read. What
/// retention has deleted meanwhile is passed over.
std::optional<std::uint32_t> Machine::next_partition(ActivityId self, const ReplaySpec& replay) {
  const EventLog& log = world_.logs[replay.log];
  std::vector<Word>& offsets = world_.lists[static_cast<ListId>(locals(self)[replay.offsets_slot])].values;
  const std::int64_t began = integer_of(locals(self)[replay.began_slot]);
  const std::int64_t end = replay.to_head ? began : std::min(began, replay.to);
  std::optional<std::uint32_t> oldest;
  std::int64_t oldest_time = end;
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    offsets[partition] = std::max(offsets[partition], log.start_offset(partition));
    const LogEntry* entry = log.read(partition, offsets[partition]);
    if (entry == nullptr || entry->time >= oldest_time) continue;
    oldest = partition;
    oldest_time = entry->time;
  }
  return oldest;
}

/// Reads on to the next event that `only` lets through and hands it to the stream's steps, when its turn has come.
Flow Machine::do_replay_next(ActivityId self, Instruction i) {
  const ReplaySpec& replay = model_.replays[i.operand];
  if (head(self).children != 0) {
    --head(self).counter;
    head(self).waiting = Waiting::children;
    return Flow::blocked;
  }
  EventLog& log = world_.logs[replay.log];
  const auto offsets = static_cast<ListId>(locals(self)[replay.offsets_slot]);
  if (locals(self)[replay.again_slot] != 0) {  // It died on the last event: after its restart it reads that again.
    const std::int64_t restarted = integer_of(locals(self)[replay.again_slot]) - 1;
    if (restarted > now()) {
      --head(self).counter;
      return sleep(self, restarted - now());
    }
    locals(self)[replay.again_slot] = 0;
    --world_.lists[offsets].values[locals(self)[replay.partition_slot]];
  }
  const std::int64_t began = integer_of(locals(self)[replay.began_slot]);
  Subject subject = subject_of(self);
  subject.frozen = locals(self) + replay.frozen_slot;
  while (const std::optional<std::uint32_t> partition = next_partition(self, replay)) {
    const LogEntry found = *log.read(*partition, world_.lists[offsets].values[*partition]);
    locals(self)[replay.hand_slot] = found.payload;
    const bool wanted = replay.only == unset || evaluate(replay.only, subject) != 0;
    locals(self)[replay.hand_slot] = 0;
    if (wanted && replay.lasts != unset) {  // The reading is spread evenly over the age of the log.
      const std::int64_t lasts = draw(replay.lasts, replay.purpose, head(self).luck);
      const std::int64_t first = replay.from_earliest ? model_.begins : replay.from;
      const __int128 share =
          static_cast<__int128>(found.time - first) * lasts / std::max<std::int64_t>(1, began - first);
      const std::int64_t due = began + static_cast<std::int64_t>(share);
      if (due > now()) {
        --head(self).counter;
        return sleep(self, due - now());
      }
    }
    const std::uint64_t offset = world_.lists[offsets].values[*partition]++;
    if (!wanted) continue;
    if (replay.entry != unset) ++world_.timeline[replay.entry].times;
    locals(self)[replay.partition_slot] = *partition;
    start_replayed(self, replay, found, *partition, offset);
    --head(self).counter;
    head(self).waiting = Waiting::children;
    return Flow::blocked;
  }
  if (replay.lasts != unset) {
    const std::int64_t end = began + draw(replay.lasts, replay.purpose, head(self).luck);
    if (end > now()) {
      --head(self).counter;
      return sleep(self, end - now());
    }
  }
  for (std::uint8_t n = 0; n < replay.frozen_count; ++n) {
    if (replay.frozen_is_list[n])
      release_list(static_cast<ListId>(locals(self)[static_cast<std::size_t>(replay.frozen_slot) + n]));
  }
  return Flow::next;
}

void Machine::start_replayed(ActivityId self, const ReplaySpec& replay, const LogEntry& entry, std::uint32_t partition,
                             std::uint64_t offset) {
  const StreamSpec& stream = model_.streams[replay.stream];
  retain_payload(entry.payload);
  const ItemId item = world_.payloads.head(entry.payload).item;
  hold(item);
  const std::uint64_t luck =
      combine(combine(item == item_none ? offset : world_.items[item].luck, stream.purpose), entry.attempt);
  const ActivityId child =
      start_program(stream.replay_program, stream.component, luck, head(self).cause, entry.payload);
  head(child).parent = self;
  ++head(self).children;
  locals(child)[stream.attempt_slot] = entry.attempt;
  locals(child)[stream.offset_slot] = offset;
  locals(child)[stream.partition_slot] = partition;
  locals(child)[stream.key_slot] = entry.key;
  record_of(child, RecordKind::read, item, offset);
}

}  // namespace premortem
