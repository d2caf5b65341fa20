#pragma once
// What a driver's withTransaction does after a failure: MONGO-030, MONGO-031.
// Source: MongoDB specifications, "Convenient API for Transactions".

#include <algorithm>
#include <cstdint>

#include "sim/kernel/random.hpp"

namespace premortem {

enum class TransactionBackoff : std::uint8_t {
  no_backoff,  ///< Before 2025-11: tries again at once.
  v2025,       ///< The first rerun waits 5 ms at most.
  v2026        ///< Since 2026-07-08: the first rerun waits 7.5 ms at most.
};

struct TransactionRetry {
  TransactionBackoff backoff = TransactionBackoff::no_backoff;
  std::int64_t limit = 120'000'000'000;  ///< ns from the start of withTransaction on.
};

enum class TransactionStage : std::uint8_t { callback, commit };

/// The labels, and the one code, that the driver looks at.
struct TransactionError {
  bool transient = false;              ///< TransientTransactionError: 112, 251, ... MONGO-025
  bool unknown_commit_result = false;  ///< UnknownTransactionCommitResult: MONGO-027
  bool max_time_expired = false;       ///< MaxTimeMSExpired, 50.
};

enum class TransactionStep : std::uint8_t { rerun_transaction, retry_commit, raise };

/// `elapsed`: ns since withTransaction began. An unknown result is the commit's alone: in the callback it is raised.
constexpr TransactionStep step_after(const TransactionRetry& policy, TransactionStage stage,
                                     const TransactionError& error, std::int64_t elapsed) {
  if (elapsed >= policy.limit) return TransactionStep::raise;
  const bool of_commit = stage == TransactionStage::commit;
  if (of_commit && error.unknown_commit_result && !error.max_time_expired) return TransactionStep::retry_commit;
  return error.transient ? TransactionStep::rerun_transaction : TransactionStep::raise;
}

/// The bound of the wait before a rerun, ns: min(5 ms * 1.5^n, 500 ms). `attempt`: how often the callback has run,
/// >= 1.
constexpr std::int64_t rerun_wait_bound(TransactionBackoff backoff, std::int64_t attempt) {
  constexpr std::int64_t ms = 1'000'000;
  if (backoff == TransactionBackoff::no_backoff) return 0;
  const std::int64_t exponent =
      std::min<std::int64_t>(backoff == TransactionBackoff::v2025 ? attempt - 1 : attempt, 12);
  std::int64_t power = 1;  // 3^12 * 5 ms stays below 2^42.
  for (std::int64_t n = 0; n < exponent; ++n) power *= 3;
  return std::min((5 * ms * power) >> exponent, 500 * ms);
}

/// Uniform in [0, bound), from 64 random bits.
constexpr std::int64_t rerun_wait(TransactionBackoff backoff, std::int64_t attempt, std::uint64_t bits) {
  return static_cast<std::int64_t>(uniform_below(bits, static_cast<std::uint64_t>(rerun_wait_bound(backoff, attempt))));
}

/// Whether the limit would pass while waiting: then the driver raises at once instead of sleeping.
constexpr bool too_late_to_wait(const TransactionRetry& policy, std::int64_t elapsed, std::int64_t wait) {
  return elapsed + wait >= policy.limit;
}

}  // namespace premortem
