// What happens when a step fails: the innermost `on` that names the error tries again, or says what is done instead.

#include "sim/models/backoff.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

void Machine::leave_by_error(ActivityId self, std::uint16_t number) {
  const ScopeSpec& scope = model_.scopes[number];
  if (scope.kind != ScopeSpec::Kind::transaction) return;
  const auto transaction = static_cast<TransactionId>(locals(self)[scope.transaction_slot]);
  locals(self)[scope.transaction_slot] = 0;
  const auto store = static_cast<std::uint16_t>(scope.store);
  if (transaction == 0 || !world_.stores[store].open(transaction)) return;  // The store has undone it, and said so.
  world_.stores[store].abort(transaction);
  record_of(self, RecordKind::transaction_ended, transaction, 0);
  transaction_over(store, transaction);
}

std::int64_t Machine::retry_wait(ActivityId self, const ErrorRule& rule, std::uint64_t purpose,
                                 std::uint32_t failures) {
  BackoffSpec backoff;
  const std::uint64_t luck = combine(head(self).luck, failures);
  backoff.base = draw(rule.wait, purpose, luck);
  backoff.factor = static_cast<std::uint32_t>(setting(rule.factor));
  backoff.cap = integer_of(setting(rule.wait_max));
  backoff.jitter = static_cast<Jitter>(setting(rule.jitter));
  return backoff_wait(backoff, failures, random_bits(kernel().seed, luck, purpose, 1));
}

Flow Machine::raise(ActivityId self, std::uint32_t error) {
  record_of(self, RecordKind::failed, item_in_hand(self, 0), error);
  stumbles_at_ = head(self).counter - 1;
  for (std::uint16_t number = head(self).scope; number != 0;) {
    const ScopeSpec& scope = model_.scopes[number];
    if (scope.kind == ScopeSpec::Kind::transaction) {
      if (const std::optional<Flow> again = retried_by_driver(self, number, error)) return *again;
    }
    leave_by_error(self, number);
    if (scope.kind == ScopeSpec::Kind::branch && locals(self)[scope.branch_slot] != 0) {
      // The trunk fails with it when the other branches are done.
      if (Word& told = locals(head(self).parent)[scope.failures_slot]; told == 0) told = Word{error} + 1;
      end_activity(*this, self);
      return Flow::ended;
    }
    for (std::uint32_t r = scope.first_rule; r < scope.last_rule; ++r) {
      const ErrorRule& rule = model_.rules[r];
      if (rule.error != unset && rule.error != error) continue;
      const auto failures = static_cast<std::uint32_t>(++locals(self)[scope.failures_slot]);
      if (static_cast<std::int64_t>(failures) < integer_of(setting(rule.tries))) {
        record_of(self, RecordKind::retried, item_in_hand(self, 0), failures);
        clear_slots(self, scope.first_slot, scope.last_slot);
        head(self).scope = number;
        head(self).counter = scope.begin;
        head(self).luck = combine(head(self).luck, failures);
        count_turn(self);
        const std::int64_t wait = retry_wait(self, rule, scope.purpose, failures);
        if (scope.kind == ScopeSpec::Kind::transaction) begin_tries(self, scope, now() + wait);
        return sleep(self, wait);
      }
      locals(self)[scope.failures_slot] = 0;
      const auto then = static_cast<Then>(setting(rule.then));
      if (then == Then::outwards) break;
      record_of(self, RecordKind::given_up, item_in_hand(self, 0),
                std::uint64_t{error} << 8 | static_cast<std::uint64_t>(then));
      if (then == Then::ignore) {
        head(self).scope = scope.parent;
        head(self).counter = scope.end;
        return Flow::next;
      }
      for (std::uint16_t outer = scope.parent; outer != 0; outer = model_.scopes[outer].parent)
        leave_by_error(self, outer);
      return give_up(self, then, error);
    }
    number = scope.parent;
  }
  record_of(self, RecordKind::given_up, item_in_hand(self, 0), std::uint64_t{error} << 8);
  return give_up(self, Then::outwards, error);
}

/// Nothing in the program caught it: what the kind of system does by itself.
Flow Machine::give_up(ActivityId self, Then then, std::uint32_t error) {
  const std::uint32_t number = head(self).component;
  head(self).scope = 0;
  switch (model_.components[number].kind) {
    case ComponentKind::consumer:
      return give_up_message(self, then == Then::outwards ? Then::requeue : then);
    case ComponentKind::stream:
      return give_up_event(self, then == Then::outwards ? Then::crash : then);
    case ComponentKind::job:
      return give_up_run(self, then, error);
    case ComponentKind::service:
      end_call_early(self, error);
      end_activity(*this, self);
      return Flow::ended;
    default:  // A timeline entry or a stream of arrivals met an error: nobody is there to do anything about it.
      end_activity(*this, self);
      return Flow::ended;
  }
}

}  // namespace premortem
