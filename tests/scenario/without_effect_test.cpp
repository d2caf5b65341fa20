// Everything that the language accepts has an effect; what would have none where it stands is refused, with advice.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;

namespace {

/// A small scenario with one thing exchanged: a stream of arrivals, a system, a check, or a timeline.
struct Parts {
  std::string arrival = R"("rate": "6/h")";
  std::string job = R"("cron": "0 7 * * *", "does": [ { "work": "1 s" } ])";
  std::string consumer = R"("does": [ { "finish": "done" } ])";
  std::string log = R"("partitions": 1)";
  std::string check = R"("every": "order", "ends": ["done"])";
  std::string timeline = "";
  std::string more = "";
};

std::string body(const Parts& p) {
  return R"("timeline": [ )" + p.timeline +
         R"( ], "items": { "order": { "fields": { "region": "string", "size": "int" } } },
    "lists": { "sizes": [1, 2] },
    "arrivals": { "shop": { "item": "order", "into": "orders", )" +
         p.arrival + R"( } },
    "systems": { "orders": { "is": "queue", "of": "order" }, "events": { "is": "log", "of": "order", )" +
         p.log + R"( },
      "store": { "is": "documents", "collections": { "kept": { "of": "order" } } },
      "desk": { "is": "service", "of": "order", "offers": { "take": {} } },
      "nightly": { "is": "job", )" +
         p.job + R"( },
      "worker": { "is": "consumer", "reads": "orders", )" +
         p.consumer + R"( } },
    "checks": { "one": { )" +
         p.check + " } }" + p.more;
}

/// What stands behind the place, of the first message.
std::string said(const Parts& parts) {
  const std::string all = diagnostics_of(body(parts));
  const std::size_t at = all.find("error: ");
  return at == std::string::npos ? all : all.substr(at + 7, all.find('\n') - at - 7);
}

}  // namespace

TEST_CASE("the scenario that is spoilt below is valid", "[language]") { REQUIRE(said({}) == ""); }

TEST_CASE("arrivals: what shapes a rate needs one, and a window needs a count", "[language]") {
  CHECK(said({.arrival = R"("at": "09:00", "by-weekday": [1, 1, 1, 1, 1, 0, 0])"}) ==
        "/arrivals/shop/by-weekday: has no effect without \"rate\": it shapes a rate; write \"rate\", or remove it");
  CHECK(said({.arrival = R"("count": 3, "between": ["09:00", "10:00"], "until": "12:00")"}) ==
        "/arrivals/shop/until: has no effect without \"rate\": it shapes a rate; write \"rate\", or remove it");
  CHECK(
      said({.arrival = R"("rate": "6/h", "between": ["09:00", "10:00"])"}) ==
      "/arrivals/shop/between: has no effect without \"count\": between these times arrive how many? write \"count\"");
  CHECK(said({.arrival = R"("rate": "6/h", "fields": { "size": { "one": "100 %" } })"}) ==
        "/arrivals/shop/fields/size: \"size\" is an int, and \"one\" is none; shares weigh texts, whole numbers, true "
        "and "
        "false");
  CHECK(said({.arrival = R"("rate": "6/h", "one-per": { "region": "sizes" })"}) ==
        "/arrivals/shop/one-per: \"region\" is a string, the list holds others; write a list of such values");
}

TEST_CASE("steps: loops, acknowledgements and keys mean something only where there is a loop, a message, a partition",
          "[language]") {
  CHECK(said({.job = R"("does": [ { "id": "w", "work": "1 s", "gap": "1 s" } ])"}) ==
        "/systems/nightly/does[w]/gap: has no effect without \"each\": there is nothing to repeat; write \"each\", or "
        "remove "
        "it");
  CHECK(said({.job = R"("does": [ { "work": "1 s", "at-once": 2 } ])"}) ==
        "/systems/nightly/does[0]/at-once: has no effect without \"each\": there is nothing to repeat; write \"each\", "
        "or "
        "remove it");
  CHECK(
      said({.consumer = R"("does": [ { "ack": true } ])"}) ==
      "/systems/worker/does[0]/ack: only a consumer with \"ack\": \"by hand\" acknowledges by itself; say so there, or "
      "remove the step");
  CHECK(said({.consumer = R"("does": [ { "publish": "orders", "key": "it.id" } ])"}) ==
        "/systems/worker/publish: only exchanges and logs have keys; remove it");
  CHECK(said({.consumer = R"("does": [ { "work": "1 s", "on": true } ])"}) ==
        "/systems/worker/does[0]/on: must be an object, not true or false");
}

TEST_CASE("systems: keys of other kinds, and keys that need another one", "[language]") {
  CHECK(said({.job = R"("missed": "all", "does": [ { "work": "1 s" } ])"}) ==
        "/systems/nightly/missed: has no effect without \"cron\": without a schedule nothing fires; write \"cron\", or "
        "remove it");
  CHECK(said({.consumer = R"("of": "order", "does": [ { "finish": "done" } ])"}) ==
        "/systems/worker: unknown key \"of\"; what it carries is said at the queue that it reads");
  CHECK(said({.log = R"("key": "regoin")"}) ==
        "/systems/events/key: its events have no field \"regoin\"; did you mean \"region\"?");
  CHECK(said({.consumer = R"("workers": "2", "does": [ { "finish": "done" } ])"}) ==
        "/systems/worker/workers: \"2\" is a text; a count is a bare number: write 2");
  CHECK(said({.consumer = R"("workers": 1000000000000, "does": [ { "finish": "done" } ])"}) ==
        "/systems/worker/workers: 1000000000000 is too large; write 100000 or less");
}

TEST_CASE("checks: one thing of one set of items, and a bound in the measure's unit", "[language]") {
  CHECK(said({.check = R"("every": "order", "ends": ["done"], "finishes-within": "1 h")"}) ==
        "/checks/one: demands two things at once; write two checks");
  CHECK(said({.check = R"("measure": "order.time-to-done.p99", "below": 10)"}) ==
        "/checks/one/below: \"10\" is no bound of order.time-to-done.p99; write a duration, \"1 h\"");
  CHECK(said({.check = R"("measure": "order.lost", "below": "soon")"}) ==
        "/checks/one/below: must be a bound; write a count such as 10, \"20 min\", \"99 %\" or \"60/h\"");
}

TEST_CASE("the timeline: faults strike what can be struck, and nobody waits in a circle", "[language]") {
  CHECK(said({.timeline = R"({ "id": "x", "at": "09:00", "pause": "orders" })"}) ==
        "/timeline[x]/pause: \"orders\" is a queue; this wants a consumer/stream/job/monitor/service/documents");
  CHECK(said({.timeline =
                  R"({ "id": "a", "after": "b", "run": "nightly" }, { "id": "b", "after": "a", "run": "nightly" })"}) ==
        "/timeline[a]/after: entries wait for each other in a circle, and none ever happens; let one of them go first");
  CHECK(said({.timeline = R"({ "id": "x", "at": "09:00", "fail": "desk", "for": "1 h", "until": "11:00" })"}) ==
        "/timeline[x]/for: \"for\" and \"until\" say the same twice; write one of them");
  CHECK(said({.timeline = R"({ "id": "x", "at": "09:00", "set": { "worker.workers": -1 } })"}) ==
        "/timeline[x]/set/worker.workers: -1 is out of range; write a count from 0 to 100000");
  CHECK(said({.timeline = R"({ "id": "x", "at": "09:00", "run": "nightly", "source": "N1" })"}) ==
        "/timeline[x]/source: the section \"source\" explains no \"N1\"; write there where it comes from");
}

TEST_CASE("comparisons and assumptions name what there is", "[language]") {
  CHECK(said({.more = R"(, "compare": { "by": ["order.lots"] })"}) ==
        "/compare/by: there is no measure \"order.lots\"; did you mean \"order.lost\"?");
  CHECK(said({.more = R"(, "compare": { "under": ["reading"] })"}) ==
        "/compare/under: there is no free name in `assumed` called \"reading\"");
  CHECK(said({.more = R"(, "compare": { "level": "100 %" })"}) ==
        "/compare/level: 100 % is no level of confidence; write 50 % to 99.99 %");
  CHECK(said({.more = R"(, "assumed": { "worker.workers": { "or": 3 } })"}) ==
        "/assumed/worker.workers/or: is neither a list of values nor a range; write [1, 4], \"1 .. 13\" or \"2 s .. 6 "
        "s\"");
  CHECK(said({.more = R"(, "strategies": { "a+b": { "change": { "worker.workers": 2 } } })"}) ==
        "/strategies: \"a+b\" cannot be a name; write letters, digits, _ and -, as addresses are made of names");
}

TEST_CASE("a key of a log decides the partition: events of one region stay in order, and are read by one member",
          "[language]") {
  const std::string log = R"(
    "items": { "order": { "fields": { "region": "string" } } },
    "arrivals": { "a": { "item": "order", "into": "events", "at": ["09:00", "09:01", "09:02"], "fields": { "region": "A" } } },
    "systems": { "events": { "is": "log", "of": "order", "partitions": 2KEY },
                 "reader": { "is": "stream", "reads": "events", "workers": 2, "does": [ { "work": "10 min" }, { "finish": "read" } ] } })";
  const auto with = [&](const std::string& key) {
    std::string text = log;
    return text.replace(text.find("KEY"), 3, key);
  };
  // One after the other in one partition; by their ids 1, 2, 3 they lie in both, and two are handled at a time.
  CHECK(Story(with(R"(, "key": "region")")).finished() ==
        std::vector<std::string>{"09:10 reader finished order 1 read", "09:20 reader finished order 2 read",
                                 "09:30 reader finished order 3 read"});
  CHECK(Story(with("")).finished() != Story(with(R"(, "key": "region")")).finished());
}

TEST_CASE("a system that is stopped or has crashed answers nobody until it is there again", "[language]") {
  const auto shop = [](const std::string& timeline, const std::string& on) {
    return R"("timeline": [ )" + timeline + R"( ], "items": { "order": { "done": "sold" } },
      "arrivals": { "a": { "item": "order", "into": "orders", "at": ["09:00", "10:00", "11:00"] } },
      "systems": { "orders": { "is": "queue", "of": "order" },
        "store": { "is": "documents", "collections": { "kept": { "of": "order" } } },
        "till": { "is": "service", "of": "order", )" +
           on + R"( "offers": { "pay": { "takes": "1 s" } } },
        "clerk": { "is": "consumer", "reads": "orders", "does": [ { "call": "till.pay" }, { "insert": "store.kept" }, { "finish": "sold" } ],
                   "on": { "Unavailable": { "then": "reject" } } } })";
  };
  CHECK(Story(shop(R"({ "at": "09:30", "stop": "till" }, { "at": "10:30", "start": "till" })", ""))
            .count("order", Fate::done) == 2);
  CHECK(Story(shop(R"({ "at": "09:30", "crash": "store", "restart": "1 h" })", "")).count("order", Fate::done) == 2);
  CHECK(Story(shop(R"({ "at": "10:30", "start": "till" })", R"("on": false,)")).count("order", Fate::done) == 1);
}

TEST_CASE("on: what shapes a wait needs one, and the first try counts", "[language]") {
  const auto rule = [](const std::string& keys) {
    return said({.consumer = R"("does": [ { "finish": "done" } ], "on": { "any": { )" + keys + " } }"});
  };
  CHECK(
      rule(R"("tries": 3, "jitter": "full")") ==
      "/systems/worker/on/any/jitter: has no effect without \"wait\": it shapes a wait; write \"wait\", or remove it");
  CHECK(rule(R"("tries": 3, "wait-max": "1 s")").starts_with("/systems/worker/on/any/wait-max: has no effect"));
  CHECK(rule(R"("tries": 1, "wait": "1 s", "factor": 2, "wait-max": "10 s", "jitter": "none")") == "");
  CHECK(rule(R"("tries": 0)") ==
        "/systems/worker/on/any/tries: the first try counts as well; write 1, and in \"then\" what follows it");
  const std::string step =
      R"("does": [ { "id": "take", "call": "desk.take", "on": { "Unavailable": { "factor": 2 } } } ])";
  CHECK(said({.consumer = step}).starts_with("/systems/worker/does[take]/on/Unavailable/factor: has no effect"));
  CHECK(
      said({.job = R"("instances": 2, "does": [ { "work": "1 s" } ])"}) ==
      "/systems/nightly/instances: has no effect without \"cron\": each has a scheduler of its own; write \"cron\", or "
      "remove it");
}

TEST_CASE("a cut parts two systems, and others still reach both", "[language]") {
  const std::string shop =
      R"("timeline": [ { "at": "08:00", "cut": ["one", "till"] } ], "items": { "order": { "done": "sold" } },
      "arrivals": { "a": { "item": "order", "into": "first", "at": ["09:00"] }, "b": { "item": "order", "into": "second", "at": ["10:00"] } },
      "systems": { "first": { "is": "queue", "of": "order" }, "second": { "is": "queue", "of": "order" },
        "till": { "is": "service", "of": "order", "offers": { "pay": { "takes": "1 s" } } },
        "one": { "is": "consumer", "reads": "first", "does": [ { "call": "till.pay" }, { "finish": "sold" } ], "on": { "any": { "then": "reject" } } },
        "two": { "is": "consumer", "reads": "second", "does": [ { "call": "till.pay" }, { "finish": "sold" } ], "on": { "any": { "then": "reject" } } } })";
  CHECK(Story(shop).finished() == std::vector<std::string>{"10:00:01 two finished order 2 sold"});
}

