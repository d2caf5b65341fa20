// Stop, start, pause, resume, crash, restart: what each does to each kind of system, and what survives.

#include <algorithm>

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

/// Ends after the work in hand. A consumer gives back what it has prefetched but not begun. A queue or exchange is no
/// longer there.
void Machine::stop_component(std::uint32_t component) {
  leave(component);
  world_.components[component].on = 0;
  count_outages();
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::queue) world_.broker.set_queue_there(spec.number, false, now());
  if (spec.kind == ComponentKind::exchange) world_.broker.set_exchange_there(spec.number, false);
  if (spec.kind != ComponentKind::consumer) return;
  for (std::uint32_t number = 0; number < world_.consumers[spec.number].workers.size(); ++number) {
    if (world_.consumers[spec.number].workers[number] == no_activity) continue;
    world_.broker.cancel(world_.consumers[spec.number].subscriptions[number], now());
  }
  drain_broker(0);
}

void Machine::start_component(std::uint32_t component, std::uint32_t cause) {
  ComponentState& state = world_.components[component];
  const bool was_there = running(component);
  state.on = 1;
  if (state.up == 0) {  // It had died and nobody has restarted it: now somebody does.
    state.up = 1;
    adjust_workers(component);
  }
  count_outages();
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::job) {
    world_.jobs[spec.number].refused = 0;  // Somebody has looked at it.
  }
  if (spec.kind == ComponentKind::exchange) world_.broker.set_exchange_there(spec.number, true);
  if (spec.kind == ComponentKind::queue) {
    world_.broker.set_queue_there(spec.number, true, now());
    drain_broker(0);
  }
  if (state.up && !state.paused) wake_workers(component);
  if (!was_there) come_back(component, cause);
}

/// Takes nothing new; position, schedule and what is prefetched stand still.
void Machine::pause_component(std::uint32_t component) {
  leave(component);
  world_.components[component].paused = 1;
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind != ComponentKind::consumer) return;
  for (const ConsumerId subscription : world_.consumers[spec.number].subscriptions)
    world_.broker.hold_back(subscription);
}

void Machine::resume_component(std::uint32_t component, std::uint32_t cause) {
  ComponentState& state = world_.components[component];
  const bool was_there = running(component);
  state.paused = 0;
  // What hangs in a store goes on also when that is down: to hear so.
  const bool is_store = model_.components[component].kind == ComponentKind::documents;
  if ((state.up && state.on) || is_store) wake_workers(component);
  if (is_store && model_.components[component].number < world_.document_servers.size()) {
    world_.document_servers[model_.components[component].number].wake_blocked(now());
    watch_clients();
  }
  if (!was_there) come_back(component, cause);
}

void Machine::wake_idle(ActivityId worker) {
  if (worker == no_activity || head(worker).waiting != Waiting::model) return;
  const std::uint32_t what = head(worker).waits_on;
  if (what == consumer_waits || what == stream_waits) kernel().signal(worker);
}

void Machine::wake_workers(std::uint32_t component) {
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::documents) {
    for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
      const Activity& at = head(activity);
      if (at.alive != 0 && at.waiting == Waiting::model && at.waits_on == store_is_paused + spec.number)
        kernel().signal(activity);
    }
  }
  if (spec.kind == ComponentKind::consumer) {
    const ConsumerState& state = world_.consumers[spec.number];
    for (std::uint32_t number = 0; number < state.workers.size(); ++number) {
      if (state.workers[number] != no_activity) world_.broker.go_on(state.subscriptions[number], now());
    }
    drain_broker(0);
    for (const ActivityId worker : world_.consumers[spec.number].workers) wake_idle(worker);
  }
  if (spec.kind == ComponentKind::stream) {
    for (const ActivityId worker : world_.streams[spec.number].workers) wake_idle(worker);
  }
  if (spec.kind == ComponentKind::log) {
    for (const std::uint32_t stream : model_.logs[spec.number].streams) signal_stream(stream);
  }
  if (spec.kind == ComponentKind::queue) {
    for (std::size_t n = 0; n < model_.consumers.size(); ++n) {
      if (model_.consumers[n].queue != spec.number) continue;
      for (const ActivityId worker : world_.consumers[n].workers) wake_idle(worker);
    }
  }
  if (spec.kind == ComponentKind::service) {
    for (ActivityId call = 0; call < kernel().activities.capacity(); ++call) {
      const Activity& at = head(call);
      if (at.alive != 0 && at.component == component && at.waiting == Waiting::model && at.waits_on == service_waits)
        kernel().signal(call);
    }
  }
}

void Machine::count_outages() {
  world_.outages = 0;
  for (std::uint32_t component = 0; component < model_.components.size(); ++component) {
    if (!reachable(component)) ++world_.outages;
  }
}

