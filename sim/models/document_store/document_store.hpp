#pragma once
// A document store with snapshot isolation and first-updater-wins, as MongoDB on WiredTiger: MONGO-001 to MONGO-053.
// Filters are evaluated by the caller; the store keeps versions, decides conflicts, and says what must wait.

#include <cstdint>
#include <optional>
#include <vector>

namespace premortem {

using Word = std::uint64_t;
using DocumentId = std::uint32_t;     ///< Row within its collection; stable for the life of the document.
using TransactionId = std::uint32_t;  ///< 0: outside any transaction.

enum class WriteOutcome : std::uint8_t {
  ok,
  write_conflict,       ///< Code 112, only inside a transaction, which is undone by it. MONGO-010
  duplicate_key,        ///< Code 11000; inside a transaction, that is undone by it. MONGO-046
  must_wait,            ///< Outside: another transaction holds it; try again when that has ended. MONGO-015
  no_such_transaction,  ///< Code 251: ended, expired, or undone by an earlier conflict.
  not_found             ///< The document is gone.
};

struct WriteResult {
  WriteOutcome outcome = WriteOutcome::ok;
  DocumentId document = 0;
  TransactionId blocker = 0;  ///< For must_wait.
};

struct CollectionSpec {
  std::uint16_t fields = 1;                       ///< Words of every document.
  std::vector<std::vector<std::uint16_t>> unique;  ///< Field combinations that must differ.
  std::vector<std::uint16_t> indexed;             ///< Fields with an equality index.
};

struct DocumentStoreSpec {
  std::vector<CollectionSpec> collections;
};

/// A value: flat vectors, addressed by number.
class DocumentStore {
 public:
  /// What a commit or plain write made visible.
  struct Change {
    enum class Kind : std::uint8_t { inserted, replaced, removed };
    Kind kind = Kind::inserted;
    std::uint8_t unused = 0;
    std::uint16_t collection = 0;
    DocumentId document = 0;
    std::uint32_t before_at = 0, after_at = 0;  ///< Into change_words_.
  };

  explicit DocumentStore(const DocumentStoreSpec& spec = {});

  /// The snapshot is taken here: everything committed so far. It may be reaped `lifetime` ns later.
  TransactionId begin(std::int64_t now, std::int64_t lifetime);
  bool open(TransactionId transaction) const { return find(transaction) != nullptr; }

