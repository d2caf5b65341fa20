// What lasts in a history, and the traces that other programs draw of it.

#include "reports/render/trace.hpp"

#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "reports/query/spans.hpp"
#include "sim/compare/runner.hpp"
#include "sim/scenario/history_names.hpp"
#include "tests/reports/scenario_runs.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using namespace premortem::testing;
using Json = nlohmann::ordered_json;
using Lines = std::vector<std::string>;

namespace {

struct Recorded {
  explicit Recorded(const std::string& file) {
    const auto compiled = scenario(file, {});
    RunOptions options;
    options.history = &history;
    result = run_scenario(*compiled, options);
    names = history_names(*compiled);
  }
  Json trace() const { return Json::parse(history_to_trace(heading(), names, history.records())); }
  Json otlp() const { return Json::parse(history_to_otlp(heading(), names, history.records())); }
  TraceHeading heading() const { return {result.title, result.strategy, result.seed, "the digest"}; }

  History history;
  HistoryNames names;
  RunResult result;
};

/// "call desk.take 09:00 + 2 s, of letter 1 within letter 1: lost"
std::string told(const std::vector<Span>& spans, const Span& span, std::int64_t origin) {
  const auto seconds = [](std::int64_t ns) { return std::to_string(ns / 1'000'000'000) + " s"; };
  std::string text = std::string(name_of(span.kind)) + " " + span.name + " " + seconds(span.begin - origin) + " + " +
                     seconds(span.end - span.begin);
  if (span.parent != Span::none) text += ", within " + spans[span.parent].name;
  if (!span.outcome.empty()) text += ": " + span.outcome;
  return text + (span.ended ? "" : ", not ended") + (span.good ? "" : " !");
}

}  // namespace

TEST_CASE("spans: an item, its handling, the call, a run, a transaction that is undone, and what never ends",
          "[trace]") {
  const Story story(R"x("items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10", "00:00:20"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "store": { "is": "documents", "collections": { "kept": { "of": "letter" } } },
      "desk": { "is": "service", "of": "letter", "offers": { "take": { "takes": "2 s" } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "call": "desk.take" },
        { "transaction": "store", "does": [ { "insert": "store.kept" }, { "only-if": "it.id == 2", "raise": "Torn" } ] },
        { "finish": "filed" } ], "on": { "Torn": { "then": "reject" } } },
      "sweep": { "is": "job", "cron": "1 0 * * *", "does": [ { "work": "3 s" } ] } })x");
  const std::vector<Record>& records = story.records;
  const std::vector<Span> spans = spans_of(history_names(story.compiled()), records);
  Lines lines;
  for (const Span& span : spans) lines.push_back(told(spans, span, records.front().at));
  CHECK(lines == Lines{"item letter 1 10 s + 2 s: filed", "handling clerk 10 s + 2 s, within letter 1",
                       "call desk.take 10 s + 2 s, within letter 1", "transaction transaction 12 s + 0 s",
                       "item letter 2 20 s + 86380 s, not ended !",
                       "handling clerk 20 s + 2 s, within letter 2: Torn !",
                       "call desk.take 20 s + 2 s, within letter 2", "transaction transaction 22 s + 0 s: undone !",
                       "run sweep 60 s + 3 s"});
}

TEST_CASE("spans: a call in a call, one that ends by an error, and one that a crash cuts off", "[trace]") {
  const Story story(R"x("timeline": [ { "at": "00:00:31", "crash": "desk", "restart": "1 h" } ],
    "items": { "letter": { "done": "filed" } },
    "arrivals": { "post": { "item": "letter", "into": "tray", "at": ["00:00:10", "00:00:20", "00:00:30"] } },
    "systems": { "tray": { "is": "queue", "of": "letter" },
      "desk": { "is": "service", "of": "letter", "offers": {
        "take": { "takes": "1 s", "does": [ { "call": "desk.stamp" }, { "work": "3 s" } ] },
        "stamp": { "takes": "2 s", "does": [ { "only-if": "it.id == 2", "raise": "Blotted" } ] } } },
      "clerk": { "is": "consumer", "reads": "tray", "does": [ { "call": "desk.take" }, { "finish": "filed" } ],
                 "on": { "any": { "then": "reject" } } } })x");
  const std::vector<Span> spans = spans_of(history_names(story.compiled()), story.records);
  Lines lines;
  for (const Span& span : spans) {
    if (span.kind == Span::Kind::call) lines.push_back(told(spans, span, story.records.front().at));
  }
  CHECK(lines == Lines{"call desk.take 10 s + 6 s, within letter 1", "call desk.stamp 11 s + 2 s, within letter 1",
                       "call desk.take 20 s + 3 s, within letter 2: Blotted !",
                       "call desk.stamp 21 s + 2 s, within letter 2: Blotted !",
                       "call desk.take 30 s + 1 s, within letter 3: crashed !"});
}