/// Gives an activity's frame back wherever it stands; what it held open is undone.
void Machine::kill(ActivityId activity) {
  Activity& victim = head(activity);
  if (victim.alive == 0) return;
  // It never got the worker that it waited for; who is no longer in line has been given one in this very event.
  if (victim.waiting == Waiting::resource &&
      kernel().resources[victim.waits_on].waiting.remove(kernel().activities, activity))
    victim.flags &= static_cast<std::uint8_t>(~holds_worker);
  for (ActivityId other = 0; other < kernel().activities.capacity(); ++other) {
    Activity& child = head(other);
    if (child.alive == 0 || child.parent != activity) continue;
    child.parent = no_activity;
    if (child.component == victim.component) kill(other);  // A parallel branch dies with its trunk; a call goes on.
  }
  for (Lock& lock : world_.locks) {  // The lock of the dead runs out; who gets its number next has no right to free it.
    if (lock.holder == activity) lock.holder = no_activity;
  }
  end_activity(*this, activity);
}

void Machine::crash_component(std::uint32_t component, std::int64_t restart_after, std::uint32_t cause) {
  const ComponentSpec& spec = model_.components[component];
  ComponentState& state = world_.components[component];
  const std::uint32_t crash = record(RecordKind::crashed, component, 0, 0, cause);
  leave(component);
  ++state.crashes;
  state.up = 0;
  count_outages();
  world_.systems_changed = 1;
  bool run_cut_off = false;
  for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
    const Activity& at = head(activity);
    if (at.alive == 0 || at.component != component || at.program == no_program) continue;
    if (at.flags == is_branch) continue;  // It dies with its trunk.
    if (spec.kind == ComponentKind::job && at.program != model_.jobs[spec.number].program) continue;
    if (spec.kind == ComponentKind::job) {
      record_of(activity, RecordKind::run_ended, at.run, 0);
      run_cut_off = true;
    }
    if (spec.kind == ComponentKind::service) end_call_early(activity, error::unavailable);
    if (spec.kind == ComponentKind::stream && at.program == model_.streams[spec.number].replay_program) continue;
    kill(activity);
  }
  if (spec.kind != ComponentKind::service) state.running = 0;
  if (spec.kind == ComponentKind::consumer) {
    ConsumerState& consumer = world_.consumers[spec.number];
    for (const ConsumerId subscription : consumer.subscriptions) {
      world_.worker_of_subscription[subscription] = no_activity;
      world_.broker.close(subscription, Returned::lost, now());
    }
    consumer.subscriptions.clear();
    consumer.workers.clear();
    drain_broker(crash);
  }
  if (spec.kind == ComponentKind::stream) {
    StreamState& stream = world_.streams[spec.number];
    stream.workers.clear();
    std::fill(stream.commit_due.begin(), stream.commit_due.end(), std::uint8_t{0});
    EventLog& log = world_.logs[model_.streams[spec.number].log];
    for (std::uint32_t partition = 0; partition < stream.positions.size(); ++partition) {
      stream.positions[partition] = log.committed(stream.group, partition);
    }
  }
  if (spec.kind == ComponentKind::job && run_cut_off) {
    JobState& job = world_.jobs[spec.number];
    const auto after = static_cast<AfterCrash>(setting(model_.jobs[spec.number].after_crash));
    if (after == AfterCrash::refuse) job.refused = 1;  // BATCH-063: its execution still counts as started.
    job.checkpoint_valid = job.cut_off = after == AfterCrash::last_chunk ? 1 : 0;
  }
  if (spec.kind == ComponentKind::documents) {  // Open transactions are undone; what was committed is there.
    DocumentStore& store = world_.stores[spec.number];
    for (const TransactionId transaction : store.expired(INT64_MAX)) {
      store.abort(transaction);
      record(RecordKind::transaction_ended, component, transaction, 0, crash);
      transaction_over(static_cast<std::uint16_t>(spec.number), transaction);
    }
    store_left(static_cast<std::uint16_t>(spec.number));
  }
  if (restart_after < 0) return;
  const ActivityId restart = start_activity(kernel(), model_.restart_entry);
  head(restart).program = no_program;
  head(restart).component = static_cast<std::uint16_t>(component);
  head(restart).cause = crash;
  head(restart).run = state.crashes;  // The restart belongs to this crash: another one sets its own time.
  kernel().forget_wake(restart);
  kernel().wake_at(restart, now() + restart_after);
}

Flow Machine::do_restart_component(ActivityId self, Instruction) {
  const std::uint32_t component = head(self).component;
  ComponentState& state = world_.components[component];
  if (state.up != 0 || state.crashes != head(self).run) return Flow::next;
  state.up = 1;
  count_outages();
  world_.systems_changed = 1;
  head(self).cause = record(RecordKind::restarted, component, 0, 0, head(self).cause);
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::consumer || spec.kind == ComponentKind::stream) adjust_workers(component);
  if (!running(component)) return Flow::next;
  if (spec.kind == ComponentKind::job && world_.jobs[spec.number].cut_off != 0) {
    start_run(spec.number, now(), 0, head(self).cause,
              combine(model_.jobs[spec.number].purpose, static_cast<std::uint64_t>(now())));
  }
  come_back(component, head(self).cause);
  return Flow::next;
}

