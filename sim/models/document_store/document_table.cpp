#include "sim/models/document_store/document_table.hpp"

#include "sim/kernel/append.hpp"
#include "sim/kernel/check.hpp"

namespace premortem {

DocumentTable::DocumentTable(const CollectionSpec& spec) : width_(spec.fields) {
  for (const std::vector<std::uint16_t>& fields : spec.unique) add_key(fields, true);
  for (const std::uint16_t field : spec.indexed) {
    if (index_of(field) == nullptr) add_key({field}, false);
  }
  for (const std::vector<std::uint16_t>& fields : spec.indexed_together) add_key(fields, false);
}

const EqualityIndex* DocumentTable::index_of(const std::vector<FieldValue>& wanted) const {
  const auto over_wanted = [&](const Key& key) {
    if (key.count != wanted.size()) return false;
    for (std::uint16_t n = 0; n < key.count; ++n) {
      if (key_fields_[key.first + n] != wanted[n].field) return false;
    }
    return true;
  };
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    if (over_wanted(keys_[key])) return &indexes_[key];
  }
  return nullptr;
}

void DocumentTable::add_key(const std::vector<std::uint16_t>& fields, bool unique) {
  Key& key = keys_.emplace_back();
  key.first = static_cast<std::uint16_t>(key_fields_.size());
  key.count = static_cast<std::uint16_t>(fields.size());
  key.unique = unique ? 1 : 0;
  for (const std::uint16_t field : fields) {
    PREMORTEM_CHECK(field < width_, "an index is over a field that the collection has");
    key_fields_.push_back(field);
  }
  indexes_.emplace_back();
}

Word DocumentTable::key_value(const Key& key, const Word* words) const {
  Word value = words[key_fields_[key.first]];
  for (std::uint16_t n = 1; n < key.count; ++n) value = combine(value, words[key_fields_[key.first + n]]);
  return value;
}

bool DocumentTable::same_key(const Key& key, const Word* left, const Word* right) const {
  for (std::uint16_t n = 0; n < key.count; ++n) {
    const std::uint16_t field = key_fields_[key.first + n];
    if (left[field] != right[field]) return false;
  }
  return true;
}

DocumentId DocumentTable::add_row() {
  const auto row = static_cast<DocumentId>(rows_.size());
  PREMORTEM_CHECK(row != nil, "a collection holds less than 2^32 documents in its life");
  rows_.push_back({nil, nil, last_});
  (last_ == nil ? first_ : rows_[last_].next) = row;
  last_ = row;
  return row;
}

/// Nobody can see the row any more.
void DocumentTable::bury(DocumentId row) {
  const Row gone = rows_[row];
  (gone.previous == nil ? first_ : rows_[gone.previous].next) = gone.next;
  (gone.next == nil ? last_ : rows_[gone.next].previous) = gone.previous;
  rows_[row] = Row{};
}

VersionId DocumentTable::make_version() {
  VersionId version = free_;
  if (version != nil) {
    free_ = versions_[version].previous;
    versions_[version] = Version{};
  } else {
    version = static_cast<VersionId>(versions_.size());
    versions_.emplace_back();
    append(words_, width_, Word{0});
    append(entries_, indexes_.size(), EqualityIndex::none);
    if (keeps_bodies_ != 0) bodies_.emplace_back();
  }
  return version;
}

void DocumentTable::free_version(VersionId version) {
  leave(version);
  std::fill_n(words_.begin() + static_cast<std::ptrdiff_t>(std::size_t{version} * width_), width_, Word{0});
  if (keeps_bodies_ != 0) std::string().swap(bodies_[version]);
  versions_[version] = Version{};
  versions_[version].previous = free_;
  free_ = version;
}

void DocumentTable::free_older(VersionId version) {
  VersionId gone = versions_[version].previous;
  versions_[version].previous = nil;
  while (gone != nil) {
    const VersionId next = versions_[gone].previous;
    free_version(gone);
    gone = next;
  }
}

/// One entry a row and value, however many of its versions have it: otherwise a scan would meet the row twice.
void DocumentTable::enter(VersionId version) {
  const Version& made = versions_[version];
  if (made.removed != 0) return;
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    const Word value = key_value(keys_[key], words(version));
    EqualityIndex& index = indexes_[key];
    EqualityIndex::EntryId found = EqualityIndex::none;
    for (VersionId at = made.previous; at != nil && found == EqualityIndex::none; at = versions_[at].previous) {
      const EqualityIndex::EntryId older = entry(at, key);
      if (older != EqualityIndex::none && index.value(older) == value) found = older;
    }
    if (found != EqualityIndex::none) index.use(found);
    entry(version, key) = found != EqualityIndex::none ? found : index.add(value, made.row);
  }
  for (KeyIndex& index : key_indexes_) index.enter(index.keys_of(bodies_[version]), made.row);
}

void DocumentTable::leave(VersionId version) {
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    EqualityIndex::EntryId& used = entry(version, key);
    if (used != EqualityIndex::none) indexes_[key].release(used);
    used = EqualityIndex::none;
  }
  if (keeps_bodies_ == 0 || bodies_[version].empty()) return;
  for (KeyIndex& index : key_indexes_) index.leave(index.keys_of(bodies_[version]), versions_[version].row);
}

VersionId DocumentTable::push(DocumentId row, const Word* words, std::string_view body) {
  const VersionId version = make_version();
  versions_[version].row = row;
  versions_[version].previous = rows_[row].newest;
  rows_[row].newest = version;
  overwrite(version, words, body);
  return version;
}

