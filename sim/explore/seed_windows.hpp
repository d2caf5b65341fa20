#pragma once
// The window of one address over several seeds: where it holds for all of them, and for how many elsewhere.

#include <vector>

#include "sim/explore/window.hpp"

namespace premortem {

/// From `low` to `high`, both included, the same number of seeds passes.
struct WindowShare {
  std::int64_t low = 0, high = 0;
  std::uint64_t holds = 0;  ///< Seeds, 0 to all; which ones may differ within it.
  bool operator==(const WindowShare&) const = default;
};

struct SeedWindows {
  std::uint64_t seeds = 0;
  std::vector<WindowShare> shares;    ///< In order, without gaps, over all that was asked.
  std::vector<WindowInterval> holds;  ///< Where all seeds pass.
  WindowAnswer sums;                  ///< Of all seeds; `holds` is empty.
};

/// One window for each of `seeds` seeds, from question.seed on, laid over each other. Each boundary is one that a
/// passing and a failing run of some seed certify. Stopped, it tells of
/// the seeds that were done; of the first one, as far as it was. REQUIRES: seeds > 0; as find_window().
SeedWindows find_seed_windows(const LoadedScenario& loaded, const Variant& variant, WindowQuestion question,
                              std::uint64_t seeds);

/// As find_seed_windows() tells: `windows` of one seed each, all asked from `from` to `to`.
SeedWindows laid_over(const std::vector<WindowAnswer>& windows, std::int64_t from, std::int64_t to);

}  // namespace premortem
