#include "sim/checks/isolation/components.hpp"

#include <algorithm>

namespace premortem::isolation {

namespace {

constexpr std::uint32_t not_visited = UINT32_MAX;

struct Tarjan {
  std::vector<std::uint32_t> first, targets;  ///< Arcs by source.
  std::vector<std::uint32_t> index, low, component, path, next_arc, calls;
  std::uint32_t visited = 0, found = 0;

  Tarjan(std::uint32_t nodes, const Arcs& arcs)
      : first(nodes + 1, 0),
        targets(arcs.size()),
        index(nodes, not_visited),
        low(nodes),
        component(nodes, not_visited) {
    for (const auto& arc : arcs) ++first[arc.first + 1];
    for (std::uint32_t node = 0; node < nodes; ++node) first[node + 1] += first[node];
    next_arc.assign(first.begin(), first.end() - 1);
    for (const auto& arc : arcs) targets[next_arc[arc.first]++] = arc.second;
    next_arc.assign(first.begin(), first.end() - 1);
  }

  void enter(std::uint32_t node) {
    index[node] = low[node] = visited++;
    path.push_back(node);
    calls.push_back(node);
  }

  void leave(std::uint32_t node) {
    calls.pop_back();
    if (!calls.empty()) low[calls.back()] = std::min(low[calls.back()], low[node]);
    if (low[node] != index[node]) return;
    while (component[node] == not_visited) {
      component[path.back()] = found;
      path.pop_back();
    }
    ++found;
  }

  void visit_from(std::uint32_t root) {
    enter(root);
    while (!calls.empty()) {
      const std::uint32_t node = calls.back();
      if (next_arc[node] == first[node + 1]) {
        leave(node);
        continue;
      }
      const std::uint32_t target = targets[next_arc[node]++];
      if (index[target] == not_visited) {
        enter(target);
      } else if (component[target] == not_visited) {
        low[node] = std::min(low[node], index[target]);
      }
    }
  }
};

}  // namespace

std::vector<std::uint32_t> components(std::uint32_t nodes, const Arcs& arcs) {
  Tarjan search(nodes, arcs);
  for (std::uint32_t node = 0; node < nodes; ++node) {
    if (search.index[node] == not_visited) search.visit_from(node);
  }
  return std::move(search.component);
}

}  // namespace premortem::isolation
