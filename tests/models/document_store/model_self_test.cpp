// PROP-040: the store against a naive one, and the store as a value.

#include <algorithm>
#include <cstring>
#include <string>
#include <type_traits>

#include "tests/models/document_store/random_transactions.hpp"
#include "tests/models/document_store/reference_store.hpp"
#include "tests/models/document_store/shelf.hpp"
#include "tests/support/catch.hpp"

namespace premortem {
namespace {

template <class T>
concept HasFields = requires(T& value) {
  value.fields([](auto&) {});
};

/// Every byte that fields() shows.
struct Save {
  std::string bytes;
  template <class T>
  void operator()(const T& value) {
    if constexpr (HasFields<T>) {
      value.fields(*this);
    } else {
      static_assert(std::has_unique_object_representations_v<T>, "padding would make equal states differ");
      bytes.append(reinterpret_cast<const char*>(&value), sizeof(T));
    }
  }
  template <class T>
  void operator()(const std::vector<T>& values) {
    (*this)(std::uint64_t{values.size()});
    for (const T& value : values) (*this)(value);
  }
  void operator()(const std::string& text) { (*this)(std::vector<char>(text.begin(), text.end())); }
};

struct Load {
  const char* at;
  template <class T>
  void operator()(T& value) {
    if constexpr (HasFields<T>) {
      value.fields(*this);
    } else {
      std::memcpy(&value, at, sizeof(T));
      at += sizeof(T);
    }
  }
  template <class T>
  void operator()(std::vector<T>& values) {
    std::uint64_t size = 0;
    (*this)(size);
    values.resize(size);
    for (T& value : values) (*this)(value);
  }
  void operator()(std::string& text) {
    std::vector<char> letters;
    (*this)(letters);
    text.assign(letters.begin(), letters.end());
  }
};

std::string saved(const DocumentStore& store) {
  Save save;
  store.fields(save);
  return save.bytes;
}

using Words = ReferenceStore::Words;
Words words_of(const Word* words) { return {words[0], words[1], words[2]}; }

WriteResult applied(ReferenceStore& reference, const StepResult& step) {
  using Kind = StepResult::Kind;
  if (step.kind == Kind::inserted) return reference.insert(words_of(step.words.data()), step.transaction);
  if (step.kind == Kind::removed) return reference.write(step.target, {}, step.transaction);
  if (step.kind == Kind::replaced) {
    return reference.write(step.target, words_of(step.words.data()), step.transaction);
  }
  if (step.kind == Kind::began) reference.begin(step.transaction);
  if (step.kind == Kind::committed) REQUIRE(reference.commit(step.transaction) == step.committed);
  if (step.kind == Kind::aborted) reference.abort(step.transaction);
  return {};
}

/// All that a reader sees, by scan, by index and by scan for a field without one.
void require_same_view(const DocumentStore& store, const ReferenceStore& reference, TransactionId reader) {
  const ReferenceStore::State expected = reference.view(reader);
  ReferenceStore::State scanned;
  std::vector<DocumentId> order;
  store.scan(0, reader, [&](DocumentId document, const Word* words) {
    scanned[document] = words_of(words);
    order.push_back(document);
    return true;
  });
  REQUIRE(scanned == expected);
  REQUIRE(std::is_sorted(order.begin(), order.end()));
  REQUIRE(order.size() == expected.size());
  for (std::uint16_t field = 0; field < 3; ++field) {
    for (Word value = 0; value < 24; ++value) {
      std::vector<DocumentId> found, wanted;
      store.scan_equal(0, field, value, reader, [&](DocumentId document, const Word*) {
        found.push_back(document);
        return true;
      });
      for (const auto& [document, words] : expected) {
        if (words[field] == value) wanted.push_back(document);
      }
      REQUIRE(found == wanted);
    }
  }
}

}  // namespace

TEST_CASE("PROP-040: random transactions end as with a naive store that copies its whole state", "[document_store]") {
  RandomTransactions load;
  load.seed = GENERATE(1U, 2U, 3U, 4U, 5U, 6U);
  DocumentStore store(RandomTransactions::spec());
  ReferenceStore reference;
  std::array<int, 6> outcomes{};
  while (load.step < 6000) {
    const StepResult step = load.run(store);
    const WriteResult expected = applied(reference, step);
    ++outcomes[static_cast<std::size_t>(expected.outcome)];
    REQUIRE(step.write.outcome == expected.outcome);
    REQUIRE(step.write.document == expected.document);
    REQUIRE(step.write.blocker == expected.blocker);
    REQUIRE(store.size(0) == reference.committed().size());
    if (load.step % 16 != 0) continue;
    require_same_view(store, reference, 0);
    for (const TransactionId session : load.sessions) {
      REQUIRE(store.open(session) == reference.open(session));
      if (reference.open(session)) require_same_view(store, reference, session);
    }
  }
  // The load must have met what it is there for.
  CHECK(outcomes[static_cast<std::size_t>(WriteOutcome::ok)] > 1000);
  CHECK(outcomes[static_cast<std::size_t>(WriteOutcome::write_conflict)] > 200);
  CHECK(outcomes[static_cast<std::size_t>(WriteOutcome::duplicate_key)] > 40);
  CHECK(outcomes[static_cast<std::size_t>(WriteOutcome::must_wait)] > 100);
  CHECK(outcomes[static_cast<std::size_t>(WriteOutcome::not_found)] > 100);
}

TEST_CASE("PROP-040: no increment made in a committed transaction is lost", "[document_store]") {
  const std::uint64_t seed = GENERATE(11U, 12U, 13U);
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0}), y = shelf.holds({2, 0, 0});
  std::vector<TransactionId> sessions(5, 0);
  Word committed = 0;
  for (std::uint64_t step = 0; step < 4000; ++step) {
    const std::uint64_t bits = random_bits(seed, 0, 0, step);
    TransactionId& session = sessions[bits % 5];
    if (!shelf.store.open(session)) {
      session = shelf.begin();
    } else if ((bits >> 8) % 3 == 0) {
      // Both documents count the same increments, in every snapshot.
      REQUIRE(shelf.get(x, Shelf::count, session) == shelf.get(y, Shelf::count, session));
      const Word before = shelf.get(x, Shelf::count), mine = shelf.get(x, Shelf::count, session);
      REQUIRE(shelf.store.commit(session));
      if (shelf.get(x, Shelf::count) != before) {
        REQUIRE(mine == before + 1);
        ++committed;
      }
    } else if (shelf.store.revision(0, x, session) != 0) {  // It has not incremented yet.
      const Word next = shelf.get(x, Shelf::count, session) + 1;
      if (shelf.set(x, Shelf::count, next, session) != WriteOutcome::ok) continue;
      REQUIRE(shelf.set(y, Shelf::count, next, session) == WriteOutcome::ok);
    }
  }
  CHECK(committed > 100);
  CHECK(shelf.get(x, Shelf::count) == committed);
  CHECK(shelf.get(y, Shelf::count) == committed);
}

