// What a majority has, and going back to that. MONGO-060, MONGO-061

#include <array>
#include <map>
#include <vector>

#include "sim/kernel/random.hpp"
#include "sim/models/document_store/document_store.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

/// One collection of documents with a unique key and a value.
DocumentStore replica_set() {
  DocumentStoreSpec spec;
  spec.collections.push_back({2, {{0}}, {1}, {}});
  spec.replicated = true;
  return DocumentStore(spec);
}

using Contents = std::map<Word, Word>;  // By the unique key.

Contents contents(const DocumentStore& store, TransactionId reader) {
  Contents all;
  store.scan(0, reader, [&](DocumentId, const Word* words) {
    all[words[0]] = words[1];
    return true;
  });
  return all;
}

}  // namespace

TEST_CASE("MONGO-061: a roll-back brings removed documents back, takes new ones, and restores changed ones",
          "[document_store][replication]") {
  DocumentStore store = replica_set();
  const std::array<Word, 2> one = {1, 10}, two = {2, 10}, three = {3, 10}, changed = {1, 11}, freed = {2, 77};
  const DocumentId first = store.insert(0, one.data(), 0).document, second = store.insert(0, two.data(), 0).document;
  store.reach_majority_at(5);
  store.advance_majority(5);
  CHECK(store.is_caught_up());
  store.replace(0, first, changed.data(), 0);
  store.remove(0, second, 0);
  store.insert(0, three.data(), 0);
  store.insert(0, freed.data(), 0);  // The key is free: somebody else takes it.
  store.reach_majority_at(9);
  store.advance_majority(8);
  CHECK_FALSE(store.is_caught_up());
  CHECK(contents(store, 0) == Contents{{1, 11}, {2, 77}, {3, 10}});
  CHECK(contents(store, majority_view) == Contents{{1, 10}, {2, 10}});
  store.clear_changes();
  CHECK(store.roll_back() == 4);
  CHECK(contents(store, 0) == Contents{{1, 10}, {2, 10}});
  CHECK(store.size(0) == 2);
  CHECK(store.changes().size() == 4);
  CHECK(store.is_caught_up());
  CHECK(store.insert(0, two.data(), 0).outcome == WriteOutcome::duplicate_key);
  CHECK(store.insert(0, three.data(), 0).outcome == WriteOutcome::ok);
  CHECK(store.roll_back() == 1);  // Nobody has said when a majority has it.
}

TEST_CASE(
    "MONGO-061: whatever was written, a roll-back is what a majority had, and what a majority has is what was due",
    "[document_store][replication]") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    DocumentStore store = replica_set();
    std::vector<std::pair<std::int64_t, Contents>> history = {{0, {}}};  // From when on a majority has it.
    std::vector<DocumentId> rows;
    std::int64_t now = 0;
    std::uint64_t draw = 0;
    const auto below = [&](std::uint64_t count) { return uniform_below(random_bits(seed, ++draw, 0, 0), count); };
    for (int step = 0; step < 60; ++step) {
      now += static_cast<std::int64_t>(below(3));
      const std::uint64_t before = store.commits();
      const TransactionId transaction = below(3) == 0 ? store.begin(now, 1'000) : 0;
      for (std::uint64_t writes = 1 + below(3); writes > 0; --writes) {
        if (transaction != 0 && !store.open(transaction)) break;
        const std::array<Word, 2> words = {below(8), below(4)};
        if (rows.empty() || below(3) == 0) {
          const WriteResult made = store.insert(0, words.data(), transaction);
          if (made.outcome == WriteOutcome::ok) rows.push_back(made.document);
        } else {
          const DocumentId row = rows[below(rows.size())];
          if (below(3) == 0) {
            store.remove(0, row, transaction);
          } else {
            store.replace(0, row, words.data(), transaction);
          }
        }
      }
      if (transaction != 0) below(4) == 0 ? store.abort(transaction) : static_cast<void>(store.commit(transaction));
      const std::int64_t due = now + static_cast<std::int64_t>(below(6));
      store.reach_majority_at(due);
      if (store.commits() != before) history.emplace_back(std::max(due, history.back().first), contents(store, 0));
      store.advance_majority(now);
      while (history.size() > 1 && history[1].first <= now) history.erase(history.begin());
      CAPTURE(seed, step);
      REQUIRE(contents(store, majority_view) == history.front().second);
      if (below(12) != 0) continue;
      store.roll_back();
      history = {{now, history.front().second}};
      REQUIRE(contents(store, 0) == history.front().second);
      REQUIRE(store.size(0) == history.front().second.size());
      for (const auto& [key, value] : history.front().second) {
        Contents by_index;
        store.scan_equal(0, 0, key, 0, [&](DocumentId, const Word* words) {
          by_index[words[0]] = words[1];
          return true;
        });
        REQUIRE(by_index == Contents{{key, value}});
      }
    }
  }
}
