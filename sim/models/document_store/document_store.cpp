#include "sim/models/document_store/document_store.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"

namespace premortem {

DocumentStore::DocumentStore(const DocumentStoreSpec& spec)
    : noop_write_locks_(spec.noop_write_locks ? 1 : 0),
      keeps_changes_(spec.keeps_changes ? 1 : 0),
      first_updater_wins_(spec.first_updater_wins ? 1 : 0),
      replicated_(spec.replicated ? 1 : 0) {
  for (const CollectionSpec& collection : spec.collections) {
    PREMORTEM_CHECK(spec.first_updater_wins || collection.unique.empty(), "unique keys need that first updaters win");
    tables_.emplace_back(collection);
  }
}

const DocumentStore::Transaction* DocumentStore::find(TransactionId id) const {
  const auto at = std::lower_bound(transactions_.begin(), transactions_.end(), id,
                                   [](const Transaction& open, TransactionId wanted) { return open.id < wanted; });
  return at != transactions_.end() && at->id == id ? &*at : nullptr;
}
DocumentStore::Transaction* DocumentStore::find(TransactionId id) {
  return const_cast<Transaction*>(static_cast<const DocumentStore*>(this)->find(id));
}

std::uint64_t DocumentStore::snapshot_of(TransactionId id) const {
  if (id == majority_view && replicated_ != 0) return majority_;
  const Transaction* transaction = id == 0 ? nullptr : find(id);
  return transaction == nullptr ? DocumentTable::newest_snapshot : transaction->snapshot;
}

TransactionId DocumentStore::begin(std::int64_t now, std::int64_t lifetime) {
  Transaction& transaction = transactions_.emplace_back();
  transaction.id = ++last_transaction_;
  transaction.snapshot = commits_;
  transaction.expires = now + lifetime;
  transaction.began = now;
  return transaction.id;
}

const Word* DocumentStore::read(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  PREMORTEM_CHECK(tables_[collection].has_row(document), "only documents that once were inserted are read");
  return seen(collection, document, transaction, snapshot_of(transaction));
}

std::uint64_t DocumentStore::revision(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  const DocumentTable& table = tables_[collection];
  PREMORTEM_CHECK(table.has_row(document), "only documents that once were inserted have a revision");
  if (aside(collection, document, transaction) != nullptr) return 0;
  const VersionId seen = table.visible(document, transaction, snapshot_of(transaction));
  if (seen == nil || table.version(seen).commit == DocumentTable::uncommitted) return 0;
  return table.version(seen).removed != 0 ? 0 : table.version(seen).commit;
}

WriteResult DocumentStore::fail(TransactionId writer, WriteOutcome outcome, DocumentId document) {
  if (writer != 0) abort(writer);  // MONGO-010, MONGO-046: the whole transaction.
  return {outcome, document, 0};
}

WriteResult DocumentStore::refuse(TransactionId writer, DocumentId document, TransactionId holder) {
  if (writer == 0) return {WriteOutcome::must_wait, document, holder};  // MONGO-015
  return fail(writer, WriteOutcome::write_conflict, document);          // MONGO-003, MONGO-016
}

WriteResult DocumentStore::refuse(TransactionId writer, const DocumentTable::Clash& clash) {
  if (clash.kind == DocumentTable::Clash::Kind::changed) return refuse(writer, clash.row, clash.writer);
  WriteResult failed = fail(writer, WriteOutcome::duplicate_key, clash.row);
  failed.index = clash.index;
  return failed;
}

WriteResult DocumentStore::insert(std::uint16_t collection, const Word* fields, TransactionId id,
                                  std::string_view body) {
  Transaction* transaction = id == 0 ? nullptr : find(id);
  if (id != 0 && transaction == nullptr) return {WriteOutcome::no_such_transaction, 0, 0};
  DocumentTable& table = tables_[collection];
  const DocumentTable::Clash clash = table.clash(fields, body, nil, id, snapshot_of(id));
  if (clash.kind != DocumentTable::Clash::Kind::none) return refuse(id, clash);
  const DocumentId document = table.add_row();
  finish_write(collection, table.push(document, fields, body), transaction);
  return {WriteOutcome::ok, document, 0};
}

WriteResult DocumentStore::replace(std::uint16_t collection, DocumentId document, const Word* fields,
                                   TransactionId transaction, std::optional<std::uint64_t> read_revision,
                                   std::string_view body) {
  return write(collection, document, fields, transaction, read_revision, body);
}

WriteResult DocumentStore::remove(std::uint16_t collection, DocumentId document, TransactionId transaction) {
  return write(collection, document, nullptr, transaction, {}, {});
}

WriteResult DocumentStore::write(std::uint16_t collection, DocumentId document, const Word* fields, TransactionId id,
                                 std::optional<std::uint64_t> read_revision, std::string_view body) {
  Transaction* transaction = id == 0 ? nullptr : find(id);
  if (id != 0 && transaction == nullptr) return {WriteOutcome::no_such_transaction, document, 0};
  DocumentTable& table = tables_[collection];
  PREMORTEM_CHECK(table.has_row(document), "only documents that once were inserted are written");
  const std::uint64_t snapshot = snapshot_of(id);
  const Word* before = seen(collection, document, id, snapshot);
  if (before == nullptr) return {WriteOutcome::not_found, document, 0};
  if (fields != nullptr && noop_write_locks_ == 0 && std::equal(fields, fields + table.width(), before) &&
      body == table.body(table.visible(document, id, snapshot))) {
    return {WriteOutcome::ok, document, 0};
  }
  const VersionId newest = table.newest(document);
  if (first_updater_wins_ == 0 && id != 0 && (newest == nil || table.version(newest).writer != id)) {
    put_aside(collection, document, fields, id);
    return {WriteOutcome::ok, document, 0};
  }
  const DocumentTable::Version version = table.version(newest);
  const bool own = id != 0 && version.writer == id;
  if (!own) {
    if (version.writer != 0) return refuse(id, document, version.writer);
    const bool moved_on = version.commit > snapshot;
    const bool other_than_read = id != 0 && read_revision.value_or(0) != 0 && version.commit != *read_revision;
    if (moved_on || other_than_read) return refuse(id, document, 0);
  }
  if (fields != nullptr) {
    const DocumentTable::Clash clash = table.clash(fields, body, document, id, snapshot);
    if (clash.kind != DocumentTable::Clash::Kind::none) return refuse(id, clash);
  }
  if (own) {  // One version a transaction and document.
    table.overwrite(newest, fields, body);
  } else {
    finish_write(collection, table.push(document, fields, body), transaction);
  }
  return {WriteOutcome::ok, document, 0};
}

/// A plain write is a transaction of its own, committed at once.
void DocumentStore::finish_write(std::uint16_t collection, VersionId version, Transaction* writer) {
  if (writer == nullptr) {
    publish(collection, version, ++commits_);
    return;
  }
  tables_[collection].version(version).writer = writer->id;
  if (writer->last_write == nil) {
    writer->first_write = version;
    writer->first_table = collection;
  } else {
    DocumentTable::Version& last = tables_[writer->last_table].version(writer->last_write);
    last.next_write = version;
    last.next_write_table = collection;
  }
  writer->last_write = version;
  writer->last_table = collection;
}

void DocumentStore::publish(std::uint16_t collection, VersionId number, std::uint64_t commit) {
  DocumentTable& table = tables_[collection];
  DocumentTable::Version& version = table.version(number);
  version.commit = commit;
  version.writer = 0;
  version.next_write = nil;
  version.next_write_table = 0;
  note_change(collection, number);
  const DocumentId row = version.row;
  std::uint64_t newest_open = std::max(transactions_.empty() ? 0 : transactions_.back().snapshot, majority_);
  if (!lagging_.empty()) newest_open = std::max(newest_open, lagging_.back().commit);  // A majority will see that.
  if (table.settle(row, newest_open)) garbage_.push_back({commit, row, collection, 0});
}

void DocumentStore::note_change(std::uint16_t collection, VersionId number) {
  DocumentTable& table = tables_[collection];
  const DocumentTable::Version& version = table.version(number);
  // Above a removed version only roll_back() writes.
  const bool was_there = version.previous != nil && table.version(version.previous).removed == 0;
  const bool is_there = version.removed == 0;
  if (was_there == is_there && !is_there) return;  // Inserted and removed by the same transaction.
  if (was_there != is_there) table.count(is_there ? 1 : -1);
  if (keeps_changes_ == 0) return;
  Change change;
  change.kind = !was_there ? Change::Kind::inserted : is_there ? Change::Kind::replaced : Change::Kind::removed;
  change.collection = collection;
  change.document = version.row;
  change.before_at = was_there ? keep_words(collection, version.previous) : nil;
  change.after_at = is_there ? keep_words(collection, number) : nil;
  if (table.keeps_bodies()) {
    change.before_body = was_there ? keep_body(collection, version.previous) : nil;
    change.after_body = is_there ? keep_body(collection, number) : nil;
  }
  changes_.push_back(change);
}

std::uint32_t DocumentStore::keep_words(std::uint16_t collection, VersionId version) {
  const DocumentTable& table = tables_[collection];
  const auto at = static_cast<std::uint32_t>(change_words_.size());
  change_words_.insert(change_words_.end(), table.words(version), table.words(version) + table.width());
  return at;
}

std::uint32_t DocumentStore::keep_body(std::uint16_t collection, VersionId version) {
  change_bodies_.emplace_back(tables_[collection].body(version));
  return static_cast<std::uint32_t>(change_bodies_.size() - 1);
}

void DocumentStore::amend(std::uint16_t collection, DocumentId document, const Word* fields) {
  DocumentTable& table = tables_[collection];
  const VersionId newest = table.newest(document);
  const std::string body(table.body(newest));
  table.overwrite(newest, fields, body);
}

bool DocumentStore::commit(TransactionId id) {
  Transaction* transaction = find(id);
  if (transaction == nullptr) return false;
  VersionId version = transaction->first_write;
  std::uint16_t table = transaction->first_table;
  end(transaction);  // First: its own snapshot keeps no version.
  const std::vector<Aside> asides = take_asides(id);
  const std::uint64_t number = version == nil && asides.empty() ? commits_ : ++commits_;
  while (version != nil) {
    const DocumentTable::Version written = tables_[table].version(version);
    publish(table, version, number);
    version = written.next_write;
    table = written.next_write_table;
  }
  apply(asides, number);
  collect_garbage();
  return true;
}

void DocumentStore::abort(TransactionId id) {
  Transaction* transaction = find(id);
  if (transaction == nullptr) return;
  VersionId version = transaction->first_write;
  std::uint16_t table = transaction->first_table;
  while (version != nil) {
    const DocumentTable::Version written = tables_[table].version(version);
    tables_[table].undo(written.row);
    version = written.next_write;
    table = written.next_write_table;
  }
  take_asides(id);
  end(transaction);
  collect_garbage();
}

void DocumentStore::end(Transaction* transaction) {
  transactions_.erase(transactions_.begin() + (transaction - transactions_.data()));
}

void DocumentStore::collect_garbage() {
  std::uint64_t oldest = transactions_.empty() ? DocumentTable::newest_snapshot : transactions_.front().snapshot;
  if (replicated_ != 0) oldest = std::min(oldest, majority_);
  while (garbage_first_ < garbage_.size() && garbage_[garbage_first_].commit <= oldest) {
    const Garbage& next = garbage_[garbage_first_++];
    tables_[next.table].prune(next.row, oldest);
  }
  if (garbage_first_ * 2 >= garbage_.size()) {
    garbage_.erase(garbage_.begin(), garbage_.begin() + static_cast<std::ptrdiff_t>(garbage_first_));
    garbage_first_ = 0;
  }
}

void DocumentStore::keep_bodies() {
  keeps_bodies_ = 1;
  for (DocumentTable& table : tables_) table.keep_bodies();
}

std::uint16_t DocumentStore::add_collection(const CollectionSpec& spec) {
  DocumentTable& table = tables_.emplace_back(spec);
  if (keeps_bodies_ != 0) table.keep_bodies();
  return static_cast<std::uint16_t>(tables_.size() - 1);
}

std::string_view DocumentStore::body(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  const DocumentTable& table = tables_[collection];
  const VersionId seen = table.visible(document, transaction, snapshot_of(transaction));
  return seen == nil ? std::string_view() : table.body(seen);
}

bool DocumentStore::is_written_by_open(std::uint16_t collection) const {
  for (const Transaction& transaction : transactions_) {
    VersionId version = transaction.first_write;
    std::uint16_t table = transaction.first_table;
    while (version != nil) {
      if (table == collection) return true;
      const DocumentTable::Version& written = tables_[table].version(version);
      version = written.next_write;
      table = written.next_write_table;
    }
  }
  return false;
}

std::vector<TransactionId> DocumentStore::expired(std::int64_t now) const {
  std::vector<TransactionId> over;
  for (const Transaction& transaction : transactions_) {
    if (transaction.expires <= now) over.push_back(transaction.id);
  }
  return over;
}

}  // namespace premortem
