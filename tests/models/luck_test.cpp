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

namespace {

/// A ping at 08:05 that carries no item, and three more messages that lie before it in the broker, or in the log.
std::string pinged(const std::string& kind, const std::string& reader, const std::string& chatter) {
  return R"("items": { "order": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "at": "11:00" } },
    "systems": { "orders": { "is": "queue", "of": "order" }, "noise": { "is": "queue", "fields": { "x": "int" } },
      "pings": { "is": ")" +
         kind + R"(", "fields": { "x": "int" } },
      "pinger": { "is": "job", "cron": "5 8 * * *", "does": [ { "publish": "pings", "with": { "x": "1" } } ] }, )" +
         chatter + R"(
      "eye": { "is": ")" +
         reader + R"(", "reads": "pings", "does": [ { "id": "look", "work": "exponential 10 min" } ] } })";
}

std::string chatter_into(const std::string& target) {
  return R"("chatter": { "is": "job", "cron": "30 0 * * *", "does": [
        { "each": [1, 2, 3], "does": [ { "publish": ")" +
         target + R"(", "with": { "x": "2" } } ] } ] },)";
}

/// Two cards without an item, and a job that spends its time on those that `which` names, all at once.
std::string cards(const std::string& which) {
  return R"("items": { "order": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "at": "11:00" } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "db": { "is": "documents", "collections": { "cards": { "fields": { "n": "int" } } } },
      "filler": { "is": "job", "cron": "0 7 * * *", "does": [
        { "each": [1, 2], "does": [ { "insert": "db.cards", "with": { "n": "it" } } ] } ] },
      "sink": { "is": "service", "offers": { "put": { "does": [ { "reply": "1" } ] } } },
      "sorter": { "is": "job", "cron": "0 8 * * *", "does": [
        { "find": "db.cards", )" +
         which + R"("as": "all" },
        { "each": "all", "at-once": 2, "does": [ { "id": "sort", "work": "exponential 10 min" },
                                                 { "call": "sink.put" } ] } ] } })";
}

/// One order, handled by a consumer that does `steps`; the sink takes its time.
Story handled(const std::string& steps) {
  return Story(R"("items": { "order": {}, "part": {} },
    "arrivals": { "shop": { "item": "order", "into": "orders", "at": "08:00" } },
    "systems": { "orders": { "is": "queue", "of": "order" }, "parts": { "is": "queue", "of": "part" },
      "sink": { "is": "service", "offers": { "put": { "takes": "exponential 10 min", "does": [ { "reply": "1" } ] } } },
      "packer": { "is": "consumer", "reads": "parts", "workers": 2,
                  "does": [ { "id": "pack", "work": "exponential 10 min" }, { "finish": "ok" } ] },
      "desk": { "is": "consumer", "reads": "orders", "does": [ )" +
               steps + R"( { "finish": "ok" } ] } })");
}

}  // namespace

TEST_CASE("a message without an item has its publisher's luck, whatever else lies in the broker", "[luck]") {
  const Story plain(pinged("queue", "consumer", ""));
  REQUIRE(plain.told({RecordKind::acknowledged}) == Lines{"08:18:36.510447663 eye acknowledged"});
  const Story more(pinged("queue", "consumer", chatter_into("noise")));
  REQUIRE(more.told({RecordKind::acknowledged}) == plain.told({RecordKind::acknowledged}));
}

TEST_CASE("an event without an item has its publisher's luck, whatever its offset", "[luck]") {
  const Story plain(pinged("log", "stream", ""));
  REQUIRE(plain.told({RecordKind::committed_offset}) == Lines{"08:18:36.510447663 eye committed-offset 0 1"});
  const Story more(pinged("log", "stream", chatter_into("pings")));
  REQUIRE(more.told({RecordKind::committed_offset}) ==
          Lines{"00:31:02.970024986 eye committed-offset 0 1", "00:40:28.325152525 eye committed-offset 0 2",
                "01:09:04.452683057 eye committed-offset 0 3", "08:18:36.510447663 eye committed-offset 0 4"});
}

TEST_CASE("a document without an item has its own luck, wherever it stands in a result", "[luck]") {
  const Story both(cards(""));
  REQUIRE(both.told({RecordKind::replied}) ==
          Lines{"08:11:47.396969439 sink replied sink.put", "08:27:59.656561739 sink replied sink.put"});
  const Story second(cards(R"("where": "n == 2", )"));
  REQUIRE(second.told({RecordKind::replied}) == Lines{"08:27:59.656561739 sink replied sink.put"});
}

TEST_CASE("two calls of one operation in a handler take each its own time", "[luck]") {
  REQUIRE(
      handled(R"({ "call": "sink.put" }, { "call": "sink.put" }, )").told({RecordKind::replied}) ==
      Lines{"08:00:56.930715032 sink replied order 1 sink.put", "08:01:03.715721634 sink replied order 1 sink.put"});
  // Named by its id: what stands between the two changes nothing.
  REQUIRE(
      handled(R"({ "call": "sink.put" }, { "id": "again", "call": "sink.put" }, )").told({RecordKind::replied}) ==
      Lines{"08:00:56.930715032 sink replied order 1 sink.put", "08:05:19.126928175 sink replied order 1 sink.put"});
  REQUIRE(handled(R"({ "call": "sink.put" }, { "call": "sink.put" }, { "id": "again", "call": "sink.put" }, )")
              .told({RecordKind::replied}) == Lines{"08:00:56.930715032 sink replied order 1 sink.put",
                                                    "08:01:03.715721634 sink replied order 1 sink.put",
                                                    "08:05:25.911934777 sink replied order 1 sink.put"});
}

TEST_CASE("two items sent by steps without an id are two items to luck as well", "[luck]") {
  REQUIRE(handled(R"({ "send": "part", "to": "parts" }, { "send": "part", "to": "parts" }, )").finished() ==
          Lines{"08:00 desk finished order 1 ok", "08:02:04.405023038 packer finished part 2 ok",
                "08:06:35.155618606 packer finished part 1 ok"});
}

TEST_CASE("a fault that takes a share takes two publishes of one handler each by itself", "[luck]") {
  const auto lost = [](const std::string& steps) {
    const Story story(R"("timeline": [ { "at": "00:30", "lose": "pings.publish", "share": "50 %" } ],
      "items": { "order": {} },
      "arrivals": { "shop": { "item": "order", "into": "orders", "count": 12, "between": ["08:00", "09:00"] } },
      "systems": { "orders": { "is": "queue", "of": "order" }, "pings": { "is": "queue", "fields": { "x": "int" } },
        "desk": { "is": "consumer", "reads": "orders", "does": [ )" +
                      steps + R"( { "finish": "ok" } ] } })");
    Lines orders;
    for (const std::string& line : story.told({RecordKind::dropped})) orders.push_back(line.substr(line.find("order")));
    return orders;
  };
  const std::string ping = R"({ "publish": "pings", "with": { "x": "1" } }, )";
  REQUIRE(lost(ping) == Lines{"order 3 0", "order 4 0", "order 5 0", "order 7 0", "order 8 0", "order 10 0"});
  REQUIRE(lost(ping + ping) == Lines{"order 3 0", "order 4 0", "order 5 0", "order 7 0", "order 8 0", "order 8 0",
                                     "order 10 0", "order 10 0", "order 12 0"});
}
