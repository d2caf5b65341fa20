// Stop, start, pause, resume, crash, restart: what each does to each kind of system, and what survives.

#include <algorithm>

#include "sim/models/civil/misfire.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

/// Ends after the work in hand. A consumer gives back what it has prefetched but not begun.
void Machine::stop_component(std::uint32_t component) {
  world_.components[component].on = 0;
  count_outages();
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind != ComponentKind::consumer) return;
  for (const ConsumerId subscription : world_.consumers[spec.number].subscriptions)
    world_.broker.halt(subscription, true, now());
  drain_broker(0);
}

void Machine::start_component(std::uint32_t component) {
  ComponentState& state = world_.components[component];
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
  if (state.up && !state.paused) wake_workers(component);
}

/// Takes nothing new; position, schedule and what is prefetched stand still.
void Machine::pause_component(std::uint32_t component) {
  world_.components[component].paused = 1;
  if (model_.components[component].kind == ComponentKind::job) {
    world_.jobs[model_.components[component].number].paused_at = now();
  }
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind != ComponentKind::consumer) return;
  for (const ConsumerId subscription : world_.consumers[spec.number].subscriptions)
    world_.broker.halt(subscription, false, now());
  drain_broker(0);
}

void Machine::resume_component(std::uint32_t component) {
  ComponentState& state = world_.components[component];
  state.paused = 0;
  const ComponentSpec& spec = model_.components[component];
  // What hangs in a store goes on also when that is down: to hear so.
  if ((state.up && state.on) || spec.kind == ComponentKind::documents) wake_workers(component);
  if (spec.kind == ComponentKind::job && state.up && state.on) catch_up(component);
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
  const auto wake = [this](ActivityId worker) {
    if (worker != no_activity && head(worker).waiting == Waiting::model) kernel().signal(worker);
  };
  if (spec.kind == ComponentKind::consumer) {
    for (const ConsumerId subscription : world_.consumers[spec.number].subscriptions)
      world_.broker.go_on(subscription, now());
    drain_broker(0);
    for (const ActivityId worker : world_.consumers[spec.number].workers) wake(worker);
  }
  if (spec.kind == ComponentKind::stream) {
    for (const ActivityId worker : world_.streams[spec.number].workers) wake(worker);
  }
  if (spec.kind == ComponentKind::log) {
    for (const std::uint32_t stream : model_.logs[spec.number].streams) signal_stream(stream);
  }
  if (spec.kind == ComponentKind::queue) {
    for (std::size_t n = 0; n < model_.consumers.size(); ++n) {
      if (model_.consumers[n].queue != spec.number) continue;
      for (const ActivityId worker : world_.consumers[n].workers) wake(worker);
    }
  }
  if (spec.kind == ComponentKind::service) {
    for (ActivityId call = 0; call < kernel().activities.capacity(); ++call) {
      const Activity& at = head(call);
      if (at.alive != 0 && at.component == component && at.waits_on == service_waits) wake(call);
    }
  }
}

/// Queues, exchanges, logs and services that are off or down: what is asked of them fails. Consumers, streams and jobs
/// are asked for nothing; document stores answer for themselves.
void Machine::count_outages() {
  world_.outages = 0;
  for (std::uint32_t component = 0; component < model_.components.size(); ++component) {
    switch (model_.components[component].kind) {
      case ComponentKind::queue:
      case ComponentKind::exchange:
      case ComponentKind::log:
      case ComponentKind::service:
        if (!reachable(component)) ++world_.outages;
        break;
      default:
        break;
    }
  }
}

