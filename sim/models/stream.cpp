// Streams: members of a consumer group on an event log. What has been read is known by position, what is done by the
// committed offset; a crash goes back to the latter.

#include <algorithm>

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// Whose partition it is: contiguous ranges, as Kafka's range assignor deals them. KAFKA-010.
std::uint32_t owner_of(std::uint32_t partition, std::uint32_t partitions, std::uint32_t workers) {
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
  for (const ActivityId worker : world_.streams[stream].workers) {
    if (worker != no_activity && head(worker).waiting == Waiting::model && head(worker).waits_on == stream_waits) {
      kernel().signal(worker);
    }
  }
}

Flow Machine::do_fetch_event(ActivityId self, Instruction i) {
  const std::uint16_t component = head(self).component;
  const StreamSpec& spec = model_.streams[i.operand];
  StreamState& state = world_.streams[i.operand];
  EventLog& log = world_.logs[spec.log];
  if (!running(component)) return block_and_repeat(self, stream_waits);
  const auto partitions = static_cast<std::uint32_t>(state.positions.size());
  const auto workers = static_cast<std::uint32_t>(std::max<Word>(1, setting(spec.workers)));
  for (std::uint32_t step = 0; step < partitions; ++step) {
    const std::uint32_t partition = partition_in_turn(locals(self)[spec.partition_slot], step, partitions);
    if (owner_of(partition, partitions, workers) != head(self).run) continue;
    const std::uint64_t start = log.start_offset(partition, now());
    if (state.positions[partition] < start) {  // Retention has overtaken the group: KAFKA-036.
      skip_to(i.operand, partition, spec.from_latest ? log.end_offset(partition) : start, head(self).cause);
    }
    const LogEntry* entry = log.read(partition, state.positions[partition], now());
    if (entry == nullptr) continue;
    const std::uint64_t offset = state.positions[partition]++;
    const ItemId item = world_.payloads.head(entry->payload).item;
    retain_payload(entry->payload);
    set_slot(self, 0, SlotKind::payload, entry->payload);
    hold(item);
    locals(self)[spec.attempt_slot] = entry->attempt;
    locals(self)[spec.offset_slot] = offset;
    locals(self)[spec.partition_slot] = partition;
    head(self).cause = entry->cause;
    head(self).luck =
        combine(combine(item == item_none ? offset : world_.items[item].luck, spec.purpose), entry->attempt);
    record_of(self, RecordKind::read, item, offset);
    ++world_.components[component].running;
    if (spec.commit == CommitMode::before) commit_up_to(i.operand, partition, offset + 1, head(self).cause);
    const Strike strike = this->strike(spec.read_operation, item, self, head(self).luck, head(self).cause);
    if (strike.fails) return raise(self, strike.error);
    return strike.delay > 0 ? sleep(self, strike.delay) : Flow::next;
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
  for (std::uint64_t offset = from; offset < next; ++offset) {
    if (const LogEntry* entry = log.read(partition, offset, now())) let_go(world_.payloads.head(entry->payload).item);
  }
  log.commit(group, partition, next);
  record(RecordKind::committed_offset, spec.component, partition, next, cause);
}

void Machine::skip_to(std::uint32_t stream, std::uint32_t partition, std::uint64_t next, std::uint32_t cause) {
  world_.streams[stream].positions[partition] = next;
  commit_up_to(stream, partition, next, cause);
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
  const ItemId item = item_in_hand(self, 0);
  if (head(self).program == spec.replay_program) {  // A replay keeps its own place in the log.
    flush_buffer(self, spec.buffer_slot);
    end_activity(*this, self);
    return Flow::ended;
  }
  const Strike strike = this->strike(spec.commit_operation, item, self, head(self).luck, head(self).cause);
  if (strike.fails && !strike.applied) return raise(self, strike.error);
  flush_buffer(self, spec.buffer_slot);
  if (spec.commit == CommitMode::after || spec.commit == CommitMode::transaction) {
    commit_up_to(i.operand, partition, locals(self)[spec.offset_slot] + 1, head(self).cause);
  }
  if (strike.fails) return raise(self, strike.error);
  put_down_event(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

Flow Machine::do_commit_offsets(ActivityId self, Instruction i) {
  const std::uint32_t stream = model_.components[i.operand].number;
  const StreamSpec& spec = model_.streams[stream];
  if (running(i.operand)) {  // KAFKA-021: what has been read counts as done, whether it is or not.
    for (std::uint32_t partition = 0; partition < world_.streams[stream].positions.size(); ++partition) {
      commit_up_to(stream, partition, world_.streams[stream].positions[partition], head(self).cause);
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
  if (then == Then::crash && !replaying) {
    crash_component(component, draw(spec.restart, spec.purpose, head(self).luck), head(self).cause);
    return Flow::ended;
  }
  if (then == Then::requeue ||
      then == Then::crash) {  // Appended again at the tail; a replay that dies comes back to it.
    const auto payload = static_cast<PayloadId>(locals(self)[0]);
    retain_payload(payload);
    const std::uint64_t key = item == item_none ? 0 : static_cast<std::uint64_t>(world_.items[item].id);
    append_event(spec.log, payload, key, static_cast<std::uint32_t>(locals(self)[spec.attempt_slot]) + 1,
                 head(self).cause);
  } else if (then == Then::park || then == Then::reject) {
    dead_letter(item, parked_reason, head(self).cause, component);
  }
  if (replaying) {
    end_activity(*this, self);
    return Flow::ended;
  }
  const auto partition = static_cast<std::uint32_t>(locals(self)[spec.partition_slot]);
  if (spec.commit != CommitMode::by_time) {
    commit_up_to(model_.components[component].number, partition, locals(self)[spec.offset_slot] + 1, head(self).cause);
  }
  put_down_event(self);
  head(self).counter = model_.programs[head(self).program].entry;
  return Flow::next;
}

}  // namespace premortem
