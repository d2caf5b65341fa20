#pragma once
// Typed dependencies between transactions, and the shortest cycles among them.

#include <cstdint>
#include <tuple>
#include <vector>

#include "sim/checks/isolation/isolation.hpp"

namespace premortem::isolation {

/// `from` is before `to` in every serial order that explains what was read.
struct Dependency {
  enum class Kind : std::uint8_t {
    ww,  ///< `to` wrote `after` upon `before` of `from`.
    wr,  ///< `to` read `before` of `from`.
    rw   ///< `from` read `before` (0: the beginning), which `after` of `to` has replaced.
  };
  std::uint32_t from = 0, to = 0;
  Kind kind = Kind::ww;
  bool unread = false;  ///< Nobody read `after`: that is how its place is known.
  bool lost = false;    ///< Of two that read the same version and both wrote the key: an update is lost, not skewed.
  std::uint32_t key = 0;
  std::uint64_t before = 0, after = 0;

  friend bool operator<(const Dependency& a, const Dependency& b) {
    return std::tie(a.from, a.to, a.kind, a.key, a.before, a.after) <
           std::tie(b.from, b.to, b.kind, b.key, b.before, b.after);
  }
};

struct Cycle {
  Anomaly anomaly = Anomaly::dirty_write;
  std::vector<Dependency> steps;  ///< Each begins where the one before ends; the first at the lowest transaction.
};

/// Of each kind the shortest in every component. Polynomial: Tarjan's components, then breadth first from one edge
/// each.
std::vector<Cycle> find_cycles(std::uint32_t transactions, std::vector<Dependency> dependencies);

}  // namespace premortem::isolation
