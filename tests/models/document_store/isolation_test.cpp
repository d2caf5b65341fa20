#include "tests/models/document_store/shelf.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

using enum WriteOutcome;
using Ids = std::vector<DocumentId>;

TEST_CASE("MONGO-001: a transaction reads what was committed before it began, and its own writes", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId reader = shelf.begin();
  const TransactionId writer = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, writer) == ok);
  CHECK(shelf.get(x, Shelf::count, writer) == 2);
  CHECK(shelf.get(x, Shelf::count) == 1);  // No dirty read.
  REQUIRE(shelf.store.commit(writer));
  CHECK(shelf.get(x, Shelf::count) == 2);
  CHECK(shelf.get(x, Shelf::count, reader) == 1);  // The read is repeatable.

  const DocumentId later = shelf.holds({2, 0, 0});
  REQUIRE(shelf.store.remove(0, x, 0).outcome == ok);
  CHECK(shelf.get(x, Shelf::count, reader) == 1);
  CHECK(shelf.where(Shelf::state, 0, reader) == Ids{x});  // No phantoms either, and none missing.
  CHECK(shelf.where(Shelf::state, 0) == Ids{later});
  CHECK(shelf.store.size(0) == 1);
}

TEST_CASE("MONGO-001: an index shows each reader its own version's value, once and in order of insertion",
          "[document_store]") {
  Shelf shelf;
  const DocumentId a = shelf.holds({1, 7, 0}), b = shelf.holds({2, 8, 0}), c = shelf.holds({3, 7, 0});
  const TransactionId early = shelf.begin();
  REQUIRE(shelf.set(a, Shelf::state, 8) == ok);
  const TransactionId middle = shelf.begin();
  REQUIRE(shelf.set(c, Shelf::state, 8, middle) == ok);
  REQUIRE(shelf.set(a, Shelf::state, 7) == ok);  // Back again: still one entry.
  CHECK(shelf.where(Shelf::state, 7, early) == Ids{a, c});
  CHECK(shelf.where(Shelf::state, 8, early) == Ids{b});
  CHECK(shelf.where(Shelf::state, 7, middle).empty());
  CHECK(shelf.where(Shelf::state, 8, middle) == Ids{a, b, c});
  CHECK(shelf.where(Shelf::state, 7) == Ids{a, c});
  shelf.store.abort(middle);
  shelf.store.abort(early);
  CHECK(shelf.where(Shelf::state, 7) == Ids{a, c});
  CHECK(shelf.where(Shelf::state, 8) == Ids{b});
}

TEST_CASE("MONGO-002: write skew: two doctors each see the other on call, and both leave", "[document_store]") {
  Shelf shelf;
  const DocumentId ann = shelf.holds({1, 1, 0}), bob = shelf.holds({2, 1, 0});
  const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
  REQUIRE(shelf.where(Shelf::state, 1, t1) == Ids{ann, bob});
  REQUIRE(shelf.where(Shelf::state, 1, t2) == Ids{ann, bob});
  REQUIRE(shelf.set(ann, Shelf::state, 0, t1) == ok);
  REQUIRE(shelf.set(bob, Shelf::state, 0, t2) == ok);
  CHECK(shelf.store.commit(t1));
  CHECK(shelf.store.commit(t2));
  CHECK(shelf.where(Shelf::state, 1).empty());
}

TEST_CASE("MONGO-003: the second updater loses at once, though the first has not committed", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId first = shelf.begin(), second = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, second) == ok);  // Whoever updates first, not whoever began first.
  CHECK(shelf.set(x, Shelf::count, 3, first) == write_conflict);
  CHECK(shelf.store.commit(second));
  CHECK(shelf.get(x, Shelf::count) == 2);
}

TEST_CASE("MONGO-003: a removal conflicts as an update does", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId t1 = shelf.begin(), t2 = shelf.begin(), t3 = shelf.begin();
  REQUIRE(shelf.store.remove(0, x, t1).outcome == ok);
  CHECK(shelf.store.remove(0, x, t2).outcome == write_conflict);
  REQUIRE(shelf.store.commit(t1));
  CHECK(shelf.set(x, Shelf::count, 3, t3) == write_conflict);  // Its snapshot still has the document.
}