TEST_CASE("a remedy has neither a time nor a name of its own, and makes sense as an entry of the timeline",
          "[language]") {
  CHECK(said({.more = R"(, "remedies": { "again": { "run": "nightly" } })"}).empty());
  CHECK(said({.more = R"(, "remedies": { "again": { "at": "12:00", "run": "nightly" } })"}) ==
        "/remedies/again/at: a remedy has no time of its own: `window --remedy` looks for its last instant, and `run "
        "--remedy NAME=TIME` does it at one; remove it");
  CHECK(said({.more = R"(, "remedies": { "again": { "id": "x", "run": "nightly" } })"}) ==
        "/remedies/again/id: a remedy is named by its key; remove the id");
  CHECK(said({.more = R"(, "remedies": { "again": { "rnu": "nightly" } })"}) ==
        "/remedies/again: unknown verb \"rnu\"; did you mean \"run\"?");
}

TEST_CASE("ack-finishes names an outcome, and wants a queue whose messages are about items", "[language]") {
  const auto consumer = [](const std::string& keys) {
    return said({.consumer = keys + R"(, "does": [ { "finish": "done" } ])"});
  };
  CHECK(consumer(R"("ack-finishes": "done")") == "");
  CHECK(consumer(R"("ack-finishes": "")") ==
        "/systems/worker/ack-finishes: is no outcome; write one as `finish` takes it, such as \"done\"");
  CHECK(consumer(R"("ack-finishes": true)") == "/systems/worker/ack-finishes: must be a text, not true or false");
  CHECK(consumer(R"("ack-finish": "done")") ==
        "/systems/worker: unknown key \"ack-finish\"; did you mean \"ack-finishes\"?");
  const std::string news = diagnostics_of(R"("items": {}, "arrivals": {}, "systems": { "news": { "is": "queue" },
    "reader": { "is": "consumer", "reads": "news", "ack-finishes": "read", "does": [ { "work": "1 s" } ] } })");
  CHECK(
      news.find("/systems/reader/ack-finishes: what comes from news is about no item, so nothing can be finished; say "
                "\"of\" there, or remove it\n") != std::string::npos);
}
