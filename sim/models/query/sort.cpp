// Sorts. Source: mongodb/mongo, src/mongo/db/query/sort_pattern.cpp and src/mongo/db/index/btree_key_generator.cpp: a
// document's keys are those that a compound index would hold of it, and it is sorted by the first of them.
#include <algorithm>

#include "sim/models/bson/compare.hpp"
#include "sim/models/query/filter_numbers.hpp"
#include "sim/models/query/path.hpp"
#include "sim/models/query/projection.hpp"

namespace premortem::query {

namespace {

constexpr std::size_t sort_parts_max = 32;

void check_sort_path(const std::string& path) {
  if (path.empty()) throw CommandError(40352, "FieldPath cannot be constructed with empty string");
  if (path.back() == '.') throw CommandError(40353, "FieldPath must not end with a '.'.");
  const Path taken_apart(path);
  for (const std::string& part : taken_apart.parts()) {
    if (part.empty()) throw CommandError(15998, "FieldPath field names may not be empty strings.");
    if (part.front() == '$')
      throw CommandError(16410, "FieldPath field names may not start with '$'. Consider using $getField or $setField.");
  }
}

[[noreturn]] void refuse_sort_expression(const bson::Value& expression) {
  if (expression.fields().empty() || expression.fields().front().name != "$meta")
    throw CommandError(17312, "$meta is the only expression supported by $sort right now");
  if (expression.fields().size() > 1)
    throw CommandError(code::failed_to_parse, "Cannot have additional keys in a $meta sort specification");
  const bson::Value& what = expression.fields().front().value;
  if (what.is_string() && what.as_text() == "textScore")
    throw CommandError(40218, "query requires text score metadata, but it is not available");
  throw CommandError(31138, "Illegal $meta sort: $meta: " + bson::to_shell(what));
}

/// How far one path of the sort has come in a document.
struct SortCursor {
  const bson::Value* at = nullptr;  ///< Null: there is nothing, which sorts as null.
  std::size_t next = 0;             ///< The first part that is left.
  bool done = false;                ///< An element of an array, which is not entered again.
};

const bson::Value& null_key() {
  static const bson::Value null = bson::Value::null();
  return null;
}
/// What an empty array sorts as.
const bson::Value& empty_array_key() {
  static const bson::Value undefined = bson::Value::undefined();
  return undefined;
}

class SortKeys {
 public:
  explicit SortKeys(const std::vector<Sort::Part>& parts) {
    for (const Sort::Part& part : parts) {
      paths_.emplace_back(part.path);
      descending_.push_back(part.descending);
    }
  }

  std::string least(const bson::Value& document) {
    expand(std::vector<SortCursor>(paths_.size(), SortCursor{&document, 0, false}));
    return std::move(best_);
  }

 private:
  /// Goes down as far as documents lead. Afterwards the cursor is done, or stands at an array.
  void advance(SortCursor& cursor, const std::vector<std::string>& parts) const {
    while (!cursor.done) {
      const bson::Value& here = *cursor.at;
      if (here.is_array()) {
        const std::size_t index = index_that_is_asked_for(here, parts, cursor.next);
        if (index == here.elements().size()) return;
        cursor.at = &here.elements()[index];
        ++cursor.next;
      } else if (cursor.next == parts.size()) {
        cursor.done = true;
      } else {
        cursor.at = here.find(parts[cursor.next++]);
        cursor.done = cursor.at == nullptr;
      }
    }
  }

  static std::size_t index_that_is_asked_for(const bson::Value& array, const std::vector<std::string>& parts,
                                             std::size_t next) {
    const std::size_t size = array.elements().size();
    if (next == parts.size() || !is_all_digits(parts[next]) || parts[next].size() > 9) return size;
    const std::size_t index = std::stoul(parts[next]);
    return index < size && names_index(parts[next], index) ? index : size;
  }

  void expand(std::vector<SortCursor> cursors) {
    const bson::Value* array = nullptr;
    for (std::size_t at = 0; at < cursors.size(); ++at) {
      advance(cursors[at], paths_[at].parts());
      if (cursors[at].done) continue;
      if (array != nullptr && array != cursors[at].at)
        throw CommandError(code::bad_value, "cannot sort with keys that are parallel arrays");
      array = cursors[at].at;
    }
    if (array == nullptr) return take(cursors);
    if (array->elements().empty()) expand(with_element(cursors, empty_array_key()));
    for (const bson::Value& element : array->elements()) expand(with_element(cursors, element));
  }

  std::vector<SortCursor> with_element(std::vector<SortCursor> cursors, const bson::Value& element) const {
    for (std::size_t at = 0; at < cursors.size(); ++at) {
      SortCursor& cursor = cursors[at];
      if (cursor.done) continue;
      const bool ends_here = cursor.next == paths_[at].parts().size();
      cursor.done = ends_here || !element.is_document();
      cursor.at = ends_here || element.is_document() ? &element : nullptr;
    }
    return cursors;
  }

  void take(const std::vector<SortCursor>& cursors) {
    std::vector<bson::Value> values;
    values.reserve(cursors.size());
    for (const SortCursor& cursor : cursors) values.push_back(cursor.at == nullptr ? null_key() : *cursor.at);
    std::string key = bson::key_string(values, descending_);
    if (has_best_ && key >= best_) return;
    best_ = std::move(key);
    has_best_ = true;
  }

  std::vector<Path> paths_;
  std::vector<bool> descending_;
  std::string best_;
  bool has_best_ = false;
};

}  // namespace

Sort Sort::parse(const bson::Value& sort) {
  Sort parsed;
  if (sort.is_missing()) return parsed;
  if (!sort.is_document()) throw CommandError(code::type_mismatch, "Expected field sort to be of type object");
  for (const bson::Field& field : sort.fields()) {
    if (field.value.is_document()) refuse_sort_expression(field.value);
    if (!field.value.is_number())
      throw CommandError(15974,
                         "Illegal key in $sort specification: " + field.name + ": " + bson::to_shell(field.value));
    const std::optional<WholeNumber> direction = truncated(field.value);
    if (!direction || (direction->value != 1 && direction->value != -1))
      throw CommandError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    check_sort_path(field.name);
    if (parsed.parts_.size() == sort_parts_max) throw CommandError(13103, "too many compound keys");
    for (const Part& part : parsed.parts_) {
      if (part.path == field.name)
        throw CommandError(7472500, "$sort key must not contain duplicate keys (duplicate: '" + field.name + "')");
    }
    parsed.parts_.push_back({field.name, direction->value < 0});
  }
  return parsed;
}

std::string Sort::key(const bson::Value& document) const { return SortKeys(parts_).least(document); }

}  // namespace premortem::query
