#pragma once
// An index over paths of whole documents: keys in MongoDB's order, each with the rows that have it in some version.

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/document_store/document_types.hpp"
#include "sim/models/query/filter.hpp"

namespace premortem {

/// What createIndexes says of an index.
struct IndexSpec {
  std::string name;
  std::string key;  ///< BSON: {state: 1, at: -1}.
  bool unique = false;
  bool sparse = false;             ///< Documents without any of the paths are not in it.
  bool hidden = false;             ///< No query uses it.
  std::int64_t expire_after = -1;  ///< Seconds: a TTL index (MONGO-069); -1: none.
  std::string partial;             ///< BSON filter: only documents that match are in it; empty: all.

  bool operator==(const IndexSpec&) const = default;
  template <class F>
  void fields(F&& f) {
    f(name), f(key), f(unique), f(sparse), f(hidden), f(expire_after), f(partial);
  }
  template <class F>
  void fields(F&& f) const {
    f(name), f(key), f(unique), f(sparse), f(hidden), f(expire_after), f(partial);
  }
};

/// A value. An entry lives as long as some version, seen by somebody or not, has it: so a reader of an old snapshot
/// finds it, too, and has to look whether the version that it sees has that key.
class KeyIndex {
 public:
  KeyIndex() = default;
  explicit KeyIndex(IndexSpec spec);

  const IndexSpec& spec() const { return spec_; }
  IndexSpec& spec() { return spec_; }
  const std::vector<std::string>& paths() const { return paths_; }
  const std::vector<bool>& descending() const { return descending_; }

  /// The keys under which a document stands here, ascending, each once. Throws query::CommandError 171 where two arrays
  /// meet. An array stands under each of its elements.
  std::vector<std::string> keys_of(std::string_view body) const;
  bool has_key(std::string_view body, std::string_view key) const;

  void enter(const std::vector<std::string>& keys, DocumentId row);
  void leave(const std::vector<std::string>& keys, DocumentId row);

  /// A place between two keys: the key, then the row as four bytes. visit(key, row) for every entry from `from` on (not
  /// the one exactly there if `beyond`), ascending or descending, until it returns false.
  template <class Visit>
  void ascend(const std::string& from, bool beyond, Visit&& visit) const {
    for (auto at = beyond ? entries_.upper_bound(from) : entries_.lower_bound(from); at != entries_.end(); ++at) {
      if (!visit(key_of(at->first), row_of(at->first))) return;
    }
  }
  template <class Visit>
  void descend(const std::string& from, bool beyond, Visit&& visit) const {
    auto at = from.empty() ? entries_.end() : beyond ? entries_.lower_bound(from) : entries_.upper_bound(from);
    while (at != entries_.begin()) {
      --at;
      if (!visit(key_of(at->first), row_of(at->first))) return;
    }
  }
  /// Rows with exactly this key.
  std::vector<DocumentId> rows_with(const std::string& key) const;
  static std::string place(std::string_view key, DocumentId row);
  std::size_t size() const { return entries_.size(); }
  /// Whether some document has ever stood under several keys: then two bounds may be met by two elements of one array.
  bool is_multikey() const { return multikey_ != 0; }

  bool operator==(const KeyIndex& other) const {
    return spec_ == other.spec_ && entries_ == other.entries_ && multikey_ == other.multikey_;
  }
  template <class F>
  void fields(F&& f) {
    f(spec_), f(multikey_);
    std::vector<Flat> flat = flattened();
    f(flat);
    restore(flat);
  }
  template <class F>
  void fields(F&& f) const {
    f(spec_), f(multikey_), f(flattened());
  }

 private:
  struct Flat {
    std::string place;
    std::uint32_t uses = 0;
    template <class F>
    void fields(F&& f) {
      f(place), f(uses);
    }
    template <class F>
    void fields(F&& f) const {
      f(place), f(uses);
    }
  };
  static std::string_view key_of(const std::string& place) {
    return std::string_view(place).substr(0, place.size() - 4);
  }
  static DocumentId row_of(const std::string& place);
  std::vector<Flat> flattened() const;
  void restore(const std::vector<Flat>& flat);
  void read_spec();

  IndexSpec spec_;
  std::uint8_t multikey_ = 0;
  std::map<std::string, std::uint32_t> entries_;  ///< From places to how many versions of the row have the key.
  // What follows from the spec.
  std::vector<std::string> paths_, roots_;
  std::vector<bool> descending_;
  std::shared_ptr<const query::Filter> partial_;
};

/// What `path` leads to, through arrays: each element of an array at its end; null where nothing is there, undefined
/// for an empty array.
std::vector<bson::Value> index_values(const bson::Value& document, std::string_view path, bool& through_array);

}  // namespace premortem