/// Gives an activity's frame back wherever it stands; what it held open is undone.
void Machine::kill(ActivityId activity) {
  Activity& victim = head(activity);
  if (victim.alive == 0) return;
  if (victim.waiting == Waiting::resource)  // It never got the worker that it waited for.
    victim.flags &= static_cast<std::uint8_t>(~holds_worker);
  if (victim.waiting == Waiting::resource)
    kernel().resources[victim.waits_on].waiting.remove(kernel().activities, activity);
  for (ActivityId other = 0; other < kernel().activities.capacity(); ++other) {
    Activity& child = head(other);
    if (child.alive == 0 || child.parent != activity) continue;
    child.parent = no_activity;
    if (child.component == victim.component) kill(other);  // A parallel branch dies with its trunk; a call goes on.
  }
  end_activity(*this, activity);
}

void Machine::crash_component(std::uint32_t component, std::int64_t restart_after, std::uint32_t cause) {
  const ComponentSpec& spec = model_.components[component];
  ComponentState& state = world_.components[component];
  const std::uint32_t crash = record(RecordKind::crashed, component, 0, 0, cause);
  ++state.crashes;
  state.up = 0;
  count_outages();
  world_.systems_changed = 1;
  for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
    const Activity& at = head(activity);
    if (at.alive == 0 || at.component != component || at.program == no_program) continue;
    if (at.flags == is_branch) continue;  // It dies with its trunk.
    if (spec.kind == ComponentKind::job && at.program != model_.jobs[spec.number].program) continue;
    if (spec.kind == ComponentKind::job) record_of(activity, RecordKind::run_ended, at.run, 0);
    if (spec.kind == ComponentKind::service) end_call_early(activity, error::unavailable);
    if (spec.kind == ComponentKind::stream && at.program == model_.streams[spec.number].replay_program) continue;
    kill(activity);
  }
  if (spec.kind != ComponentKind::service) state.running = 0;
  if (spec.kind == ComponentKind::consumer) {
    ConsumerState& consumer = world_.consumers[spec.number];
    for (const ConsumerId subscription : consumer.subscriptions) {
      world_.worker_of_subscription[subscription] = no_activity;
      world_.broker.close(subscription, now());
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
  if (spec.kind == ComponentKind::job) {
    JobState& job = world_.jobs[spec.number];
    const auto after = static_cast<AfterCrash>(setting(model_.jobs[spec.number].after_crash));
    if (after == AfterCrash::refuse) job.refused = 1;
    job.checkpoint_valid = after == AfterCrash::last_chunk ? 1 : 0;
  }
  if (spec.kind == ComponentKind::documents) {  // Open transactions are undone; what was committed is there.
    DocumentStore& store = world_.stores[spec.number];
    for (const TransactionId transaction : store.expired(INT64_MAX)) {
      store.abort(transaction);
      record(RecordKind::transaction_ended, component, transaction, 0, crash);
      transaction_over(static_cast<std::uint16_t>(spec.number), transaction);
    }
  }
  if (restart_after < 0) return;
  const ActivityId restart = start_activity(kernel(), model_.restart_entry);
  head(restart).program = no_program;
  head(restart).component = static_cast<std::uint16_t>(component);
  head(restart).cause = crash;
  kernel().forget_wake(restart);
  kernel().wake_at(restart, now() + restart_after);
}

Flow Machine::do_restart_component(ActivityId self, Instruction) {
  const std::uint32_t component = head(self).component;
  ComponentState& state = world_.components[component];
  if (state.up != 0) return Flow::next;
  state.up = 1;
  count_outages();
  world_.systems_changed = 1;
  head(self).cause = record(RecordKind::restarted, component, 0, 0, head(self).cause);
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::consumer || spec.kind == ComponentKind::stream) adjust_workers(component);
  if (spec.kind == ComponentKind::job && world_.jobs[spec.number].checkpoint_valid != 0) {
    start_run(spec.number, now(), 0, head(self).cause,
              combine(model_.jobs[spec.number].purpose, static_cast<std::uint64_t>(now())));
  }
  return Flow::next;
}

