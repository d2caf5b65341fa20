#pragma once
// A document store with snapshot isolation and first-updater-wins, as MongoDB on WiredTiger: MONGO-001 to MONGO-053.
// Filters are evaluated by the caller; the store keeps versions, decides conflicts, and says what must wait.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/document_store/document_table.hpp"
#include "sim/models/document_store/document_types.hpp"

namespace premortem {

/// Definite, all of them: only `ok` has changed something.
enum class WriteOutcome : std::uint8_t {
  ok,
  write_conflict,  ///< Code 112, only inside a transaction, which is undone by it. MONGO-010
  duplicate_key,   ///< Code 11000; inside a transaction, that is undone by it. MONGO-046
  must_wait,  ///< Outside: another transaction holds it; when that has ended, begin again with the filter. MONGO-015
  no_such_transaction,  ///< Code 251: ended, expired, or undone by an earlier conflict.
  not_found             ///< The writer does not see such a document (any more).
};

struct WriteResult {
  WriteOutcome outcome = WriteOutcome::ok;
  DocumentId document = 0;           ///< The one written, or the one in the way.
  TransactionId blocker = 0;         ///< For must_wait: the transaction whose end to wait for.
  std::uint32_t index = 0xFFFFFFFF;  ///< For duplicate_key: which of the table's key indexes; else a key of words.
};

/// A value: flat vectors, addressed by number. Collections are numbered as in its spec. Takes no simulated time.
/// Versions that no open snapshot can see are used again, so that nothing but the rows (12 bytes a document ever
/// inserted) grows in a steady state.
class DocumentStore {
 public:
  /// What a commit or plain write made visible.
  struct Change {
    enum class Kind : std::uint8_t { inserted, replaced, removed };
    Kind kind = Kind::inserted;
    std::uint8_t unused = 0;
    std::uint16_t collection = 0;
    DocumentId document = 0;
    std::uint32_t before_at = 0, after_at = 0;                        ///< For before() and after().
    std::uint32_t before_body = 0xFFFFFFFF, after_body = 0xFFFFFFFF;  ///< For body_of().
    bool operator==(const Change&) const = default;
  };

  explicit DocumentStore(const DocumentStoreSpec& spec = {});

  /// The snapshot is taken here: everything committed so far (MONGO-001). The reaper may end it `lifetime` ns after
  /// `now`.
  TransactionId begin(std::int64_t now, std::int64_t lifetime);
  bool open(TransactionId transaction) const { return find(transaction) != nullptr; }

