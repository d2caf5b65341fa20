#pragma once
// What can be taken away from a scenario, and what in it can be said more simply. No meaning is known here: a change
// that makes no sense does not compile, and one that changes the story does not fail the same way.

#include <cstddef>
#include <functional>
#include <vector>

#include "sim/scenario/node.hpp"

namespace premortem {

/// From the root to a node: positions among the items of an array or the members of an object.
using NodePath = std::vector<std::size_t>;

/// REQUIRES: the path leads somewhere.
Node& node_at(Node& root, const NodePath& path);
const Node& node_at(const Node& root, const NodePath& path);
/// Items of an array, members of an object, 0 of anything else.
std::size_t children_of(const Node& node);
/// All paths of that length, in the order of the file.
std::vector<NodePath> paths_of_depth(const Node& root, std::size_t depth);
/// Takes away `count` children from `first` on.
void erase_children(Node& node, std::size_t first, std::size_t count);

/// How hard a scalar is to read: longer is harder, and of two equally long ones the one with fewer figures other than 0
/// is easier; of two counts, the smaller. Arrays and objects: 0.
std::size_t effort_of(const Node& value);
/// Scalars that are easier to read and might do instead, easiest first: 1 for a count, "2 s" for "2 s .. 6 s",
/// "13:00" for "12:58:41", either side of "a && b".
std::vector<Node> simpler_values(const Node& value);

}  // namespace premortem
