// Jobs: schedules that fire, runs that overlap or not, locks, and what a crash leaves of a run.

#include <algorithm>

#include "sim/models/civil/misfire.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// Why a firing had no run; `b` of RecordKind::run_skipped.
enum SkipReason : std::uint64_t { not_on, still_running, locked, refused };

/// Names the draws of one run by what it was scheduled for: a run that is made up for later has the same luck.
std::uint64_t luck_of_run(const JobSpec& job, std::int64_t scheduled, std::uint32_t instance) {
  return combine(combine(job.purpose, static_cast<std::uint64_t>(scheduled)), instance);
}
}  // namespace

void Machine::start_schedulers(const JobSpec& job) {
  if (model_.components[job.component].external) return;
  if (job.cron == unset) return;
  for (std::uint32_t instance = 0; instance < setting(job.instances); ++instance) {
    const ActivityId scheduler = start_activity(kernel(), job.scheduler);
    head(scheduler).program = no_program;
    head(scheduler).component = job.component;
    head(scheduler).run = instance;
    head(scheduler).cause = kernel().records;
  }
}

/// Forgets what they waited for. A restart that is under way is no scheduler and goes on.
void Machine::restart_schedulers(std::uint32_t number) {
  const JobSpec& job = model_.jobs[number];
  for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
    const Activity& at = head(activity);
    if (at.alive != 0 && at.program == no_program && at.component == job.component && at.counter == job.scheduler)
      kill(activity);
  }
  start_schedulers(job);
}

/// Its clock was set: schedulers look at it again.
void Machine::wake_schedulers(std::uint32_t component) {
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind != ComponentKind::job) return;
  for (ActivityId activity = 0; activity < kernel().activities.capacity(); ++activity) {
    const Activity& at = head(activity);
    const bool sleeps = at.alive != 0 && at.waiting == Waiting::time && at.program == no_program;
    if (sleeps && at.component == component && at.counter == model_.jobs[spec.number].scheduler)
      kernel().signal(activity);
  }
}

/// From here on it misses firings.
void Machine::leave(std::uint32_t component) {
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::job && running(component))
    world_.jobs[spec.number].absent_since = own_time(component);
}

/// It is there again: what its schedule missed meanwhile, by its policy. BATCH-012, BATCH-024, BATCH-028.
void Machine::come_back(std::uint32_t component, std::uint32_t cause) {
  const ComponentSpec& spec = model_.components[component];
  if (spec.kind == ComponentKind::documents && !world_.document_servers.empty()) watch_clients();
  if (spec.kind != ComponentKind::job || !running(component)) return;
  const JobSpec& job = model_.jobs[spec.number];
  if (job.cron == unset) return;
  JobState& state = world_.jobs[spec.number];
  const auto policy = static_cast<MissedPolicy>(setting(job.missed));
  // A firing at the very instant of the absence is among them, unless it had its run.
  const std::int64_t from = std::max(state.due_from, state.absent_since - 1);
  for (const Firing& firing :
       missed_firings(model_.schedules[setting(job.cron)], model_.zones[spec.zone], time_from_nanoseconds(from),
                      time_from_nanoseconds(own_time(component)), policy)) {
    const std::int64_t scheduled = nanoseconds_of(firing.at);
    for (std::uint32_t instance = 0; instance < setting(job.instances); ++instance) {
      const std::uint32_t due =
          record(RecordKind::due, component, static_cast<std::uint64_t>(scheduled), instance, cause);
      start_run(spec.number, scheduled, instance, due, luck_of_run(job, scheduled, instance));
    }
    state.due_from = std::max(state.due_from, scheduled);
  }
}

/// The scheduler of one instance: waits for the next firing, then starts a run and waits again.
Flow Machine::do_await_firing(ActivityId self, Instruction i) {
  const std::uint16_t component = head(self).component;
  const JobSpec& spec = model_.jobs[i.operand];
  JobState& state = world_.jobs[i.operand];
  const std::uint32_t instance = head(self).run;
  if (instance >= setting(spec.instances)) {
    end_activity(*this, self);
    return Flow::ended;
  }
  const CronSchedule& schedule = model_.schedules[setting(spec.cron)];
  const Zone& zone = model_.zones[model_.components[component].zone];
  const std::int64_t own_now = own_time(component);
  const std::int64_t scheduled = integer_of(locals(self)[1]);
  if (scheduled != 0 && own_now >= scheduled) {
    locals(self)[1] = 0;
    head(self).cause =
        record(RecordKind::due, component, static_cast<std::uint64_t>(scheduled), instance, kernel().records);
    if (!running(component)) {
      record_of(self, RecordKind::run_skipped, static_cast<std::uint64_t>(scheduled), not_on);
    } else {
      state.due_from = std::max(state.due_from, scheduled);
      start_run(i.operand, scheduled, instance, head(self).cause, luck_of_run(spec, scheduled, instance));
    }
  }
  // The instant at which a schedule begins to count belongs to it. A clock that was set back does not bring back what
  // has been dealt with.
  const bool begins = locals(self)[2] == 0;
  locals(self)[2] = 1;
  const std::int64_t after = std::max(begins ? own_now - 1 : own_now, state.due_from);
  const auto next = schedule.next_after(zone, time_from_nanoseconds(after));
  if (!next) {
    end_activity(*this, self);
    return Flow::ended;
  }
  locals(self)[1] = static_cast<Word>(nanoseconds_of(next->at));
  --head(self).counter;
  head(self).waiting = Waiting::time;  // Even when it is due at once: everything else that is due now goes before.
  kernel().wake_at(self, now() + nanoseconds_of(next->at) - own_now);
  return Flow::blocked;
}