/// As many workers as the setting says: new ones at once; surplus ones leave when they have nothing in hand.
void Machine::adjust_workers(std::uint32_t component) {
  const ComponentSpec& spec = model_.components[component];
  if (world_.components[component].up == 0) return;
  if (spec.kind == ComponentKind::consumer) {
    const ConsumerSpec& consumer = model_.consumers[spec.number];
    ConsumerState& state = world_.consumers[spec.number];
    const auto wanted = static_cast<std::uint32_t>(setting(consumer.workers));
    if (state.workers.size() < wanted) state.workers.resize(wanted, no_activity), state.subscriptions.resize(wanted, 0);
    for (std::uint32_t number = 0; number < state.workers.size(); ++number) {
      if (state.workers[number] != no_activity) {
        if (number >= wanted && head(state.workers[number]).waiting == Waiting::model)
          kernel().signal(state.workers[number]);
        continue;
      }
      if (number >= wanted) continue;
      const auto prefetch = static_cast<std::uint32_t>(setting(consumer.prefetch));
      const ConsumerId subscription = world_.broker.subscribe(consumer.queue, prefetch, false, 0, now());
      if (world_.worker_of_subscription.size() <= subscription) {
        world_.worker_of_subscription.resize(subscription + 1, no_activity);
      }
      const ActivityId worker = start_program(consumer.program, consumer.component, 0, kernel().records, 0);
      head(worker).run = number;
      state.workers[number] = worker;
      state.subscriptions[number] = subscription;
      world_.worker_of_subscription[subscription] = worker;
      if (!running(component)) world_.broker.halt(subscription, true, now());
    }
    drain_broker(0);
  }
  if (spec.kind == ComponentKind::stream) {
    const StreamSpec& stream = model_.streams[spec.number];
    StreamState& state = world_.streams[spec.number];
    const auto wanted =
        static_cast<std::uint32_t>(std::min<Word>(std::max<Word>(1, setting(stream.workers)), state.positions.size()));
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
  for (const JobSpec& job : model_.jobs) {  // A new schedule counts from now on.
    if (job.cron != number && job.instances != number) continue;
    for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
      const Activity& at = head(activity);
      if (at.alive != 0 && at.component == job.component && at.program == no_program) kill(activity);
    }
    start_schedulers(job);
  }
}

/// Workers of a service: new ones at once; surplus ones leave when they have nothing in hand.
void Machine::adjust_units(std::uint32_t resource, std::uint32_t wanted) {
  Resource& units = kernel().resources[resource];
  while (units.units > setting(wanted) && units.free > 0) --units.units, --units.free;
  for (; units.units < setting(wanted); ++units.units) release(kernel(), resource);
}

void Machine::start_schedulers(const JobSpec& job) {
  if (job.cron == unset) return;
  for (std::uint32_t instance = 0; instance < setting(job.instances); ++instance) {
    const ActivityId scheduler = start_activity(kernel(), job.scheduler);
    head(scheduler).program = no_program;
    head(scheduler).component = job.component;
    head(scheduler).run = instance;
    head(scheduler).cause = kernel().records;
  }
}

/// After a pause: what its schedule missed, by its policy. BATCH-024, BATCH-028.
void Machine::catch_up(std::uint32_t component) {
  const std::uint32_t number = model_.components[component].number;
  const JobSpec& job = model_.jobs[number];
  if (job.cron == unset) return;
  const auto missed = static_cast<MissedPolicy>(setting(job.missed));
  const Zone& zone = model_.zones[model_.components[component].zone];
  const std::int64_t from = world_.jobs[number].paused_at;
  for (const Firing& firing : missed_firings(model_.schedules[setting(job.cron)], zone, time_from_nanoseconds(from),
                                             time_from_nanoseconds(now()), missed)) {
    const std::int64_t scheduled = nanoseconds_of(firing.at);
    start_run(number, scheduled, 0, kernel().records, combine(job.purpose, static_cast<std::uint64_t>(scheduled)));
  }
}

}  // namespace premortem