TEST_CASE("MONGO-004: the winner's abort does not take the loser's failure back", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, t1) == ok);
  REQUIRE(shelf.set(x, Shelf::count, 3, t2) == write_conflict);
  shelf.store.abort(t1);
  CHECK_FALSE(shelf.store.open(t2));
  CHECK_FALSE(shelf.store.commit(t2));
  CHECK(shelf.get(x, Shelf::count) == 1);
}

TEST_CASE("MONGO-006: two transactions that change different fields of one document conflict", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0}), y = shelf.holds({2, 0, 0});
  const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::state, 1, t1) == ok);
  CHECK(shelf.set(y, Shelf::state, 1, t2) == ok);  // Not the collection.
  CHECK(shelf.set(x, Shelf::count, 1, t2) == write_conflict);
}

TEST_CASE("MONGO-007: a write that changes nothing is not a lock", "[document_store]") {
  SECTION("by default nobody notices it") {
    Shelf shelf;
    const DocumentId x = shelf.holds({1, 0, 5});
    const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
    const std::uint64_t before = shelf.store.revision(0, x, 0);
    REQUIRE(shelf.set(x, Shelf::count, 5, t1) == ok);
    CHECK(shelf.set(x, Shelf::count, 6, t2) == ok);
    CHECK(shelf.set(x, Shelf::count, 5, t1) == ok);  // Nor does it notice the other's write.
    CHECK(shelf.set(x, Shelf::count, 5) == ok);
    CHECK(shelf.store.commit(t1));
    CHECK(shelf.store.revision(0, x, 0) == before);
  }
  SECTION("noop_write_locks makes it one") {
    Shelf shelf(false, true);
    const DocumentId x = shelf.holds({1, 0, 5});
    const TransactionId t1 = shelf.begin(), t2 = shelf.begin();
    REQUIRE(shelf.set(x, Shelf::count, 5, t1) == ok);
    CHECK(shelf.set(x, Shelf::count, 6, t2) == write_conflict);
  }
}

TEST_CASE("MONGO-010: a conflict undoes everything the transaction has written, and it is gone", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1}), y = shelf.holds({2, 0, 1}), z = shelf.holds({3, 0, 1});
  const TransactionId winner = shelf.begin(), loser = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, winner) == ok);
  REQUIRE(shelf.set(y, Shelf::count, 3, loser) == ok);
  REQUIRE(shelf.store.remove(0, z, loser).outcome == ok);
  REQUIRE(shelf.insert({4, 4, 4}, loser).outcome == ok);
  REQUIRE(shelf.set(x, Shelf::count, 3, loser) == write_conflict);
  CHECK(shelf.get(y, Shelf::count) == 1);
  CHECK(shelf.get(z, Shelf::count) == 1);
  CHECK(shelf.where(Shelf::key, 4).empty());
  CHECK(shelf.insert({5, 0, 0}, loser).outcome == no_such_transaction);
  CHECK(shelf.store.remove(0, y, loser).outcome == no_such_transaction);
  CHECK(shelf.set(y, Shelf::count, 9, winner) == ok);  // What it held is free.
}

TEST_CASE("MONGO-011: ten plain increments of one document all succeed, and the sum is exact", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0});
  const TransactionId holder = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 100, holder) == ok);
  for (int client = 0; client < 10; ++client) {
    CHECK(shelf.set(x, Shelf::count, shelf.get(x, Shelf::count) + 1) == must_wait);  // Never a conflict: MONGO-021.
  }
  REQUIRE(shelf.store.commit(holder));
  for (int client = 0; client < 10; ++client) {
    CHECK(shelf.set(x, Shelf::count, shelf.get(x, Shelf::count) + 1) == ok);
  }
  CHECK(shelf.get(x, Shelf::count) == 110);
}

TEST_CASE("MONGO-015: a plain write waits for the transaction that holds the document, then sees its version",
          "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId idle = shelf.begin(), holder = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, holder) == ok);
  const WriteResult waits = shelf.try_set(x, Shelf::state, 9);
  REQUIRE(waits.outcome == must_wait);
  REQUIRE(waits.blocker == holder);
  REQUIRE(shelf.store.remove(0, x, 0).blocker == holder);
  CHECK(shelf.store.open(idle));
  REQUIRE(shelf.store.commit(holder));
  REQUIRE(shelf.set(x, Shelf::state, 9) == ok);
  CHECK(shelf.get(x, Shelf::count) == 2);
  CHECK(shelf.get(x, Shelf::state) == 9);
}

