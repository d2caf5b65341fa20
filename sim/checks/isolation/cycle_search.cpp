#include "sim/checks/isolation/cycle_search.hpp"

#include <algorithm>

namespace premortem::isolation {

CycleSearch::CycleSearch(std::uint32_t transactions, const std::vector<Dependency>& dependencies)
    : dependencies_(dependencies), first_(transactions + 1, 0), seen_(std::size_t{transactions} * 4, 0) {
  for (const Dependency& each : dependencies) ++first_[each.from + 1];
  for (std::uint32_t n = 0; n < transactions; ++n) first_[n + 1] += first_[n];
}

std::optional<std::vector<Dependency>> CycleSearch::path_to(std::uint32_t last) const {
  std::vector<Dependency> steps;
  for (std::uint32_t at = last;; at = queue_[at].by) {
    steps.push_back(dependencies_[queue_[at].through]);
    if (at == 0) break;
  }
  std::reverse(steps.begin(), steps.end());
  std::vector<std::uint32_t> met;
  met.reserve(steps.size());
  for (const Dependency& step : steps) met.push_back(step.from);
  std::sort(met.begin(), met.end());
  if (std::adjacent_find(met.begin(), met.end()) != met.end()) return {};
  return steps;
}

std::optional<std::vector<Dependency>> CycleSearch::shortest(std::size_t begin, const Pattern& pattern,
                                                             const std::vector<std::uint32_t>& component,
                                                             std::size_t limit) {
  ++searches_;
  const Dependency& opening = dependencies_[begin];
  queue_.clear();
  queue_.push_back({opening.to, pattern.first, 0, static_cast<std::uint32_t>(begin), 1});
  for (std::uint32_t at = 0; at < queue_.size(); ++at) {
    const Reached here = queue_[at];
    if (here.steps >= limit) return {};
    for (std::uint32_t n = first_[here.transaction]; n < first_[here.transaction + 1]; ++n) {
      const Dependency& step = dependencies_[n];
      if (component[step.to] != component[opening.from] || (step.lost && !pattern.takes_lost)) continue;
      const std::uint8_t state = pattern.next[here.state][static_cast<std::size_t>(step.kind)];
      if (state == Pattern::dead) continue;
      std::uint32_t& seen = seen_[std::size_t{step.to} * 4 + state];
      if (seen == searches_) continue;
      seen = searches_;
      queue_.push_back({step.to, state, at, n, here.steps + 1});
      if (step.to == opening.from && (pattern.accepts >> state & 1) != 0) {
        return path_to(static_cast<std::uint32_t>(queue_.size() - 1));
      }
    }
  }
  return {};
}

}  // namespace premortem::isolation
