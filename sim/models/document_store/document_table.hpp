#pragma once
// One collection: rows, the versions of each, and the indexes over them. Decides nothing: DocumentStore does.

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/models/document_store/document_types.hpp"
#include "sim/models/document_store/equality_index.hpp"
#include "sim/models/document_store/key_index.hpp"

namespace premortem {

using VersionId = std::uint32_t;

/// A value. A row leads to its newest version, each version to the one before. Versions are used again, rows are not: a
/// history and results in hand name them.
class DocumentTable {
 public:
  static constexpr std::uint32_t nil = 0xFFFFFFFF;
  static constexpr std::uint64_t uncommitted = UINT64_MAX;
  static constexpr std::uint64_t newest_snapshot = UINT64_MAX - 1;  ///< Sees everything committed.

  struct Version {
    std::uint64_t commit = uncommitted;  ///< Commit number.
    VersionId previous = nil;            ///< The next older one that somebody may see.
    DocumentId row = 0;
    TransactionId writer = 0;    ///< While uncommitted.
    VersionId next_write = nil;  ///< Of the same transaction, in order; in the table `next_write_table`.
    std::uint16_t next_write_table = 0;
    std::uint16_t removed = 0;  ///< 1: this version says that the document is gone.
    std::uint32_t unused = 0;
    bool operator==(const Version&) const = default;
  };

  /// What a unique key says about a candidate.
  struct Clash {
    enum class Kind : std::uint8_t {
      none,
      duplicate,
      changed
    };  ///< changed: its entry is open, or newer than the snapshot.
    Kind kind = Kind::none;
    DocumentId row = 0;
    TransactionId writer = 0;   ///< Of the open change; 0: it is committed.
    std::uint32_t index = nil;  ///< Which of key_indexes() it is about; nil: a key of words.
  };

  explicit DocumentTable(const CollectionSpec& spec = {});

  std::uint16_t width() const { return width_; }
  std::size_t size() const { return live_; }
  DocumentId first_row() const { return first_; }
  DocumentId next_row(DocumentId row) const { return rows_[row].next; }
  bool has_row(DocumentId row) const { return row < rows_.size(); }
  VersionId newest(DocumentId row) const { return rows_[row].newest; }
  Version& version(VersionId version) { return versions_[version]; }
  const Version& version(VersionId version) const { return versions_[version]; }
  const Word* words(VersionId version) const { return words_.data() + std::size_t{version} * width_; }

  /// The version that a reader sees, which may say that the document is gone; nil: none.
  VersionId visible(DocumentId row, TransactionId reader, std::uint64_t snapshot) const {
    VersionId at = rows_[row].newest;
    while (at != nil && versions_[at].commit > snapshot && (reader == 0 || versions_[at].writer != reader)) {
      at = versions_[at].previous;
    }
    return at;
  }
  /// The words that a reader sees; null: no document.
  const Word* seen(DocumentId row, TransactionId reader, std::uint64_t snapshot) const {
    const VersionId at = visible(row, reader, snapshot);
    return at == nil || versions_[at].removed != 0 ? nullptr : words(at);
  }
  /// The index over this one field; null: there is none.
  const EqualityIndex* index_of(std::uint16_t field) const {
    for (std::size_t key = 0; key < keys_.size(); ++key) {
      if (keys_[key].count == 1 && key_fields_[keys_[key].first] == field) return &indexes_[key];
    }
    return nullptr;
  }

  /// The index over exactly these fields, which are in order; null: there is none.
  const EqualityIndex* index_of(const std::vector<FieldValue>& wanted) const;
  /// What such an index is looked up by.
  static Word key_value(const std::vector<FieldValue>& wanted) {
    Word value = wanted[0].value;
    for (std::size_t n = 1; n < wanted.size(); ++n) value = combine(value, wanted[n].value);
    return value;
  }

  /// What unique keys would be broken by such a document in `row` (nil: in a new one). May throw, as KeyIndex::keys_of.
  Clash clash(const Word* words, std::string_view body, DocumentId row, TransactionId reader,
              std::uint64_t snapshot) const;

