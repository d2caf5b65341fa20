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
  for (const RunResult& run : runs) summary.as_expected += run.verdict == RunVerdict::as_expected ? 1 : 0;
  return summary;
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
  for (const std::vector<RunResult>& strategy : runs) {
    if (!strategy.empty()) comparison.strategies.push_back(summarize_strategy(strategy, level));
  }
  for (std::size_t n = 1; n < runs.size(); ++n) {
    if (runs[n].empty()) continue;
    const std::vector<Measure> names = comparable_measures(runs[n].front());
    for (std::size_t measure = 0; measure < names.size(); ++measure) {
      std::vector<double> samples, baseline;
      for (std::size_t run = 0; run < runs[n].size() && run < runs.front().size(); ++run) {
        const auto theirs = comparable_measures(runs[n][run])[measure].value;
        const auto ours = comparable_measures(runs.front()[run])[measure].value;
        if (!theirs || !ours) continue;
        samples.push_back(static_cast<double>(*theirs));
        baseline.push_back(static_cast<double>(*ours));
      }
      if (samples.empty()) continue;
      comparison.paired.push_back({runs[n].front().strategy, names[measure].name, names[measure].unit,
                                   compare_paired(samples, baseline, level)});
    }
  }
  return comparison;
}

double widest(const Comparison& comparison) {
  double width = 0;
  for (const StrategySummary& strategy : comparison.strategies) {
    for (const FateSummary& fates : strategy.fates) {
      for (const Summary& summary : fates.of) width = std::max(width, summary.half_width);
    }
  }
  return width;
}

}  // namespace premortem
