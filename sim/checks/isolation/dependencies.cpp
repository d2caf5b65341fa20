#include "sim/checks/isolation/dependencies.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "sim/checks/isolation/components.hpp"
#include "sim/checks/isolation/cycle_search.hpp"

namespace premortem::isolation {

namespace {

using Kind = Dependency::Kind;
constexpr std::uint8_t no = Pattern::dead;

/// Only ww.
const Pattern only_writes{0, 1, {{0, no, no}, {}, {}, {}}, true};
/// Only ww and wr, after whatever the first step was.
const Pattern no_more_rw{0, 1, {{0, 0, no}, {}, {}, {}}, true};
/// From an rw; state 1: the last was an rw, so that the next, or the first again, is none.
const Pattern no_adjacent_rw{1, 1, {{0, 0, 1}, {0, 0, no}, {}, {}}, true};
/// From an rw; bit 0: the last was an rw, bit 1: two in a row have been met. In state 1 the first follows in a row.
const Pattern adjacent_rw{1, 0b1110, {{0, 0, 1}, {0, 0, 3}, {2, 2, 3}, {2, 2, 3}}, false};

bool is_lost_update(const std::vector<Dependency>& steps) {
  return steps.back().kind == Kind::ww &&
         std::all_of(steps.begin(), steps.end(), [&](const Dependency& step) { return step.key == steps[0].key; });
}

class Cycles {
 public:
  Cycles(std::uint32_t transactions, const std::vector<Dependency>& dependencies)
      : transactions_(transactions), dependencies_(dependencies), search_(transactions, dependencies) {
    whole_ = components_of([](Kind) { return true; });
  }

  std::vector<Cycle> find() {
    const auto writes = components_of([](Kind kind) { return kind == Kind::ww; });
    shortest_of_each(Anomaly::dirty_write, Kind::ww, only_writes, writes);
    const auto flows = components_of([](Kind kind) { return kind != Kind::rw; });
    shortest_of_each(Anomaly::circular_flow, Kind::wr, no_more_rw, flows);
    break_snapshots();
    shortest_of_each(Anomaly::write_skew, Kind::rw, adjacent_rw, whole_);
    return std::move(found_);
  }

 private:
  template <class Wanted>
  std::vector<std::uint32_t> components_of(Wanted&& wanted) const {
    Arcs arcs;
    for (const Dependency& each : dependencies_) {
      if (wanted(each.kind)) arcs.emplace_back(each.from, each.to);
    }
    return components(transactions_, arcs);
  }

  void shortest_of_each(Anomaly anomaly, Kind opening, const Pattern& pattern,
                        const std::vector<std::uint32_t>& component) {
    std::map<std::uint32_t, std::vector<Dependency>> best;
    for (std::size_t n = 0; n < dependencies_.size(); ++n) {
      const Dependency& each = dependencies_[n];
      if (each.kind != opening || component[each.from] != component[each.to]) continue;
      if (each.lost && !pattern.takes_lost) continue;
      keep_shorter(best[component[each.from]], n, pattern, component);
    }
    for (auto& each : best) keep(anomaly, std::move(each.second));
  }

  /// An empty vector stands for none so far.
  void keep_shorter(std::vector<Dependency>& best, std::size_t opening, const Pattern& pattern,
                    const std::vector<std::uint32_t>& component) {
    const std::size_t limit = best.empty() ? std::numeric_limits<std::size_t>::max() : best.size() - 1;
    if (limit < 2) return;
    if (auto steps = search_.shortest(opening, pattern, component, limit)) best = std::move(*steps);
  }

  /// Cycles without two rw in a row. In a graph where each transaction is twice there, and an rw leads only from the
  /// first to the second, exactly these are cycles: so its components tell in linear time that there is none.
  void break_snapshots() {
    Arcs arcs;
    for (const Dependency& each : dependencies_) {
      arcs.emplace_back(each.from * 2, each.to * 2 + (each.kind == Kind::rw ? 1 : 0));
      if (each.kind != Kind::rw) arcs.emplace_back(each.from * 2 + 1, each.to * 2);
    }
    const std::vector<std::uint32_t> halves = components(transactions_ * 2, arcs);
    struct Shortest {
      std::vector<Dependency> lost, skew, fork;
    };
    std::map<std::uint32_t, Shortest> best;
    const auto each_opening = [&](auto&& visit) {
      for (std::size_t n = 0; n < dependencies_.size(); ++n) {
        const Dependency& each = dependencies_[n];
        if (each.kind == Kind::rw && halves[each.from * 2] == halves[each.to * 2 + 1])
          visit(n, best[halves[each.from * 2]]);
      }
    };
    each_opening([&](std::size_t n, Shortest& shortest) {
      auto steps = search_.shortest(n, no_more_rw, whole_, std::numeric_limits<std::size_t>::max());
      if (!steps) return;
      std::vector<Dependency>& kept = is_lost_update(*steps) ? shortest.lost : shortest.skew;
      if (kept.empty() || steps->size() < kept.size()) kept = std::move(*steps);
    });
    each_opening([&](std::size_t n, Shortest& shortest) {
      if (shortest.lost.empty() && shortest.skew.empty()) keep_shorter(shortest.fork, n, no_adjacent_rw, whole_);
    });
    for (auto& each : best) {
      keep(Anomaly::lost_update, std::move(each.second.lost));
      keep(Anomaly::read_skew, std::move(each.second.skew));
      keep(Anomaly::long_fork, std::move(each.second.fork));
    }
  }

  void keep(Anomaly anomaly, std::vector<Dependency> steps) {
    if (steps.empty()) return;
    const auto lowest = std::min_element(steps.begin(), steps.end(),
                                         [](const Dependency& a, const Dependency& b) { return a.from < b.from; });
    std::rotate(steps.begin(), lowest, steps.end());
    found_.push_back({anomaly, std::move(steps)});
  }

  const std::uint32_t transactions_;
  const std::vector<Dependency>& dependencies_;
  CycleSearch search_;
  std::vector<std::uint32_t> whole_;
  std::vector<Cycle> found_;
};

}  // namespace

std::vector<Cycle> find_cycles(std::uint32_t transactions, std::vector<Dependency> dependencies) {
  std::sort(dependencies.begin(), dependencies.end());
  return Cycles(transactions, dependencies).find();
}

}  // namespace premortem::isolation
