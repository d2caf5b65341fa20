#include "sim/explore/region.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/explore/critical_instants.hpp"
#include "sim/explore/trial.hpp"
#include "sim/models/livelock.hpp"

namespace premortem {

namespace {

using Windows = std::vector<WindowInterval>;

/// Rows that a duration is cut into before anything is bisected: each costs a whole window.
constexpr std::int64_t cuts = 8;

struct Stopped {};

class Search {
 public:
  Search(const LoadedScenario& loaded, const Variant& variant, const RegionQuestion& question)
      : loaded_(loaded), variant_(variant), question_(question) {}

  RegionAnswer run() {
    try {
      look();
      while (bring_together()) {
      }
    } catch (const Stopped&) {
      answer_.complete = false;
      answer_.stopped = true;
    }
    collect();
    return std::move(answer_);
  }

 private:
  bool runs_left() const { return answer_.runs < question_.across.runs_max; }

  Variant at_row(std::int64_t row) const {
    Variant variant = variant_;
    variant.set.emplace_back(question_.down, window_value(question_.varied, row));
    return variant;
  }

  const Windows& row(std::int64_t value) {
    const auto known = rows_.find(value);
    if (known != rows_.end()) return known->second;
    WindowQuestion across = question_.across;
    across.runs_max = std::min<std::uint64_t>(1000, across.runs_max - std::min(answer_.runs, across.runs_max));
    if (question_.across.go_on)
      across.go_on = [&](std::uint64_t runs) { return question_.across.go_on(answer_.runs + runs); };
    WindowAnswer window = find_window(loaded_, at_row(value), across);
    answer_.runs += window.runs;
    answer_.refused += window.refused;
    answer_.unexamined += window.critical - window.examined + window.left_out;
    if (!window.complete) throw Stopped{};
    return rows_[value] = std::move(window.holds);
  }

  void look() {
    row(question_.from);
    row(question_.to);
    if (question_.varied == Varied::instant) return look_at_critical();
    const std::int64_t span = question_.to - question_.from;
    const std::int64_t step = question_.varied == Varied::count ? 1 : std::max<std::int64_t>(span / cuts, 1);
    std::int64_t at = question_.from + step;  // The ends are known.
    for (; at <= question_.to - step && runs_left(); at += step) row(at);
    if (at <= question_.to - step) leave_out(static_cast<std::uint64_t>((question_.to - step - at) / step + 1));
  }

  void look_at_critical() {
    CriticalInstants critical(question_.from, question_.to, false);
    count_run();
    try {
      Diagnostics diagnostics;
      run_trial(*compile_variant(loaded_, variant_, diagnostics), question_.across.seed, nullptr, &critical);
    } catch (const Livelock&) {  // What it met until then is still worth a row.
    }
    std::set<std::int64_t> left_out;
    for (const std::int64_t instant : critical.instants()) {
      for (const std::int64_t at : {instant, instant + 1}) {
        if (runs_left()) {
          row(at);
        } else if (!rows_.contains(at)) {
          left_out.insert(at);
        }
      }
    }
    leave_out(left_out.size());
  }

  void leave_out(std::uint64_t rows) {
    answer_.left_out = rows;
    answer_.complete = answer_.complete && rows == 0;
  }

  void count_run() {
    if (question_.across.go_on && !question_.across.go_on(answer_.runs)) throw Stopped{};
    ++answer_.runs;
  }

  /// As many intervals, open to the ends of the range on the same sides.
  bool same_shape(const Windows& a, const Windows& b) const {
    return std::ranges::equal(a, b, [&](const WindowInterval& one, const WindowInterval& other) {
      return (one.low == question_.across.from) == (other.low == question_.across.from) &&
             (one.high == question_.across.to) == (other.high == question_.across.to);
    });
  }

  bool holds(std::int64_t row, std::int64_t value) {
    count_run();
    return holds_with(loaded_, at_row(row), question_.across, value, nullptr).value_or(false);
  }

  /// Whether the window, moved by `by`, has its boundaries in this row. What else may be there is not looked at; the
  /// rows at which a bisection ends are looked at in full.
  bool stands(const Windows& window, std::int64_t row, std::int64_t by) {
    const std::int64_t from = question_.across.from, to = question_.across.to;
    std::int64_t begun = from;  // Of what fails.
    const auto fails = [&](std::int64_t low, std::int64_t high) {
      return low > high || (!holds(row, low) && (low == high || !holds(row, high)));
    };
    for (const WindowInterval& one : window) {
      const std::int64_t low = one.low == from ? from : one.low + by, high = one.high == to ? to : one.high + by;
      if (low < begun || high > to || low > high) return false;
      if (!fails(begun, low - 1) || !holds(row, low) || (low != high && !holds(row, high))) return false;
      begun = high + 1;
    }
    return fails(begun, to);
  }

  /// One pair of neighbours with different windows; false when none is left that is worth a run.
  bool bring_together() {
    for (auto here = rows_.begin(), next = std::next(here); next != rows_.end(); ++here, ++next) {
      const std::int64_t low = here->first, high = next->first;
      if (low + 1 == high || here->second == next->second || moves_.contains({low, high})) continue;
      if (!runs_left()) {
        answer_.complete = false;
        return false;
      }
      const Windows before = here->second, behind = next->second;
      if (same_shape(before, behind)) {
        find_ends(low, high, before, behind);
      } else {
        find_change(low, high, before, behind);
      }
      return true;
    }
    return false;
  }

  /// The shapes differ: the two neighbouring rows at which one becomes the other.
  void find_change(std::int64_t low, std::int64_t high, const Windows& before, const Windows& behind) {
    const std::int64_t first = low, last = high;
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      const bool as_before = stands(before, middle, 0) || stands(before, middle, middle - first);
      const bool as_behind = stands(behind, middle, 0) || stands(behind, middle, middle - last);
      if (as_before != as_behind) {
        (as_before ? low : high) = middle;
      } else {
        (same_shape(row(middle), before) ? low : high) = middle;
      }
    }
    row(low);
    row(high);
  }

  /// The shapes are the same: how long the one stands, and from when on the other does.
  void find_ends(std::int64_t low, std::int64_t high, const Windows& before, const Windows& behind) {
    std::int64_t last = low, beyond = high;
    while (beyond - last > 1) {
      const std::int64_t middle = last + (beyond - last) / 2;
      (stands(before, middle, 0) ? last : beyond) = middle;
    }
    std::int64_t short_of = last, first = high;
    while (first - short_of > 1) {
      const std::int64_t middle = short_of + (first - short_of) / 2;
      (stands(behind, middle, 0) ? first : short_of) = middle;
    }
    row(last);
    row(first);
    moves_.insert({last, first});
  }

  void collect() {
    for (const auto& [value, windows] : rows_) {
      if (!answer_.rows.empty() && answer_.rows.back().holds == windows) {
        answer_.rows.back().high = value;
        ++answer_.rows.back().looked;
      } else {
        answer_.rows.push_back({value, value, 1, windows});
      }
    }
  }

  const LoadedScenario& loaded_;
  const Variant& variant_;
  const RegionQuestion& question_;
  std::map<std::int64_t, Windows> rows_;
  std::set<std::pair<std::int64_t, std::int64_t>> moves_;  ///< Neighbours between which the window moves.
  RegionAnswer answer_;
};

}  // namespace

RegionAnswer find_region(const LoadedScenario& loaded, const Variant& variant, const RegionQuestion& question) {
  return Search(loaded, variant, question).run();
}

}  // namespace premortem
