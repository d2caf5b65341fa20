#pragma once
// Strategies side by side: a pure function of their runs.

#include <array>
#include <string>
#include <vector>

#include "sim/compare/run_result.hpp"
#include "sim/compare/statistics.hpp"

namespace premortem {

/// How often a check held.
struct CheckCount {
  std::string name;
  std::uint64_t held = 0, broken = 0, not_exercised = 0, as_expected = 0;
};

struct MeasureSummary {
  std::string name;
  Measure::Unit unit = Measure::Unit::count;
  Summary of;                 ///< Over the runs in which it applies.
  std::uint64_t missing = 0;  ///< Runs in which it does not: nobody noticed, nothing finished.
};

struct FateSummary {
  std::string item;
  std::array<Summary, fate_count> of{};  ///< Indexed by Fate.
  Summary arrived;
};

struct StrategySummary {
  std::string name;
  std::uint64_t runs = 0;
  std::uint64_t as_expected = 0, different = 0, not_exercised = 0;  ///< Runs; they add up to `runs`.
  std::vector<FateSummary> fates;
  std::vector<CheckCount> checks;
  std::vector<MeasureSummary> measures;

  /// In no run was anything lost, stuck, dead-lettered, misrouted, duplicated or late, or a check broken.
  bool flawless() const;
};

/// One measure of one strategy against the baseline, seed by seed.
struct PairedMeasure {
  std::string strategy, measure;  ///< Measures include "application.lost" and so on.
  Measure::Unit unit = Measure::Unit::count;
  Paired paired;  ///< Over the seeds for which both sides have a value; `of.n` is 0 when there is none.
};

struct Comparison {
  std::string title, file, baseline;
  std::vector<std::string> assumptions, sets;
  double level = 0.95;
  std::vector<std::string> by;  ///< Measures that reports show, in this order; empty: those that say something.
  std::vector<StrategySummary> strategies;
  std::vector<PairedMeasure> paired;
  std::string stopping;  ///< A sentence: how many runs there were, and why no more.

  /// Of all runs of all strategies: different if any is, else not exercised if any is.
  RunVerdict verdict() const;
};

/// `runs`: by strategy, in the order of the file, each by seed; the first is the baseline.
Comparison compare_runs(const std::vector<std::vector<RunResult>>& runs, double level);

/// Largest half width over the fates that `by` names, of all strategies; over all fates when it names none. Decides
/// whether more runs are wanted.
double widest(const Comparison& comparison, const std::vector<std::string>& by);

/// All that is compared of one run, in one order: fates as counts, then measures.
std::vector<Measure> comparable_measures(const RunResult& run);

}  // namespace premortem
