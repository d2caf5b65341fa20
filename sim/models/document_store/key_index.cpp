#include "sim/models/document_store/key_index.hpp"

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/command_error.hpp"

namespace premortem {

namespace {

using bson::Value;

constexpr int cannot_index_parallel_arrays = 171;

/// The element of an array that a path's part names; nothing: it names none.
const Value* element_named(const Value& array, std::string_view part) {
  if (part.empty() || part.size() > 9 || (part.size() > 1 && part[0] == '0')) return nullptr;
  std::size_t number = 0;
  for (const char digit : part) {
    if (digit < '0' || digit > '9') return nullptr;
    number = number * 10 + static_cast<std::size_t>(digit - '0');
  }
  return number < array.elements().size() ? &array.elements()[number] : nullptr;
}

void collect_values(const Value& value, std::string_view rest, bool& through_array, std::vector<Value>& found) {
  if (rest.empty()) {
    if (!value.is_array()) {
      found.push_back(value.is_missing() ? Value::null() : value);
      return;
    }
    through_array = true;
    if (value.elements().empty()) found.push_back(Value::undefined());
    for (const Value& element : value.elements()) found.push_back(element);
    return;
  }
  const std::size_t dot = rest.find('.');
  const std::string_view part = rest.substr(0, dot);
  const std::string_view further = dot == std::string_view::npos ? std::string_view() : rest.substr(dot + 1);
  if (value.is_document()) return collect_values(value[part], further, through_array, found);
  if (!value.is_array()) {
    found.push_back(Value::null());
    return;
  }
  if (const Value* element = element_named(value, part)) return collect_values(*element, further, through_array, found);
  through_array = true;
  bool any = false;
  for (const Value& element : value.elements()) {
    if (!element.is_document()) continue;
    any = true;
    collect_values(element[part], further, through_array, found);
  }
  if (!any) found.push_back(value.elements().empty() ? Value::undefined() : Value::null());
}

}  // namespace

std::vector<Value> index_values(const Value& document, std::string_view path, bool& through_array) {
  std::vector<Value> found;
  collect_values(document, path, through_array, found);
  return found;
}

KeyIndex::KeyIndex(IndexSpec spec) : spec_(std::move(spec)) { read_spec(); }

void KeyIndex::read_spec() {
  paths_.clear(), roots_.clear(), descending_.clear();
  partial_.reset();
  if (spec_.key.empty()) return;
  const Value key = bson::decode(spec_.key);
  for (const bson::Field& field : key.fields()) {
    paths_.push_back(field.name);
    const bool down = field.value.is_number() && bson::compare(field.value, Value::int32(0)) < 0;
    descending_.push_back(down);
    const std::string root = field.name.substr(0, field.name.find('.'));
    if (std::find(roots_.begin(), roots_.end(), root) == roots_.end()) roots_.push_back(root);
  }
  if (!spec_.partial.empty())
    partial_ = std::make_shared<const query::Filter>(query::Filter::parse(bson::decode(spec_.partial), {}));
}

namespace {

/// How far one path of an index is in a document.
struct KeyPath {
  const Value* at = nullptr;  ///< Null: there is nothing.
  std::string_view rest;      ///< What of the path is left.
  bool ended = false;         ///< What it stands at is its value, also if that is an array.
};

/// Goes on through documents, and to elements that the path names, as far as an array or the end.
void walk(KeyPath& path) {
  while (!path.ended && path.at != nullptr && !path.rest.empty()) {
    const std::size_t dot = path.rest.find('.');
    const std::string_view part = path.rest.substr(0, dot);
    const Value* next = nullptr;
    if (path.at->is_document()) {
      next = path.at->find(part);
    } else if (path.at->is_array()) {
      next = element_named(*path.at, part);
      if (next == nullptr) return;
    }
    path.at = next;
    path.rest = dot == std::string_view::npos ? std::string_view() : path.rest.substr(dot + 1);
  }
  if (path.at == nullptr || (path.rest.empty() && !path.at->is_array())) path.ended = true;
}

/// Every row of values that the paths lead to together. Paths into the same array take the same element; an array
/// beside it would be parallel.
void expand(std::vector<KeyPath> paths, const std::vector<std::string>& names, std::vector<std::vector<Value>>& rows,
            bool& has_any) {
  const Value* array = nullptr;
  std::size_t first = 0;
  for (std::size_t n = 0; n < paths.size(); ++n) {
    walk(paths[n]);
    if (paths[n].ended) continue;
    if (array != nullptr && array != paths[n].at)
      throw query::CommandError(cannot_index_parallel_arrays,
                                "cannot index parallel arrays [" + names[n] + "] [" + names[first] + "]");
    if (array == nullptr) array = paths[n].at, first = n;
  }
  if (array == nullptr) {
    std::vector<Value>& row = rows.emplace_back();
    for (const KeyPath& path : paths) {
      has_any = has_any || path.at != nullptr;
      row.push_back(path.at == nullptr ? Value::null() : *path.at);
    }
    return;
  }
  static const Value nothing_in_it = Value::undefined();
  const auto go_on_with = [&](const Value* element) {
    std::vector<KeyPath> further = paths;
    for (KeyPath& path : further) {
      if (path.ended) continue;
      const bool leads_in = path.rest.empty() || (element != nullptr && element->is_document());
      if (path.rest.empty() || !leads_in) path.ended = true;
      path.at = leads_in ? element : array->elements().empty() ? &nothing_in_it : nullptr;
      if (array->elements().empty()) path.at = &nothing_in_it, path.ended = true;
    }
    expand(std::move(further), names, rows, has_any);
  };
  // Elements that are no documents say nothing to a path that goes further, unless there are no others.
  const bool all_go_further =
      std::all_of(paths.begin(), paths.end(), [](const KeyPath& path) { return path.ended || !path.rest.empty(); });
  bool any = false;
  for (const Value& element : array->elements()) {
    if (all_go_further && !element.is_document()) continue;
    any = true;
    go_on_with(&element);
  }
  if (!any) go_on_with(nullptr);
}

}  // namespace

std::vector<std::string> KeyIndex::keys_of(std::string_view body) const {
  if (partial_ && !partial_->matches(bson::decode(body))) return {};
  const Value document = bson::decode_fields(body, roots_);
  std::vector<KeyPath> paths;
  for (const std::string& path : paths_) paths.push_back({&document, path, false});
  std::vector<std::vector<Value>> rows;
  bool has_any = false;
  expand(std::move(paths), paths_, rows, has_any);
  if (spec_.sparse && !has_any) return {};
  std::vector<std::string> keys;
  keys.reserve(rows.size());
  for (const std::vector<Value>& row : rows) keys.push_back(bson::key_string(row, descending_));
  std::sort(keys.begin(), keys.end());
  keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
  return keys;
}

bool KeyIndex::has_key(std::string_view body, std::string_view key) const {
  const std::vector<std::string> keys = keys_of(body);
  return std::binary_search(keys.begin(), keys.end(), key);
}

std::string KeyIndex::place(std::string_view key, DocumentId row) {
  std::string place(key);
  for (int shift = 24; shift >= 0; shift -= 8) place += static_cast<char>(row >> shift & 0xFF);
  return place;
}

DocumentId KeyIndex::row_of(const std::string& place) {
  DocumentId row = 0;
  for (std::size_t at = place.size() - 4; at < place.size(); ++at)
    row = row << 8 | static_cast<unsigned char>(place[at]);
  return row;
}

void KeyIndex::enter(const std::vector<std::string>& keys, DocumentId row) {
  if (keys.size() > 1) multikey_ = 1;
  for (const std::string& key : keys) ++entries_[place(key, row)];
}

void KeyIndex::leave(const std::vector<std::string>& keys, DocumentId row) {
  for (const std::string& key : keys) {
    const auto at = entries_.find(place(key, row));
    if (at != entries_.end() && --at->second == 0) entries_.erase(at);
  }
}

std::vector<DocumentId> KeyIndex::rows_with(const std::string& key) const {
  std::vector<DocumentId> rows;
  ascend(key, false, [&](std::string_view found, DocumentId row) {
    if (found != key) return false;
    rows.push_back(row);
    return true;
  });
  return rows;
}

std::vector<KeyIndex::Flat> KeyIndex::flattened() const {
  std::vector<Flat> flat;
  flat.reserve(entries_.size());
  for (const auto& [place, uses] : entries_) flat.push_back({place, uses});
  return flat;
}

void KeyIndex::restore(const std::vector<Flat>& flat) {
  read_spec();
  entries_.clear();
  for (const Flat& entry : flat) {
    if (entry.place.size() >= 4) entries_.emplace_hint(entries_.end(), entry.place, entry.uses);
  }
}

}  // namespace premortem
