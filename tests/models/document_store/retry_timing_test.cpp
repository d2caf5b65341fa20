#include "sim/models/document_store/driver_retry.hpp"
#include "sim/models/document_store/reaper.hpp"
#include "sim/models/document_store/write_conflict_backoff.hpp"
#include "tests/models/document_store/shelf.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

constexpr std::int64_t us = 1'000, ms = 1'000'000, second = 1'000'000'000;

TEST_CASE("MONGO-012: the server sleeps 0, 1, 5, 10 and 100 ms by attempt; 250 tries take 6556 ms",
          "[document_store]") {
  struct Row {
    std::int64_t attempt, sleep, total;
  };
  const Row row = GENERATE(Row{1, 0, 0}, Row{3, 0, 0}, Row{4, 1 * ms, 1 * ms}, Row{9, 1 * ms, 6 * ms},
                           Row{10, 5 * ms, 11 * ms}, Row{99, 5 * ms, 456 * ms}, Row{100, 10 * ms, 466 * ms},
                           Row{199, 10 * ms, 1456 * ms}, Row{200, 100 * ms, 1556 * ms}, Row{250, 100 * ms, 6556 * ms});
  CHECK(backoff_after(row.attempt) == row.sleep);
  CHECK(backoff_total(row.attempt) == row.total);
}

TEST_CASE("MONGO-012: the first try of the grid that is not too early is found without walking it",
          "[document_store]") {
  struct Row {
    std::int64_t not_before, retry;
  };
  const Row row = GENERATE(Row{0, 0}, Row{1, 1 * ms}, Row{1 * ms, 1 * ms}, Row{1 * ms + 1, 2 * ms},
                           Row{7 * ms, 11 * ms}, Row{457 * ms, 466 * ms}, Row{1456 * ms, 1456 * ms},
                           Row{1457 * ms, 1556 * ms}, Row{6556 * ms, 6556 * ms}, Row{30 * second, 30'056 * ms});
  CHECK(retry_at_or_after(17 * second, 17 * second + row.not_before) == 17 * second + row.retry);
}

TEST_CASE("MONGO-012: every instant that the grid answers is the start of one of the server's tries",
          "[document_store]") {
  const std::int64_t now = GENERATE(3 * ms, 12 * ms, 455 * ms, 1'000 * ms, 9'999 * ms);
  std::int64_t tries = 1;
  while (backoff_total(tries) < now) ++tries;
  CHECK(retry_at_or_after(0, now) == backoff_total(tries));
}

TEST_CASE("MONGO-024: the reaper looks every half lifetime, between 1 s and 60 s", "[document_store]") {
  CHECK(reaper_period(60 * second) == 30 * second);
  CHECK(reaper_period(1 * second) == 1 * second);
  CHECK(reaper_period(300 * second) == 60 * second);
}

TEST_CASE("MONGO-024: an idle transaction may live at 61 s and is dead at 91 s", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0});
  const std::int64_t began = 10 * second;
  const TransactionId idle = shelf.begin(began);
  REQUIRE(shelf.set(x, Shelf::count, 1, idle) == WriteOutcome::ok);
  const auto alive_at = [&](std::int64_t age) {
    DocumentStore store = shelf.store;
    for (std::int64_t look = 0; look <= began + age; look += reaper_period(60 * second)) {
      for (const TransactionId transaction : store.expired(look)) store.abort(transaction);
    }
    return store.open(idle);
  };
  CHECK(alive_at(61 * second));  // Looked at 60 s, when it was 50 s old, and not since.
  CHECK_FALSE(alive_at(91 * second));
  CHECK(shelf.store.expired(began + 60 * second - 1).empty());
  CHECK(shelf.store.expired(began + 60 * second) == std::vector<TransactionId>{idle});
  shelf.store.abort(idle);
  CHECK_FALSE(shelf.store.commit(idle));
  CHECK(shelf.get(x, Shelf::count) == 0);
}

TEST_CASE(
    "MONGO-030: withTransaction reruns on a transient label and retries the commit on an unknown result, for 120 s",
    "[document_store]") {
  using enum TransactionStep;
  const TransactionRetry policy;
  const TransactionError transient{true, false, false}, unknown{false, true, false}, slow{false, true, true}, other{};
  const TransactionStage callback = TransactionStage::callback, commit = TransactionStage::commit;
  CHECK(step_after(policy, callback, transient, 0) == rerun_transaction);
  CHECK(step_after(policy, commit, transient, 120 * second - 1) == rerun_transaction);
  CHECK(step_after(policy, commit, transient, 120 * second) == raise);
  CHECK(step_after(policy, commit, unknown, 0) == retry_commit);
  CHECK(step_after(policy, commit, unknown, 120 * second) == raise);
  CHECK(step_after(policy, commit, slow, 0) == raise);
  CHECK(step_after(policy, callback, unknown, 0) == raise);
  CHECK(step_after(policy, callback, other, 0) == raise);
  CHECK(step_after(policy, commit, other, 0) == raise);
}

TEST_CASE("MONGO-031: the wait before a rerun is random below 5 ms * 1.5^n, 500 ms at most", "[document_store]") {
  using enum TransactionBackoff;
  CHECK(rerun_wait_bound(no_backoff, 40) == 0);
  CHECK(rerun_wait_bound(v2025, 1) == 5 * ms);
  CHECK(rerun_wait_bound(v2025, 2) == 7'500 * us);
  CHECK(rerun_wait_bound(v2026, 1) == 7'500 * us);
  CHECK(rerun_wait_bound(v2026, 2) == 11'250 * us);
  CHECK(rerun_wait_bound(v2025, 12) == 432'487'792);  // 5 ms * 3^11 / 2^11, rounded down.
  CHECK(rerun_wait_bound(v2025, 13) == 500 * ms);
  CHECK(rerun_wait_bound(v2026, 1'000'000) == 500 * ms);
  CHECK(rerun_wait(v2025, 1, 0) == 0);
  CHECK(rerun_wait(v2025, 1, UINT64_MAX) == 5 * ms - 1);  // The factor is below 1.
  CHECK(rerun_wait(v2025, 1, UINT64_MAX / 2 + 1) == 2'500 * us);
  CHECK(rerun_wait(no_backoff, 1, UINT64_MAX) == 0);
  const TransactionRetry policy{v2026};
  CHECK_FALSE(too_late_to_wait(policy, 119'500 * ms, 500 * ms - 1));
  CHECK(too_late_to_wait(policy, 119'500 * ms, 500 * ms));
}

TEST_CASE("MONGO-032: a callback repeated after a conflict repeats everything outside the session",
          "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0});
  const TransactionId rival = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 100, rival) == WriteOutcome::ok);
  const TransactionRetry policy;
  const TransactionError conflict{true, false, false};
  int files_written = 0;
  WriteOutcome outcome = WriteOutcome::write_conflict;
  for (std::int64_t elapsed = 0; outcome != WriteOutcome::ok; elapsed += second) {
    const TransactionId t = shelf.begin(elapsed);
    ++files_written;
    if (files_written == 3) shelf.store.abort(rival);
    outcome = shelf.set(x, Shelf::count, 1, t);
    if (outcome == WriteOutcome::ok) {
      REQUIRE(shelf.store.commit(t));
      break;
    }
    REQUIRE(step_after(policy, TransactionStage::callback, conflict, elapsed) == TransactionStep::rerun_transaction);
  }
  CHECK(files_written == 3);
  CHECK(shelf.get(x, Shelf::count) == 1);
}

}  // namespace premortem
