#include "reports/query/run_tables.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"

namespace premortem {

Table fates_table(const RunResult& run) {
  Table table{"", {{"items"}, {"arrived", true}}, {}};
  std::vector<Fate> shown;
  for (const Fate fate : fates_in_order) {
    const bool anywhere =
        std::any_of(run.fates.begin(), run.fates.end(), [&](const FateCounts& counts) { return counts[fate] != 0; });
    if (fate == Fate::done || anywhere) shown.push_back(fate);
  }
  for (const Fate fate : shown) table.columns.push_back({std::string(name_of(fate)), true});
  for (const FateCounts& counts : run.fates) {
    std::vector<std::string> row = {counts.item, std::to_string(counts.arrived)};
    for (const Fate fate : shown) row.push_back(std::to_string(counts[fate]));
    table.rows.push_back(row);
  }
  return table;
}

Table checks_table(const RunResult& run) {
  Table table{"", {{"check"}, {"verdict"}, {"expected"}, {""}}, {}};
  for (const CheckResult& check : run.checks) {
    std::string verdict(name_of(check.verdict));
    if (check.verdict == CheckVerdict::broken && check.broken_for)
      verdict += " for " + std::to_string(*check.broken_for);
    table.rows.push_back({check.name, verdict, check.expected, check.as_expected ? "as expected" : "DIFFERENT"});
  }
  return table;
}

Table measures_table(const RunResult& run) {
  Table table{"", {{"measure"}, {"value", true}}, {}};
  for (const Measure& measure : run.measures) table.rows.push_back({measure.name, figure(measure)});
  return table;
}

namespace {

/// Item and fate pairs that occur in any run of any strategy.
std::vector<std::pair<std::size_t, Fate>> occurring(const Comparison& comparison) {
  std::vector<std::pair<std::size_t, Fate>> pairs;
  if (comparison.strategies.empty()) return pairs;
  for (std::size_t kind = 0; kind < comparison.strategies[0].fates.size(); ++kind) {
    for (const Fate fate : fates_in_order) {
      const bool anywhere = std::any_of(
          comparison.strategies.begin(), comparison.strategies.end(),
          [&](const StrategySummary& s) { return s.fates[kind].of[static_cast<std::size_t>(fate)].max > 0; });
      if (anywhere && fate != Fate::done && fate != Fate::in_flight) pairs.emplace_back(kind, fate);
    }
  }
  return pairs;
}

}  // namespace

Table strategies_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}}, {}};
  const auto pairs = occurring(comparison);
  for (const auto& [kind, fate] : pairs) {
    table.columns.push_back({comparison.strategies[0].fates[kind].item + " " + std::string(name_of(fate)), true});
  }
  table.columns.push_back({"checks held", true});
  if (comparison.strategies.empty()) return table;
  std::vector<std::size_t> measures;
  for (std::size_t n = 0; n < comparison.strategies[0].measures.size(); ++n) {
    const std::string& name = comparison.strategies[0].measures[n].name;
    if (name.ends_with(".p50") || name.ends_with(".max")) continue;
    measures.push_back(n);
    table.columns.push_back(
        {name.ends_with(".time-to-done.p99") ? name.substr(0, name.find('.')) + " p99" : name, true});
  }
  for (const StrategySummary& strategy : comparison.strategies) {
    std::vector<std::string> row = {strategy.name};
    for (const auto& [kind, fate] : pairs) {
      row.push_back(mean_with_interval(strategy.fates[kind].of[static_cast<std::size_t>(fate)], Measure::Unit::count));
    }
    std::uint64_t held = 0;
    for (const CheckCount& check : strategy.checks) held += check.broken == 0 ? 1 : 0;
    row.push_back(std::to_string(held) + " of " + std::to_string(strategy.checks.size()));
    for (const std::size_t n : measures) {
      const MeasureSummary& measure = strategy.measures[n];
      row.push_back(measure.of.n == 0 ? (measure.name == "detection" ? "never" : "–")
                                      : mean_with_interval(measure.of, measure.unit));
    }
    table.rows.push_back(row);
  }
  return table;
}

Table fate_ranges_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}, {"items"}, {"fate"}, {"mean", true}, {"over the seeds", true}}, {}};
  for (const StrategySummary& strategy : comparison.strategies) {
    for (const FateSummary& fates : strategy.fates) {
      for (const Fate fate : fates_in_order) {
        const Summary& summary = fates.of[static_cast<std::size_t>(fate)];
        if (summary.max == 0) continue;
        table.rows.push_back({strategy.name, fates.item, std::string(name_of(fate)),
                              mean_with_interval(summary, Measure::Unit::count), range(summary, Measure::Unit::count)});
      }
    }
  }
  return table;
}

Table check_counts_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}}, {}};
  if (comparison.strategies.empty()) return table;
  for (const CheckCount& check : comparison.strategies[0].checks) table.columns.push_back({check.name, true});
  for (const StrategySummary& strategy : comparison.strategies) {
    std::vector<std::string> row = {strategy.name};
    for (const CheckCount& check : strategy.checks) {
      row.push_back(check.not_exercised == strategy.runs
                        ? "not exercised"
                        : std::to_string(check.held) + " of " + std::to_string(strategy.runs));
    }
    table.rows.push_back(row);
  }
  return table;
}

Table paired_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}, {"measure"}, {"difference", true}, {"verdict"}}, {}};
  for (const StrategySummary& strategy : comparison.strategies) {
    if (strategy.name == comparison.baseline) continue;
    bool any = false;
    for (const PairedMeasure& measure : comparison.paired) {
      if (measure.strategy != strategy.name || measure.paired.difference == Difference::none_shown) continue;
      if (measure.measure.ends_with(".done") || measure.measure.ends_with(".in-flight") ||
          measure.measure.ends_with(".p50") || measure.measure.ends_with(".max")) {
        continue;
      }
      any = true;
      const bool lower = measure.paired.difference == Difference::lower;
      table.rows.push_back({strategy.name, measure.measure, mean_with_interval(measure.paired.of, measure.unit),
                            lower ? "lower" : "higher"});
    }
    if (!any) table.rows.push_back({strategy.name, "all", "", "no difference shown"});
  }
  return table;
}

}  // namespace premortem