TEST_CASE("PROP-040: what a snapshot reads never changes while others commit and abort", "[document_store]") {
  RandomTransactions load;
  load.seed = 21;
  DocumentStore store(RandomTransactions::spec());
  while (load.step < 500) load.run(store);
  const TransactionId reader = store.begin(0, 1000);
  const auto everything = [&] {
    std::vector<Word> all;
    store.scan(0, reader, [&](DocumentId document, const Word* words) {
      all.push_back(document);
      all.insert(all.end(), words, words + 3);
      return true;
    });
    return all;
  };
  const std::vector<Word> first = everything();
  REQUIRE(first.size() > 8);
  while (load.step < 5000) {
    load.run(store);
    if (load.step % 10 == 0) REQUIRE(everything() == first);
  }
}

TEST_CASE("a copy taken in mid-run, and one saved and loaded, continue identically", "[document_store]") {
  RandomTransactions load;
  load.seed = GENERATE(31U, 32U);
  DocumentStore store(RandomTransactions::spec());
  while (load.step < 1500) load.run(store);
  REQUIRE(store.open_transactions() > 0);
  DocumentStore copy = store;
  const std::string bytes = saved(store);
  DocumentStore loaded;
  Load from{bytes.data()};
  loaded.fields(from);
  REQUIRE(from.at == bytes.data() + bytes.size());
  REQUIRE(saved(copy) == bytes);
  REQUIRE(saved(loaded) == bytes);

  RandomTransactions of_copy = load, of_loaded = load;
  while (load.step < 3000) {
    const StepResult step = load.run(store);
    REQUIRE(of_copy.run(copy) == step);
    REQUIRE(of_loaded.run(loaded) == step);
  }
  CHECK(store == copy);
  CHECK(saved(store) == saved(copy));
  CHECK(saved(store) == saved(loaded));
  CHECK(saved(store) != bytes);
}

TEST_CASE("in a steady state of overlapping transactions nothing grows", "[document_store]") {
  Shelf shelf(true);
  for (Word item = 0; item < 50; ++item) shelf.holds({item, 0, 0});
  std::size_t after_warm_up = 0, most = 0;
  std::vector<TransactionId> open;
  for (std::uint64_t round = 0; round < 6000; ++round) {
    open.push_back(shelf.begin());
    const auto item = static_cast<DocumentId>(round % 50), other = static_cast<DocumentId>((round * 7 + 3) % 50);
    shelf.set(item, Shelf::count, round, open.back());
    if (shelf.store.open(open.back()))
      shelf.set(other, Shelf::state, round, open.back());  // A value never seen before.
    shelf.set(static_cast<DocumentId>((round + 25) % 50), Shelf::key, 100 + round);
    if (open.size() > 3) {
      if (round % 5 == 0) shelf.store.abort(open.front());
      shelf.store.commit(open.front());
      open.erase(open.begin());
    }
    shelf.store.clear_changes();
    const std::size_t size = saved(shelf.store).size();
    if (round == 1000) after_warm_up = most;
    most = std::max(most, size);
  }
  CHECK(most == after_warm_up);
}

TEST_CASE("a long transaction keeps one old version of a document that others change a thousand times",
          "[document_store]") {
  Shelf shelf;
  const DocumentId x = shelf.holds({1, 0, 0});
  const TransactionId reader = shelf.begin();
  shelf.set(x, Shelf::count, 1);
  shelf.set(x, Shelf::count, 2);  // The new version stands beside the old ones for a moment.
  shelf.store.clear_changes();
  const std::size_t size = saved(shelf.store).size();
  for (Word value = 3; value < 1000; ++value) shelf.set(x, Shelf::count, value);
  shelf.store.clear_changes();
  CHECK(saved(shelf.store).size() == size);
  CHECK(shelf.get(x, Shelf::count, reader) == 0);
  CHECK(shelf.get(x, Shelf::count) == 999);
}

TEST_CASE("changes that nobody wants are not kept", "[document_store]") {
  DocumentStoreSpec spec = RandomTransactions::spec();
  spec.keeps_changes = false;
  DocumentStore store(spec);
  const Word words[] = {1, 2, 3};
  REQUIRE(store.insert(0, words, 0).outcome == WriteOutcome::ok);
  CHECK(store.changes().empty());
  CHECK(store.size(0) == 1);
}

}  // namespace premortem
