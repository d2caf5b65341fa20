#pragma once
// For which values of one address nothing breaks: intervals whose every boundary is two runs, one unit apart.

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

/// What stands at the address, and so what one unit is.
enum class Varied : std::uint8_t {
  instant,   ///< ns since 1970; one nanosecond.
  duration,  ///< ns; one nanosecond.
  count      ///< One.
};

/// Asked before each run, with how many there were: false ends the search there.
using GoOn = std::function<bool(std::uint64_t runs)>;

struct WindowQuestion {
  std::string address;
  Varied varied = Varied::instant;
  std::int64_t from = 0, to = 0;  ///< Both are looked at; from < to.
  std::string check;              ///< Which must hold; empty: none may be broken.
  std::uint64_t seed = 1;
  std::uint64_t runs_max = 1000;  ///< Beyond it no further instant is looked at; boundaries are still certified.
  bool arrivals = false;          ///< Instants at which items arrive are critical, too.
  GoOn go_on;                     ///< Null: always.
};

/// From `low` to `high`, both included. At either end the value one unit further was run and fails, unless it is the
/// end of what was asked.
struct WindowInterval {
  std::int64_t low = 0, high = 0;
  bool operator==(const WindowInterval&) const = default;
};

/// Two values that were run, one after the other, and end differently, but are not neighbours: the boundary is between
/// them. Only a search that was stopped leaves any.
struct WindowGap {
  std::int64_t below = 0, above = 0;
  bool operator==(const WindowGap&) const = default;
};

struct WindowAnswer {
  std::vector<WindowInterval> holds;  ///< In order; none touch.
  std::vector<WindowGap> open;        ///< Boundaries that are not certified.
  std::uint64_t runs = 0;
  std::uint64_t critical = 0;  ///< Instants of jobs, steps and settings in the runs, within what was asked.
  std::uint64_t examined = 0;  ///< Of those, how many were run at, and one unit behind.
  std::uint64_t left_out = 0;  ///< Counts, or even steps of a duration, at which `runs_max` left nothing to run.
  std::uint64_t refused = 0;   ///< Values that the language does not allow; they count as failing.
  bool complete = true;        ///< Nobody stopped it.
};

/// The stretches of values that hold, and the boundaries that are not yet known to one unit.
void collect_intervals(const std::map<std::int64_t, bool>& holds, std::vector<WindowInterval>& intervals,
                       std::vector<WindowGap>& open);

/// The value as `--set` takes it: "2020-01-28 06:05:12.5 UTC", "20 s", "4".
std::string window_value(Varied varied, std::int64_t value);

/// Whether it holds with that value at the address; none: the language refuses the value. `observer` may be null.
std::optional<bool> holds_with(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question,
                               std::int64_t value, Observer* observer);

/// REQUIRES: the address hits something. Between two neighbouring values that were run and end
/// alike, nothing was looked at: a set that changes twice there is missed.
WindowAnswer find_window(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question);

}  // namespace premortem
