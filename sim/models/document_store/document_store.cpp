#include "sim/models/document_store/document_store.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"

namespace premortem {

DocumentStore::DocumentStore(const DocumentStoreSpec& spec) {
  for (const CollectionSpec& from : spec.collections) {
    Collection& collection = collections_.emplace_back();
    collection.fields = from.fields;
    collection.unique = from.unique;
    stride_ = std::max<std::uint32_t>(stride_, from.fields);
    for (const std::uint16_t field : from.indexed) {
      Index& index = collection.indexes.emplace_back();
      index.field = field;
      index.heads.assign(16, nil);
      index.tails.assign(16, nil);
    }
  }
}

std::size_t DocumentStore::Index::slot(Word value) const { return mix64(value) & (heads.size() - 1); }

/// Chains keep the order of insertion, so that a scan through the index shows the same order as one through the rows.
void DocumentStore::Index::add(Word value, std::uint32_t row) {
  if (links.size() >= heads.size()) grow();
  const std::size_t at = slot(value);
  const auto link = static_cast<std::uint32_t>(links.size());
  links.push_back({row, nil, value});
  // Rows come in order except when an old row takes a value again: then it is put where it belongs.
  if (heads[at] == nil) {
    heads[at] = tails[at] = link;
  } else if (links[tails[at]].row < row) {
    links[tails[at]].next = link;
    tails[at] = link;
  } else {
    std::uint32_t* position = &heads[at];
    while (*position != nil && links[*position].row < row) position = &links[*position].next;
    links[link].next = *position;
    *position = link;
  }
}

void DocumentStore::Index::grow() {
  std::vector<Link> old;
  old.swap(links);
  heads.assign(heads.size() * 2, nil);
  tails.assign(heads.size(), nil);
  std::stable_sort(old.begin(), old.end(), [](const Link& a, const Link& b) { return a.row < b.row; });
  for (const Link& link : old) add(link.value, link.row);
}

const DocumentStore::Transaction* DocumentStore::find(TransactionId id) const {
  for (const Transaction& transaction : transactions_) {
    if (transaction.id == id) return &transaction;
  }
  return nullptr;
}
DocumentStore::Transaction* DocumentStore::find(TransactionId id) {
  return const_cast<Transaction*>(static_cast<const DocumentStore*>(this)->find(id));
}

TransactionId DocumentStore::begin(std::int64_t now, std::int64_t lifetime) {
  Transaction& transaction = transactions_.emplace_back();
  transaction.id = ++last_transaction_;
  transaction.snapshot = commits_;
  transaction.expires = now + lifetime;
  return transaction.id;
}

std::uint32_t DocumentStore::visible(const Row& row, TransactionId transaction, std::uint64_t snapshot) const {
  for (std::uint32_t at = row.newest; at != nil; at = versions_[at].previous) {
    const Version& version = versions_[at];
    if (version.commit == 0) {
      if (transaction != 0 && version.writer == transaction) return at;
    } else if (version.commit <= snapshot) {
      return at;
    }
  }
  return nil;
}

std::uint32_t DocumentStore::version_for(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  const Transaction* own = transaction == 0 ? nullptr : find(transaction);
  const std::uint32_t version =
      visible(collections_[collection].rows[document], transaction, own == nullptr ? UINT64_MAX : own->snapshot);
  return version == nil || versions_[version].removed != 0 ? nil : version;
}

const Word* DocumentStore::read(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  const std::uint32_t version = version_for(collection, document, transaction);
  return version == nil ? nullptr : words_of(version);
}

std::uint64_t DocumentStore::revision(std::uint16_t collection, DocumentId document, TransactionId transaction) const {
  const std::uint32_t version = version_for(collection, document, transaction);
  return version == nil ? 0 : versions_[version].commit;
}

std::uint32_t DocumentStore::new_version(const Word* fields, std::uint16_t count) {
  std::uint32_t version;
  if (!free_versions_.empty()) {
    version = free_versions_.back();
    free_versions_.pop_back();
  } else {
    version = static_cast<std::uint32_t>(versions_.size());
    versions_.emplace_back();
    words_.resize(words_.size() + stride_, 0);
  }
  versions_[version] = Version{};
  if (fields != nullptr) std::copy_n(fields, count, words_.begin() + static_cast<std::ptrdiff_t>(std::size_t{version} * stride_));
  return version;
}

void DocumentStore::index_version(std::uint16_t number, DocumentId document, const Word* fields) {
  for (Index& index : collections_[number].indexes) {
    const Word value = fields[index.field];
    bool known = false;
    for (std::uint32_t link = index.heads[index.slot(value)]; link != nil && !known; link = index.links[link].next) {
      known = index.links[link].row == document && index.links[link].value == value;
    }
    if (!known) index.add(value, document);
  }
}

WriteResult DocumentStore::fail(TransactionId transaction, WriteOutcome outcome, DocumentId document) {
  if (transaction != 0) abort(transaction);  // MONGO-010, MONGO-046: the whole transaction.
  return {outcome, document, 0};
}

WriteResult DocumentStore::check_unique(std::uint16_t number, const Word* fields, DocumentId own,
                                        const Transaction* transaction) const {
  const Collection& collection = collections_[number];
  const TransactionId id = transaction == nullptr ? 0 : transaction->id;
  for (const std::vector<std::uint16_t>& key : collection.unique) {
    for (DocumentId document = 0; document < collection.rows.size(); ++document) {
      if (document == own) continue;
      const auto same = [&](std::uint32_t version) {
        return versions_[version].removed == 0 && std::all_of(key.begin(), key.end(), [&](std::uint16_t field) {
                 return words_of(version)[field] == fields[field];
               });
      };
      const std::uint32_t newest = collection.rows[document].newest;
      if (newest == nil) continue;
      if (versions_[newest].commit == 0 && versions_[newest].writer != id) {
        // MONGO-047: somebody's open insert or change of the key.
        const std::uint32_t committed = versions_[newest].previous;
        if (same(newest) || (committed != nil && same(committed))) {
          if (id == 0) return {WriteOutcome::must_wait, document, versions_[newest].writer};
          return {WriteOutcome::write_conflict, document, 0};
        }
      } else if (same(newest)) {
        return {WriteOutcome::duplicate_key, document, 0};
      }
    }
  }
  return {};
}

WriteResult DocumentStore::insert(std::uint16_t number, const Word* fields, TransactionId id) {
  Transaction* transaction = id == 0 ? nullptr : find(id);
  if (id != 0 && transaction == nullptr) return {WriteOutcome::no_such_transaction, 0, 0};
  Collection& collection = collections_[number];
  if (!collection.unique.empty()) {
    const WriteResult clash = check_unique(number, fields, nil, transaction);
    if (clash.outcome == WriteOutcome::must_wait) return clash;
    if (clash.outcome != WriteOutcome::ok) return fail(id, clash.outcome, clash.document);
  }
  const auto document = static_cast<DocumentId>(collection.rows.size());
  collection.rows.emplace_back();
  const std::uint32_t version = new_version(fields, collection.fields);
  collection.rows[document].newest = version;
  index_version(number, document, fields);
  if (transaction != nullptr) {
    versions_[version].writer = id;
    transaction->writes.emplace_back(number, document);
  } else {
    versions_[version].commit = ++commits_;
    note_change(number, document);
  }
  return {WriteOutcome::ok, document, 0};
}

WriteResult DocumentStore::replace(std::uint16_t collection, DocumentId document, const Word* fields,
                                   TransactionId transaction, std::optional<std::uint64_t> read_revision) {
  return write(collection, document, fields, false, transaction, read_revision);
}

WriteResult DocumentStore::remove(std::uint16_t collection, DocumentId document, TransactionId transaction) {
  return write(collection, document, nullptr, true, transaction, {});
}

WriteResult DocumentStore::write(std::uint16_t number, DocumentId document, const Word* fields, bool removed,
                                 TransactionId id, std::optional<std::uint64_t> read_revision) {
  Transaction* transaction = id == 0 ? nullptr : find(id);
  if (id != 0 && transaction == nullptr) return {WriteOutcome::no_such_transaction, document, 0};
  Collection& collection = collections_[number];
  const std::uint32_t newest = collection.rows[document].newest;
  if (newest == nil) return {WriteOutcome::not_found, document, 0};
  const bool uncommitted = versions_[newest].commit == 0;
  if (uncommitted && versions_[newest].writer != id) {
    // MONGO-003: the second updater loses at once, whoever commits first. Outside a transaction it waits: MONGO-015.
    if (id == 0) return {WriteOutcome::must_wait, document, versions_[newest].writer};
    return fail(id, WriteOutcome::write_conflict, document);
  }
  if (!uncommitted && transaction != nullptr) {
    const bool moved_on = versions_[newest].commit > transaction->snapshot;  // MONGO-016
    const bool other_than_read = read_revision && *read_revision != 0 && versions_[newest].commit != *read_revision;
    if (moved_on || other_than_read) return fail(id, WriteOutcome::write_conflict, document);
  }
  if (versions_[newest].removed != 0) return {WriteOutcome::not_found, document, 0};
  if (!removed) {
    // MONGO-007: what changes nothing makes no version, and so conflicts with nobody.
    if (std::equal(fields, fields + collection.fields, words_of(newest))) return {WriteOutcome::ok, document, 0};
    if (!collection.unique.empty()) {
      const WriteResult clash = check_unique(number, fields, document, transaction);
      if (clash.outcome == WriteOutcome::must_wait) return clash;
      if (clash.outcome != WriteOutcome::ok) return fail(id, clash.outcome, clash.document);
    }
  }
  if (uncommitted) {  // Its own earlier write: one version a transaction and document.
    if (!removed) std::copy_n(fields, collection.fields, words_.begin() + static_cast<std::ptrdiff_t>(std::size_t{newest} * stride_));
    versions_[newest].removed = removed ? 1 : 0;
    if (!removed) index_version(number, document, fields);
    return {WriteOutcome::ok, document, 0};
  }
  const std::uint32_t version = new_version(fields, collection.fields);
  versions_[version].previous = newest;
  versions_[version].removed = removed ? 1 : 0;
  collections_[number].rows[document].newest = version;
  if (!removed) index_version(number, document, fields);
  if (transaction != nullptr) {
    versions_[version].writer = id;
    transaction->writes.emplace_back(number, document);
  } else {
    versions_[version].commit = ++commits_;
    note_change(number, document);
    forget_history(number, document);
  }
  return {WriteOutcome::ok, document, 0};
}

/// Called when the newest version has just been committed: what it replaced is the version before.
void DocumentStore::note_change(std::uint16_t number, DocumentId document) {
  Collection& collection = collections_[number];
  const std::uint32_t newest = collection.rows[document].newest;
  const std::uint32_t previous = versions_[newest].previous;
  const bool was_there = previous != nil && versions_[previous].removed == 0;
  const bool is_there = versions_[newest].removed == 0;
  if (!was_there && !is_there) return;
  Change change;
  change.kind = !was_there ? Change::Kind::inserted : is_there ? Change::Kind::replaced : Change::Kind::removed;
  change.collection = number;
  change.document = document;
  if (is_there && !was_there) ++collection.live;
  if (!is_there) --collection.live;
  if (change.kind == Change::Kind::replaced) {
    change.before_at = static_cast<std::uint32_t>(change_words_.size());
    change_words_.insert(change_words_.end(), words_of(previous), words_of(previous) + collection.fields);
    change.after_at = static_cast<std::uint32_t>(change_words_.size());
    change_words_.insert(change_words_.end(), words_of(newest), words_of(newest) + collection.fields);
  }
  changes_.push_back(change);
}

/// Versions that no open snapshot can see any more are used again.
void DocumentStore::forget_history(std::uint16_t number, DocumentId document) {
  std::uint64_t oldest = UINT64_MAX;
  for (const Transaction& transaction : transactions_) oldest = std::min(oldest, transaction.snapshot);
  std::uint32_t at = collections_[number].rows[document].newest;
  while (at != nil && (versions_[at].commit == 0 || versions_[at].commit > oldest)) at = versions_[at].previous;
  if (at == nil) return;
  std::uint32_t gone = versions_[at].previous;
  versions_[at].previous = nil;
  while (gone != nil) {
    const std::uint32_t next = versions_[gone].previous;
    free_versions_.push_back(gone);
    gone = next;
  }
}

bool DocumentStore::commit(TransactionId id) {
  Transaction* transaction = find(id);
  if (transaction == nullptr) return false;
  const std::uint64_t number = ++commits_;
  const std::vector<std::pair<std::uint16_t, DocumentId>> writes = std::move(transaction->writes);
  transactions_.erase(transactions_.begin() + (transaction - transactions_.data()));
  for (const auto& [collection, document] : writes) {
    Version& version = versions_[collections_[collection].rows[document].newest];
    version.commit = number;
    version.writer = 0;
    note_change(collection, document);
    forget_history(collection, document);
  }
  return true;
}

void DocumentStore::abort(TransactionId id) {
  Transaction* transaction = find(id);
  if (transaction == nullptr) return;
  for (const auto& [collection, document] : transaction->writes) {
    Row& row = collections_[collection].rows[document];
    const std::uint32_t undone = row.newest;
    row.newest = versions_[undone].previous;
    free_versions_.push_back(undone);
  }
  transactions_.erase(transactions_.begin() + (transaction - transactions_.data()));
}

std::vector<TransactionId> DocumentStore::expired(std::int64_t now) const {
  std::vector<TransactionId> over;
  for (const Transaction& transaction : transactions_) {
    if (transaction.expires <= now) over.push_back(transaction.id);
  }
  return over;
}

}  // namespace premortem
