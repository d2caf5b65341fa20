#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/render/reports.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

Json of_summary(const Summary& summary) {
  Json json;
  json["mean"] = summary.mean;
  json["min"] = summary.min;
  json["max"] = summary.max;
  json["ci95"] = std::isinf(summary.half_width)
                     ? Json(nullptr)
                     : Json::array({summary.mean - summary.half_width, summary.mean + summary.half_width});
  return json;
}

Json of_measure(const Measure& measure) {
  Json json;
  json["unit"] = measure.unit == Measure::Unit::duration ? "ns" : "count";
  json["value"] = measure.value ? Json(*measure.value) : Json(nullptr);
  return json;
}

}  // namespace

std::string run_to_json(const RunResult& run) {
  Json json;
  json["scenario"] = run.title;
  json["file"] = run.file;
  json["scenario-hash"] = run.scenario_hash;
  json["strategy"] = run.strategy;
  json["assumptions"] = run.assumptions;
  json["seed"] = run.seed;
  json["digest"] = run.digest;
  json["verdict"] = name_of(run.verdict);
  for (const FateCounts& counts : run.fates) {
    Json& fates = json["fates"][counts.item];
    fates["arrived"] = counts.arrived;
    for (const Fate fate : fates_in_order) fates[std::string(name_of(fate))] = counts[fate];
  }
  json["checks"] = Json::array();
  for (const CheckResult& check : run.checks) {
    Json one;
    one["name"] = check.name;
    one["verdict"] = check.verdict == CheckVerdict::not_exercised ? "not-exercised" : name_of(check.verdict);
    one["broken-for"] = check.broken_for ? Json(*check.broken_for) : Json(nullptr);
    one["judged"] = check.judged;
    one["first-at"] = check.first_at ? Json(nanoseconds_of(*check.first_at)) : Json(nullptr);
    one["examples"] = check.examples;
    one["expected"] = check.expected;
    one["as-expected"] = check.as_expected;
    json["checks"].push_back(one);
  }
  json["measures"] = Json::object();
  for (const Measure& measure : run.measures) json["measures"][measure.name] = of_measure(measure);
  json["events"] = run.events;
  json["zone"] = run.zone;
  json["zone-rules"] = run.zone_rules;
  json["notes"] = run.notes;
  return json.dump(2) + "\n";
}

std::string comparison_to_json(const Comparison& comparison) {
  Json json;
  json["scenario"] = comparison.title;
  json["file"] = comparison.file;
  json["assumptions"] = comparison.assumptions;
  json["baseline"] = comparison.baseline;
  json["level"] = comparison.level;
  json["stopping"] = comparison.stopping;
  json["strategies"] = Json::array();
  for (const StrategySummary& strategy : comparison.strategies) {
    Json one;
    one["name"] = strategy.name;
    one["runs"] = strategy.runs;
    one["as-expected"] = strategy.as_expected;
    for (const FateSummary& fates : strategy.fates) {
      one["fates"][fates.item]["arrived"] = of_summary(fates.arrived);
      for (const Fate fate : fates_in_order) {
        one["fates"][fates.item][std::string(name_of(fate))] = of_summary(fates.of[static_cast<std::size_t>(fate)]);
      }
    }
    one["checks"] = Json::array();
    for (const CheckCount& check : strategy.checks) {
      one["checks"].push_back({{"name", check.name},
                               {"held", check.held},
                               {"broken", check.broken},
                               {"not-exercised", check.not_exercised}});
    }
    for (const MeasureSummary& measure : strategy.measures) {
      Json& summary = one["measures"][measure.name];
      summary = of_summary(measure.of);
      summary["unit"] = measure.unit == Measure::Unit::duration ? "ns" : "count";
      summary["missing"] = measure.missing;
    }
    json["strategies"].push_back(one);
  }
  json["paired"] = Json::array();
  for (const PairedMeasure& measure : comparison.paired) {
    Json one;
    one["strategy"] = measure.strategy;
    one["measure"] = measure.measure;
    one["unit"] = measure.unit == Measure::Unit::duration ? "ns" : "count";
    one["difference"] = of_summary(measure.paired.of);
    one["verdict"] = name_of(measure.paired.difference);
    json["paired"].push_back(one);
  }
  return json.dump(2) + "\n";
}

}  // namespace premortem
