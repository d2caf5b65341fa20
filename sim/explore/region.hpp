#pragma once
// For which pairs of values of two addresses nothing breaks: exact windows of the one, row by row of the other.

#include <vector>

#include "sim/explore/window.hpp"

namespace premortem {

struct RegionQuestion {
  WindowQuestion across;  ///< The address whose window is found in each row; its `runs_max` counts for all rows.
  std::string down;       ///< The other address, whose values make the rows.
  Varied varied = Varied::instant;
  std::int64_t from = 0, to = 0;  ///< Of `down`; both are rows; from < to.
};

/// Values of `down` next to each other, among those at which a window was found, with equal windows.
struct RegionRow {
  std::int64_t low = 0, high = 0;     ///< A window was found at either end.
  std::uint64_t looked = 1;           ///< At how many values from low to high.
  std::vector<WindowInterval> holds;  ///< Of `across`; each boundary certified in this row, as find_window() says.
  bool operator==(const RegionRow&) const = default;
};

struct RegionAnswer {
  std::vector<RegionRow> rows;  ///< In order, from `from` to `to`.
  std::uint64_t runs = 0;
  std::uint64_t refused = 0;  ///< Pairs that the language does not allow; they count as failing.
  /// Values of `down` at which a window was to be found, as find_region() says, and `runs_max` left none to run.
  std::uint64_t left_out = 0;
  /// Of all rows that were looked at: instants, or values, of `across` that find_window() did not run at.
  std::uint64_t unexamined = 0;
  bool complete = true;  ///< Nobody stopped it, and `runs_max` was enough to look at all rows and bring them together.
  bool stopped = false;
};

/// A window at either end of `down`, at each of its values if it is a count, at eight even steps of a duration, at each
/// instant at which a job, step or setting changes in the run as it is, and one nanosecond behind. Between two
/// neighbours with different windows it then bisects for the last value at which the first one still stands and the
/// first at which the second does; where they have the same shape and neither stands, the window moves in between.
/// REQUIRES: as find_window(), for both addresses.
RegionAnswer find_region(const LoadedScenario& loaded, const Variant& variant, const RegionQuestion& question);

}  // namespace premortem
