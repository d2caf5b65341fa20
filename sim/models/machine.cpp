#include "sim/models/machine.hpp"

#include <algorithm>

#include "sim/history/record_digest.hpp"
#include "sim/models/livelock.hpp"
#include "sim/models/model_names.hpp"

namespace premortem {

namespace {
/// More at one instant is no burst any more. A message is not delivered ten thousand times before time passes.
constexpr std::uint64_t turns_max = 500'000;
constexpr std::uint32_t deliveries_at_once_max = 10'000;
/// So much is looked at before it is told as a circle.
constexpr std::uint64_t watched_turns_max = 2'000;
constexpr std::size_t told_without_circle = 12;
}  // namespace

void Machine::show(const Record& record) {
  if (watched_turns_ != 0) circle_.push_back(record);
  if (digesting_) add_record(world_.kernel.digest, record);
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
  count_turn(no_activity);
  if (world_.documents_changed != 0) touch_held_by_documents();
  if (!world_.touched.empty() || world_.systems_changed != 0) {
    settle_items();
  } else if (!model_.probes.empty() && kernel().records != world_.looked_at) {
    look_at_probes(false);  // A queue or a collection changed, and no item changed hands for good.
  }
  world_.looked_at = kernel().records;
  world_.documents_changed = 0;
  if (!world_.condition_waiters.empty()) wake_condition_waiters();
  return true;
}

/// Called whenever something may go round in a circle: a delivery, another try, an event.
void Machine::count_turn(ActivityId self, std::uint32_t deliveries_at_once) {
  if (now() != instant_) {
    instant_ = now();
    turns_ = 0;
    if (watched_turns_ != 0) stop_watching();  // It came to an end after all.
  }
  if (watched_turns_ != 0) {
    if (++watched_turns_ > watched_turns_max && self != no_activity) fail_of_livelock(self);
    if (watched_turns_ > 2 * watched_turns_max) fail_of_livelock(self);
  } else if (++turns_ > turns_max || deliveries_at_once > deliveries_at_once_max) {
    watch_circle();
  }
}

void Machine::watch_circle() {
  watched_turns_ = 1;
  circle_from_ = kernel().records;
  wanted_ = all_record_kinds;
}

void Machine::stop_watching() {
  watched_turns_ = 0;
  circle_.clear();
  wanted_ = 0;
  for (const Observer* observer : observers_) wanted_ |= observer->wants();
}

void Machine::fail_of_livelock(ActivityId self) const {
  const auto after = std::upper_bound(model_.places.begin(), model_.places.end(), stumbles_at_,
                                      [](ProgramCounter at, const StepPlace& place) { return at < place.begin; });
  StepPlace at = after == model_.places.begin() ? StepPlace{} : *(after - 1);
  std::string& place = at.address;
  if (self != no_activity) {
    const std::string& system = model_.components[world_.kernel.activities[self].component].name;
    if (!place.starts_with(system + ".")) at = {0, system};
  }
  if (place.empty()) place = "the timeline";
  Livelock livelock(place, "at " + model_.zone.format(time_from_nanoseconds(now())) +
                               " it goes round and round while no time passes; let time pass between two tries: a "
                               "\"work\" step, \"wait\" in its \"on\", or \"restart\"");
  livelock.line = at.line;
  livelock.column = at.column;
  const std::optional<Repetition> found = find_repetition(circle_, circle_from_);
  std::vector<Record> steps = found ? found->turn : circle_;
  if (!found && steps.size() > told_without_circle) steps.erase(steps.begin(), steps.end() - told_without_circle);
  const HistoryNames names = model_names(model_);
  std::vector<std::string> items;
  items.reserve(world_.items.size());
  for (const Item& item : world_.items) items.push_back(names.kinds[item.kind].name + " " + std::to_string(item.id));
  for (const Record& record : steps) livelock.steps.push_back(tell(names, items, record));
  livelock.repeats = found.has_value();
  livelock.of_one_item = found && found->of_one_item;
  throw livelock;
}

/// Nothing moves by it: a monitor for which nobody waits, a check, the regular commit of a group.
bool Machine::only_looks(ActivityId activity) const {
  switch (model_.code[world_.kernel.activities[activity].counter].operation) {
    case operation::watch_monitor:
      return world_.step_waiters.empty();
    case operation::poll_probes:
    case operation::observe_check:
    case operation::advance_clients:
    case operation::commit_offsets:
      return true;
    default:
      return false;
  }
}

std::int64_t Machine::next_event() {
  return kernel().events.next_time(
      [this](EventId id) { return kernel().activities[FutureEvents::slot_of(id)].wake == id; });
}

void Machine::finish(std::int64_t at) {
  kernel().events.set_now(at);
  look_at_probes(true);
  for (std::uint32_t number = 0; number < model_.probes.size(); ++number) {
    const ProbeSpec& probe = model_.probes[number];
    const bool at_end =
        probe.at < 0 && (probe.kind == ProbeSpec::Kind::at || probe.kind == ProbeSpec::Kind::eventually);
    if (at_end && world_.probes[number].over == 0)
      observe(number, evaluate(probe.expression, Subject{}) != 0, item_none);
  }
  const bool live = kernel().events.next_time([this](EventId id) {
    const ActivityId waits = FutureEvents::slot_of(id);
    const std::vector<ActivityId>& expirers = world_.expirers;  // They only ever take away.
    return kernel().activities[waits].wake == id && !only_looks(waits) &&
           std::find(expirers.begin(), expirers.end(), waits) == expirers.end();
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
