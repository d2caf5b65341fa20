#include "sim/compare/comparison.hpp"

#include <algorithm>

namespace premortem {

std::vector<Measure> comparable_measures(const RunResult& run) {
  std::vector<Measure> all;
  for (const FateCounts& counts : run.fates) {
    for (const Fate fate : fates_in_order) {
      all.push_back({counts.item + "." + std::string(name_of(fate)), Measure::Unit::count,
                     static_cast<std::int64_t>(counts[fate])});
    }
  }
  all.insert(all.end(), run.measures.begin(), run.measures.end());
  return all;
}

namespace {

StrategySummary summarize_strategy(const std::vector<RunResult>& runs, double level) {
  StrategySummary summary;
  summary.name = runs.front().strategy;
  summary.runs = runs.size();
  for (std::size_t kind = 0; kind < runs.front().fates.size(); ++kind) {
    FateSummary fates;
    fates.item = runs.front().fates[kind].item;
    std::vector<double> samples;
    for (std::size_t fate = 0; fate < fate_count; ++fate) {
      samples.clear();
      for (const RunResult& run : runs) samples.push_back(static_cast<double>(run.fates[kind].of[fate]));
      fates.of[fate] = summarize(samples, level);
    }
    samples.clear();
    for (const RunResult& run : runs) samples.push_back(static_cast<double>(run.fates[kind].arrived));
    fates.arrived = summarize(samples, level);
    summary.fates.push_back(fates);
  }
  for (std::size_t check = 0; check < runs.front().checks.size(); ++check) {
    CheckCount count;
    count.name = runs.front().checks[check].name;
    for (const RunResult& run : runs) {
      const CheckResult& result = run.checks[check];
      count.held += result.verdict == CheckVerdict::holds ? 1 : 0;
      count.broken += result.verdict == CheckVerdict::broken ? 1 : 0;
      count.not_exercised += result.verdict == CheckVerdict::not_exercised ? 1 : 0;
      count.as_expected += result.as_expected ? 1 : 0;
    }
    summary.checks.push_back(count);
  }
  for (std::size_t measure = 0; measure < runs.front().measures.size(); ++measure) {
    MeasureSummary one;
    one.name = runs.front().measures[measure].name;
    one.unit = runs.front().measures[measure].unit;
    std::vector<double> samples;
    for (const RunResult& run : runs) {
      if (run.measures[measure].value) {
        samples.push_back(static_cast<double>(*run.measures[measure].value));
      } else {
        ++one.missing;
      }
    }
    one.of = summarize(samples, level);
    summary.measures.push_back(one);
  }
  for (const RunResult& run : runs) {
    summary.as_expected += run.verdict == RunVerdict::as_expected ? 1 : 0;
    summary.different += run.verdict == RunVerdict::different ? 1 : 0;
    summary.not_exercised += run.verdict == RunVerdict::not_exercised ? 1 : 0;
  }
  return summary;
}

/// Seed by seed, every measure against the baseline's.
void add_pairs(const std::vector<RunResult>& theirs, const std::vector<std::vector<Measure>>& baseline, double level,
               std::vector<PairedMeasure>& paired) {
  std::vector<std::vector<Measure>> measures;
  measures.reserve(theirs.size());
  for (const RunResult& run : theirs) measures.push_back(comparable_measures(run));
  for (std::size_t measure = 0; measure < measures.front().size(); ++measure) {
    std::vector<double> samples, against;
    for (std::size_t run = 0; run < measures.size() && run < baseline.size(); ++run) {
      const auto value = measures[run][measure].value, before = baseline[run][measure].value;
      if (!value || !before) continue;
      samples.push_back(static_cast<double>(*value));
      against.push_back(static_cast<double>(*before));
    }
    const Measure& first = measures.front()[measure];
    paired.push_back({theirs.front().strategy, first.name, first.unit, compare_paired(samples, against, level)});
  }
}

}  // namespace

Comparison compare_runs(const std::vector<std::vector<RunResult>>& runs, double level) {
  Comparison comparison;
  comparison.level = level;
  if (runs.empty() || runs.front().empty()) return comparison;
  const RunResult& first = runs.front().front();
  comparison.title = first.title;
  comparison.file = first.file;
  comparison.baseline = first.strategy;
  comparison.assumptions = first.assumptions;
  comparison.sets = first.sets;
  for (const std::vector<RunResult>& strategy : runs) {
    if (!strategy.empty()) comparison.strategies.push_back(summarize_strategy(strategy, level));
  }
  std::vector<std::vector<Measure>> baseline;
  for (const RunResult& run : runs.front()) baseline.push_back(comparable_measures(run));
  for (std::size_t n = 1; n < runs.size(); ++n) {
    if (!runs[n].empty()) add_pairs(runs[n], baseline, level, comparison.paired);
  }
  return comparison;
}

RunVerdict Comparison::verdict() const {
  RunVerdict verdict = RunVerdict::as_expected;
  for (const StrategySummary& strategy : strategies) {
    if (strategy.different > 0) return RunVerdict::different;
    if (strategy.not_exercised > 0) verdict = RunVerdict::not_exercised;
  }
  return strategies.empty() ? RunVerdict::not_exercised : verdict;
}

bool StrategySummary::flawless() const {
  if (runs == 0 || not_exercised == runs) return false;
  for (const FateSummary& kind : fates) {
    for (const Fate fate : fates_in_order) {
      if (fate != Fate::done && fate != Fate::in_flight && kind.of[static_cast<std::size_t>(fate)].max > 0)
        return false;
    }
  }
  return std::all_of(checks.begin(), checks.end(), [](const CheckCount& check) { return check.broken == 0; });
}

double widest(const Comparison& comparison, const std::vector<std::string>& by) {
  double named = 0, any = 0;
  bool names_one = false;
  for (const StrategySummary& strategy : comparison.strategies) {
    for (const FateSummary& fates : strategy.fates) {
      for (const Fate fate : fates_in_order) {
        const double width = fates.of[static_cast<std::size_t>(fate)].half_width;
        any = std::max(any, width);
        if (std::find(by.begin(), by.end(), fates.item + "." + std::string(name_of(fate))) == by.end()) continue;
        names_one = true;
        named = std::max(named, width);
      }
    }
  }
  return names_one ? named : any;
}

}  // namespace premortem
