#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;

namespace {

using Lines = std::vector<std::string>;

/// Orders of three towns at 10:00 into the exchange `town`; a queue for the first two.
std::string towns(const std::string& exchange, const std::string& more = "") {
  return R"("items": { "order": { "fields": { "town": "string" } } },
    "timeline": [ { "at": "10:00", "each": ["oslo.west", "oslo.east", "bergen"], "send": "order", "to": "town", "with": { "town": "it" }, "key": "it" } ],
    "systems": { "town": { "is": "exchange", "of": "order", )" +
         exchange + R"( }, "a": { "is": "queue", "of": "order" }, "b": { "is": "queue", "of": "order" })" + more +
         R"( }, "checks": { "a": { "at": "end", "that": "a.ready == 1" }, "a2": { "at": "end", "that": "a.ready == 2" },
      "a3": { "at": "end", "that": "a.ready == 3" }, "b": { "at": "end", "that": "b.ready == 1" },
      "b3": { "at": "end", "that": "b.ready == 3" }, "unroutable": { "at": "end", "that": "town.unroutable == 1" },
      "all-routed": { "at": "end", "that": "town.unroutable == 0" } })";
}
bool holds(const Story& story, const std::string& check) { return story.check(check).verdict == CheckVerdict::holds; }

/// A job publishes one order at 10:00 with `keys`; errors go to `on`.
std::string job(const std::string& keys, const std::string& on, const std::string& queue,
                const std::string& more = "") {
  return R"("items": { "order": {} },
    "systems": { "orders": { "is": "queue", "of": "order" )" +
         queue +
         R"( }, "nightly": { "is": "job", "cron": "0 10 * * *", "does": [ { "each": [1, 2, 3], "does": [
      { "id": "send", "send": "order", "to": "orders")" +
         keys + (on.empty() ? "" : ", \"on\": " + on) + " } ] } ] }" + more + " }";
}
const std::string full = R"(, "length-max": 1, "overflow": "reject-publish")";

}  // namespace

TEST_CASE("RABBIT-001: direct, topic and fanout exchanges send on by pattern", "[exchange]") {
  const Story direct(towns(R"("to": { "a": "oslo.west", "b": ["bergen", "bergen"] })"));
  REQUIRE((holds(direct, "a") && holds(direct, "b") && holds(direct, "unroutable")));
  const Story topic(towns(R"("type": "topic", "to": { "a": "oslo.*", "b": "#.east" })"));
  REQUIRE((holds(topic, "a2") && holds(topic, "b") && holds(topic, "unroutable")));
  const Story fanout(towns(R"("type": "fanout", "to": { "a": "", "b": "whatever" })"));
  REQUIRE((holds(fanout, "a3") && holds(fanout, "b3") && holds(fanout, "all-routed")));
}

TEST_CASE("RABBIT-002: what no queue wants is counted, told, and lost", "[exchange]") {
  const Story story(towns(R"("to": { "a": ["oslo.west", "oslo.east"] })"));
  REQUIRE(story.told({RecordKind::dropped}) == Lines{"10:00 town dropped order 3 5"});
  REQUIRE(story.count("order", Fate::lost) == 1);
  REQUIRE(holds(story, "unroutable"));
}

TEST_CASE("RABBIT-002: an alternate exchange takes it", "[exchange]") {
  const Story story(towns(R"("to": { "a": ["oslo.west", "oslo.east"] }, "alternate": "rest")",
                          R"(, "rest": { "is": "exchange", "of": "order", "type": "fanout", "to": { "b": "" } })"));
  REQUIRE((holds(story, "a2") && holds(story, "b") && holds(story, "all-routed")));
}

TEST_CASE("RABBIT-001: arrivals and publishes have a routing key, too", "[exchange]") {
  const Story story(R"("items": { "order": { "fields": { "town": "string" } } },
    "arrivals": { "one": { "item": "order", "into": "first", "at": "10:00", "fields": { "town": "oslo" }, "key": "it.town" } },
    "systems": { "first": { "is": "exchange", "of": "order", "to": { "in": "oslo" } },
      "second": { "is": "exchange", "of": "order", "type": "topic", "to": { "out": "*.checked" } },
      "in": { "is": "queue", "of": "order" }, "out": { "is": "queue", "of": "order" },
      "clerk": { "is": "consumer", "reads": "in", "does": [ { "publish": "second", "key": "it.town + '.checked'" } ] },
      "packer": { "is": "consumer", "reads": "out", "does": [ { "finish": "packed" } ] } })");
  REQUIRE(story.finished() == Lines{"10:00 packer finished order 1 packed"});
}

TEST_CASE("RABBIT-002: nothing that an exchange is told goes without effect", "[exchange]") {
  const auto said = [](const std::string& scenario, const std::string& part) {
    return diagnostics_of(scenario).find(part) != std::string::npos;
  };
  REQUIRE(said(towns(R"("type": "headers", "to": { "a": "x" })"), "\"headers\" is none of the words for this"));
  REQUIRE(said(towns(R"("to": { "a": "x" }, "alternate": "town")"), "its alternates lead back to it"));
  REQUIRE(said(R"("items": { "order": {} }, "arrivals": { "one": { "item": "order", "into": "x", "at": "10:00" } },
    "systems": { "x": { "is": "exchange", "of": "order", "to": {} } })",
               "routes by \"key\", and there is none"));
  REQUIRE(said(job(R"(, "key": "'x'")", "", ""), "only exchanges and logs have keys"));
  REQUIRE(said(job(R"(, "timeout": "1 s")", "", ""), "without \"confirms\" nobody waits"));
  REQUIRE(said(R"("items": { "order": {} }, "systems": { "log": { "is": "log", "of": "order" },
    "nightly": { "is": "job", "does": [ { "send": "order", "to": "log", "confirms": true } ] } })",
               "only a broker says what became of a message"));
}

