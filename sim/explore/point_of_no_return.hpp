#pragma once
// How long a remedy still helps: the last instant at which, done once, it makes a broken check hold, and for each item
// that breaks the check, the last instant at which that item is spared.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/window.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

struct RemedyQuestion {
  std::string remedy;             ///< Name in `remedies`.
  std::string check;              ///< Empty: every check that is broken in the run without the remedy.
  std::int64_t from = 0, to = 0;  ///< Instants, ns since 1970; both are looked at; from < to, within the clock.
  std::uint64_t seed = 1;
  std::uint64_t runs_max = 1000;  ///< Beyond it only the first and the last item, and the check, are still certified.
  bool every_item = false;        ///< Certifies the last instant of each item, not only of the first and the last.
  GoOn go_on;                     ///< Null: always.
};

/// One item that breaks the check when the remedy is never done.
struct ItemLimit {
  std::string item;                   ///< "application 467991431".
  std::optional<std::int64_t> saved;  ///< The last instant that was run and spares it; none: no run did.
  /// The next instant that was run, which does not spare it; none: it is spared to the end of what was asked.
  std::optional<std::int64_t> beyond;
  /// Two runs one nanosecond apart show the last instant. Not so where the search ends before the item is lost.
  bool certified() const { return saved && beyond && *beyond == *saved + 1; }
};

struct CheckLimit {
  std::string check;
  bool broken = true;                 ///< In the run without the remedy; if not, nothing else is filled in.
  std::vector<WindowInterval> holds;  ///< Instants at which the remedy makes the check hold; in order, none touch.
  std::vector<WindowGap> open;        ///< Where it changes between two instants that are not neighbours.
  /// Those that break it, soonest beyond saving first, those that no run spares at the end; empty for a check that
  /// judges no single item.
  std::vector<ItemLimit> items;
  /// Checks that hold without the remedy and are broken by it, done at the last instant of `holds`.
  std::vector<std::string> broken_instead;
};

struct RemedyLimits {
  std::vector<CheckLimit> checks;  ///< In the order of the scenario.
  std::uint64_t runs = 0;
  std::uint64_t critical = 0;  ///< Instants of jobs, steps and settings in the run without the remedy.
  std::uint64_t examined = 0;  ///< Of those, how many were run at, and one nanosecond behind.
  bool complete = true;        ///< Nobody stopped it.
};

/// Runs once without the remedy, then with it at one instant after the other; each such run judges all items and checks
/// at once. REQUIRES: the remedy is declared, the check is one of the scenario's. Between two neighbouring instants
/// that were run and end alike, nothing was looked at.
RemedyLimits find_remedy_limits(const LoadedScenario& loaded, const Variant& variant, const RemedyQuestion& question);

}  // namespace premortem
