#include "sim/models/document_store/driver_retry.hpp"
#include "tests/models/document_store/shelf.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

using enum WriteOutcome;

TEST_CASE("MONGO-006: two documents cannot be given one unique key by two open transactions", "[document_store]") {
  Shelf shelf(true);
  const DocumentId x = shelf.holds({1, 0, 0}), y = shelf.holds({2, 0, 0});
  const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::key, 3, t1) == ok);
  CHECK(shelf.set(y, Shelf::key, 3, t2) == write_conflict);
  CHECK(shelf.set(y, Shelf::key, 3) == must_wait);
  CHECK(shelf.set(y, Shelf::key, 1) == must_wait);  // The key that the open change gives up may come back.
  REQUIRE(shelf.store.commit(t1));
  CHECK(shelf.set(y, Shelf::key, 3) == duplicate_key);
  CHECK(shelf.set(y, Shelf::key, 1) == ok);
}

TEST_CASE("MONGO-006: an open change of another field leaves the key's entry alone", "[document_store]") {
  Shelf shelf(true);
  const DocumentId x = shelf.holds({1, 0, 0});
  const TransactionId t1 = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 5, t1) == ok);
  CHECK(shelf.insert({1, 0, 0}).outcome == duplicate_key);
  CHECK(shelf.insert({1, 0, 0}, shelf.begin()).outcome == duplicate_key);
}

TEST_CASE("MONGO-046: a duplicate key undoes the transaction around it", "[document_store]") {
  Shelf shelf(true);
  const DocumentId x = shelf.holds({1, 0, 0});
  const TransactionId t = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 5, t) == ok);
  const WriteResult insert = shelf.insert({1, 9, 9}, t);
  CHECK(insert.outcome == duplicate_key);
  CHECK(insert.document == x);
  CHECK_FALSE(shelf.store.commit(t));
  CHECK(shelf.get(x, Shelf::count) == 0);
  CHECK(shelf.insert({1, 9, 9}).outcome == duplicate_key);
  CHECK(shelf.store.size(0) == 1);
}

TEST_CASE("MONGO-033: a callback that swallows the duplicate key runs again until the 120 s are over",
          "[document_store]") {
  Shelf shelf(true);
  shelf.holds({1, 0, 0});
  const TransactionRetry policy;
  constexpr TransactionError no_such_transaction_error{true, false, false};  // Code 251, transient: MONGO-025.
  std::int64_t elapsed = 0;
  int runs = 0;
  TransactionStep step = TransactionStep::rerun_transaction;
  while (step == TransactionStep::rerun_transaction) {
    const TransactionId t = shelf.begin(elapsed);
    elapsed += Shelf::second;  // What one callback takes.
    ++runs;
    REQUIRE(shelf.insert({1, 0, 0}, t).outcome == duplicate_key);
    REQUIRE_FALSE(shelf.store.commit(t));
    step = step_after(policy, TransactionStage::commit, no_such_transaction_error, elapsed);
  }
  CHECK(step == TransactionStep::raise);
  CHECK(runs == 120);
}

TEST_CASE("MONGO-047: of two concurrent inserts of one key, the second waits outside transactions",
          "[document_store]") {
  Shelf shelf(true);
  const TransactionId holder = shelf.begin();
  REQUIRE(shelf.insert({7, 0, 0}, holder).outcome == ok);
  const WriteResult second = shelf.insert({7, 0, 1});
  REQUIRE(second.outcome == must_wait);
  REQUIRE(second.blocker == holder);
  SECTION("and gets 11000 when the first commits") {
    REQUIRE(shelf.store.commit(holder));
    CHECK(shelf.insert({7, 0, 1}).outcome == duplicate_key);
  }
  SECTION("and succeeds when the first aborts") {
    shelf.store.abort(holder);
    CHECK(shelf.insert({7, 0, 1}).outcome == ok);
  }
}

TEST_CASE("MONGO-047: inside a transaction the second gets 112, and 11000 with a snapshot after the first's commit",
          "[document_store]") {
  Shelf shelf(true);
  const TransactionId first = shelf.begin(), during = shelf.begin(), before = shelf.begin();
  REQUIRE(shelf.insert({7, 0, 0}, first).outcome == ok);
  CHECK(shelf.insert({7, 0, 1}, during).outcome == write_conflict);
  REQUIRE(shelf.store.commit(first));
  CHECK(shelf.insert({7, 0, 1}, before).outcome == write_conflict);  // It cannot see what it would duplicate.
  CHECK(shelf.insert({7, 0, 1}, shelf.begin()).outcome == duplicate_key);
  CHECK(shelf.store.size(0) == 1);
}

TEST_CASE("MONGO-047: a key removed after the snapshot cannot be taken by it either", "[document_store]") {
  Shelf shelf(true);
  const DocumentId x = shelf.holds({7, 0, 0});
  const TransactionId before = shelf.begin();
  REQUIRE(shelf.store.remove(0, x, 0).outcome == ok);
  CHECK(shelf.insert({7, 0, 1}, before).outcome == write_conflict);
  CHECK(shelf.insert({7, 0, 1}, shelf.begin()).outcome == ok);
}

TEST_CASE("MONGO-048: two upserts that both found nothing insert two documents without a unique index, one with it",
          "[document_store]") {
  const bool unique = GENERATE(false, true);
  Shelf shelf(unique);
  REQUIRE(shelf.where(Shelf::key, 7).empty());  // The first looks, and the second looks, before either inserts.
  REQUIRE(shelf.insert({7, 0, 1}).outcome == ok);
  const WriteResult second = shelf.insert({7, 0, 2});
  if (!unique) {
    CHECK(second.outcome == ok);
    CHECK(shelf.where(Shelf::key, 7).size() == 2);
    return;
  }
  REQUIRE(second.outcome == duplicate_key);
  const std::vector<DocumentId> found = shelf.where(Shelf::key, 7);  // The server tries again as an update.
  REQUIRE(found == std::vector<DocumentId>{second.document});
  CHECK(shelf.set(found[0], Shelf::count, 2) == ok);
  CHECK(shelf.get(found[0], Shelf::count) == 2);
  CHECK(shelf.store.size(0) == 1);
}

TEST_CASE("a unique key of two fields compares both", "[document_store]") {
  DocumentStoreSpec spec;
  spec.collections.push_back({3, {{0, 1}}, {}, {}});
  DocumentStore store(spec);
  const auto insert = [&](Word a, Word b) {
    const Word words[] = {a, b, 0};
    return store.insert(0, words, 0).outcome;
  };
  CHECK(insert(1, 2) == ok);
  CHECK(insert(2, 1) == ok);
  CHECK(insert(1, 1) == ok);
  CHECK(insert(1, 2) == duplicate_key);
}

}  // namespace premortem
