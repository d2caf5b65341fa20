#pragma once
// Directed graphs as flat vectors, and their strongly connected components.

#include <cstdint>
#include <utility>
#include <vector>

namespace premortem::isolation {

using Arcs = std::vector<std::pair<std::uint32_t, std::uint32_t>>;  ///< From, to.

/// For each node the number of its component. Without recursion: a history may be one long chain.
/// Source: Tarjan, "Depth-First Search and Linear Graph Algorithms", SIAM J. Comput. 1(2), 1972.
std::vector<std::uint32_t> components(std::uint32_t nodes, const Arcs& arcs);

}  // namespace premortem::isolation
