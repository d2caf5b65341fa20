#include "sim/explore/reduction.hpp"

namespace premortem {

std::size_t children_of(const Node& node) {
  return node.is(Node::Kind::array) ? node.items.size() : node.is(Node::Kind::object) ? node.members.size() : 0;
}

const Node& node_at(const Node& root, const NodePath& path) {
  const Node* node = &root;
  for (const std::size_t step : path)
    node = node->is(Node::Kind::array) ? &node->items[step] : &node->members[step].second;
  return *node;
}

Node& node_at(Node& root, const NodePath& path) {
  return const_cast<Node&>(node_at(static_cast<const Node&>(root), path));
}

std::vector<NodePath> paths_of_depth(const Node& root, std::size_t depth) {
  std::vector<NodePath> paths = {{}};
  for (std::size_t level = 0; level < depth; ++level) {
    std::vector<NodePath> deeper;
    for (const NodePath& path : paths) {
      for (std::size_t child = 0; child < children_of(node_at(root, path)); ++child) {
        deeper.push_back(path);
        deeper.back().push_back(child);
      }
    }
    paths = std::move(deeper);
  }
  return paths;
}

void erase_children(Node& node, std::size_t first, std::size_t count) {
  const auto from = static_cast<std::ptrdiff_t>(first), to = static_cast<std::ptrdiff_t>(first + count);
  if (node.is(Node::Kind::array)) {
    node.items.erase(node.items.begin() + from, node.items.begin() + to);
  } else {
    node.members.erase(node.members.begin() + from, node.members.begin() + to);
  }
}

}  // namespace premortem
