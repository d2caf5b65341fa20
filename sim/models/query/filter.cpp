#include "sim/models/query/filter.hpp"

#include <algorithm>

#include "sim/models/query/filter_node.hpp"

namespace premortem::query {

Filter::Filter() = default;
Filter::~Filter() = default;

Filter Filter::parse(const bson::Value& filter, const Context& context) { return parse(filter, context, true); }

Filter Filter::parse(const bson::Value& filter, const Context& context, bool special) {
  if (filter.is_missing()) return {};
  if (!filter.is_document()) throw CommandError(code::failed_to_parse, "Expected field filter to be of type object");
  Filter parsed;
  if (filter.fields().empty()) return parsed;
  const filtering::Parser parser{context, special};
  parsed.root_ = parser.parse_document(filter, filtering::Parser::Level::document, 0);
  return parsed;
}

bool Filter::matches(const bson::Value& document, MatchDetails* details) const {
  if (details != nullptr) details->array_index = -1;
  return root_ == nullptr || root_->matches(document, details);
}

bool Filter::is_empty() const { return root_ == nullptr; }

std::vector<std::string> Filter::fields(bool& whole) const {
  whole = false;
  std::vector<std::string> names;
  if (root_ != nullptr) root_->collect_fields(names, whole);
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<PathBounds> Filter::bounds() const {
  std::vector<PathBounds> bounds;
  if (root_ != nullptr) root_->collect_bounds("", bounds);
  return bounds;
}

std::vector<bson::Field> Filter::equalities() const {
  std::vector<bson::Field> equalities;
  if (root_ != nullptr) root_->collect_equalities(equalities);
  return equalities;
}

}  // namespace premortem::query
