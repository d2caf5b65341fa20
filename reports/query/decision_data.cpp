#include "reports/query/decision_data.hpp"

#include <algorithm>
#include <cmath>

#include "reports/query/comparison_tables.hpp"
#include "reports/query/figures.hpp"
#include "reports/query/headline.hpp"
#include "reports/query/reproduce.hpp"
#include "reports/query/sentences.hpp"

namespace premortem {

namespace {

/// Beside the measures of a run, the one by which strategies are traded off: items to which anything bad happened.
const std::string wrong_items = "items-wrong";

std::vector<Measure> measures_of(const RunResult& run) {
  Measure wrong{wrong_items, Measure::Unit::count, 0};
  for (const FateCounts& counts : run.fates) {
    for (const Fate fate : fates_in_order) {
      if (fate != Fate::done && fate != Fate::in_flight) *wrong.value += static_cast<std::int64_t>(counts[fate]);
    }
  }
  std::vector<Measure> all = {wrong};
  const std::vector<Measure> others = comparable_measures(run);
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

MeasureData describe_measure(const Measure& measure, const std::vector<std::string>& main) {
  MeasureData data;
  data.name = measure.name;
  data.heading = measure.name == wrong_items ? "items that went wrong" : measure_heading(measure.name);
  data.unit = measure.unit == Measure::Unit::duration ? "ns" : "count";
  data.group = measure.name == "operator-steps" || measure.name == "detection" ? "effort"
               : measure.name.find(".time-to-done.") != std::string::npos      ? "times"
                                                                               : "items";
  data.bad = !measure.name.ends_with(".done");
  data.main = measure.name == wrong_items || std::ranges::find(main, measure.name) != main.end();
  return data;
}

/// By measure and seed; none: it does not apply in that run.
using Values = std::vector<std::vector<std::optional<double>>>;
Values values_of(const std::vector<RunResult>& runs) {
  Values values;
  for (std::size_t run = 0; run < runs.size(); ++run) {
    const std::vector<Measure> measures = measures_of(runs[run]);
    values.resize(measures.size());
    for (std::size_t n = 0; n < measures.size(); ++n) {
      values[n].push_back(measures[n].value ? std::optional(static_cast<double>(*measures[n].value)) : std::nullopt);
    }
  }
  return values;
}

void add_difference(CellData& cell, const std::vector<std::optional<double>>& baseline, Measure::Unit unit,
                    double level) {
  std::vector<double> ours, theirs;
  for (std::size_t run = 0; run < cell.by_seed.size() && run < baseline.size(); ++run) {
    if (!cell.by_seed[run] || !baseline[run]) continue;
    ours.push_back(*cell.by_seed[run]);
    theirs.push_back(*baseline[run]);
  }
  if (ours.empty()) {
    cell.difference = "not comparable";
    cell.difference_text = "–";
    return;
  }
  const Paired paired = compare_paired(ours, theirs, level);
  cell.difference_mean = paired.of.mean;
  if (!std::isinf(paired.of.half_width)) {
    cell.difference_low = paired.of.mean - paired.of.half_width;
    cell.difference_high = paired.of.mean + paired.of.half_width;
  }
  if (paired.difference == Difference::none_shown) {
    cell.difference = cell.difference_text = "none shown";
    return;
  }
  cell.difference = name_of(paired.difference);
  cell.difference_text = (paired.difference == Difference::higher ? "+" : "") + mean_with_interval(paired.of, unit);
}

CellData cell_of(const std::vector<std::optional<double>>& by_seed, const Measure& measure, double level) {
  CellData cell;
  cell.by_seed = by_seed;
  std::vector<double> samples;
  for (const std::optional<double>& value : by_seed) {
    if (value) samples.push_back(*value);
  }
  cell.n = samples.size();
  if (samples.empty()) {
    cell.text = measure.name == "detection" ? "never" : "–";
    return cell;
  }
  const Summary summary = summarize(samples, level);
  cell.text = mean_with_interval(summary, measure.unit);
  cell.mean = summary.mean;
  cell.least = summary.min;
  cell.most = summary.max;
  if (!std::isinf(summary.half_width)) {
    cell.low = summary.mean - summary.half_width;
    cell.high = summary.mean + summary.half_width;
  }
  return cell;
}

std::uint64_t number_of(const std::vector<MeasureData>& measures, const std::string& name) {
  return static_cast<std::uint64_t>(std::ranges::find(measures, name, &MeasureData::name) - measures.begin());
}

void add_trade_offs(const Comparison& comparison, ReadingData& reading) {
  const std::uint64_t wrong = number_of(reading.measures, wrong_items);
  const auto means = [&](std::uint64_t measure) {
    std::vector<std::optional<double>> all;
    for (const StrategyData& strategy : reading.strategies) all.push_back(strategy.cells[measure].mean);
    return all;
  };
  for (const std::string& cost : {time_that_matters(comparison), std::string("operator-steps")}) {
    const std::uint64_t x = number_of(reading.measures, cost);
    if (x == reading.measures.size()) continue;
    reading.trade_offs.push_back({x, wrong, pareto_front(means(x), means(wrong))});
  }
}

CheckCountData check_count(const CheckCount& count, const std::vector<RunResult>& runs, std::size_t check) {
  CheckCountData data{count.name, count.held, count.broken, count.not_exercised, count.as_expected, {}};
  for (const RunResult& run : runs) {
    if (run.checks[check].verdict == CheckVerdict::broken) data.broken_seeds.push_back(run.seed);
  }
  return data;
}

ReadingData reading_data(const CampaignResult& campaign, const std::vector<std::string>& recommended) {
  const Comparison& comparison = campaign.comparison;
  ReadingData reading;
  reading.name = reading_name(comparison);
  reading.summary = verdict_sentences(comparison);
  reading.stopping = comparison.stopping;
  reading.verdict = name_of(comparison.verdict());
  reading.level = comparison.level;
  std::vector<const std::vector<RunResult>*> all;
  for (const std::vector<RunResult>& runs : campaign.runs) {
    if (!runs.empty()) all.push_back(&runs);
  }
  if (all.empty()) return reading;
  for (const RunResult& run : *all.front()) reading.seeds.push_back(run.seed);
  reading.command = compare_again(comparison, all.front()->front().seed, all.front()->size());
  const std::vector<Measure> measures = measures_of(all.front()->front());
  const std::vector<std::string> main = compared_measures(comparison);
  for (const Measure& measure : measures) reading.measures.push_back(describe_measure(measure, main));
  const Values baseline = values_of(*all.front());
  for (std::size_t n = 0; n < all.size(); ++n) {
    const StrategySummary& summary = comparison.strategies[n];
    StrategyData strategy;
    strategy.name = summary.name;
    strategy.flawless = summary.flawless();
    strategy.recommended = std::ranges::find(recommended, summary.name) != recommended.end();
    strategy.runs = summary.runs;
    strategy.as_expected = summary.as_expected;
    strategy.different = summary.different;
    strategy.not_exercised = summary.not_exercised;
    strategy.command = run_again(all[n]->front());
    const Values values = n == 0 ? baseline : values_of(*all[n]);
    for (std::size_t measure = 0; measure < measures.size(); ++measure) {
      CellData cell = cell_of(values[measure], measures[measure], comparison.level);
      if (n > 0) add_difference(cell, baseline[measure], measures[measure].unit, comparison.level);
      strategy.cells.push_back(std::move(cell));
    }
    for (const RunResult& run : *all[n]) {
      if (run.verdict == RunVerdict::different) strategy.different_seeds.push_back(run.seed);
    }
    for (std::size_t check = 0; check < summary.checks.size(); ++check)
      strategy.checks.push_back(check_count(summary.checks[check], *all[n], check));
    reading.strategies.push_back(std::move(strategy));
  }
  add_trade_offs(comparison, reading);
  return reading;
}

}  // namespace

std::vector<std::uint64_t> pareto_front(const std::vector<std::optional<double>>& x,
                                        const std::vector<std::optional<double>>& y) {
  std::vector<std::uint64_t> front;
  for (std::size_t n = 0; n < x.size(); ++n) {
    if (!x[n] || !y[n]) continue;
    bool beaten = false;
    for (std::size_t other = 0; other < x.size() && !beaten; ++other) {
      if (!x[other] || !y[other]) continue;
      beaten = *x[other] <= *x[n] && *y[other] <= *y[n] && (*x[other] < *x[n] || *y[other] < *y[n]);
    }
    if (!beaten) front.push_back(n);
  }
  return front;
}

DecisionData decision_data(const std::vector<CampaignResult>& campaigns) {
  std::vector<Comparison> comparisons;
  comparisons.reserve(campaigns.size());
  for (const CampaignResult& campaign : campaigns) comparisons.push_back(campaign.comparison);
  DecisionData decision;
  decision.title = comparisons.front().title;
  decision.file = comparisons.front().file;
  Verdict verdict = judge_readings(comparisons);
  decision.headline = std::move(verdict.headline);
  decision.overall = overall_sentences(comparisons);
  decision.assumed = std::move(verdict.assumed);
  for (const CampaignResult& campaign : campaigns)
    decision.readings.push_back(reading_data(campaign, verdict.recommended));
  return decision;
}

}  // namespace premortem
