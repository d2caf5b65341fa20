// What a driver's withTransaction tries again by itself, before any `on` hears of the error: MONGO-025 to MONGO-031.

#include "sim/models/document_store/driver_retry.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/machine.hpp"

namespace premortem {

namespace {

/// What a try costs at least when the scenario gives the store's operations no time: so that a driver without a wait,
/// which tries for 120 s, comes to an end.
constexpr std::int64_t round_trip = 1'000'000;

/// Failures are counted apart: runs of the callback in the lower half, tries of a commit in the upper.
constexpr std::uint64_t one_commit = std::uint64_t{1} << 32;

/// Where the commit of the transaction begins if the instruction at `at` is part of it, with what faults do to it
/// before and after; else 0. A filter commits at a place of its own.
ProgramCounter commit_around(const CodeBlock& code, ProgramCounter at, const ScopeSpec& scope) {
  const auto commits = [&](ProgramCounter where) {
    return code[where].operation == operation::commit_transaction && code[where].slot == scope.transaction_slot &&
           code[where].small == scope.store;
  };
  ProgramCounter commit = at;
  if (code[at].operation == operation::before_operation) commit = at + 1;
  if (code[at].operation == operation::after_operation || code[at].operation == operation::acknowledge) commit = at - 1;
  if (code[commit].operation == operation::acknowledge) --commit;
  if (!commits(commit)) return 0;
  return code[commit - 1].operation == operation::before_operation ? commit - 1 : commit;
}

/// Labels are put on errors of the store only: a service or a broker that is unavailable is the application's business.
/// What a scenario raises itself counts as if the store had said it.
bool said_by_store(std::uint8_t failed) {
  switch (failed) {
    case operation::before_operation:
    case operation::after_operation:
    case operation::acknowledge:
    case operation::begin_transaction:
    case operation::commit_transaction:
    case operation::find:
    case operation::insert:
    case operation::update:
    case operation::claim:
    case operation::remove:
    case operation::raise:
      return true;
    default:
      return false;
  }
}

/// MONGO-025, MONGO-026, MONGO-027. Without an answer, a commit may have happened and a statement is void.
TransactionError labels_of(std::uint32_t error, TransactionStage stage, std::uint8_t failed) {
  TransactionError labels;
  if (!said_by_store(failed)) return labels;
  const bool no_answer = error == error::unavailable || error == error::timeout;
  labels.unknown_commit_result = no_answer && stage == TransactionStage::commit;
  labels.transient = error == error::write_conflict || error == error::transaction_expired || error == error::aborted ||
                     (no_answer && stage == TransactionStage::callback);
  return labels;
}

}  // namespace

/// The driver's limit and its waits count from here; an `on` outside that repeats the transaction begins anew.
void Machine::begin_tries(ActivityId self, const ScopeSpec& transaction, std::int64_t at) {
  locals(self)[transaction.began_slot] = word_of(at);
  locals(self)[transaction.tried_slot] = word_of(at);
  locals(self)[transaction.tries_slot] = 0;
}

std::optional<Flow> Machine::retried_by_driver(ActivityId self, std::uint16_t number, std::uint32_t error) {
  const ScopeSpec& scope = model_.scopes[number];
  const auto retries = static_cast<DriverRetries>(setting(scope.retries));
  if (retries == DriverRetries::none) return std::nullopt;
  TransactionRetry policy;
  policy.backoff = retries == DriverRetries::driver_2025   ? TransactionBackoff::v2025
                   : retries == DriverRetries::driver_2026 ? TransactionBackoff::v2026
                                                           : TransactionBackoff::no_backoff;
  policy.limit = integer_of(setting(scope.retry_limit));
  const ProgramCounter failed = head(self).counter - 1;
  const ProgramCounter commit = commit_around(model_.code, failed, scope);
  const TransactionStage stage = commit != 0 ? TransactionStage::commit : TransactionStage::callback;
  const std::int64_t elapsed = now() - integer_of(locals(self)[scope.began_slot]);
  TransactionError labels = labels_of(error, stage, model_.code[failed].operation);
  std::int64_t wait = 0;
  Word tries = locals(self)[scope.tries_slot];
  if (retries == DriverRetries::commit) {  // MONGO-028: once, whatever else is asked of the driver.
    labels.transient = false;
    labels.unknown_commit_result = labels.unknown_commit_result && tries == 0;
  }
  switch (step_after(policy, stage, labels, elapsed)) {
    case TransactionStep::raise:
      return std::nullopt;
    case TransactionStep::retry_commit:  // Safe: the server knows whether it has happened. MONGO-027
      tries += one_commit;
      head(self).scope = number;
      head(self).counter = commit;
      break;
    case TransactionStep::rerun_transaction: {
      const std::uint64_t runs = (tries & (one_commit - 1)) + 1;
      wait = rerun_wait(policy.backoff, static_cast<std::int64_t>(runs),
                        random_bits(kernel().seed, head(self).luck, scope.purpose, runs));
      if (policy.backoff != TransactionBackoff::no_backoff && too_late_to_wait(policy, elapsed, wait))
        return std::nullopt;
      ++tries;
      leave_by_error(self, number);
      clear_slots(self, scope.first_slot, scope.last_slot);
      head(self).scope = number;
      head(self).counter = scope.begin;
      head(self).luck = combine(head(self).luck, runs);
      break;
    }
  }
  locals(self)[scope.tries_slot] = tries;
  record_of(self, RecordKind::retried, item_in_hand(self, 0), (tries >> 32) + (tries & (one_commit - 1)));
  const bool took_no_time = integer_of(locals(self)[scope.tried_slot]) == now();
  if (wait == 0 && took_no_time) wait = round_trip;
  locals(self)[scope.tried_slot] = word_of(now() + wait);
  return sleep(self, wait);
}

}  // namespace premortem
