#pragma once
// Dotted paths through documents and arrays. Source: MongoDB manual, "Query an Array of Embedded Documents"; its order
// of visits is that of mongodb/mongo, src/mongo/db/matcher/path.cpp.

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/bson/value.hpp"

namespace premortem::query {

/// A path taken apart at its dots. "" is one part, the empty name.
class Path {
 public:
  explicit Path(std::string_view dotted);
  const std::string& text() const { return text_; }
  const std::vector<std::string>& parts() const { return parts_; }
  /// Whether a part is digits alone, which may mean an index or a name.
  bool has_number() const;

 private:
  std::string text_;
  std::vector<std::string> parts_;
};

bool is_all_digits(std::string_view text);
/// Whether a part of a path means this index of an array: "0", never "00".
bool names_index(std::string_view part, std::size_t index);
/// A missing value that can be referred to.
const bson::Value& missing();

/// What becomes of an array at the very end of a path.
enum class LeafArray : std::uint8_t {
  elements_then_itself,  ///< Comparisons look at each element, then at the whole.
  itself                 ///< $size and $elemMatch look at the whole.
};

/// Calls `visit(value, index)` for every value that the path means, until one call says true; that is the result.
/// Nothing at the end of the path: one call with a missing value; but none for arrays on the way whose elements have
/// nothing to offer. `index`: place in the outermost array that was entered without being asked for by number; else -1.
template <typename Visit>
bool visit_path(const bson::Value& document, std::span<const std::string> parts, LeafArray leaf, Visit&& visit);

namespace path_visits {

template <typename Visit>
bool visit_array(const bson::Value& array, std::span<const std::string> rest, LeafArray leaf, std::int64_t outer,
                 Visit& visit);

template <typename Visit>
bool visit_document(const bson::Value& document, std::span<const std::string> parts, LeafArray leaf, std::int64_t outer,
                    Visit& visit) {
  const bson::Value* current = &document;
  for (std::size_t at = 0; at < parts.size(); ++at) {
    current = current->find(parts[at]);
    if (current == nullptr) return visit(missing(), outer);
    if (current->is_array()) return visit_array(*current, parts.subspan(at + 1), leaf, outer, visit);
    if (!current->is_document() && at + 1 < parts.size()) return visit(missing(), outer);
  }
  return visit(*current, outer);
}

/// `rest`: what is left of the path behind the array.
template <typename Visit>
bool visit_array(const bson::Value& array, std::span<const std::string> rest, LeafArray leaf, std::int64_t outer,
                 Visit& visit) {
  if (rest.empty() && leaf == LeafArray::itself) return visit(array, outer);
  const std::vector<bson::Value>& elements = array.elements();
  for (std::size_t at = 0; at < elements.size(); ++at) {
    const bson::Value& element = elements[at];
    const std::int64_t here = outer >= 0 ? outer : static_cast<std::int64_t>(at);
    if (rest.empty()) {
      if (visit(element, here)) return true;
      continue;
    }
    if (element.is_document() && visit_document(element, rest, leaf, here, visit)) return true;
    if (!names_index(rest.front(), at)) continue;
    // The path asks for this element by number, so entering the array tells nothing about a position.
    if (rest.size() == 1) {
      if (visit(element, outer)) return true;
    } else if (element.is_document()) {
      if (visit_document(element, rest.subspan(1), leaf, outer, visit)) return true;
    } else if (element.is_array()) {
      if (visit_array(element, rest.subspan(1), leaf, outer, visit)) return true;
    }
  }
  return rest.empty() && visit(array, outer);
}

}  // namespace path_visits

template <typename Visit>
bool visit_path(const bson::Value& document, std::span<const std::string> parts, LeafArray leaf, Visit&& visit) {
  return path_visits::visit_document(document, parts, leaf, -1, visit);
}

}  // namespace premortem::query
