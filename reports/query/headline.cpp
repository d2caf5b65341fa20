#include "reports/query/headline.hpp"

#include <algorithm>
#include <limits>
#include <map>

#include "reports/query/figures.hpp"
#include "reports/query/sentences.hpp"

namespace premortem {

namespace {

using Names = std::vector<std::string>;

const StrategySummary* find_strategy(const Comparison& reading, const std::string& name) {
  const auto one = std::ranges::find(reading.strategies, name, &StrategySummary::name);
  return one == reading.strategies.end() ? nullptr : &*one;
}

const MeasureSummary* find_measure(const StrategySummary& strategy, const std::string& name) {
  const auto one = std::ranges::find(strategy.measures, name, &MeasureSummary::name);
  return one == strategy.measures.end() || one->of.n == 0 ? nullptr : &*one;
}

/// A measure under the reading in which its mean is largest, with how it is written; none: it never applies.
struct Worst {
  double mean = std::numeric_limits<double>::infinity(), half_width = 0;
  std::string text;
};
Worst worst(const std::vector<Comparison>& readings, const std::string& strategy, const std::string& measure) {
  Worst most;
  for (const Comparison& reading : readings) {
    const StrategySummary* one = find_strategy(reading, strategy);
    const MeasureSummary* of = one == nullptr ? nullptr : find_measure(*one, measure);
    if (of == nullptr) return {};
    if (most.text.empty() || of->of.mean > most.mean)
      most = {of->of.mean, of->of.half_width, mean_with_interval(of->of, of->unit)};
  }
  return most;
}

/// Those of `among` whose worst is least, and those of which no run says that they are worse: their intervals meet.
Names least(const std::vector<Comparison>& readings, const Names& among, const std::string& measure) {
  Worst lowest;
  for (const std::string& name : among) {
    const Worst one = worst(readings, name, measure);
    if (one.mean < lowest.mean) lowest = one;
  }
  Names best;
  for (const std::string& name : among) {
    const Worst one = worst(readings, name, measure);
    if (!one.text.empty() && one.mean - one.half_width <= lowest.mean + lowest.half_width) best.push_back(name);
  }
  return best;
}

Names flawless_under(const std::vector<Comparison>& readings) {
  Names names;
  for (const StrategySummary& strategy : readings.front().strategies) {
    const bool always = std::ranges::all_of(readings, [&](const Comparison& reading) {
      const StrategySummary* one = find_strategy(reading, strategy.name);
      return one != nullptr && one->flawless();
    });
    if (always) names.push_back(strategy.name);
  }
  return names;
}

std::string under_all(std::size_t readings) {
  return readings == 1   ? ""
         : readings == 2 ? " under both readings"
                         : " under all " + std::to_string(readings) + " readings";
}

std::string needs(const Names& names, const std::string& what) {
  return listed(names) + (names.size() == 1 ? " needs " : " need ") + what;
}

Verdict nothing_flawless(const std::vector<Comparison>& readings) {
  Verdict verdict;
  std::map<double, Names> by_wrong;
  for (const StrategySummary& strategy : readings.front().strategies) {
    double most = 0;
    for (const Comparison& reading : readings) {
      if (const StrategySummary* one = find_strategy(reading, strategy.name)) most = std::max(most, items_wrong(*one));
    }
    by_wrong[most].push_back(strategy.name);
  }
  const auto& [wrong, names] = *by_wrong.begin();
  verdict.headline = "None of " + counted(readings.front().strategies.size(), "strategy") + " lets nothing go wrong" +
                     under_all(readings.size()) + "; ";
  Summary mean;
  mean.n = 1;
  mean.mean = wrong;
  verdict.headline += wrong == 0 ? "with " + listed(names) + " all items end well, but a check is broken."
                                 : "fewest items go wrong with " + listed(names) + " (" +
                                       mean_with_interval(mean, Measure::Unit::count) + " of a run).";
  return verdict;
}

}  // namespace

std::string time_that_matters(const Comparison& comparison) {
  for (const std::string& measure : comparison.by) {
    if (measure.find(".time-to-done.") != std::string::npos) return measure;
  }
  const StrategySummary& first = comparison.strategies.front();
  return first.fates.empty() ? "" : first.fates.front().item + ".time-to-done.p99";
}

double items_wrong(const StrategySummary& strategy) {
  double wrong = 0;
  for (const FateSummary& kind : strategy.fates) {
    for (const Fate fate : fates_in_order) {
      if (fate != Fate::done && fate != Fate::in_flight) wrong += kind.of[static_cast<std::size_t>(fate)].mean;
    }
  }
  return wrong;
}

Verdict judge_readings(const std::vector<Comparison>& readings) {
  const Comparison& written = readings.front();
  if (written.strategies.empty()) return {"Nothing was compared.", {}, {}};
  const auto unexercised = [](const StrategySummary& one) { return one.not_exercised == one.runs; };
  if (std::ranges::all_of(written.strategies, unexercised))
    return {"No check was exercised in any run, so nothing can be said of any strategy.", {}, {}};
  const Names good = flawless_under(readings);
  Verdict verdict;
  if (good.empty()) {
    verdict = nothing_flawless(readings);
  } else {
    const Names fewest = least(readings, good, "operator-steps");
    const Names quickest = least(readings, fewest, time_that_matters(written));
    verdict.recommended = quickest.empty() ? fewest : quickest;
    verdict.headline = std::to_string(good.size()) + " of " + counted(written.strategies.size(), "strategy") +
                       (good.size() == 1 ? " lets" : " let") + " nothing go wrong" + under_all(readings.size());
    if (good.size() == 1) {
      verdict.headline += ": " + good.front() + ".";
    } else {
      const std::string steps = worst(readings, fewest.front(), "operator-steps").text;
      verdict.headline += fewest.size() == good.size()
                              ? "; all of them need the same operator steps (" + steps + ")"
                              : "; of these " + needs(fewest, "the fewest operator steps (" + steps + ")");
      if (fewest.size() > 1 && quickest.size() < fewest.size())
        verdict.headline += ", and " + listed(quickest) + (quickest.size() == 1 ? " is" : " are") + " the quickest";
      verdict.headline += ".";
    }
  }
  if (readings.size() < 2) return verdict;
  for (std::size_t n = 1; n < readings.size(); ++n) {
    const Comparison& reading = readings[n];
    Names gains, losses;
    for (const StrategySummary& before : written.strategies) {
      const StrategySummary* after = find_strategy(reading, before.name);
      if (after == nullptr || after->flawless() == before.flawless()) continue;
      (after->flawless() ? gains : losses).push_back(before.name);
    }
    const Names best = judge_readings({reading}).recommended, best_before = judge_readings({written}).recommended;
    const std::string name = "Assuming " + reading_name(reading) + " ";
    if (!gains.empty() || !losses.empty()) {
      std::string text = name + "changes which strategies let nothing go wrong: ";
      if (!losses.empty()) text += listed(losses) + (losses.size() == 1 ? " no longer does" : " no longer do");
      if (!gains.empty()) text += (losses.empty() ? "" : ", ") + listed(gains) + (gains.size() == 1 ? " does" : " do");
      verdict.assumed.push_back(text + ".");
    }
    if (best != best_before)
      verdict.assumed.push_back(name + "changes which is best: " + (best.empty() ? "none" : listed(best)) +
                                " instead of " + (best_before.empty() ? "none" : listed(best_before)) + ".");
    if (gains.empty() && losses.empty() && best == best_before)
      verdict.assumed.push_back(name + "changes neither which strategies let nothing go wrong nor which is best.");
  }
  return verdict;
}

}  // namespace premortem
