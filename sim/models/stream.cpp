// Streams: members of a consumer group on an event log. What has been read is known by position, what is done by the
// committed offset; a crash goes back to the latter.

#include <algorithm>

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// Whose partition it is: contiguous ranges, as Kafka's range assignor deals them. KAFKA-010.
std::uint32_t owner_of(std::uint32_t partition, std::uint32_t partitions, std::uint32_t workers) {
  if (workers == 0) return no_activity;
  if (partitions == 1) return 0;
  const std::uint32_t members = std::min(partitions, workers);
  const std::uint32_t each = partitions / members, more = partitions % members;
  return partition < more * (each + 1) ? partition / (each + 1) : more + (partition - more * (each + 1)) / each;
}
/// Begins behind the partition read last, so that none starves.
std::uint32_t partition_in_turn(std::uint64_t last, std::uint32_t step, std::uint32_t partitions) {
  return partitions == 1 ? 0 : static_cast<std::uint32_t>((last + 1 + step) % partitions);
}
}  // namespace

void Machine::signal_stream(std::uint32_t stream) {
  for (const ActivityId worker : world_.streams[stream].workers) wake_idle(worker);
}

Flow Machine::do_fetch_event(ActivityId self, Instruction i) {
  const std::uint16_t component = head(self).component;
  const StreamSpec& spec = model_.streams[i.operand];
  StreamState& state = world_.streams[i.operand];
  EventLog& log = world_.logs[spec.log];
  if (spec.commit == CommitMode::by_time) commit_what_is_due(i.operand, head(self).run, head(self).cause);
  if (!running(component) || !reachable(model_.logs[spec.log].component)) return block_and_repeat(self, stream_waits);
  state.joined = 1;
  const auto partitions = static_cast<std::uint32_t>(state.positions.size());
  const auto workers = static_cast<std::uint32_t>(setting(spec.workers));
  for (std::uint32_t step = 0; step < partitions; ++step) {
    const std::uint32_t partition = partition_in_turn(locals(self)[spec.partition_slot], step, partitions);
    if (owner_of(partition, partitions, workers) != head(self).run) continue;
    const std::uint64_t start = log.start_offset(partition);
    if (state.positions[partition] < start) {  // Retention has overtaken the group: KAFKA-036.
      skip_to(i.operand, partition, spec.from_latest ? log.end_offset(partition) : start, head(self).cause);
    }
    const LogEntry* entry = log.read(partition, state.positions[partition]);
    if (entry == nullptr) continue;
    const std::uint64_t offset = state.positions[partition]++;
    const ItemId item = world_.payloads.head(entry->payload).item;
    retain_payload(entry->payload);
    set_slot(self, 0, SlotKind::payload, entry->payload);
    hold(item);
    locals(self)[spec.attempt_slot] = entry->attempt;
    locals(self)[spec.offset_slot] = offset;
    locals(self)[spec.partition_slot] = partition;
    locals(self)[spec.key_slot] = entry->key;
    head(self).cause = entry->cause;
    head(self).luck = combine(combine(luck_of_payload(entry->payload), spec.purpose), entry->attempt);
    record_of(self, RecordKind::read, item, offset);
    ++world_.components[component].running;
    const PayloadId hand = entry->payload;
    const Strike read = strike({spec.read_operation, self, hand, head(self).luck, head(self).cause});
    if (read.fails) return raise(self, read.error);  // KAFKA-060: the position does not pass it.
    std::int64_t delay = read.delay;
    if (spec.commit == CommitMode::before) {
      const Strike commit = strike({spec.commit_operation, self, hand, head(self).luck, head(self).cause});
      if (!commit.lost && (!commit.fails || commit.applied))
        commit_up_to(i.operand, partition, offset + 1, head(self).cause);
      if (commit.fails) return raise(self, commit.error);
      delay += commit.delay;
    }
    return sleep(self, delay);
  }
  return block_and_repeat(self, stream_waits);
}

/// The group passes all events of the partition before `next`: it no longer holds their items.
void Machine::commit_up_to(std::uint32_t stream, std::uint32_t partition, std::uint64_t next, std::uint32_t cause) {
  const StreamSpec& spec = model_.streams[stream];
  EventLog& log = world_.logs[spec.log];
  const std::uint32_t group = world_.streams[stream].group;
  const std::uint64_t from = log.committed(group, partition);
  if (next <= from) return;
  for (std::uint64_t offset = std::max(from, log.start_offset(partition)); offset < next; ++offset) {
    let_go(world_.payloads.head(log.read(partition, offset)->payload).item);
  }
  log.commit(group, partition, next);
  record(RecordKind::committed_offset, spec.component, partition, next, cause);
}

void Machine::skip_to(std::uint32_t stream, std::uint32_t partition, std::uint64_t next, std::uint32_t cause) {
  world_.streams[stream].positions[partition] = next;
  commit_up_to(stream, partition, next, cause);
}