void DocumentTable::overwrite(VersionId version, const Word* words, std::string_view body) {
  leave(version);
  versions_[version].removed = words == nullptr ? 1 : 0;
  if (keeps_bodies_ != 0) bodies_[version] = std::string(words == nullptr ? std::string_view() : body);
  if (words == nullptr) return;
  std::copy_n(words, width_, words_.begin() + static_cast<std::ptrdiff_t>(std::size_t{version} * width_));
  enter(version);
}

void DocumentTable::undo(DocumentId row) {
  const VersionId undone = rows_[row].newest;
  rows_[row].newest = versions_[undone].previous;
  free_version(undone);
  if (rows_[row].newest == nil) bury(row);
}

bool DocumentTable::settle(DocumentId row, std::uint64_t newest_open_snapshot) {
  const VersionId newest = rows_[row].newest;
  const VersionId below = versions_[newest].previous;
  bool left = false;
  if (below != nil) {
    left = versions_[below].commit <= newest_open_snapshot;
    if (!left) {  // What is still further below was left, and reported, when `below` was committed.
      versions_[newest].previous = versions_[below].previous;
      free_version(below);
    }
  }
  if (versions_[newest].removed != 0 && versions_[newest].previous == nil) {
    free_version(newest);
    bury(row);
  }
  return left;
}

void DocumentTable::prune(DocumentId row, std::uint64_t oldest) {
  VersionId at = rows_[row].newest;
  while (at != nil && versions_[at].commit > oldest) at = versions_[at].previous;
  if (at == nil) return;
  free_older(at);
  if (versions_[at].removed != 0 && at == rows_[row].newest) {
    free_version(at);
    bury(row);
  }
}

DocumentTable::Clash DocumentTable::clash(const Word* words, std::string_view body, DocumentId row,
                                          TransactionId reader, std::uint64_t snapshot) const {
  for (std::size_t index = 0; index < key_indexes_.size(); ++index) {
    const Clash found = clash_in_bodies(index, body, row, reader, snapshot);
    if (found.kind != Clash::Kind::none) return found;
  }
  for (std::size_t key = 0; key < keys_.size(); ++key) {
    if (keys_[key].unique == 0) continue;
    const Clash found = clash_in(key, words, row, reader, snapshot);
    if (found.kind != Clash::Kind::none) return found;
  }
  return {};
}

/// What a row with an entry of the key says about a candidate; `has` tells whether a version has the key.
/// Depends on what is open, what is committed last and what the reader sees, never on which versions others keep alive.
template <class Has>
DocumentTable::Clash DocumentTable::clash_with(DocumentId row, TransactionId reader, std::uint64_t snapshot,
                                               const Has& has) const {
  VersionId newest = rows_[row].newest;
  const Version& top = versions_[newest];
  if (top.writer != 0 && top.writer != reader) {
    if (has(newest) != has(top.previous)) return {Clash::Kind::changed, row, top.writer};
    newest = top.previous;
  }
  const VersionId seen = visible(row, reader, snapshot);
  if (has(newest) != has(seen)) return {Clash::Kind::changed, row, 0};
  if (has(seen)) return {Clash::Kind::duplicate, row, 0};
  return {};
}

DocumentTable::Clash DocumentTable::clash_in(std::size_t number, const Word* candidate, DocumentId own,
                                             TransactionId reader, std::uint64_t snapshot) const {
  const Key& key = keys_[number];
  const EqualityIndex& index = indexes_[number];
  const auto has = [&](VersionId at) {
    return at != nil && versions_[at].removed == 0 && same_key(key, words(at), candidate);
  };
  EqualityIndex::EntryId entry = index.first(key_value(key, candidate));
  for (; entry != EqualityIndex::none; entry = index.next(entry)) {
    if (index.row(entry) == own) continue;
    const Clash found = clash_with(index.row(entry), reader, snapshot, has);
    if (found.kind != Clash::Kind::none) return found;
  }
  return {};
}

DocumentTable::Clash DocumentTable::clash_in_bodies(std::size_t number, std::string_view body, DocumentId own,
                                                    TransactionId reader, std::uint64_t snapshot) const {
  const KeyIndex& index = key_indexes_[number];
  const std::vector<std::string> keys = index.keys_of(body);  // Throws here, before anything has been changed.
  if (!index.spec().unique) return {};
  for (const std::string& key : keys) {
    const auto has = [&](VersionId at) {
      return at != nil && versions_[at].removed == 0 && index.has_key(bodies_[at], key);
    };
    for (const DocumentId row : index.rows_with(key)) {
      if (row == own) continue;
      Clash found = clash_with(row, reader, snapshot, has);
      found.index = static_cast<std::uint32_t>(number);
      if (found.kind != Clash::Kind::none) return found;
    }
  }
  return {};
}

void DocumentTable::keep_bodies() {
  PREMORTEM_CHECK(versions_.empty(), "a table keeps whole documents from its first one on");
  keeps_bodies_ = 1;
}

void DocumentTable::add_key_index(const IndexSpec& spec) {
  KeyIndex index(spec);
  for (VersionId version = 0; version < versions_.size(); ++version) {
    if (!bodies_[version].empty()) index.enter(index.keys_of(bodies_[version]), versions_[version].row);
  }
  key_indexes_.push_back(std::move(index));
}

void DocumentTable::drop_key_index(std::size_t number) {
  key_indexes_.erase(key_indexes_.begin() + static_cast<std::ptrdiff_t>(number));
}

DocumentId DocumentTable::row_after(DocumentId row) const {
  if (row == nil) return first_;
  if (row < rows_.size() && rows_[row].newest != nil) return rows_[row].next;
  for (++row; row < rows_.size(); ++row) {
    if (rows_[row].newest != nil) return row;
  }
  return nil;
}

}  // namespace premortem
