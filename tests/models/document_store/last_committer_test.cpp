#include "sim/models/document_store/document_store.hpp"
#include "sim/models/world_bytes.hpp"
#include "tests/support/catch.hpp"

namespace premortem {

namespace {

/// One collection of documents {name, count}, indexed by name, in which the last committer wins.
struct Forgetful {
  DocumentStore store{spec()};

  static DocumentStoreSpec spec() {
    DocumentStoreSpec made;
    made.collections.push_back({2, {}, {0}, {}});
    made.first_updater_wins = false;
    return made;
  }
  DocumentId holds(Word name, Word count) {
    const Word words[] = {name, count};
    return store.insert(0, words, 0).document;
  }
  WriteOutcome set(DocumentId document, Word name, Word count, TransactionId in = 0) {
    const Word words[] = {name, count};
    return store.replace(0, document, words, in).outcome;
  }
  Word count(DocumentId document, TransactionId in = 0) const {
    const Word* words = store.read(0, document, in);
    return words == nullptr ? 999 : words[1];
  }
  std::vector<DocumentId> named(Word name, TransactionId in = 0) const {
    std::vector<DocumentId> found;
    store.scan_equal(0, 0, name, in, [&](DocumentId document, const Word*) {
      found.push_back(document);
      return true;
    });
    return found;
  }
};

std::string bytes_of(const DocumentStore& store) {
  std::string bytes;
  WorldWriter writer(bytes);
  writer(store);
  return bytes;
}

using Ids = std::vector<DocumentId>;
using Kind = DocumentStore::Change::Kind;

}  // namespace

TEST_CASE("where the last committer wins nobody conflicts or waits, and the earlier update is lost",
          "[document_store]") {
  Forgetful shop;
  const DocumentId x = shop.holds(7, 1);
  const TransactionId first = shop.store.begin(0, 100), second = shop.store.begin(0, 100);
  REQUIRE(shop.set(x, 7, shop.count(x, first) + 10, first) == WriteOutcome::ok);
  REQUIRE(shop.set(x, 8, shop.count(x, second) + 100, second) == WriteOutcome::ok);
  REQUIRE(shop.set(x, 7, 2) == WriteOutcome::ok);  // Outside: at once.
  CHECK(shop.count(x) == 2);
  CHECK(shop.count(x, first) == 11);
  CHECK(shop.count(x, second) == 101);
  CHECK(shop.store.revision(0, x, second) == 0);  // An own write.
  CHECK(shop.named(8, second) == Ids{x});
  CHECK(shop.named(7, second) == Ids{});
  CHECK(shop.named(8) == Ids{});
  REQUIRE(shop.store.commit(second));
  CHECK(shop.count(x) == 101);
  CHECK(shop.count(x, first) == 11);
  REQUIRE(shop.store.commit(first));
  CHECK(shop.count(x) == 11);
  CHECK(shop.named(7) == Ids{x});
  CHECK(shop.named(8) == Ids{});
}

TEST_CASE("what a transaction has put aside goes with it, and not over a document that is gone", "[document_store]") {
  Forgetful shop;
  const DocumentId x = shop.holds(7, 1), y = shop.holds(7, 2);
  shop.store.clear_changes();
  const TransactionId undone = shop.store.begin(0, 100), late = shop.store.begin(0, 100);
  REQUIRE(shop.set(x, 7, 10, undone) == WriteOutcome::ok);
  REQUIRE(shop.store.remove(0, y, undone).outcome == WriteOutcome::ok);
  CHECK(shop.count(y, undone) == 999);
  CHECK(shop.set(y, 7, 3, undone) == WriteOutcome::not_found);
  shop.store.abort(undone);
  CHECK(shop.count(x) == 1);
  CHECK(shop.count(y) == 2);

  REQUIRE(shop.set(x, 7, 20, late) == WriteOutcome::ok);
  REQUIRE(shop.set(y, 7, 21, late) == WriteOutcome::ok);
  REQUIRE(shop.store.remove(0, y, 0).outcome == WriteOutcome::ok);
  REQUIRE(shop.store.commit(late));
  CHECK(shop.count(x) == 20);
  CHECK(shop.count(y) == 999);
  CHECK(shop.store.size(0) == 1);
  REQUIRE(shop.store.changes().size() == 2);
  CHECK(shop.store.changes()[0].kind == Kind::removed);
  CHECK(shop.store.changes()[1].kind == Kind::replaced);
  CHECK(shop.store.before(shop.store.changes()[1])[1] == 1);
  CHECK(shop.store.after(shop.store.changes()[1])[1] == 20);
}

TEST_CASE("where the last committer wins a snapshot lasts, and what nobody sees any more is used again",
          "[document_store]") {
  Forgetful shop;
  const DocumentId x = shop.holds(7, 1);
  const auto updated_often = [&](Word times) {
    const TransactionId reader = shop.store.begin(0, 100);
    const Word before = shop.count(x);
    for (Word time = 0; time < times; ++time) {
      const TransactionId writer = shop.store.begin(0, 100);
      REQUIRE(shop.set(x, 7, shop.count(x, writer) + 1, writer) == WriteOutcome::ok);
      REQUIRE(shop.store.commit(writer));
      REQUIRE(shop.count(x, reader) == before);
    }
    REQUIRE(shop.store.commit(reader));
    shop.store.clear_changes();
    return bytes_of(shop.store).size();
  };
  const std::size_t soon = updated_often(10), late = updated_often(1000);
  CHECK(shop.count(x) == 1011);
  CHECK(soon == late);
}

TEST_CASE("what is put aside is part of the store's value", "[document_store]") {
  Forgetful shop;
  const DocumentId x = shop.holds(7, 1);
  const TransactionId writer = shop.store.begin(0, 100);
  REQUIRE(shop.set(x, 7, 2, writer) == WriteOutcome::ok);
  Forgetful restored;
  const std::string bytes = bytes_of(shop.store);
  WorldReader reader(bytes);
  reader(restored.store);
  REQUIRE(reader.exhausted());
  CHECK(restored.store == shop.store);
  CHECK(restored.count(x, writer) == 2);
  REQUIRE(restored.store.commit(writer));
  CHECK(restored.count(x) == 2);
  CHECK(!(restored.store == shop.store));
}

}  // namespace premortem