TEST_CASE("golden: traces of a scenario with every fate", "[trace][golden]") {
  const Recorded run(every_fate);
  const std::string trace = history_to_trace(run.heading(), run.names, run.history.records());
  CHECK(trace == golden("reports/every-fate.trace.json", trace));
  const std::string otlp = history_to_otlp(run.heading(), run.names, run.history.records());
  CHECK(otlp == golden("reports/every-fate.otlp.json", otlp));
}

TEST_CASE("Chrome's trace: what begins ends, in its process, and unfinished items are counted down", "[trace]") {
  for (const std::string& file : {nav, esr}) {
    INFO(file);
    const Recorded run(file);
    const Json trace = run.trace();
    std::map<std::pair<std::string, std::uint64_t>, Json> open;
    std::set<std::uint64_t> processes;
    std::map<std::string, std::int64_t> unfinished;
    std::size_t items = 0;
    for (const Json& event : trace["traceEvents"]) {
      const std::string phase = event["ph"];
      if (phase == "M" && event["name"] == "process_name") processes.insert(event["pid"].get<std::uint64_t>());
      REQUIRE(processes.count(event["pid"].get<std::uint64_t>()) == 1);
      if (phase == "C") unfinished[event["name"]] = event["args"]["items"];
      if (phase != "b" && phase != "e") continue;
      const std::pair<std::string, std::uint64_t> key = {event["cat"], event["id"]};
      if (phase == "b") {
        items += event["cat"] == "item" ? 1 : 0;
        REQUIRE(open.emplace(key, event).second);
      } else {
        REQUIRE(open.count(key) == 1);
        REQUIRE(open[key]["ts"] <= event["ts"]);
        REQUIRE(open[key]["pid"] == event["pid"]);
        open.erase(key);
      }
    }
    CHECK(open.empty());
    std::uint64_t arrived = 0, left = 0;
    for (const FateCounts& counts : run.result.fates) {
      arrived += counts.arrived;
      for (const Fate fate : {Fate::lost, Fate::stuck, Fate::dead_lettered, Fate::in_flight})
        left += counts.of[static_cast<std::size_t>(fate)];
    }
    CHECK(items == arrived);
    std::uint64_t counted = 0;
    for (const auto& [name, count] : unfinished) counted += static_cast<std::uint64_t>(count);
    CHECK(counted == left);
  }
}

TEST_CASE("OTLP: ids are hex and of their own, a parent is in the same trace and began before", "[trace]") {
  const Recorded run(nav);
  std::map<std::string, Json> spans;
  std::vector<Json> all;
  const Json otlp = run.otlp();
  for (const Json& resource : otlp["resourceSpans"]) {
    CHECK(resource["resource"]["attributes"][0]["key"] == "service.name");
    for (const Json& span : resource["scopeSpans"][0]["spans"]) {
      REQUIRE(span["traceId"].get<std::string>().size() == 32);
      REQUIRE(span["spanId"].get<std::string>().size() == 16);
      REQUIRE(span["spanId"].get<std::string>().find_first_not_of("0123456789abcdef") == std::string::npos);
      REQUIRE(std::stoll(span["startTimeUnixNano"].get<std::string>()) <=
              std::stoll(span["endTimeUnixNano"].get<std::string>()));
      REQUIRE(spans.emplace(span["spanId"], span).second);
      all.push_back(span);
    }
  }
  std::size_t children = 0;
  for (const Json& span : all) {
    if (!span.contains("parentSpanId")) continue;
    ++children;
    REQUIRE(spans.count(span["parentSpanId"]) == 1);
    const Json& parent = spans[span["parentSpanId"]];
    REQUIRE(parent["traceId"] == span["traceId"]);
    REQUIRE(std::stoll(parent["startTimeUnixNano"].get<std::string>()) <=
            std::stoll(span["startTimeUnixNano"].get<std::string>()));
  }
  CHECK(children > 1000);
}
