// The replica set behind a document store: how far its majority is behind, elections, and what they take with them.
// MONGO-060 to MONGO-064

#include <algorithm>

#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"
#include "sim/models/store_host.hpp"

namespace premortem {

namespace {
/// So long a driver looks for a primary: MONGO-063.
constexpr std::int64_t server_selection = 30'000'000'000;
}  // namespace

std::int64_t Machine::lag_of(std::uint16_t store) const {
  const std::uint32_t lag = model_.stores[store].lag;
  return lag == unset ? 0 : integer_of(setting(lag));
}

std::optional<Flow> Machine::await_primary(ActivityId self, std::uint16_t store) {
  std::vector<ReplicaWaiter>& waiters = world_.replica_waiters;
  const auto known = std::find_if(waiters.begin(), waiters.end(), [&](const ReplicaWaiter& one) {
    return one.activity == self && one.for_primary != 0;
  });
  const bool waits = known != waiters.end();
  if (has_primary(store) || (waits && known->until <= now())) {
    const bool in_vain = !has_primary(store);
    if (waits) waiters.erase(known);
    if (in_vain) return raise(self, error::unavailable);
    return std::nullopt;
  }
  if (!waits) {
    ReplicaWaiter waiter;
    waiter.store = store;
    waiter.for_primary = 1;
    waiter.activity = self;
    waiter.until = now() + server_selection;
    waiters.push_back(waiter);
    kernel().wake_at(self, waiter.until);
  }
  return block_and_repeat(self, store_has_no_primary + store);
}

/// What was written before is with a majority, or never will be. Whom the loss of a commit is told, hears that there is
/// no such transaction: the driver has asked the new primary for it (MONGO-028). A plain write may have happened.
Flow Machine::do_acknowledge(ActivityId self, Instruction i) {
  const auto store = static_cast<std::uint16_t>(i.small);
  std::vector<ReplicaWaiter>& waiters = world_.replica_waiters;
  const auto known = std::find_if(waiters.begin(), waiters.end(), [&](const ReplicaWaiter& one) {
    return one.activity == self && one.for_primary == 0;
  });
  if (known != waiters.end()) {
    const bool lost = known->lost != 0;
    waiters.erase(known);
    if (!lost) return Flow::next;
    return raise(self, i.slot != 0 ? error::transaction_expired : error::unavailable);
  }
  const std::uint32_t concern = model_.stores[store].write_concern;
  const bool by_primary = concern != unset && static_cast<WriteConcern>(setting(concern)) == WriteConcern::primary;
  const std::int64_t lag = lag_of(store);
  if (by_primary || lag <= 0) return Flow::next;
  ReplicaWaiter waiter;
  waiter.store = store;
  waiter.activity = self;
  waiter.until = now() + lag;
  waiters.push_back(waiter);
  kernel().wake_at(self, waiter.until);
  return block_and_repeat(self, majority_is_behind + store);
}

void Machine::step_down(std::uint16_t number, std::int64_t lasts, bool orderly, std::uint32_t cause) {
  const StoreSpec& spec = model_.stores[number];
  DocumentStore& store = world_.stores[number];
  ReplicaState& replica = world_.replicas[number];
  const bool under_way = replica.primary_at != 0;
  replica.primary_at = std::max({replica.primary_at, now() + lasts, now() + 1});
  cause = record(RecordKind::stepped_down, spec.component, 0, 0, cause);
  for (const TransactionId transaction : store.expired(INT64_MAX)) {  // MONGO-064
    store.abort(transaction);
    record(RecordKind::transaction_ended, spec.component, transaction, 0, cause);
    transaction_over(number, transaction);
  }
  store.advance_majority(now());
  const bool loses = !orderly && !store.is_caught_up();
  if (number < world_.document_servers.size()) world_.document_servers[number].lose_primary(now(), loses);
  if (loses) {  // MONGO-061
    const std::uint64_t changed = store.roll_back();
    cause = record(RecordKind::rolled_back, spec.component, changed, 0, cause);
    const bool tells = number < world_.document_servers.size();
    if (tells) world_.document_servers[number].mute(true);  // Change streams never told of what is undone: MONGO-068.
    drain_changes_of(number, cause);
    if (tells) world_.document_servers[number].mute(false);
    for (ReplicaWaiter& waiter : world_.replica_waiters) {
      if (waiter.store != number || waiter.for_primary != 0 || waiter.until <= now()) continue;
      waiter.lost = 1;
      kernel().forget_wake(waiter.activity);
      kernel().signal(waiter.activity);
    }
  }
  if (number < world_.document_servers.size()) {
    tell_store_clients(number);
    watch_clients();
  }
  world_.systems_changed = 1;
  if (under_way) return;  // Who waits for the election's end sees that it comes later.
  const ActivityId elector = start_activity(kernel(), spec.elector);
  head(elector).program = no_program;
  head(elector).component = spec.component;
  head(elector).cause = cause;
}

Flow Machine::do_step_down(ActivityId self, Instruction i) {
  const StepDownSpec& spec = model_.step_downs[i.operand];
  const std::int64_t lasts = draw(spec.lasts, spec.purpose, head(self).luck);
  step_down(static_cast<std::uint16_t>(spec.store), lasts, spec.orderly, head(self).cause);
  return Flow::next;
}

Flow Machine::do_elect(ActivityId self, Instruction i) {
  const auto store = static_cast<std::uint16_t>(i.operand);
  ReplicaState& replica = world_.replicas[store];
  if (replica.primary_at > now()) {
    --head(self).counter;
    return sleep(self, replica.primary_at - now());
  }
  replica.primary_at = 0;
  ++replica.term;
  record_of(self, RecordKind::elected, replica.term, 0);
  world_.systems_changed = 1;
  for (const ReplicaWaiter& waiter : world_.replica_waiters) {
    if (waiter.store != store || waiter.for_primary == 0) continue;
    kernel().forget_wake(waiter.activity);
    kernel().signal(waiter.activity);
  }
  if (store < world_.document_servers.size()) world_.document_servers[store].win_election();
  return Flow::next;
}

bool Machine::is_evicted(std::uint16_t store, TransactionId transaction) const {
  const std::uint32_t pressure = model_.stores[store].cache_pressure;
  return pressure != unset && setting(pressure) != 0 && transaction != 0 &&
         world_.stores[store].pinned_before(now()) == transaction;
}

}  // namespace premortem
