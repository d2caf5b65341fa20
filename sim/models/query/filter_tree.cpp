// Conditions that hold others together, and what a path means to them.
#include "sim/models/query/filter_node.hpp"

namespace premortem::query {

void Filter::Node::collect_bounds(const std::string&, std::vector<PathBounds>&) const {}
void Filter::Node::collect_equalities(std::vector<bson::Field>&) const {}

namespace filtering {

bool PathNode::matches(const bson::Value& document, MatchDetails* details) const {
  return visit_path(document, path.parts(), leaf, [&](const bson::Value& value, std::int64_t index) {
    if (!matches_value(value, details)) return false;
    if (details != nullptr && index >= 0) details->array_index = index;
    return true;
  });
}

void PathNode::collect_fields(std::vector<std::string>& names, bool&) const { names.push_back(path.parts().front()); }

bool ListNode::matches(const bson::Value& document, MatchDetails* details) const {
  for (const NodePointer& child : children) {
    // Which alternative of $or has matched is no position: MongoDB does not tell it either.
    const bool matched = child->matches(document, kind == Kind::all ? details : nullptr);
    if (kind == Kind::all && !matched) {
      if (details != nullptr) details->array_index = -1;
      return false;
    }
    if (kind != Kind::all && matched) return kind == Kind::any;
  }
  return kind != Kind::any;
}

bool ListNode::matches_value(const bson::Value& value, MatchDetails* details) const {
  for (const NodePointer& child : children) {
    const bool matched = child->matches_value(value, kind == Kind::all ? details : nullptr);
    if (kind == Kind::all && !matched) return false;
    if (kind != Kind::all && matched) return kind == Kind::any;
  }
  return kind != Kind::any;
}

void ListNode::collect_fields(std::vector<std::string>& names, bool& whole) const {
  for (const NodePointer& child : children) child->collect_fields(names, whole);
}

void ListNode::collect_bounds(const std::string& prefix, std::vector<PathBounds>& bounds) const {
  if (kind != Kind::all) return;
  for (const NodePointer& child : children) child->collect_bounds(prefix, bounds);
}

void ListNode::collect_equalities(std::vector<bson::Field>& equalities) const {
  if (kind != Kind::all) return;
  for (const NodePointer& child : children) child->collect_equalities(equalities);
}

}  // namespace filtering

}  // namespace premortem::query
