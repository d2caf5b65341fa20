#pragma once
// Every order of a small world, one run for each, for searches to be compared with; and the worlds.

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "sim/explore/explore.hpp"
#include "tests/support/story.hpp"

namespace premortem::testing {

inline constexpr ChoiceKinds ties{Choice::Kind::tie};

/// `commands` commands at one instant, each with a worker of its own; all number themselves in one document, in
/// transactions of different lengths, and nothing tries again.
Story burst(int commands, const std::string& expect = "");

/// Depth 1: one ordering, the switch before a look.
Story flag_race();
/// Depth 2: the look between the two moves of the switch.
Story flag_window();

/// Outcome, as the halves of its digest -> orders that lead to it.
using Outcomes = std::map<std::pair<std::uint64_t, std::uint64_t>, std::uint64_t>;

/// What every order comes to, by running each from the beginning: the answers are counted up like the digits of a
/// clock.
struct BruteForce {
  Outcomes outcomes;
  std::uint64_t orders = 0, failing = 0;
};
BruteForce all_orders(const Explored& explored);

/// The same by exhaustive search, with a budget of 20,000 executions.
Census all_by_search(const Explored& explored, bool forking, bool merging, std::uint64_t* executions = nullptr);
Outcomes outcomes_of(const Census& census);

}  // namespace premortem::testing