TEST_CASE("RABBIT-044: without confirms a refusal is silent; with them the step fails with Refused", "[confirms]") {
  const Story silent(job("", "", full));
  REQUIRE(silent.told({RecordKind::failed}).empty());
  REQUIRE(silent.count("order", Fate::lost) == 2);
  const Story loud(job(R"(, "confirms": true)", R"({ "Refused": { "then": "ignore" } })", full));
  REQUIRE(loud.told({RecordKind::failed}).size() == 2);
  REQUIRE(loud.told({RecordKind::failed})[0] == "10:00 nightly failed Refused");
}

TEST_CASE("RABBIT-044: who is refused can try again until there is room", "[confirms]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "some": { "item": "order", "into": "in", "at": ["10:00", "10:00:01", "10:00:02"] } },
    "systems": { "in": { "is": "queue", "of": "order" }, "out": { "is": "queue", "of": "order", "length-max": 1, "overflow": "reject-publish" },
      "clerk": { "is": "consumer", "reads": "in", "does": [
        { "publish": "out", "confirms": true, "on": { "Refused": { "tries": 100, "wait": "1 min" } } } ] },
      "packer": { "is": "consumer", "reads": "out", "prefetch": 1, "does": [ { "work": "90 s" }, { "finish": "packed" } ] } })");
  // 1 is in hand until 10:01:30, 2 lies in the queue; 3 is refused at 10:00:02 and 10:01:02, and has room at 10:02:02.
  REQUIRE(story.told({RecordKind::failed}).size() == 2);
  REQUIRE(story.finished() == Lines{"10:01:30 packer finished order 1 packed", "10:03 packer finished order 2 packed",
                                    "10:04:30 packer finished order 3 packed"});
}

TEST_CASE("RABBIT-002: a confirm says nothing of a message that no queue wanted; mandatory does", "[confirms]") {
  const std::string away = R"(, "on": false)";
  const Story confirmed(job(R"(, "confirms": true)", "", away));
  REQUIRE(confirmed.told({RecordKind::failed}).empty());
  REQUIRE(confirmed.count("order", Fate::lost) == 3);
  const Story mandatory(job(R"(, "mandatory": true)", R"({ "Unroutable": { "then": "ignore" } })", away));
  REQUIRE(mandatory.told({RecordKind::failed}).size() == 3);
  REQUIRE(mandatory.told({RecordKind::failed})[0] == "10:00 nightly failed Unroutable");
}