ActivityId Machine::start_run(std::uint32_t number, std::int64_t scheduled_for, std::uint32_t instance,
                              std::uint32_t cause, std::uint64_t luck) {
  const JobSpec& spec = model_.jobs[number];
  JobState& state = world_.jobs[number];
  ComponentState& component = world_.components[spec.component];
  const auto skip = [&](SkipReason reason) {
    record(RecordKind::run_skipped, spec.component, static_cast<std::uint64_t>(scheduled_for), reason, cause);
    return no_activity;
  };
  if (state.refused != 0) return skip(refused);  // BATCH-063
  if (component.running > 0) {
    const auto overlap = static_cast<Overlap>(setting(spec.overlap));
    if (overlap == Overlap::forbid) return skip(still_running);
    if (overlap == Overlap::replace) {
      for (ActivityId running = 0; running < kernel().activities.capacity(); ++running) {
        if (head(running).alive != 0 && head(running).component == spec.component &&
            head(running).program == spec.program && head(running).flags != is_branch) {
          record_of(running, RecordKind::run_ended, head(running).run, 0);
          --component.running;
          kill(running);
        }
      }
    }
  }
  const Word lock_name = spec.lock == unset ? 0 : setting(spec.lock);
  if (lock_name != 0) {
    Lock* lock = nullptr;
    for (Lock& known : world_.locks) {
      if (known.name == lock_name) lock = &known;
    }
    if (lock == nullptr) {
      lock = &world_.locks.emplace_back();
      lock->name = static_cast<std::uint32_t>(lock_name);
    }
    const std::int64_t time = lock_time(spec);
    if (time < lock->until) return skip(locked);  // BATCH-040: it does not wait.
    lock->since = time;
    lock->until = time + draw(spec.lock_max, spec.purpose, luck);
    lock->holder = no_activity;
  }
  state.cut_off = 0;
  if (state.checkpoint_valid == 0) state.checkpoint = 0, state.checkpoint_loop = 0;
  const std::uint32_t run = state.runs++;
  ++component.running;
  const ActivityId activity = start_program(spec.program, spec.component, luck, cause, 0);
  head(activity).run = run;
  if (lock_name != 0) {
    for (Lock& lock : world_.locks) {
      if (lock.name == lock_name) lock.holder = activity;
    }
  }
  record_of(activity, RecordKind::run_started, run, instance);
  const std::int64_t delay = spec.delay == unset ? 0 : draw(spec.delay, combine(spec.purpose, 1), luck);
  if (delay > 0) {
    kernel().forget_wake(activity);
    kernel().wake_at(activity, now() + delay);
  }
  return activity;
}

void Machine::release_lock(ActivityId self) {
  const JobSpec& spec = model_.jobs[model_.components[head(self).component].number];
  for (Lock& lock : world_.locks) {
    if (lock.holder != self) continue;
    const std::int64_t at_least = spec.lock_min == unset ? 0 : draw(spec.lock_min, spec.purpose, head(self).luck);
    const std::int64_t time = lock_time(spec);
    lock.holder = no_activity;
    lock.until = std::min(lock.until, std::max(time, lock.since + at_least));
  }
}

/// BATCH-041: who writes and reads a lock's times by his own clock relies on everybody's being right.
std::int64_t Machine::lock_time(const JobSpec& job) {
  return static_cast<LockClock>(setting(job.lock_clock)) == LockClock::shared ? now() : own_time(job.component);
}

Flow Machine::do_end_run(ActivityId self, Instruction) {
  const std::uint16_t component = head(self).component;
  record_of(self, RecordKind::run_ended, head(self).run, 1);
  --world_.components[component].running;
  world_.components[component].last_end = now();
  world_.jobs[model_.components[component].number].checkpoint_valid = 0;
  world_.systems_changed = 1;
  release_lock(self);
  end_activity(*this, self);
  return Flow::ended;
}

Flow Machine::give_up_run(ActivityId self, Then, std::uint32_t) {
  const std::uint16_t component = head(self).component;
  const std::uint32_t number = model_.components[component].number;
  // BATCH-060: a failed run can be restarted by anyone, unlike one of which nobody knows that it is over.
  if (static_cast<AfterCrash>(setting(model_.jobs[number].after_crash)) == AfterCrash::last_chunk)
    world_.jobs[number].checkpoint_valid = 1;
  record_of(self, RecordKind::run_ended, head(self).run, 0);
  --world_.components[component].running;
  world_.components[component].last_end = now();
  world_.systems_changed = 1;
  release_lock(self);
  end_activity(*this, self);
  return Flow::ended;
}

}  // namespace premortem
