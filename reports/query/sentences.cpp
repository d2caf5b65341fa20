#include "reports/query/sentences.hpp"

#include <algorithm>

#include "reports/query/figures.hpp"
#include "reports/query/headline.hpp"

namespace premortem {

namespace {

const MeasureSummary* measure_named(const StrategySummary& strategy, const std::string& name) {
  for (const MeasureSummary& measure : strategy.measures) {
    if (measure.name == name) return &measure;
  }
  return nullptr;
}

/// The strategies with the smallest mean of a measure, and those that are not shown to have a larger one: the intervals
/// meet.
std::vector<const StrategySummary*> smallest(const std::vector<const StrategySummary*>& among,
                                             const std::string& name) {
  const Summary* least = nullptr;
  for (const StrategySummary* strategy : among) {
    const MeasureSummary* measure = measure_named(*strategy, name);
    if (measure == nullptr || measure->of.n == 0) continue;
    if (least == nullptr || measure->of.mean < least->mean) least = &measure->of;
  }
  std::vector<const StrategySummary*> best;
  for (const StrategySummary* strategy : among) {
    const MeasureSummary* measure = measure_named(*strategy, name);
    if (measure == nullptr || measure->of.n == 0) continue;
    if (measure->of.mean - measure->of.half_width <= least->mean + least->half_width) best.push_back(strategy);
  }
  return best;
}

std::vector<std::string> names_of(const std::vector<const StrategySummary*>& strategies) {
  std::vector<std::string> names;
  names.reserve(strategies.size());
  for (const StrategySummary* strategy : strategies) names.push_back(strategy->name);
  return names;
}

std::string cheapest(const Comparison& comparison, const std::vector<const StrategySummary*>& good) {
  if (good.size() < 2) return {};
  const auto fewest = smallest(good, "operator-steps");
  if (fewest.empty()) return {};
  const std::string steps =
      mean_with_interval(measure_named(*fewest.front(), "operator-steps")->of, Measure::Unit::count);
  std::string text = fewest.size() == good.size()
                         ? "All of these need the same operator steps (" + steps + ")"
                         : "Of these, " + listed(names_of(fewest)) + (fewest.size() == 1 ? " needs" : " need") +
                               " the fewest operator steps (" + steps + ")";
  const std::string time = time_that_matters(comparison);
  const auto quickest = smallest(fewest, time);
  if (fewest.size() > 1 && !quickest.empty() && quickest.size() < fewest.size()) {
    const MeasureSummary& measure = *measure_named(*quickest.front(), time);
    text += "; quickest among them: " + listed(names_of(quickest)) + " (" + measure.name + " " +
            mean_with_interval(measure.of, measure.unit) + ")";
  }
  return text + ".";
}

}  // namespace

std::string what_goes_wrong(const StrategySummary& strategy) {
  std::vector<std::string> fates, checks;
  for (const FateSummary& kind : strategy.fates) {
    for (const Fate fate : fates_in_order) {
      const Summary& summary = kind.of[static_cast<std::size_t>(fate)];
      if (fate == Fate::done || fate == Fate::in_flight || summary.max == 0) continue;
      fates.push_back(kind.item + " " + std::string(name_of(fate)) + " " +
                      mean_with_interval(summary, Measure::Unit::count));
    }
  }
  for (const CheckCount& check : strategy.checks) {
    if (check.broken > 0) checks.push_back(check.name);
  }
  std::string text = listed(fates);
  if (!checks.empty()) text += (text.empty() ? "" : "; ") + ("broken: " + listed(checks));
  return text;
}

std::string not_as_expected(const StrategySummary& strategy) {
  std::vector<std::string> checks;
  for (const CheckCount& check : strategy.checks) {
    if (check.as_expected != strategy.runs) checks.push_back(check.name);
  }
  return strategy.name + " in " + std::to_string(strategy.runs - strategy.as_expected) + " of " +
         counted(strategy.runs, "run") + (checks.empty() ? "" : " (" + listed(checks) + ")");
}

std::string verdict_sentence(const RunResult& run) {
  std::size_t broken = 0, different = 0;
  for (const CheckResult& check : run.checks) {
    broken += check.verdict == CheckVerdict::broken ? 1 : 0;
    different += check.as_expected ? 0 : 1;
  }
  const std::string checks = counted(run.checks.size(), "check");
  switch (run.verdict) {
    case RunVerdict::as_expected:
      return "As expected: " + checks + ", " +
             (broken == 0 ? "none broken." : std::to_string(broken) + " broken as foretold.");
    case RunVerdict::different:
      return "DIFFERENT from what is expected in " + std::to_string(different) + " of " + checks + ".";
    case RunVerdict::not_exercised:
      return "NOT EXERCISED: what the checks are about never occurred in this run.";
  }
  return {};
}

std::string what_ran(const RunResult& run) {
  std::string line = "strategy " + run.strategy;
  for (const std::string& assumption : run.assumptions) line += ", assuming " + assumption;
  for (const std::string& set : run.sets) line += ", with " + set;
  return line + ", seed " + std::to_string(run.seed) + ", " + std::to_string(run.events) + " events, digest " +
         run.digest;
}

std::vector<std::string> verdict_sentences(const Comparison& comparison) {
  std::vector<std::string> sentences;
  if (comparison.strategies.empty()) return {"Nothing was compared."};
  const auto unexercised = [](const StrategySummary& one) { return one.not_exercised == one.runs; };
  if (std::ranges::all_of(comparison.strategies, unexercised))
    return {"No check was exercised in any run, so nothing can be said of any strategy."};
  std::vector<const StrategySummary*> good, unexpected;
  for (const StrategySummary& strategy : comparison.strategies) {
    if (strategy.flawless()) good.push_back(&strategy);
    if (strategy.as_expected != strategy.runs) unexpected.push_back(&strategy);
  }
  const std::string all = counted(comparison.strategies.size(), "strategy");
  const std::string nothing =
      " nothing is lost, stuck, dead-lettered, misrouted, duplicated or late, and no check is broken";
  if (good.empty()) {
    sentences.push_back("Under none of " + all +
                        " do all runs go well: under each, something is lost, stuck, "
                        "dead-lettered, misrouted, duplicated or late, or a check is broken.");
  } else {
    sentences.push_back("Under " + std::to_string(good.size()) + " of " + all + nothing +
                        ", in any run: " + listed(names_of(good)) + ".");
    const std::string best = cheapest(comparison, good);
    if (!best.empty()) sentences.push_back(best);
  }
  const StrategySummary& baseline = comparison.strategies.front();
  const std::string wrong = what_goes_wrong(baseline);
  if (!wrong.empty()) sentences.push_back("Without a change (" + baseline.name + "): " + wrong + ".");
  if (unexpected.empty()) {
    sentences.push_back("Every run is as the scenario expects.");
  } else {
    std::vector<std::string> which;
    which.reserve(unexpected.size());
    for (const StrategySummary* strategy : unexpected) which.push_back(not_as_expected(*strategy));
    std::string text = "NOT AS EXPECTED: ";
    for (std::size_t n = 0; n < which.size(); ++n) text += (n == 0 ? "" : "; ") + which[n];
    sentences.push_back(text + ".");
  }
  return sentences;
}

std::string reading_name(const Comparison& comparison) {
  std::vector<std::string> all = comparison.assumptions;
  all.insert(all.end(), comparison.sets.begin(), comparison.sets.end());
  return all.empty() ? "as written" : listed(all);
}

std::vector<std::string> overall_sentences(const std::vector<Comparison>& readings) {
  if (readings.size() < 2) return {};
  std::vector<std::string> always;
  std::vector<std::string> sometimes;
  for (const StrategySummary& strategy : readings.front().strategies) {
    std::vector<std::string> under;
    for (const Comparison& reading : readings) {
      for (const StrategySummary& one : reading.strategies) {
        if (one.name == strategy.name && one.flawless()) under.push_back(reading_name(reading));
      }
    }
    if (under.size() == readings.size()) {
      always.push_back(strategy.name);
    } else if (!under.empty()) {
      sometimes.push_back(strategy.name + " (only " + listed(under) + ")");
    }
  }
  std::vector<std::string> sentences;
  const std::string all = (readings.size() == 2 ? "both" : "all " + std::to_string(readings.size())) +
                          std::string(" readings of what is not known");
  sentences.push_back(always.empty() ? "No strategy lets nothing go wrong under " + all + "."
                                     : "Nothing goes wrong under " + all + " with " + listed(always) + ".");
  if (!sometimes.empty()) sentences.push_back("It depends on what is true: " + listed(sometimes) + ".");
  return sentences;
}

}  // namespace premortem
