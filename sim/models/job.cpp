// Jobs: schedules that fire, runs that overlap or not, locks, and what a crash leaves of a run.

#include <algorithm>

#include "sim/models/civil/misfire.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {
/// Why a firing had no run; `b` of RecordKind::run_skipped.
enum SkipReason : std::uint64_t { not_on, still_running, locked, refused };
}  // namespace

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
  const std::int64_t own_now = now() + world_.components[component].skew;
  const std::int64_t scheduled = integer_of(locals(self)[1]);
  if (scheduled != 0 && own_now >= scheduled) {
    locals(self)[1] = 0;
    const std::uint64_t luck = combine(combine(spec.purpose, static_cast<std::uint64_t>(scheduled)), instance);
    head(self).cause =
        record(RecordKind::due, component, static_cast<std::uint64_t>(scheduled), instance, kernel().records);
    if (!running(component)) {
      record_of(self, RecordKind::run_skipped, static_cast<std::uint64_t>(scheduled), not_on);
    } else {
      start_run(i.operand, scheduled, instance, head(self).cause, luck);
    }
    state.due_from = std::max(state.due_from, scheduled);
  }
  const auto next = schedule.next_after(zone, time_from_nanoseconds(own_now));
  if (!next) {
    end_activity(*this, self);
    return Flow::ended;
  }
  locals(self)[1] = static_cast<Word>(nanoseconds_of(next->at));
  --head(self).counter;
  return sleep(self, nanoseconds_of(next->at) - own_now);
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
    if (lock->held != 0 && now() < lock->until) return skip(locked);  // BATCH-040: it does not wait.
    lock->held = 1;
    lock->since = now();
    lock->until = now() + draw(spec.lock_max, spec.purpose, luck);
    lock->holder = no_activity;
  }
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
    if (lock.held == 0 || lock.holder != self) continue;
    const std::int64_t at_least = spec.lock_min == unset ? 0 : draw(spec.lock_min, spec.purpose, head(self).luck);
    lock.holder = no_activity;
    lock.until = std::min(lock.until, std::max(now(), lock.since + at_least));
    if (lock.until <= now()) lock.held = 0;
  }
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
  record_of(self, RecordKind::run_ended, head(self).run, 0);
  --world_.components[component].running;
  world_.components[component].last_end = now();
  world_.systems_changed = 1;
  release_lock(self);
  end_activity(*this, self);
  return Flow::ended;
}

}  // namespace premortem