TEST_CASE("RABBIT-004: an exchange that is not there closes the channel: NotFound for whoever listens", "[confirms]") {
  const auto run = [](const std::string& keys) {
    return Story(R"("items": { "order": {} },
      "systems": { "x": { "is": "exchange", "of": "order", "type": "fanout", "to": { "orders": "" }, "on": false }, "orders": { "is": "queue", "of": "order" },
        "nightly": { "is": "job", "cron": "0 10 * * *", "does": [ { "send": "order", "to": "x")" +
                 keys + " } ] } }");
  };
  REQUIRE(run("").told({RecordKind::failed}).empty());
  REQUIRE(run(R"(, "confirms": true)").told({RecordKind::failed}) == Lines{"10:00 nightly failed NotFound"});
  REQUIRE(run("").count("order", Fate::lost) == 1);
}

TEST_CASE("RABBIT-006: a confirm takes its time, and the publisher waits for it", "[confirms]") {
  const std::string broker = R"(, "rabbit": { "is": "broker", "confirm": "200 ms" })";
  const Story story(job(R"(, "confirms": true)", "", "", broker));
  REQUIRE(story.told({RecordKind::published}) == Lines{"10:00 nightly published order 1 orders",
                                                       "10:00:00.2 nightly published order 2 orders",
                                                       "10:00:00.4 nightly published order 3 orders"});
  REQUIRE(story.told({RecordKind::run_ended}) == Lines{"10:00:00.6 nightly run-ended 0 1"});
  const Story careless(job("", "", "", broker));
  REQUIRE(careless.told({RecordKind::run_ended}) == Lines{"10:00 nightly run-ended 0 1"});
}

TEST_CASE("RABBIT-007: a publisher with less patience than the disk sends again what is there: RABBIT-008",
          "[confirms]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "one": { "item": "order", "into": "in", "at": "10:00" } },
    "systems": { "rabbit": { "is": "broker", "confirm": "300 ms" },
      "in": { "is": "queue", "of": "order" }, "out": { "is": "queue", "of": "order" },
      "clerk": { "is": "consumer", "reads": "in", "does": [
        { "publish": "out", "confirms": true, "timeout": "100 ms", "on": { "Timeout": { "tries": 3, "wait": "1 s", "then": "ignore" } } } ] },
      "packer": { "is": "consumer", "reads": "out", "does": [ { "finish": "packed" } ] } })");
  REQUIRE(story.finished() == Lines{"10:00 packer finished order 1 packed", "10:00:01.1 packer finished order 1 packed",
                                    "10:00:02.2 packer finished order 1 packed"});
  REQUIRE(story.count("order", Fate::duplicated) == 1);
}

TEST_CASE("RABBIT-005: what is lost on its way is no error without confirms, and a Timeout with them", "[confirms]") {
  const std::string lose = R"(, "timeline": [ { "at": "09:00", "lose": "orders.publish", "first": 1 } ])";
  const Story silent(job("", "", "") + lose);
  REQUIRE(silent.told({RecordKind::failed}).empty());
  REQUIRE(silent.count("order", Fate::lost) == 1);
  const Story again(job(R"(, "confirms": true)", R"({ "Timeout": { "then": "ignore" } })", "") + lose);
  REQUIRE(again.told({RecordKind::failed}) == Lines{"10:00:05 nightly failed Timeout"});
}

TEST_CASE("RABBIT-009: a confirm knows nothing of consumers", "[confirms]") {
  const Story story(job(R"(, "confirms": true)", "", ""));
  REQUIRE(story.told({RecordKind::run_ended}) == Lines{"10:00 nightly run-ended 0 1"});
  REQUIRE(story.count("order", Fate::in_flight) == 3);  // Nobody reads the queue.
}
