#pragma once
// How the server tries a conflicting plain write again: MONGO-011, MONGO-012.

#include <cstdint>

namespace premortem {

/// Sleep after the given attempt (1 = the first), ns: none for 3, 1 ms to 9, 5 ms to 99, 10 ms to 199, then 100 ms.
constexpr std::int64_t backoff_after(std::int64_t attempt) {
  constexpr std::int64_t ms = 1'000'000;
  return attempt < 4 ? 0 : attempt < 10 ? ms : attempt < 100 ? 5 * ms : attempt < 200 ? 10 * ms : 100 * ms;
}

/// Everything slept after that many attempts, ns.
constexpr std::int64_t backoff_total(std::int64_t attempts) {
  std::int64_t total = 0;
  for (std::int64_t attempt = 1; attempt <= attempts && attempt < 200; ++attempt) total += backoff_after(attempt);
  return attempts >= 200 ? total + (attempts - 199) * backoff_after(200) : total;
}

/// The first instant at or after `not_before` at which a write that first failed at `since` is tried again. So a write
/// that waits for a transaction costs one event however long it waits.
constexpr std::int64_t retry_at_or_after(std::int64_t since, std::int64_t not_before) {
  std::int64_t at = since;
  for (std::int64_t attempt = 1; attempt < 200 && at < not_before; ++attempt) at += backoff_after(attempt);
  if (at >= not_before) return at;
  const std::int64_t step = backoff_after(200);
  return at + (not_before - at + step - 1) / step * step;
}

}  // namespace premortem