/// The first offset of the partition that a worker other than `worker` has in hand, UINT64_MAX when none has: a former
/// owner may still be busy with an event when the partition has gone to another (KAFKA-015).
std::uint64_t Machine::held_by_others(std::uint32_t stream, std::uint32_t partition, std::uint32_t worker) {
  const StreamSpec& spec = model_.streams[stream];
  std::uint64_t first = UINT64_MAX;
  for (const ActivityId other : world_.streams[stream].workers) {
    if (other == no_activity || head(other).run == worker || locals(other)[0] == 0) continue;
    if (locals(other)[spec.partition_slot] == partition) first = std::min(first, locals(other)[spec.offset_slot]);
  }
  return first;
}

/// Commits the event that `self` is done with, and what a later owner of its partition finished before it.
void Machine::commit_event(ActivityId self, std::uint32_t stream, std::uint32_t partition) {
  const StreamSpec& spec = model_.streams[stream];
  const auto workers = static_cast<std::uint32_t>(setting(spec.workers));
  const auto partitions = static_cast<std::uint32_t>(world_.streams[stream].positions.size());
  std::uint64_t next = locals(self)[spec.offset_slot] + 1;
  if (owner_of(partition, partitions, workers) != head(self).run)
    next = std::max(next, world_.streams[stream].positions[partition]);
  commit_up_to(stream, partition, std::min(next, held_by_others(stream, partition, head(self).run)), head(self).cause);
}

/// KAFKA-021: the regular commit is made inside a poll, for what earlier polls returned.
void Machine::commit_what_is_due(std::uint32_t stream, std::uint32_t worker, std::uint32_t cause) {
  const StreamSpec& spec = model_.streams[stream];
  StreamState& state = world_.streams[stream];
  const auto partitions = static_cast<std::uint32_t>(state.positions.size());
  const auto workers = static_cast<std::uint32_t>(setting(spec.workers));
  for (std::uint32_t partition = 0; partition < partitions; ++partition) {
    if (state.commit_due[partition] == 0 || owner_of(partition, partitions, workers) != worker) continue;
    state.commit_due[partition] = 0;
    const std::uint64_t next = state.positions[partition];
    commit_up_to(stream, partition, std::min(next, held_by_others(stream, partition, worker)), cause);
  }
}

void Machine::put_down_event(ActivityId self) {
  let_go(item_in_hand(self, 0));
  const Word partition = locals(self)[model_.streams[model_.components[head(self).component].number].partition_slot];
  clear_slots(self, 0, static_cast<std::uint8_t>(model_.programs[head(self).program].slots.size()));
  locals(self)[model_.streams[model_.components[head(self).component].number].partition_slot] = partition;
  --world_.components[head(self).component].running;
  head(self).scope = 0;
}

/// What was published inside a Kafka transaction becomes visible with the commit, or never: KAFKA-050.
void Machine::flush_buffer(ActivityId self, std::uint8_t slot) {
  if (slot == 0) return;
  const auto buffer = static_cast<ListId>(locals(self)[slot]);
  if (buffer == 0) return;
  // Triples: number of the publish, payload, key.
  for (std::size_t at = 0; at + 2 < world_.lists[buffer].values.size(); at += 3) {
    const PublishSpec& publish = model_.publishes[world_.lists[buffer].values[at]];
    const auto payload = static_cast<PayloadId>(world_.lists[buffer].values[at + 1]);
    const Word key = world_.lists[buffer].values[at + 2];
    deliver(publish.target, payload, key, publish.key != unset, 0, self);
  }
  world_.lists[buffer].values.clear();
  set_slot(self, slot, SlotKind::list, 0);
}

void Machine::drop_buffer(ActivityId self, std::uint8_t slot) {
  if (slot == 0) return;
  const auto buffer = static_cast<ListId>(locals(self)[slot]);
  if (buffer == 0) return;
  for (std::size_t at = 1; at < world_.lists[buffer].values.size(); at += 3) {
    release_payload(static_cast<PayloadId>(world_.lists[buffer].values[at]));
  }
  world_.lists[buffer].values.clear();
  set_slot(self, slot, SlotKind::list, 0);
}

