#pragma once
// The words that the parts of the document store share.

#include <cstdint>
#include <vector>

namespace premortem {

using Word = std::uint64_t;           ///< One field; text stands as its interned number.
using DocumentId = std::uint32_t;     ///< Row within its collection; never given to another document.
using TransactionId = std::uint32_t;  ///< 0: outside any transaction. Never given to another transaction.

/// Reads as this one see what a majority of the replica set has: the newest committed, where there is no lag.
inline constexpr TransactionId majority_view = 0xFFFFFFFF;

struct CollectionSpec {
  std::uint16_t fields = 1;                                  ///< Words of every document.
  std::vector<std::vector<std::uint16_t>> unique;            ///< Field combinations that must differ.
  std::vector<std::uint16_t> indexed;                        ///< Fields with an equality index.
  std::vector<std::vector<std::uint16_t>> indexed_together;  ///< Fields, in order, with one index over all of them.
};

/// A field and the word that it shall have.
struct FieldValue {
  std::uint16_t field = 0;
  Word value = 0;
};

struct DocumentStoreSpec {
  std::vector<CollectionSpec> collections;
  bool noop_write_locks = false;  ///< A write that changes nothing makes a version all the same: MONGO-007.
  bool keeps_changes = true;      ///< False: changes() stays empty, and nobody need drain it.
  bool replicated = false;        ///< It knows what a majority of its replica set has, and can go back to that.
  /// False, for tests of what looks for anomalies: a transaction's write to a document that exists conflicts with
  /// nobody, open or committed, and at its commit takes the place of what is newest then: the last committer wins. One
  /// to a document that is gone by then has no effect. Not together with unique keys.
  bool first_updater_wins = true;
};

}  // namespace premortem