TEST_CASE("MONGO-016: a plain write after the snapshot makes the transaction's own write conflict",
          "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const TransactionId t = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2) == ok);
  CHECK(shelf.get(x, Shelf::count, t) == 1);
  CHECK(shelf.set(x, Shelf::state, 3, t) == write_conflict);
  CHECK(shelf.get(x, Shelf::count) == 2);
}

TEST_CASE("MONGO-016: what was read before the transaction began can be guarded by its revision", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1});
  const std::uint64_t read = shelf.store.revision(0, x, 0);
  const Word next[] = {1, 0, 2};
  SECTION("unchanged since: the write succeeds") {
    const TransactionId t = shelf.begin();
    REQUIRE(shelf.store.replace(0, x, next, t, read).outcome == ok);
    CHECK(shelf.store.revision(0, x, t) == 0);  // Not committed yet.
    REQUIRE(shelf.store.commit(t));
    CHECK(shelf.store.revision(0, x, 0) == read + 1);
  }
  SECTION("changed since, though before the snapshot: it conflicts") {
    REQUIRE(shelf.set(x, Shelf::state, 5) == ok);
    const TransactionId t = shelf.begin();
    CHECK(shelf.store.replace(0, x, next, t, read).outcome == write_conflict);
    CHECK_FALSE(shelf.store.open(t));
  }
}

TEST_CASE("MONGO-037: abort undoes the transaction's own writes and nobody else's", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1}), y = shelf.holds({2, 0, 1});
  REQUIRE(shelf.set(y, Shelf::count, 5) == ok);
  const TransactionId t = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 2, t) == ok);
  REQUIRE(shelf.set(x, Shelf::state, 2, t) == ok);
  const DocumentId made = shelf.insert({3, 0, 0}, t).document;
  REQUIRE(shelf.set(y, Shelf::state, 7) == ok);
  shelf.store.clear_changes();
  shelf.store.abort(t);
  CHECK(shelf.store.changes().empty());
  CHECK(shelf.get(x, Shelf::count) == 1);
  CHECK(shelf.get(x, Shelf::state) == 0);
  CHECK(shelf.get(y, Shelf::count) == 5);
  CHECK(shelf.get(y, Shelf::state) == 7);
  CHECK(shelf.get(made, Shelf::key) == 999);
  CHECK(shelf.store.size(0) == 2);
  CHECK(shelf.store.open_transactions() == 0);
  CHECK(shelf.holds({3, 0, 0}) != made);  // A history may have named it.
}

TEST_CASE("a commit shows all its changes at once, with the words before and after", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 1}), y = shelf.holds({2, 0, 2});
  shelf.store.clear_changes();
  const TransactionId t = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 10, t) == ok);
  REQUIRE(shelf.set(x, Shelf::count, 11, t) == ok);
  REQUIRE(shelf.store.remove(0, y, t).outcome == ok);
  const DocumentId z = shelf.insert({3, 0, 3}, t).document;
  const DocumentId passing = shelf.insert({4, 0, 4}, t).document;
  REQUIRE(shelf.store.remove(0, passing, t).outcome == ok);
  CHECK(shelf.store.changes().empty());
  REQUIRE(shelf.store.commit(t));
  using Kind = DocumentStore::Change::Kind;
  const std::vector<DocumentStore::Change>& changes = shelf.store.changes();
  REQUIRE(changes.size() == 3);
  CHECK((changes[0].kind == Kind::replaced && changes[0].document == x));
  CHECK(shelf.store.before(changes[0])[Shelf::count] == 1);
  CHECK(shelf.store.after(changes[0])[Shelf::count] == 11);
  CHECK((changes[1].kind == Kind::removed && changes[1].document == y));
  CHECK(shelf.store.before(changes[1])[Shelf::count] == 2);
  CHECK(shelf.store.after(changes[1]) == nullptr);
  CHECK((changes[2].kind == Kind::inserted && changes[2].document == z));
  CHECK(shelf.store.before(changes[2]) == nullptr);
  CHECK(shelf.store.after(changes[2])[Shelf::count] == 3);
}

}  // namespace premortem
