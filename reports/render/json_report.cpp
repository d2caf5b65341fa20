#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/query/headline.hpp"
#include "reports/query/record_sentence.hpp"
#include "reports/query/sentences.hpp"
#include "reports/render/reports.hpp"

namespace premortem {

namespace {

using Json = nlohmann::ordered_json;

/// The key of the interval says its level: "ci95".
std::string interval_key(double level) {
  std::string percent = std::to_string(std::lround(level * 1000));
  if (percent.ends_with('0')) percent.pop_back();
  return "ci" + percent;
}

Json of_summary(const Summary& summary, double level) {
  Json json;
  json["mean"] = summary.n == 0 ? Json(nullptr) : Json(summary.mean);
  json["min"] = summary.n == 0 ? Json(nullptr) : Json(summary.min);
  json["max"] = summary.n == 0 ? Json(nullptr) : Json(summary.max);
  json[interval_key(level)] = summary.n == 0 || std::isinf(summary.half_width)
                                  ? Json(nullptr)
                                  : Json::array({summary.mean - summary.half_width, summary.mean + summary.half_width});
  return json;
}

/// A path need not be UTF-8; what is not becomes U+FFFD.
std::string text_of(const Json& json) { return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n"; }

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
  json["sets"] = run.sets;
  json["seed"] = run.seed;
  json["digest"] = run.digest;
  json["verdict"] = name_of(run.verdict);
  json["fates"] = Json::object();
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
  Json unfinished = {
      {"nothing-moves", run.unfinished.nothing_moves}, {"groups", Json::array()}, {"circles", Json::array()}};
  for (const UnfinishedGroup& group : run.unfinished.groups) {
    unfinished["groups"].push_back({{"item", group.item},
                                    {"count", group.count},
                                    {"example", group.example},
                                    {"is-in", group.where},
                                    {"waits-for", group.waits}});
  }
  const TimeFormat format = [](Time time) { return std::to_string(nanoseconds_of(time)); };
  for (const Circle& circle : run.unfinished.circles) {
    Json one = {{"item", circle.item}, {"lasts-ns", circle.lasts}, {"turn", Json::array()}};
    for (const ToldRecord& told : circle.turn) one["turn"].push_back(record_sentence(told, format));
    unfinished["circles"].push_back(one);
  }
  json["unfinished"] = unfinished;
  return text_of(json);
}

namespace {

Json of_strategy(const StrategySummary& strategy, double level) {
  Json json;
  json["name"] = strategy.name;
  json["runs"] = strategy.runs;
  json["as-expected"] = strategy.as_expected;
  json["different"] = strategy.different;
  json["not-exercised"] = strategy.not_exercised;
  json["flawless"] = strategy.flawless();
  json["fates"] = Json::object();
  for (const FateSummary& fates : strategy.fates) {
    Json& of = json["fates"][fates.item];
    of["arrived"] = of_summary(fates.arrived, level);
    for (const Fate fate : fates_in_order)
      of[std::string(name_of(fate))] = of_summary(fates.of[static_cast<std::size_t>(fate)], level);
  }
  json["checks"] = Json::array();
  for (const CheckCount& check : strategy.checks) {
    json["checks"].push_back({{"name", check.name},
                              {"held", check.held},
                              {"broken", check.broken},
                              {"not-exercised", check.not_exercised},
                              {"as-expected", check.as_expected}});
  }
  json["measures"] = Json::object();
  for (const MeasureSummary& measure : strategy.measures) {
    Json summary = of_summary(measure.of, level);
    summary["unit"] = measure.unit == Measure::Unit::duration ? "ns" : "count";
    summary["missing"] = measure.missing;
    json["measures"][measure.name] = summary;
  }
  return json;
}

Json of_comparison(const Comparison& comparison) {
  Json json;
  json["scenario"] = comparison.title;
  json["file"] = comparison.file;
  json["assumptions"] = comparison.assumptions;
  json["sets"] = comparison.sets;
  json["verdict"] = name_of(comparison.verdict());
  json["summary"] = verdict_sentences(comparison);
  json["baseline"] = comparison.baseline;
  json["by"] = comparison.by;
  json["level"] = comparison.level;
  json["stopping"] = comparison.stopping;
  json["strategies"] = Json::array();
  for (const StrategySummary& strategy : comparison.strategies)
    json["strategies"].push_back(of_strategy(strategy, comparison.level));
  json["paired"] = Json::array();
  for (const PairedMeasure& measure : comparison.paired) {
    Json one;
    one["strategy"] = measure.strategy;
    one["measure"] = measure.measure;
    one["unit"] = measure.unit == Measure::Unit::duration ? "ns" : "count";
    one["pairs"] = measure.paired.of.n;
    one["difference"] = of_summary(measure.paired.of, comparison.level);
    one["verdict"] = measure.paired.of.n == 0 ? "not comparable" : name_of(measure.paired.difference);
    json["paired"].push_back(one);
  }
  return json;
}

}  // namespace

std::string comparisons_to_json(const std::vector<Comparison>& readings) {
  Json json = of_comparison(readings.front());
  json["readings"] = Json::array();
  for (std::size_t n = 1; n < readings.size(); ++n) json["readings"].push_back(of_comparison(readings[n]));
  const Verdict verdict = judge_readings(readings);
  json["headline"] = verdict.headline;
  json["recommended"] = verdict.recommended;
  json["overall"] = overall_sentences(readings);
  json["assumed"] = verdict.assumed;
  return text_of(json);
}

}  // namespace premortem
