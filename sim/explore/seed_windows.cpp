#include "sim/explore/seed_windows.hpp"

#include <map>

namespace premortem {

SeedWindows laid_over(const std::vector<WindowAnswer>& windows, std::int64_t from, std::int64_t to) {
  SeedWindows over;
  over.seeds = windows.size();
  struct Change {
    std::uint64_t begins = 0, ends = 0;
  };
  std::map<std::int64_t, Change> changes;  // At the first value for which it is so.
  changes[from];
  for (const WindowAnswer& window : windows) {
    over.sums.runs += window.runs;
    over.sums.critical += window.critical;
    over.sums.examined += window.examined;
    over.sums.left_out += window.left_out;
    over.sums.refused += window.refused;
    over.sums.complete = over.sums.complete && window.complete;
    over.sums.open.insert(over.sums.open.end(), window.open.begin(), window.open.end());
    for (const WindowInterval& one : window.holds) {
      ++changes[one.low].begins;
      if (one.high < to) ++changes[one.high + 1].ends;
    }
  }
  std::uint64_t holds = 0;
  for (auto at = changes.begin(); at != changes.end(); ++at) {
    holds = holds + at->second.begins - at->second.ends;
    const auto next = std::next(at);
    const std::int64_t high = next == changes.end() ? to : next->first - 1;
    if (!over.shares.empty() && over.shares.back().holds == holds) {
      over.shares.back().high = high;  // One seed begins where another ends.
    } else {
      over.shares.push_back({at->first, high, holds});
    }
  }
  for (const WindowShare& share : over.shares) {
    if (share.holds == over.seeds) over.holds.push_back({share.low, share.high});
  }
  return over;
}

SeedWindows find_seed_windows(const LoadedScenario& loaded, const Variant& variant, WindowQuestion question,
                              std::uint64_t seeds) {
  std::vector<WindowAnswer> windows;
  std::uint64_t runs = 0;
  const GoOn go_on = question.go_on;
  if (go_on) question.go_on = [&](std::uint64_t so_far) { return go_on(runs + so_far); };
  for (const std::uint64_t first = question.seed; question.seed - first < seeds; ++question.seed) {
    WindowAnswer window = find_window(loaded, variant, question);
    const bool stopped = !window.complete;
    runs += window.runs;
    // A seed of which little is known would be laid over the others as if nothing held.
    if (!stopped || windows.empty()) windows.push_back(std::move(window));
    if (stopped) {
      SeedWindows over = laid_over(windows, question.from, question.to);
      over.sums.complete = false;
      return over;
    }
  }
  return laid_over(windows, question.from, question.to);
}

}  // namespace premortem
