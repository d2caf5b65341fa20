#pragma once
// Why items are unfinished when the clock ends: where they are, what they wait for, and whether they go in circles.

#include <cstdint>
#include <deque>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/compare/run_result.hpp"
#include "sim/history/history.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// Keeps the end of the history, up to where the clock ends and what is left is counted.
class TailKeeper final : public Observer {
 public:
  void observe(const Record& record) override;
  std::vector<Record> tail() const { return {records_.begin(), records_.end()}; }
  /// Number of the first record of it.
  std::uint32_t first() const { return kept_to_ - static_cast<std::uint32_t>(records_.size()); }
  /// Nothing was left to happen when the clock ended.
  bool nothing_left() const { return nothing_left_; }

 private:
  std::deque<Record> records_;
  std::uint32_t kept_to_ = 0;
  bool nothing_left_ = false;
};

/// Empty when all that is unfinished is in flight, and neither is nothing left to happen nor goes an item in a circle.
/// `world` is as it was at the
/// end; all arguments must be of one run.
Diagnosis diagnose(const Model& model, const World& world, const Judge& judge, const TailKeeper& tail);

}  // namespace premortem