  /// The version that `transaction` sees: its own write, else its snapshot; outside, the newest committed one. Null
  /// when it sees none. Valid until the next write. A transaction that has ended reads as outside: ask open() where
  /// that matters.
  const Word* read(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  /// Commit number of that version; 0 for an own, uncommitted one.
  std::uint64_t revision(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  /// visit(document, words) for every visible document in order of insertion, until it returns false. It must not
  /// write.
  template <class Visit>
  void scan(std::uint16_t collection, TransactionId transaction, Visit&& visit) const;
  /// The same for documents whose field equals `value`; through the index where there is one, or a unique key of the
  /// field.
  template <class Visit>
  void scan_equal(std::uint16_t collection, std::uint16_t field, Word value, TransactionId transaction,
                  Visit&& visit) const;
  /// The same for several fields, in order and at least one; through an index over all of them, else over one.
  template <class Visit>
  void scan_equal(std::uint16_t collection, const std::vector<FieldValue>& wanted, TransactionId transaction,
                  Visit&& visit) const;

  // Writing. Inside a transaction a conflict or duplicate undoes the whole transaction at once. `fields` must not point
  // into the store. A unique key conflicts as a document does: with an open change of its entry, and inside a
  // transaction with one committed after the snapshot; otherwise it is a duplicate (MONGO-006, MONGO-047).
  // `body`: the whole document as BSON, where the store keeps bodies. What a body cannot be indexed by is thrown as
  // query::CommandError, and nothing has changed.
  WriteResult insert(std::uint16_t collection, const Word* fields, TransactionId transaction,
                     std::string_view body = {});
  /// Replaces the whole document. What changes nothing is ok and makes no version, whoever holds the document:
  /// MONGO-007. `read_revision`, inside a transaction only: conflicts if the newest committed version is another; 0
  /// says nothing.
  WriteResult replace(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId transaction,
                      std::optional<std::uint64_t> read_revision = {}, std::string_view body = {});
  WriteResult remove(std::uint16_t collection, DocumentId document, TransactionId transaction);
  /// Changes words of the newest version in place, which is committed: no write, and nobody is told. REQUIRES: its
  /// unique keys stay unique.
  void amend(std::uint16_t collection, DocumentId document, const Word* fields);
  /// All its writes become visible at once. False: there is no such transaction any more.
  bool commit(TransactionId transaction);
  /// Undoes all its writes: MONGO-037. No effect on one that has ended.
  void abort(TransactionId transaction);

  /// Open transactions whose lifetime is over, oldest first; the reaper decides when to look: MONGO-024.
  std::vector<TransactionId> expired(std::int64_t now) const;
  /// The open transaction that began first, where that was before `now`; 0: there is none.
  TransactionId pinned_before(std::int64_t now) const {
    return transactions_.empty() || transactions_.front().began >= now ? 0 : transactions_.front().id;
  }
  /// The open transaction that began first; 0: there is none.
  TransactionId oldest_open() const { return transactions_.empty() ? 0 : transactions_.front().id; }
  std::uint32_t open_transactions() const { return static_cast<std::uint32_t>(transactions_.size()); }
  /// Committed documents.
  std::size_t size(std::uint16_t collection) const { return tables_[collection].size(); }

  /// Since the last clear_changes(), in order; of one commit in the order of its writes.
  const std::vector<Change>& changes() const { return changes_; }
  /// The words before; null for an inserted document. Valid until the next write or clear_changes().
  const Word* before(const Change& change) const { return change_words(change.before_at); }
  /// The words after; null for a removed document.
  const Word* after(const Change& change) const { return change_words(change.after_at); }
  /// Whole documents before and after; empty where none are kept or there was none.
  std::string_view body_of(std::uint32_t number) const {
    return number == nil ? std::string_view() : std::string_view(change_bodies_[number]);
  }
  void clear_changes() { changes_.clear(), change_words_.clear(), change_bodies_.clear(); }

  // --- For real programs: whole documents, indexes over them, collections that come and go.
  /// From now on every table keeps whole documents. REQUIRES: none holds a document yet.
  void keep_bodies();
  bool keeps_bodies() const { return keeps_bodies_ != 0; }
  /// Number of a new, empty collection.
  std::uint16_t add_collection(const CollectionSpec& spec);
  std::uint16_t collections() const { return static_cast<std::uint16_t>(tables_.size()); }
  /// The whole document that `transaction` sees; empty: none, or none is kept. Valid until the next write.
  std::string_view body(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  const DocumentTable& table(std::uint16_t collection) const { return tables_[collection]; }
  DocumentTable& table(std::uint16_t collection) { return tables_[collection]; }
  /// Whether an open transaction has written to the collection.
  bool is_written_by_open(std::uint16_t collection) const;
  /// Commits so far.
  std::uint64_t commits() const { return commits_; }

  // --- The replica set behind it, where the spec says `replicated`: MONGO-060, MONGO-061.
  bool is_replicated() const { return replicated_ != 0; }
  /// Everything committed so far is with a majority from `due` on; never earlier than what was committed before.
  void reach_majority_at(std::int64_t due);
  /// What was due up to `now` is with a majority.
  void advance_majority(std::int64_t now);
  /// Whether a majority has everything.
  bool is_caught_up() const { return lagging_.empty(); }
  /// Every document is again as a majority has it, by one commit of which changes() tells; returns how many it
  /// changed. REQUIRES: no transaction is open, and is_replicated().
  std::uint64_t roll_back();

  template <class F>
  void fields(F&& f) {
    f(tables_), f(transactions_), f(garbage_), f(changes_), f(change_words_), f(change_bodies_);
    f(garbage_first_), f(commits_), f(last_transaction_), f(noop_write_locks_), f(keeps_changes_), f(keeps_bodies_);
    f(asides_), f(first_updater_wins_), f(lagging_), f(majority_), f(replicated_);
  }
  template <class F>
  void fields(F&& f) const {
    f(tables_), f(transactions_), f(garbage_), f(changes_), f(change_words_), f(change_bodies_);
    f(garbage_first_), f(commits_), f(last_transaction_), f(noop_write_locks_), f(keeps_changes_), f(keeps_bodies_);
    f(asides_), f(first_updater_wins_), f(lagging_), f(majority_), f(replicated_);
  }
  bool operator==(const DocumentStore&) const = default;

 private:
  static constexpr std::uint32_t nil = DocumentTable::nil;
  struct Transaction {
    TransactionId id = 0;
    VersionId first_write = nil, last_write = nil;  ///< Linked through the versions.
    std::uint16_t first_table = 0, last_table = 0;
    std::uint64_t snapshot = 0;  ///< The last commit number that it sees.
    std::int64_t expires = 0;
    std::int64_t began = 0;
    bool operator==(const Transaction&) const = default;
  };
  /// Older versions of a row that nobody needs when every snapshot sees `commit`.
  struct Garbage {
    std::uint64_t commit = 0;
    DocumentId row = 0;
    std::uint16_t table = 0, unused = 0;
    bool operator==(const Garbage&) const = default;
  };
  /// A write that waits for its commit outside the versions: only without first_updater_wins.
  struct Aside {
    TransactionId writer = 0;
    DocumentId document = 0;
    std::uint16_t collection = 0, removed = 0;
    std::vector<Word> words;

    template <class F>
    void fields(F&& f) {
      f(writer), f(document), f(collection), f(removed), f(words);
    }
    template <class F>
    void fields(F&& f) const {
      f(writer), f(document), f(collection), f(removed), f(words);
    }
    bool operator==(const Aside&) const = default;
  };

  /// Commits that a majority has from `due` on.
  struct Lagging {
    std::uint64_t commit = 0;
    std::int64_t due = 0;
    bool operator==(const Lagging&) const = default;
  };

  const Transaction* find(TransactionId transaction) const;
  Transaction* find(TransactionId transaction);
  std::uint64_t snapshot_of(TransactionId transaction) const;
  /// What `transaction` has put aside for the document; null: nothing.
  const Aside* aside(std::uint16_t collection, DocumentId document, TransactionId transaction) const;
  /// The words that a reader sees; null: no document.
  const Word* seen(std::uint16_t collection, DocumentId document, TransactionId reader, std::uint64_t snapshot) const {
    const Aside* own = asides_.empty() ? nullptr : aside(collection, document, reader);
    if (own != nullptr) return own->removed != 0 ? nullptr : own->words.data();
    return tables_[collection].seen(document, reader, snapshot);
  }
  void put_aside(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId writer);
  /// The writes that `writer` had put aside, which are aside no more.
  std::vector<Aside> take_asides(TransactionId writer);
  /// Writes them over whatever is newest now.
  void apply(const std::vector<Aside>& asides, std::uint64_t commit);
  const Word* change_words(std::uint32_t at) const { return at == nil ? nullptr : change_words_.data() + at; }
  WriteResult write(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId transaction,
                    std::optional<std::uint64_t> read_revision, std::string_view body);
  /// A held or moved document: conflicts inside, waits outside.
  WriteResult refuse(TransactionId writer, DocumentId document, TransactionId holder);
  WriteResult refuse(TransactionId writer, const DocumentTable::Clash& clash);
  WriteResult fail(TransactionId writer, WriteOutcome outcome, DocumentId document);
  void finish_write(std::uint16_t table, VersionId version, Transaction* writer);
  void publish(std::uint16_t table, VersionId version, std::uint64_t commit);
  void note_change(std::uint16_t table, VersionId version);
  std::uint32_t keep_words(std::uint16_t table, VersionId version);
  std::uint32_t keep_body(std::uint16_t table, VersionId version);
  void end(Transaction* transaction);
  void collect_garbage();

  std::vector<DocumentTable> tables_;      ///< By collection.
  std::vector<Transaction> transactions_;  ///< Open ones, by id, and so by snapshot.
  std::vector<Garbage> garbage_;           ///< From garbage_first_ on, by commit number.
  std::vector<Change> changes_;
  std::vector<Word> change_words_;
  std::vector<std::string> change_bodies_;
  std::vector<Aside> asides_;  ///< Of open transactions, in order of the first write to each document.
  std::uint64_t garbage_first_ = 0;
  std::uint64_t commits_ = 0;
  TransactionId last_transaction_ = 0;
  std::uint16_t noop_write_locks_ = 0;
  std::uint16_t keeps_changes_ = 1;
  std::uint16_t keeps_bodies_ = 0;
  std::uint16_t first_updater_wins_ = 1;
  std::vector<Lagging> lagging_;  ///< In order of both members.
  std::uint64_t majority_ = 0;    ///< The last commit number that a majority has, where replicated_.
  std::uint64_t replicated_ = 0;
};

template <class Visit>
void DocumentStore::scan(std::uint16_t collection, TransactionId transaction, Visit&& visit) const {
  const DocumentTable& table = tables_[collection];
  const std::uint64_t snapshot = snapshot_of(transaction);
  for (DocumentId document = table.first_row(); document != nil; document = table.next_row(document)) {
    const Word* words = seen(collection, document, transaction, snapshot);
    if (words != nullptr && !visit(document, words)) return;
  }
}

template <class Visit>
void DocumentStore::scan_equal(std::uint16_t collection, std::uint16_t field, Word value, TransactionId transaction,
                               Visit&& visit) const {
  scan_equal(collection, std::vector<FieldValue>{{field, value}}, transaction, visit);
}

template <class Visit>
void DocumentStore::scan_equal(std::uint16_t collection, const std::vector<FieldValue>& wanted,
                               TransactionId transaction, Visit&& visit) const {
  const DocumentTable& table = tables_[collection];
  const auto visit_if_wanted = [&](DocumentId document, const Word* words) {
    for (const FieldValue& each : wanted) {
      if (words[each.field] != each.value) return true;
    }
    return visit(document, words);
  };
  const EqualityIndex* index = table.index_of(wanted);
  Word value = DocumentTable::key_value(wanted);
  for (std::size_t n = 0; index == nullptr && n < wanted.size(); ++n) {
    index = table.index_of(wanted[n].field);
    value = wanted[n].value;
  }
  const bool unindexed = !asides_.empty();  // Indexes know versions, not what is put aside.
  if (index == nullptr || unindexed) return scan(collection, transaction, visit_if_wanted);
  const std::uint64_t snapshot = snapshot_of(transaction);
  for (EqualityIndex::EntryId at = index->first(value); at != EqualityIndex::none; at = index->next(at)) {
    const DocumentId document = index->row(at);
    const Word* words = table.seen(document, transaction, snapshot);
    if (words != nullptr && !visit_if_wanted(document, words)) return;  // Its entry may be of another version.
  }
}

}  // namespace premortem