Flow Machine::do_commit_event(ActivityId self, Instruction i) {
  const StreamSpec& spec = model_.streams[i.operand];
  const auto partition = static_cast<std::uint32_t>(locals(self)[spec.partition_slot]);
  if (head(self).program == spec.replay_program) {  // A replay keeps its own place in the log.
    flush_buffer(self, spec.buffer_slot);
    end_activity(*this, self);
    return Flow::ended;
  }
  if (spec.commit == CommitMode::after || spec.commit == CommitMode::transaction) {
    Strike commit;
    if (spec.strike_slot != 0 && locals(self)[spec.strike_slot] != 0) {  // It was slow, and now it is through.
      commit = unpacked(locals(self)[spec.strike_slot]);
      locals(self)[spec.strike_slot] = 0;
    } else {
      const auto hand = static_cast<PayloadId>(locals(self)[0]);
      commit = strike({spec.commit_operation, self, hand, head(self).luck, head(self).cause});
      if (commit.delay > 0) {
        locals(self)[spec.strike_slot] = packed(commit);
        --head(self).counter;
        return sleep(self, commit.delay);
      }
    }
    if (commit.fails && !commit.applied) return raise(self, commit.error);
    if (!commit.lost) {
      flush_buffer(self, spec.buffer_slot);
      commit_event(self, i.operand, partition);
    }
    if (commit.fails) return raise(self, commit.error);
  }
  put_down_event(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

Flow Machine::do_commit_offsets(ActivityId self, Instruction i) {
  const std::uint32_t stream = model_.components[i.operand].number;
  const StreamSpec& spec = model_.streams[stream];
  StreamState& state = world_.streams[stream];
  if (running(i.operand)) {
    const Strike commit = strike({spec.commit_operation, self, 0, combine(spec.purpose, word_of(now())), 0});
    if (!commit.lost && (!commit.fails || commit.applied)) {
      std::fill(state.commit_due.begin(), state.commit_due.end(), std::uint8_t{1});
      for (std::uint32_t worker = 0; worker < state.workers.size(); ++worker) {
        // Who waits for events polls all the time; who has one in hand polls when it is done with that.
        const ActivityId at = state.workers[worker];
        if (at != no_activity && head(at).waiting == Waiting::model && head(at).waits_on == stream_waits)
          commit_what_is_due(stream, worker, head(self).cause);
      }
    }
    if (commit.delay > 0) {
      --head(self).counter;
      return sleep(self, spec.commit_every + commit.delay);
    }
  }
  --head(self).counter;
  return sleep(self, spec.commit_every);
}

Flow Machine::give_up_event(ActivityId self, Then then) {
  const std::uint16_t component = head(self).component;
  const StreamSpec& spec = model_.streams[model_.components[component].number];
  const bool replaying = head(self).program == spec.replay_program;
  const ItemId item = item_in_hand(self, 0);
  drop_buffer(self, spec.buffer_slot);
  const auto crash = [&] {
    if (!replaying) {
      crash_component(component, draw(spec.restart, spec.purpose, head(self).luck), head(self).cause);
      return Flow::ended;
    }
    // The replay has a place of its own in the log, and comes back to the same event.
    const ActivityId reader = head(self).parent;
    const ReplaySpec& replay = model_.replays[head(reader).run];
    locals(reader)[replay.again_slot] =
        static_cast<Word>(now() + draw(spec.restart, spec.purpose, head(self).luck)) + 1;
    end_activity(*this, self);
    return Flow::ended;
  };
  if (then == Then::crash) return crash();
  if (then == Then::requeue) {  // Appended again at the tail of its own partition.
    const auto payload = static_cast<PayloadId>(locals(self)[0]);
    const Strike append = strike({spec.append_operation, self, payload, combine(head(self).luck, 1), head(self).cause});
    if (append.fails && !append.applied) return crash();
    const std::uint64_t key = locals(self)[spec.key_slot];
    const auto attempt = static_cast<std::uint32_t>(locals(self)[spec.attempt_slot]) + 1;
    if (append.lost) record_of(self, RecordKind::dropped, item, 0);
    for (int copies = append.lost ? 0 : append.doubled ? 2 : 1; copies > 0; --copies) {
      retain_payload(payload);
      append_event(spec.log, payload, key, attempt, head(self).cause);
    }
  } else if (then == Then::park || then == Then::reject) {
    dead_letter(item, parked_reason, head(self).cause, component);
  }
  if (replaying) {
    end_activity(*this, self);
    return Flow::ended;
  }
  const auto partition = static_cast<std::uint32_t>(locals(self)[spec.partition_slot]);
  if (spec.commit != CommitMode::by_time) {
    const auto hand = static_cast<PayloadId>(locals(self)[0]);
    const Strike commit = strike({spec.commit_operation, self, hand, combine(head(self).luck, 2), head(self).cause});
    if (!commit.lost && (!commit.fails || commit.applied))
      commit_event(self, model_.components[component].number, partition);
    if (commit.fails) return crash();
  }
  put_down_event(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

/// KAFKA-035: a log looks every five minutes for what has grown too old. What a group has not passed by then is gone
/// for it, wherever it stands.
Flow Machine::do_expire_events(ActivityId self, Instruction i) {
  constexpr std::int64_t check_every = 300'000'000'000;
  const LogSpec& spec = model_.logs[i.operand];
  EventLog& log = world_.logs[i.operand];
  for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
    const std::uint64_t start = log.first_to_stay(partition, now());
    for (std::uint64_t offset = log.start_offset(partition); offset < start; ++offset) {
      const LogEntry entry = *log.read(partition, offset);
      const ItemId item = world_.payloads.head(entry.payload).item;
      for (const std::uint32_t stream : spec.streams) {
        if (log.committed(world_.streams[stream].group, partition) > offset) continue;
        record(RecordKind::dropped, spec.component, item, retention_reason, entry.cause);
        let_go(item);
      }
      release_payload(entry.payload);
    }
    log.expire(partition, start);
  }
  const std::int64_t next = log.next_expiry();
  if (next == INT64_MAX) return block_and_repeat(self, i.operand);
  const std::int64_t checks = (next - model_.begins + check_every - 1) / check_every;
  --head(self).counter;
  return sleep(self, model_.begins + checks * check_every - now());
}

}  // namespace premortem
