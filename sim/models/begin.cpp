// The first instant: a World from a Model, and everything that starts with it.

#include "sim/models/begin.hpp"

#include "sim/models/machine.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

World::World() = default;

World new_world(const Model& model, std::uint64_t seed) {
  World world;
  world.kernel.seed = seed;
  world.kernel.events.set_now(model.begins);
  world.kernel.activities = Activities(model.locals);
  for (const std::uint32_t units : model.resources) world.kernel.resources.push_back({units, units, {}});
  for (const SettingSpec& setting : model.settings) world.settings.push_back(setting.value);
  for (const ItemKind& kind : model.items) world.next_ids.push_back(kind.first_id);
  world.items_of_kind.resize(model.items.size());
  world.payloads = Payloads(model.payload_fields);
  world.broker = Broker(model.broker);
  for (const LogSpec& log : model.logs) world.logs.emplace_back(log.log);
  world.expirers.assign(model.logs.size(), no_activity);
  for (const StoreSpec& store : model.stores) world.stores.emplace_back(store.store);
  world.reapers.assign(model.stores.size(), 0);
  world.replicas.resize(model.stores.size());
  world.next_document_ids.assign(model.collections.size(), 1);
  for (const ComponentSpec& component : model.components) {
    world.components.emplace_back();
    world.components.back().on = component.on ? 1 : 0;
  }
  for (const ComponentSpec& component : model.components) {
    if (component.on) continue;
    if (component.kind == ComponentKind::queue) world.broker.set_queue_there(component.number, false, model.begins);
    if (component.kind == ComponentKind::exchange) world.broker.set_exchange_there(component.number, false);
  }
  world.expiries.resize(model.queues.size());
  world.consumers.resize(model.consumers.size());
  for (const StreamSpec& stream : model.streams) {
    StreamState& state = world.streams.emplace_back();
    EventLog& log = world.logs[stream.log];
    state.group = log.add_group(stream.from_latest);
    for (std::uint32_t partition = 0; partition < log.partitions(); ++partition) {
      state.positions.push_back(log.committed(state.group, partition));
      state.commit_due.push_back(0);
    }
  }
  world.jobs.resize(model.jobs.size());
  for (JobState& job : world.jobs) job.due_from = model.begins - 1;
  world.monitors_fired.assign(model.monitors.size(), 0);
  world.monitors_fired_at.assign(model.monitors.size(), 0);
  world.timeline.resize(model.timeline.size());
  world.fault_rules.resize(model.fault_rules.size());
  world.executed.resize(model.service_operations.size());
  world.replies.resize(model.service_operations.size());
  world.probes.resize(model.probes.size());
  world.violators.resize(model.probes.size());
  return world;
}

ActivityId Machine::start_driver(ProgramCounter entry, std::uint16_t component, std::uint32_t program) {
  const ActivityId activity = start_activity(kernel(), entry);
  head(activity).component = component;
  head(activity).program = program;
  head(activity).cause = 0;
  return activity;
}

void Machine::begin() {
  record(RecordKind::began, 0, kernel().seed, 0, 0);
  count_outages();
  if (model_.clients_component != no_component) {
    world_.broker.open_to_clients();
    open_stores_to_clients();
  }
  for (std::uint32_t entry = 0; entry < model_.timeline.size(); ++entry) {
    const ProgramSpec& program = model_.programs[model_.timeline[entry].program];
    start_driver(program.entry, model_.timeline_component, model_.timeline[entry].program);
    head(kernel().activities.capacity() - 1).luck = model_.timeline[entry].purpose;
  }
  for (std::size_t n = 0; n < model_.stores.size(); ++n) {
    for (std::size_t c = 0; c < model_.stores[n].collections.size(); ++c) {
      for (const std::vector<Word>& fields : model_.stores[n].collections[c].holds) {
        std::vector<Word> words = {word_of(world_.next_document_ids[model_.stores[n].first_collection + c]++), 0};
        words.insert(words.end(), fields.begin(), fields.end());
        const auto collection = static_cast<std::uint16_t>(c);
        const std::string body = body_of_words(static_cast<std::uint16_t>(n), collection, words.data(), {});
        world_.stores[n].insert(collection, words.data(), 0, body);
      }
    }
    world_.stores[n].clear_changes();
    world_.stores[n].reach_majority_at(now());  // It has been there for long.
    world_.stores[n].advance_majority(now());
  }
  for (const ConsumerSpec& consumer : model_.consumers) adjust_workers(consumer.component);
  for (const StreamSpec& stream : model_.streams) {
    adjust_workers(stream.component);
    if (stream.commit == CommitMode::by_time) start_driver(stream.committer, stream.component, no_program);
  }
  for (const JobSpec& job : model_.jobs) start_schedulers(job);
  for (const MonitorSpec& monitor : model_.monitors) start_driver(monitor.entry, monitor.component, no_program);
  for (std::uint32_t queue = 0; queue < model_.queues.size(); ++queue) {
    if (model_.queues[queue].expires) {
      world_.expiries[queue].activity =
          start_driver(model_.queues[queue].expirer, model_.queues[queue].component, no_program);
    }
  }
  for (std::uint32_t log = 0; log < model_.logs.size(); ++log) {
    if (model_.logs[log].expirer == unset) continue;
    world_.expirers[log] = start_activity(kernel(), model_.logs[log].expirer);
    head(world_.expirers[log]).component = model_.logs[log].component;
    head(world_.expirers[log]).program = no_program;
  }
  for (const ArrivalSpec& arrival : model_.arrivals) {
    const std::uint32_t program = arrival.program;
    start_driver(model_.programs[program].entry, arrival.component, program);
  }
  for (const ProbeSpec& probe : model_.probes) {
    if (probe.entry != 0) start_driver(probe.entry, model_.timeline_component, no_program);
  }
  if (model_.poll_entry != 0) start_driver(model_.poll_entry, model_.timeline_component, no_program);
}

}  // namespace premortem
