#include <algorithm>

#include "tests/models/document_store/shelf.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

using enum WriteOutcome;
constexpr Word to_export = 1, exporting = 2;

TEST_CASE("MONGO-019: of two waiting updates by {score: 80} exactly one still matches", "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 80, 0});
  const TransactionId holder = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::count, 1, holder) == ok);
  REQUIRE(shelf.claim(80, 90).outcome == must_wait);
  REQUIRE(shelf.claim(80, 100).outcome == must_wait);
  REQUIRE(shelf.store.commit(holder));
  CHECK(shelf.claim(80, 90).outcome == ok);  // Each begins again with its filter.
  CHECK(shelf.claim(80, 100).outcome == not_found);
  CHECK(shelf.get(x, Shelf::state) == 90);
}

TEST_CASE("MONGO-019: an update that waited for a change or removal of what it had found skips the document",
          "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 80, 0}), y = shelf.holds({2, 80, 0});
  const TransactionId holder = shelf.begin();
  REQUIRE(shelf.set(x, Shelf::state, 81, holder) == ok);
  REQUIRE(shelf.store.remove(0, y, holder).outcome == ok);
  REQUIRE(shelf.claim(80, 90).outcome == must_wait);
  REQUIRE(shelf.store.commit(holder));
  CHECK(shelf.claim(80, 90).outcome == not_found);
  const Word words[] = {2, 90, 0};
  CHECK(shelf.store.replace(0, y, words, 0).outcome == not_found);
  CHECK(shelf.get(x, Shelf::state) == 81);
}

TEST_CASE("MONGO-050: twenty claimers of twelve items take each item once, and eight get nothing", "[document_store]") {
  Shelf shelf;
  for (Word item = 0; item < 12; ++item) shelf.holds({item, to_export, 0});
  std::vector<DocumentId> claimed;
  int empty_handed = 0;
  for (int claimer = 0; claimer < 20; ++claimer) {
    const WriteResult claim = shelf.claim(to_export, exporting);
    REQUIRE((claim.outcome == ok || claim.outcome == not_found));  // Outside a transaction never 112.
    if (claim.outcome == ok) claimed.push_back(claim.document);
    if (claim.outcome == not_found) ++empty_handed;
  }
  CHECK(claimed == std::vector<DocumentId>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  CHECK(empty_handed == 8);
}

TEST_CASE("MONGO-053: five claims inside transactions pick the same first item: one wins, four conflict",
          "[document_store]") {
  Shelf shelf;
  for (Word item = 0; item < 12; ++item) shelf.holds({item, to_export, 0});
  std::vector<TransactionId> claimers;
  for (int claimer = 0; claimer < 5; ++claimer) claimers.push_back(shelf.begin());
  std::vector<WriteOutcome> outcomes;
  for (const TransactionId claimer : claimers) outcomes.push_back(shelf.claim(to_export, exporting, claimer).outcome);
  CHECK(outcomes == std::vector<WriteOutcome>{ok, write_conflict, write_conflict, write_conflict, write_conflict});
  CHECK(shelf.store.open_transactions() == 1);
  CHECK(shelf.store.commit(claimers[0]));
  CHECK(shelf.where(Shelf::state, exporting) == std::vector<DocumentId>{0});
}

}  // namespace premortem
