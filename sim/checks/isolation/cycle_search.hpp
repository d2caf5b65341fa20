#pragma once
// Breadth first along dependencies whose kinds follow a pattern.

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/checks/isolation/dependencies.hpp"

namespace premortem::isolation {

/// What a kind of cycle is made of, as a small automaton over its steps. The first step has been taken by the caller.
struct Pattern {
  static constexpr std::uint8_t dead = 0xFF;
  std::uint8_t first = 0;    ///< State after the first step.
  std::uint8_t accepts = 1;  ///< Bit n: a cycle may end in state n.
  /// By state and kind; a state with two bits, so that there are four.
  std::uint8_t next[4][3] = {{dead, dead, dead}, {dead, dead, dead}, {dead, dead, dead}, {dead, dead, dead}};
  bool takes_lost = true;
};

class CycleSearch {
 public:
  /// `dependencies` are sorted and outlive the search.
  CycleSearch(std::uint32_t transactions, const std::vector<Dependency>& dependencies);

  /// The shortest cycle that begins with that dependency and follows the pattern within the component; none when it
  /// takes more than `limit` steps. None, too, if it meets a transaction twice: then it holds a shorter one, which
  /// begins with another dependency.
  std::optional<std::vector<Dependency>> shortest(std::size_t begin, const Pattern& pattern,
                                                  const std::vector<std::uint32_t>& component, std::size_t limit);

 private:
  struct Reached {
    std::uint32_t transaction = 0;
    std::uint8_t state = 0;
    std::uint32_t by = 0;       ///< Place in queue_ of the one before.
    std::uint32_t through = 0;  ///< The dependency.
    std::uint32_t steps = 0;
  };
  std::optional<std::vector<Dependency>> path_to(std::uint32_t last) const;

  const std::vector<Dependency>& dependencies_;
  std::vector<std::uint32_t> first_;
  std::vector<std::uint32_t> seen_;  ///< By transaction and state: the search that saw it last.
  std::vector<Reached> queue_;
  std::uint32_t searches_ = 0;
};

}  // namespace premortem::isolation