  /// The version that `transaction` sees: its own write, else its snapshot; outside, the newest committed one. Null when it
  /// sees none. Valid until the next write.
  const Word* read(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  /// Commit number of that version; 0 for an own, uncommitted one.
  std::uint64_t revision(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  /// visit(document, words) for every visible document in order of insertion, until it returns false.
  template <class Visit>
  void scan(std::uint16_t collection, TransactionId transaction, Visit&& visit) const;
  /// The same for documents whose field equals `value`; through the index where there is one.
  template <class Visit>
  void scan_equal(std::uint16_t collection, std::uint16_t field, Word value, TransactionId transaction,
                  Visit&& visit) const;

  WriteResult insert(std::uint16_t collection, const Word* fields, TransactionId transaction);
  /// Replaces the whole document. With `read_revision`, inside a transaction: conflicts if it has moved on since.
  WriteResult replace(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId transaction,
                      std::optional<std::uint64_t> read_revision = {});
  WriteResult remove(std::uint16_t collection, DocumentId document, TransactionId transaction);
  /// False: there is no such transaction any more.
  bool commit(TransactionId transaction);
  /// Undoes all its writes: MONGO-037. No effect on one that has ended.
  void abort(TransactionId transaction);

  /// Open transactions whose lifetime is over; the reaper decides when to look: MONGO-024.
  std::vector<TransactionId> expired(std::int64_t now) const;
  std::uint32_t open_transactions() const { return static_cast<std::uint32_t>(transactions_.size()); }
  /// Committed documents.
  std::size_t size(std::uint16_t collection) const { return collections_[collection].live; }

  const std::vector<Change>& changes() const { return changes_; }
  const Word* before(const Change& change) const { return change_words_.data() + change.before_at; }
  const Word* after(const Change& change) const { return change_words_.data() + change.after_at; }
  void clear_changes() { changes_.clear(), change_words_.clear(); }

  template <class F>
  void fields(F&& f) {
    f(collections_), f(transactions_), f(versions_), f(words_), f(free_versions_), f(changes_), f(change_words_);
    f(commits_), f(last_transaction_), f(stride_);
  }
  template <class F>
  void fields(F&& f) const {
    f(collections_), f(transactions_), f(versions_), f(words_), f(free_versions_), f(changes_), f(change_words_);
    f(commits_), f(last_transaction_), f(stride_);
  }

 private:
  static constexpr std::uint32_t nil = 0xFFFFFFFF;
  struct Version {
    std::uint64_t commit = 0;       ///< Commit number; 0 while uncommitted.
    std::uint32_t previous = nil;
    TransactionId writer = 0;       ///< While uncommitted.
    std::uint32_t removed = 0;      ///< This version says that the document is gone.
    std::uint32_t unused = 0;
  };
  struct Row {
    std::uint32_t newest = nil;
    bool operator==(const Row&) const = default;
  };
  /// An equality index: chains of rows by hash of the value. Entries stay until the row has no version with the value.
  struct Index {
    std::uint16_t field = 0;
    std::vector<std::uint32_t> heads;                            ///< By hash; row entry or nil.
    struct Link { std::uint32_t row, next; Word value; };
    std::vector<Link> links;
    std::vector<std::uint32_t> tails;
    void add(Word value, std::uint32_t row);
    void grow();
    std::size_t slot(Word value) const;
  };
  struct Collection {
    std::uint16_t fields = 1;
    std::vector<std::vector<std::uint16_t>> unique;
    std::vector<Row> rows;
    std::vector<Index> indexes;
    std::size_t live = 0;
  };
  struct Transaction {
    TransactionId id = 0;
    std::uint32_t unused = 0;
    std::uint64_t snapshot = 0;
    std::int64_t expires = 0;
    std::vector<std::pair<std::uint16_t, DocumentId>> writes;
  };

  const Transaction* find(TransactionId transaction) const;
  Transaction* find(TransactionId transaction);
  std::uint32_t visible(const Row& row, TransactionId transaction, std::uint64_t snapshot) const;
  std::uint32_t version_for(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  std::uint32_t new_version(const Word* fields, std::uint16_t count);
  const Word* words_of(std::uint32_t version) const { return words_.data() + std::size_t{version} * stride_; }
  WriteResult write(std::uint16_t collection, DocumentId document, const Word* fields, bool removed,
                    TransactionId transaction, std::optional<std::uint64_t> read_revision);
  /// Another visible or pending document with the same unique key: ok, or why not.
  WriteResult check_unique(std::uint16_t collection, const Word* fields, DocumentId own, const Transaction* transaction) const;
  void index_version(std::uint16_t collection, DocumentId document, const Word* fields);
  void note_change(std::uint16_t collection, DocumentId document);
  void forget_history(std::uint16_t collection, DocumentId document);
  WriteResult fail(TransactionId transaction, WriteOutcome outcome, DocumentId document);

  std::vector<Collection> collections_;
  std::vector<Transaction> transactions_;  ///< Open ones, by id.
  std::vector<Version> versions_;
  std::vector<Word> words_;
  std::vector<std::uint32_t> free_versions_;
  std::vector<Change> changes_;
  std::vector<Word> change_words_;
  std::uint64_t commits_ = 0;
  TransactionId last_transaction_ = 0;
  std::uint32_t stride_ = 1;
};

template <class Visit>
void DocumentStore::scan(std::uint16_t number, TransactionId transaction, Visit&& visit) const {
  const Transaction* own = transaction == 0 ? nullptr : find(transaction);
  const std::uint64_t snapshot = own == nullptr ? UINT64_MAX : own->snapshot;
  const Collection& collection = collections_[number];
  for (DocumentId document = 0; document < collection.rows.size(); ++document) {
    const std::uint32_t version = visible(collection.rows[document], transaction, snapshot);
    if (version != nil && versions_[version].removed == 0 && !visit(document, words_of(version))) return;
  }
}

template <class Visit>
void DocumentStore::scan_equal(std::uint16_t number, std::uint16_t field, Word value, TransactionId transaction,
                               Visit&& visit) const {
  const Collection& collection = collections_[number];
  const auto filtered = [&](DocumentId document, const Word* words) {
    return words[field] != value || visit(document, words);
  };
  for (const Index& index : collection.indexes) {
    if (index.field != field) continue;
    const Transaction* own = transaction == 0 ? nullptr : find(transaction);
    const std::uint64_t snapshot = own == nullptr ? UINT64_MAX : own->snapshot;
    for (std::uint32_t link = index.heads[index.slot(value)]; link != nil; link = index.links[link].next) {
      if (index.links[link].value != value) continue;
      const DocumentId document = index.links[link].row;
      const std::uint32_t version = visible(collection.rows[document], transaction, snapshot);
      if (version == nil || versions_[version].removed != 0) continue;
      if (!filtered(document, words_of(version))) return;
    }
    return;
  }
  scan(number, transaction, filtered);
}

}  // namespace premortem
