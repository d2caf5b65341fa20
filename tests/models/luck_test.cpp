// Luck goes by names: what else a scenario holds, and in which order things come, changes nobody's draws.

#include <algorithm>

#include "sim/compare/runner.hpp"
#include "sim/compare/saved_run.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;
using Lines = std::vector<std::string>;

TEST_CASE("a draw beyond all time does not turn the clock back", "[luck]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "1000/h" } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "packer": { "is": "consumer", "reads": "orders", "workers": 5000, "prefetch": 1,
                  "does": [ { "id": "p", "work": "exponential 20000 days" }, { "finish": "ok" } ] } })",
                    1, {}, R"("from": "2021-03-01 08:00", "until": "2021-03-01 09:00", "zone": "UTC")");
  REQUIRE(story.finished().empty());
  REQUIRE(story.count("order", Fate::in_flight) == 957);
  REQUIRE(std::is_sorted(story.records.begin(), story.records.end(),
                         [](const Record& left, const Record& right) { return left.at < right.at; }));
}

TEST_CASE("a run that is continued looks at its checks when the whole run does", "[luck]") {
  const Story story(R"("timeline": [ { "at": "08:10", "set": { "t.f": true } } ],
    "items": { "order": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "at": "11:00" } },
    "systems": { "t": { "is": "toggles", "f": false },
      "orders": { "is": "queue", "of": "order" }, "pings": { "is": "queue", "fields": { "x": "int" } },
      "eye": { "is": "monitor", "when": "pings.ready > 5" },
      "pinger": { "is": "job", "cron": "5 8 * * *", "does": [ { "publish": "pings", "with": { "x": "1" } } ] },
      "packer": { "is": "consumer", "reads": "pings", "ack": "by hand",
                  "does": [ { "ack": true }, { "work": "30 min" } ] } },
    "checks": { "e": { "sometimes": "packer.busy == 0 && t.f" } })");
  const CompiledScenario& compiled = story.compiled();
  const RunResult whole = run_scenario(compiled, {});
  for (const int minute : {7 * 60, 8 * 60 + 20, 10 * 60}) {
    INFO("cut at minute " << minute);
    const Time at = time_from_nanoseconds(compiled.model->begins + minute * 60'000'000'000);
    const SavedRun first = interrupt_scenario(compiled, {}, at);
    RunOptions rest;
    rest.from = &first;
    REQUIRE(run_scenario(compiled, rest) == whole);
  }
}

namespace {

/// South goes into the log straight from an arrival, by `publish` and by `send`.
std::string keyed(const std::string& lists) {
  return lists + R"("items": { "order": { "fields": { "region": "string" } } },
    "arrivals": {
      "direct": { "item": "order", "into": "events", "at": ["08:10"], "key": "it.region", "fields": { "region": "south" } },
      "first": { "item": "order", "into": "in", "at": ["08:11"], "fields": { "region": "south" } },
      "second": { "item": "order", "into": "again", "at": ["08:12"], "fields": { "region": "south" } } },
    "systems": { "events": { "is": "log", "of": "order", "partitions": 8 },
      "in": { "is": "queue", "of": "order" }, "again": { "is": "queue", "of": "order" },
      "bridge": { "is": "consumer", "reads": "in", "does": [ { "publish": "events", "key": "it.region" } ] },
      "copier": { "is": "consumer", "reads": "again",
                  "does": [ { "send": "order", "to": "events", "key": "it.region" }, { "finish": "ok" } ] },
      "packer": { "is": "stream", "reads": "events", "does": [ { "finish": "ok" } ] } })";
}

}  // namespace

TEST_CASE("KAFKA-002: equal text keys share a partition, whoever appends and whatever other texts there are",
          "[luck]") {
  const Story plain(keyed(""));
  REQUIRE(plain.told({RecordKind::committed_offset}) == Lines{"08:10 packer committed-offset 4 1",
                                                              "08:11 packer committed-offset 4 2",
                                                              "08:12 packer committed-offset 4 3"});
  const Story more(keyed(R"("lists": { "more": ["x1", "x2", "x3"] }, )"));
  REQUIRE(more.told({RecordKind::committed_offset}) == plain.told({RecordKind::committed_offset}));
}
