#include "sim/models/document_store/equality_index.hpp"

#include <map>

#include "tests/support/catch.hpp"

namespace premortem {
namespace {

std::vector<DocumentId> rows(const EqualityIndex& index, Word value) {
  std::vector<DocumentId> found;
  for (EqualityIndex::EntryId at = index.first(value); at != EqualityIndex::none; at = index.next(at)) {
    found.push_back(index.row(at));
  }
  return found;
}

}  // namespace

TEST_CASE("rows of one value come in order, in whatever order they took it", "[document_store]") {
  EqualityIndex index;
  for (const DocumentId row : {5U, 1U, 9U, 3U, 7U, 6U, 2U}) index.add(42, row);
  index.add(43, 4);
  CHECK(rows(index, 42) == std::vector<DocumentId>{1, 2, 3, 5, 6, 7, 9});
  CHECK(rows(index, 43) == std::vector<DocumentId>{4});
  CHECK(rows(index, 44).empty());
}

TEST_CASE("an entry lives as long as one version uses it", "[document_store]") {
  EqualityIndex index;
  const EqualityIndex::EntryId entry = index.add(42, 5);
  index.use(entry);
  index.release(entry);
  CHECK(rows(index, 42) == std::vector<DocumentId>{5});
  index.release(entry);
  CHECK(rows(index, 42).empty());
  CHECK(index == [] {
    EqualityIndex used;
    used.release(used.add(1, 1));
    return used;
  }());  // Nothing of it is left.
}

TEST_CASE("values that come and go by the thousand leave the others in place", "[document_store]") {
  EqualityIndex index;
  std::map<Word, std::map<DocumentId, EqualityIndex::EntryId>> expected;
  for (std::uint64_t step = 0; step < 20'000; ++step) {
    const std::uint64_t bits = random_bits(1, 2, 3, step);
    const Word value = bits % 97;
    const auto row = static_cast<DocumentId>((bits >> 20) % 7);
    auto& chain = expected[value];
    const auto known = chain.find(row);
    if (known != chain.end()) {
      index.release(known->second);
      chain.erase(known);
    } else {
      chain[row] = index.add(value, row);
    }
    if (step % 500 != 0) continue;
    for (const auto& [wanted, entries] : expected) {
      std::vector<DocumentId> in_order;
      for (const auto& [each, entry] : entries) in_order.push_back(each);
      REQUIRE(rows(index, wanted) == in_order);
    }
  }
}

}  // namespace premortem
