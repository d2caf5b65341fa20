#include "reports/query/comparison_tables.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"

namespace premortem {

namespace {

struct FateColumn {
  std::size_t kind;
  Fate fate;
};

const Summary& summary_of(const StrategySummary& strategy, const FateColumn& column) {
  return strategy.fates[column.kind].of[static_cast<std::size_t>(column.fate)];
}

/// Item and fate pairs for which `wanted` is true in any strategy.
template <class Wanted>
std::vector<FateColumn> fates_where(const Comparison& comparison, Wanted wanted) {
  std::vector<FateColumn> columns;
  if (comparison.strategies.empty()) return columns;
  for (std::size_t kind = 0; kind < comparison.strategies[0].fates.size(); ++kind) {
    for (const Fate fate : fates_in_order) {
      const FateColumn column{kind, fate};
      const bool anywhere = std::any_of(comparison.strategies.begin(), comparison.strategies.end(),
                                        [&](const StrategySummary& s) { return wanted(summary_of(s, column)); });
      if (anywhere) columns.push_back(column);
    }
  }
  return columns;
}

/// One row a strategy, one column for each of `columns`.
template <class Cell>
Table table_of_fates(const Comparison& comparison, const std::vector<FateColumn>& columns, Cell cell) {
  Table table{"", {{"strategy"}}, {}};
  for (const FateColumn& column : columns) {
    const std::string& item = comparison.strategies[0].fates[column.kind].item;
    table.columns.push_back({item + " " + std::string(name_of(column.fate)), true});
  }
  for (const StrategySummary& strategy : comparison.strategies) {
    std::vector<std::string> row = {strategy.name};
    for (const FateColumn& column : columns) row.push_back(cell(summary_of(strategy, column)));
    table.rows.push_back(row);
  }
  return table;
}

const PairedMeasure* find_pair(const Comparison& comparison, const std::string& strategy, const std::string& measure) {
  for (const PairedMeasure& pair : comparison.paired) {
    if (pair.strategy == strategy && pair.measure == measure) return &pair;
  }
  return nullptr;
}

}  // namespace

std::string measure_heading(const std::string& measure) {
  std::string name = measure;
  const std::size_t time = name.find(".time-to-done.");
  if (time != std::string::npos) name.replace(time, std::string(".time-to-done.").size(), " ");
  std::replace(name.begin(), name.end(), '.', ' ');
  return name == "operator-steps" ? "operator steps" : name;
}

std::vector<std::string> compared_measures(const Comparison& comparison) {
  if (!comparison.by.empty()) return comparison.by;
  const auto shown = [&](const std::string& measure) {
    return std::any_of(comparison.paired.begin(), comparison.paired.end(), [&](const PairedMeasure& pair) {
      return pair.measure == measure && pair.paired.difference != Difference::none_shown;
    });
  };
  std::vector<std::string> names;
  for (const PairedMeasure& pair : comparison.paired) {
    const std::string& name = pair.measure;
    if (pair.strategy != comparison.paired.front().strategy) break;  // Each strategy has the same measures.
    if (name.ends_with(".done") || name.ends_with(".in-flight") || name.ends_with(".p50") || name.ends_with(".max"))
      continue;
    if (shown(name)) names.push_back(name);
  }
  return names;
}

Table fates_table(const Comparison& comparison) {
  Table table =
      table_of_fates(comparison, fates_where(comparison, [](const Summary& summary) { return summary.max > 0; }),
                     [](const Summary& summary) { return mean_with_interval(summary, Measure::Unit::count); });
  table.columns.insert(table.columns.begin() + 1, {"as expected", true});
  for (std::size_t n = 0; n < table.rows.size(); ++n) {
    const StrategySummary& strategy = comparison.strategies[n];
    std::string runs = std::to_string(strategy.as_expected) + " of " + std::to_string(strategy.runs);
    if (strategy.as_expected != strategy.runs) runs = (strategy.different > 0 ? "DIFFERENT " : "NOT EXERCISED ") + runs;
    table.rows[n].insert(table.rows[n].begin() + 1, runs);
  }
  return table;
}

Table fate_ranges_table(const Comparison& comparison) {
  const auto columns = fates_where(comparison, [](const Summary& summary) { return summary.min != summary.max; });
  if (columns.empty()) return {};
  return table_of_fates(comparison, columns,
                        [](const Summary& summary) { return range(summary, Measure::Unit::count); });
}

Table check_counts_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}}, {}};
  if (comparison.strategies.empty()) return table;
  for (const CheckCount& check : comparison.strategies[0].checks) table.columns.push_back({check.name, true});
  for (const StrategySummary& strategy : comparison.strategies) {
    std::vector<std::string> row = {strategy.name};
    for (const CheckCount& check : strategy.checks) {
      std::string cell = std::to_string(check.held) + " of " + std::to_string(strategy.runs);
      if (check.not_exercised == strategy.runs) {
        cell = "not exercised";
      } else if (check.not_exercised > 0) {
        cell += " (" + std::to_string(check.not_exercised) + " not exercised)";
      }
      row.push_back(cell + (check.as_expected == strategy.runs ? "" : " !"));
    }
    table.rows.push_back(row);
  }
  return table;
}

Table times_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}}, {}};
  if (comparison.strategies.empty()) return table;
  std::vector<std::size_t> shown;
  for (std::size_t n = 0; n < comparison.strategies[0].measures.size(); ++n) {
    const std::string& name = comparison.strategies[0].measures[n].name;
    // A kind of item that takes no time under any strategy has nothing to tell.
    const bool nothing = name.find(".time-to-done.") != std::string::npos &&
                         std::all_of(comparison.strategies.begin(), comparison.strategies.end(),
                                     [n](const StrategySummary& strategy) { return strategy.measures[n].of.max == 0; });
    if (nothing) continue;
    shown.push_back(n);
    table.columns.push_back({measure_heading(name), true});
  }
  for (const StrategySummary& strategy : comparison.strategies) {
    std::vector<std::string> row = {strategy.name};
    for (const std::size_t n : shown) {
      const MeasureSummary& measure = strategy.measures[n];
      std::string cell = measure.of.n == 0 ? (measure.name == "detection" ? "never" : "–")
                                           : mean_with_interval(measure.of, measure.unit);
      if (measure.of.n != 0 && measure.missing != 0)
        cell += " in " + std::to_string(measure.of.n) + " of " + std::to_string(strategy.runs);
      row.push_back(cell);
    }
    table.rows.push_back(row);
  }
  return table;
}

Table paired_table(const Comparison& comparison) {
  Table table{"", {{"strategy"}}, {}};
  const std::vector<std::string> measures = compared_measures(comparison);
  for (const std::string& measure : measures) table.columns.push_back({measure_heading(measure), true});
  if (measures.empty()) table.columns.push_back({"all measures", true});
  for (const StrategySummary& strategy : comparison.strategies) {
    if (strategy.name == comparison.baseline) continue;
    std::vector<std::string> row = {strategy.name};
    for (const std::string& measure : measures) {
      const PairedMeasure* pair = find_pair(comparison, strategy.name, measure);
      if (pair == nullptr || pair->paired.of.n == 0) {
        row.push_back("–");
      } else if (pair->paired.difference == Difference::none_shown) {
        row.push_back("none shown");
      } else {
        const bool higher = pair->paired.difference == Difference::higher;
        row.push_back((higher ? "+" : "") + mean_with_interval(pair->paired.of, pair->unit));
      }
    }
    if (measures.empty()) row.push_back("none shown");
    table.rows.push_back(row);
  }
  return table;
}

}  // namespace premortem
