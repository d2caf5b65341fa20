#pragma once
// Paths of updates ("a.0.b") through documents and arrays. Source: MongoDB manual, "Dot Notation".

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/bson/value.hpp"

namespace premortem::query {

using UpdatePath = std::vector<std::string>;

UpdatePath split_path(std::string_view dotted);
std::string join_path(const UpdatePath& path);
/// "12" as an index of an array; nothing for names and for what fits into no 32 bits.
std::optional<std::size_t> array_index(std::string_view name);

/// How far a path leads: `value` is what the first `taken` parts name, the document itself if none.
struct PathEnd {
  bson::Value* value = nullptr;
  std::size_t taken = 0;
};
PathEnd follow_path(bson::Value& document, const UpdatePath& path);
/// What the whole path names; null: nothing.
bson::Value* find_path(bson::Value& document, const UpdatePath& path);

/// Creates what is missing of the path behind `end`: documents, and elements of arrays, before which nulls are
/// inserted. `padding` counts the bytes of all nulls of one update. Throws CommandError 28, 34, 17419.
void create_path(const PathEnd& end, const UpdatePath& path, bson::Value value, std::size_t& padding);

/// "a: 1", as errors print an element; "_id: 1" of a document, or "no id".
std::string describe_element(std::string_view name, const bson::Value& value);
std::string describe_id(const bson::Value& document);
/// The element that follow_path() ended at.
std::string describe_end(const PathEnd& end, const UpdatePath& path);
/// Throws 28: the path can not lead on from where it ends.
[[noreturn]] void throw_not_viable(const PathEnd& end, const UpdatePath& path);

}  // namespace premortem::query
