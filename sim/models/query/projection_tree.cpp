// The tree of names that a projection becomes.
#include <algorithm>

#include "sim/models/query/projection_plan.hpp"
#include "sim/models/query/update_path.hpp"

namespace premortem::query {

namespace {

constexpr std::size_t projection_parts_max = 200;  // MongoDB's limit of nesting, its own parts included.
constexpr int field_path_too_long = 5984700, path_collision = 31250, path_collision_below = 31249;

/// Finds what computes, and the steps with their paths.
void collect_steps(Projection::Plan& plan, ProjectionNode& node, std::vector<std::string>& path) {
  node.computes = node.kind == ProjectionNode::Kind::expression || node.kind == ProjectionNode::Kind::elem_match;
  if (node.kind == ProjectionNode::Kind::slice || node.kind == ProjectionNode::Kind::positional)
    plan.steps.push_back({path, node});
  for (ProjectionNode& child : node.children) {
    path.push_back(child.name);
    collect_steps(plan, child, path);
    path.pop_back();
    node.computes = node.computes || child.computes;
  }
}

}  // namespace

ProjectionNode& inner_projection_node(ProjectionNode& parent, std::size_t depth, const std::string& dotted,
                                      const std::vector<std::string>& path) {
  ProjectionNode* node = &parent;
  for (const std::string& part : path) {
    ProjectionNode* child = node->find(part);
    if (child == nullptr || child->kind != ProjectionNode::Kind::inner)
      return add_projection_node(parent, depth, dotted, path, ProjectionNode::Kind::inner);
    node = child;
  }
  return *node;
}

ProjectionNode& add_projection_node(ProjectionNode& parent, std::size_t depth, const std::string& dotted,
                                    const std::vector<std::string>& path, ProjectionNode::Kind kind) {
  if (depth + path.size() > projection_parts_max) throw CommandError(field_path_too_long, "FieldPath is too long");
  ProjectionNode* node = &parent;
  for (std::size_t at = 0; at < path.size(); ++at) {
    ProjectionNode* child = node->find(path[at]);
    const bool is_last = at + 1 == path.size(), is_new = child == nullptr;
    if (!is_new && is_last) throw CommandError(path_collision, "Path collision at " + dotted);
    if (!is_new && child->kind != ProjectionNode::Kind::inner)
      throw CommandError(path_collision_below,
                         "Path collision at " + dotted + " remaining portion " +
                             join_path({path.begin() + static_cast<std::ptrdiff_t>(at) + 1, path.end()}));
    if (!is_new) {
      node = child;
      continue;
    }
    node = &node->add(path[at]);
    if (is_last) node->kind = kind;
  }
  return *node;
}

void finish_projection(Projection::Plan& plan) {
  std::vector<std::string> path;
  collect_steps(plan, plan.root, path);
}

ProjectionNode* ProjectionNode::find(const std::string& child) {
  const auto found = places_.find(child);
  return found == places_.end() ? nullptr : &children[found->second];
}

const ProjectionNode* ProjectionNode::find(const std::string& child) const {
  const auto found = places_.find(child);
  return found == places_.end() ? nullptr : &children[found->second];
}

ProjectionNode& ProjectionNode::add(const std::string& child) {
  places_.emplace(child, children.size());
  children.emplace_back().name = child;
  return children.back();
}

void ProjectionNode::erase(const std::string& child) {
  std::erase_if(children, [&](const ProjectionNode& node) { return node.name == child; });
  places_.clear();
  for (std::size_t at = 0; at < children.size(); ++at) places_.emplace(children[at].name, at);
}

}  // namespace premortem::query