/// As many workers as the setting says: new ones at once; surplus ones leave when they have nothing in hand.
void Machine::adjust_workers(std::uint32_t component) {
  const ComponentSpec& spec = model_.components[component];
  if (world_.components[component].up == 0 || spec.external) return;
  if (spec.kind == ComponentKind::consumer) {
    const ConsumerSpec& consumer = model_.consumers[spec.number];
    ConsumerState& state = world_.consumers[spec.number];
    const auto wanted = static_cast<std::uint32_t>(setting(consumer.workers));
    if (state.workers.size() < wanted) state.workers.resize(wanted, no_activity), state.subscriptions.resize(wanted, 0);
    for (std::uint32_t number = 0; number < state.workers.size(); ++number) {
      if (state.workers[number] != no_activity) {
        if (number < wanted) continue;
        world_.broker.cancel(state.subscriptions[number], now());  // What it has in hand, it ends.
        wake_idle(state.workers[number]);
        continue;
      }
      if (number >= wanted) continue;
      const auto prefetch = static_cast<std::uint32_t>(setting(consumer.prefetch));
      const bool automatic = static_cast<AckMode>(setting(consumer.ack)) == AckMode::on_receipt;
      const ConsumerId subscription = world_.broker.subscribe(consumer.queue, prefetch, automatic, 0);
      if (world_.worker_of_subscription.size() <= subscription) {
        world_.worker_of_subscription.resize(subscription + 1, no_activity);
      }
      const ActivityId worker = start_program(consumer.program, consumer.component, 0, kernel().records, 0);
      head(worker).run = number;
      state.workers[number] = worker;
      state.subscriptions[number] = subscription;
      world_.worker_of_subscription[subscription] = worker;
      if (world_.components[component].on == 0) world_.broker.cancel(subscription, now());
    }
    for (std::uint32_t number = 0; number < wanted && running(component); ++number) {
      world_.broker.go_on(state.subscriptions[number], now());
    }
    drain_broker(0);
  }
  if (spec.kind == ComponentKind::stream) {
    const StreamSpec& stream = model_.streams[spec.number];
    StreamState& state = world_.streams[spec.number];
    const auto wanted = static_cast<std::uint32_t>(std::min<Word>(setting(stream.workers), state.positions.size()));
    if (state.workers.size() < wanted) state.workers.resize(wanted, no_activity);
    for (std::uint32_t number = 0; number < wanted; ++number) {
      if (state.workers[number] != no_activity) continue;
      const ActivityId worker = start_program(stream.program, stream.component, 0, kernel().records, 0);
      head(worker).run = number;
      state.workers[number] = worker;
    }
  }
}

void Machine::settings_changed(std::uint32_t number) {
  for (std::size_t n = 0; n < model_.consumers.size(); ++n) {
    const ConsumerSpec& consumer = model_.consumers[n];
    if (consumer.workers == number) adjust_workers(consumer.component);
    if (consumer.ack == number) {
      const bool automatic = static_cast<AckMode>(setting(number)) == AckMode::on_receipt;
      for (const ConsumerId subscription : world_.consumers[n].subscriptions)
        world_.broker.set_automatic_ack(subscription, automatic);
    }
    if (consumer.prefetch == number) {
      for (const ConsumerId subscription : world_.consumers[n].subscriptions) {
        world_.broker.set_prefetch(subscription, static_cast<std::uint32_t>(setting(number)), now());
      }
      drain_broker(0);
    }
  }
  for (const StreamSpec& stream : model_.streams) {
    if (stream.workers != number) continue;
    adjust_workers(stream.component);
    signal_stream(model_.components[stream.component].number);  // Partitions have other owners now.
  }
  for (const ServiceOperationSpec& operation : model_.service_operations) {
    if (operation.workers_wanted != number) continue;
    adjust_units(operation.workers, number);
    break;  // All operations of a service share its workers.
  }
  for (std::uint32_t job = 0; job < model_.jobs.size(); ++job) {  // A new schedule counts from now on.
    if (model_.jobs[job].cron == number || model_.jobs[job].instances == number) restart_schedulers(job);
  }
}

/// Workers of a service: new ones at once; surplus ones leave when they have nothing in hand.
void Machine::adjust_units(std::uint32_t resource, std::uint32_t wanted) {
  Resource& units = kernel().resources[resource];
  while (units.units > setting(wanted) && units.free > 0) --units.units, --units.free;
  for (; units.units < setting(wanted); ++units.units) release(kernel(), resource);
}

}  // namespace premortem
