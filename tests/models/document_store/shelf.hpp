#pragma once
// A document store of one collection, in the words of the stories beside.

#include <initializer_list>
#include <vector>

#include "sim/models/document_store/document_store.hpp"

namespace premortem {

/// Documents have three fields: 0 is indexed and, if asked for, unique; 1 is indexed; 2 is neither.
class Shelf {
 public:
  static constexpr std::int64_t second = 1'000'000'000;
  static constexpr std::uint16_t key = 0, state = 1, count = 2;

  explicit Shelf(bool unique_key = false, bool noop_write_locks = false) : store(spec(unique_key, noop_write_locks)) {}

  TransactionId begin(std::int64_t now = 0) { return store.begin(now, 60 * second); }
  WriteResult insert(std::initializer_list<Word> words, TransactionId in = 0) {
    return store.insert(0, std::vector<Word>(words).data(), in);
  }
  /// A document that every test begins with.
  DocumentId holds(std::initializer_list<Word> words) { return insert(words).document; }
  WriteOutcome set(DocumentId document, std::uint16_t field, Word value, TransactionId in = 0) {
    return try_set(document, field, value, in).outcome;
  }
  WriteResult try_set(DocumentId document, std::uint16_t field, Word value, TransactionId in = 0) {
    const Word* seen = store.read(0, document, in);
    if (seen == nullptr) return {WriteOutcome::not_found, document, 0};
    std::vector<Word> words(seen, seen + 3);
    words[field] = value;
    return store.replace(0, document, words.data(), in);
  }
  /// 999: there is no such document.
  Word get(DocumentId document, std::uint16_t field, TransactionId in = 0) const {
    const Word* seen = store.read(0, document, in);
    return seen == nullptr ? 999 : seen[field];
  }
  /// In the order in which a scan shows them.
  std::vector<DocumentId> where(std::uint16_t field, Word value, TransactionId in = 0) const {
    std::vector<DocumentId> found;
    store.scan_equal(0, field, value, in, [&](DocumentId document, const Word*) {
      found.push_back(document);
      return true;
    });
    return found;
  }
  /// An updateOne: the first document where `state` is `from` gets `to`; evaluated anew at every call.
  WriteResult claim(Word from, Word to, TransactionId in = 0) {
    const std::vector<DocumentId> found = where(state, from, in);
    return found.empty() ? WriteResult{WriteOutcome::not_found, 0, 0} : try_set(found[0], state, to, in);
  }

  DocumentStore store;

 private:
  static DocumentStoreSpec spec(bool unique_key, bool noop_write_locks) {
    DocumentStoreSpec made;
    CollectionSpec& collection = made.collections.emplace_back();
    collection.fields = 3;
    if (unique_key) collection.unique = {{key}};
    collection.indexed = {key, state};
    made.noop_write_locks = noop_write_locks;
    return made;
  }
};

}  // namespace premortem