  DocumentId add_row();
  /// An uncommitted version above the newest. Null words: the document is gone. `words` must not point into the table.
  VersionId push(DocumentId row, const Word* words, std::string_view body = {});
  /// Changes the newest, uncommitted version in place.
  void overwrite(VersionId version, const Word* words, std::string_view body = {});
  /// Takes the newest, uncommitted version back.
  void undo(DocumentId row);
  /// After the newest version was committed: drops the one below unless the newest open snapshot sees it. True: an
  /// older one is left that prune() should drop when every snapshot sees the newest.
  bool settle(DocumentId row, std::uint64_t newest_open_snapshot);
  /// Drops what no snapshot from `oldest` on can see.
  void prune(DocumentId row, std::uint64_t oldest);
  // --- Whole documents beside the words, where the table keeps them: what real programs have written and read.
  void keep_bodies();
  bool keeps_bodies() const { return keeps_bodies_ != 0; }
  /// BSON; empty where none are kept, and of a version that says that the document is gone.
  std::string_view body(VersionId version) const {
    return keeps_bodies_ != 0 ? std::string_view(bodies_[version]) : std::string_view();
  }
  const std::vector<KeyIndex>& key_indexes() const { return key_indexes_; }
  KeyIndex& key_index(std::size_t number) { return key_indexes_[number]; }
  /// An index over every version that there is. Throws query::CommandError where a document cannot be in it.
  void add_key_index(const IndexSpec& spec);
  void drop_key_index(std::size_t number);
  /// The first row after `row` (nil: of all) that somebody may see, though `row` may be gone by now.
  DocumentId row_after(DocumentId row) const;

  /// Counts a document that a commit made visible (+1) or removed (-1).
  void count(int change) { live_ += static_cast<std::uint64_t>(static_cast<std::int64_t>(change)); }

  template <class F>
  void fields(F&& f) {
    f(rows_), f(versions_), f(words_), f(entries_), f(keys_), f(key_fields_), f(indexes_), f(bodies_), f(key_indexes_);
    f(live_), f(first_), f(last_), f(free_), f(width_), f(keeps_bodies_);
  }
  template <class F>
  void fields(F&& f) const {
    f(rows_), f(versions_), f(words_), f(entries_), f(keys_), f(key_fields_), f(indexes_), f(bodies_), f(key_indexes_);
    f(live_), f(first_), f(last_), f(free_), f(width_), f(keeps_bodies_);
  }
  bool operator==(const DocumentTable&) const = default;

 private:
  struct Row {
    VersionId newest = nil;  ///< nil: dead for everybody.
    DocumentId next = nil, previous = nil;
    bool operator==(const Row&) const = default;
  };
  /// What an index is over: `count` of key_fields_ from `first` on.
  struct Key {
    std::uint16_t first = 0, count = 0, unique = 0, unused = 0;
    bool operator==(const Key&) const = default;
  };

  void add_key(const std::vector<std::uint16_t>& fields, bool unique);
  /// What the index is looked up by: the field itself, or a hash of several.
  Word key_value(const Key& key, const Word* words) const;
  bool same_key(const Key& key, const Word* left, const Word* right) const;
  Clash clash_in(std::size_t key, const Word* words, DocumentId row, TransactionId reader,
                 std::uint64_t snapshot) const;
  Clash clash_in_bodies(std::size_t index, std::string_view body, DocumentId row, TransactionId reader,
                        std::uint64_t snapshot) const;
  template <class Has>
  Clash clash_with(DocumentId row, TransactionId reader, std::uint64_t snapshot, const Has& has) const;
  EqualityIndex::EntryId& entry(VersionId version, std::size_t key) {
    return entries_[version * indexes_.size() + key];
  }
  void enter(VersionId version);
  void leave(VersionId version);
  VersionId make_version();
  void free_version(VersionId version);
  void free_older(VersionId version);
  void bury(DocumentId row);

  std::vector<Row> rows_;
  std::vector<Version> versions_;
  std::vector<Word> words_;                      ///< By version.
  std::vector<EqualityIndex::EntryId> entries_;  ///< By version and index: its entry.
  std::vector<Key> keys_;                        ///< By index.
  std::vector<std::uint16_t> key_fields_;
  std::vector<EqualityIndex> indexes_;
  std::vector<std::string> bodies_;      ///< By version, where they are kept.
  std::vector<KeyIndex> key_indexes_;    ///< Over bodies.
  std::uint64_t live_ = 0;               ///< Committed documents.
  DocumentId first_ = nil, last_ = nil;  ///< Rows that somebody may see, in order of insertion.
  VersionId free_ = nil;                 ///< Free versions, linked by `previous`.
  std::uint16_t width_ = 1;
  std::uint16_t keeps_bodies_ = 0;
};

}  // namespace premortem
