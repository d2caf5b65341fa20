#pragma once
// From a failing case to the smallest story that fails the same way. Delta debugging over the tree of the scenario
// (Zeller and Hildebrandt, 2002; Misherghi and Su, 2006), then over its clock, arrivals and values, round after round.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "sim/explore/failure.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

struct Minimised {
  Node root;          ///< A scenario of its own: no `uses`, strategies, assumptions or expectations.
  std::string check;  ///< What it breaks.
  Failure failure;    ///< How.
  std::uint64_t seed = 1;
  std::size_t lines_before = 0;  ///< Of scenario_text(), at the beginning.
  std::size_t trials = 0;        ///< Changes tried so far.
  /// No single element can be taken away from it: each has been tried, and the check then held, or was broken by
  /// something else, or the file made no sense. False: time was over before that was known.
  bool minimal = false;
  bool only_by_choice = false;  ///< It holds `choices`, and without these the check is not broken: nor was it before.
};

struct MinimiseOptions {
  std::string check;
  std::uint64_t seed = 1;
  /// Asked before every trial; false ends the search with what there is. May be empty.
  std::function<bool()> go_on;
  /// Told of every success, the first one being the case itself, on its own. May be empty.
  std::function<void(const Minimised&)> improved;
};

/// Nothing, with the reason in `error`, when the scenario under this variant and seed does not break the check. Every
/// candidate is tried as the text that would be saved, read again from its beginning, so what is reported fails as a
/// file, too. The same case gives the same result if it may go on to the end.
/// A scenario that holds `choices` keeps as many of them as it takes. A smaller scenario may need others: where the
/// list does not make it fail so, a few random ones are tried in its place.
std::optional<Minimised> minimise(const LoadedScenario& loaded, const Variant& variant, const MinimiseOptions& options,
                                  std::string& error);

}  // namespace premortem
