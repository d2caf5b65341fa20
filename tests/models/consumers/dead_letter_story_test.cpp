#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::diagnostics_of;
using premortem::testing::Story;

namespace {

using Lines = std::vector<std::string>;
constexpr std::initializer_list<RecordKind> deaths = {RecordKind::dead_lettered, RecordKind::revived,
                                                      RecordKind::dropped};

/// `count` orders at 10:00 into `orders`.
std::string orders(const std::string& count, const std::string& queue, const std::string& more,
                   const std::string& timeline = "") {
  std::string list;
  for (int n = 1; n <= std::stoi(count); ++n) list += (n > 1 ? ", " : "") + std::to_string(n);
  return R"("items": { "order": {} },
    "timeline": [ { "at": "10:00", "each": [)" +
         list + R"(], "send": "order", "to": "orders" })" + timeline +
         R"( ], "systems": { "orders": { "is": "queue", "of": "order", )" + queue + " }" + more + " }";
}
const std::string failed = R"(, "failed": { "is": "queue", "of": "order" })";

}  // namespace

TEST_CASE("RABBIT-050: a message that nobody takes in time is dead-lettered as expired", "[queue]") {
  const Story story(orders("2", R"("ttl": "5 min", "dead-letter": "failed")", failed));
  REQUIRE(story.told(deaths) == Lines{"10:05 orders dead-lettered order 1 2", "10:05 orders dead-lettered order 2 2"});
  REQUIRE(story.count("order", Fate::dead_lettered) == 2);
}

TEST_CASE("RABBIT-045: without a dead-letter queue what expires is gone", "[queue]") {
  const Story story(orders("1", R"("ttl": "5 min")", ""));
  REQUIRE(story.told(deaths) == Lines{"10:05 orders dropped order 1 2"});
  REQUIRE(story.count("order", Fate::lost) == 1);
}

TEST_CASE("RABBIT-045: a message that was returned expires when it would have anyhow", "[queue]") {
  const Story story(orders(
      "1", R"("ttl": "5 min", "dead-letter": "failed")",
      failed +
          R"(, "worker": { "is": "consumer", "reads": "orders", "does": [ { "work": "2 min" }, { "raise": "Broken" } ] })"));
  // Handled from 10:00, 10:02 and 10:04; when it comes back at 10:06, its time is over.
  REQUIRE(story.told(deaths) == Lines{"10:06 orders dead-lettered order 1 2"});
  REQUIRE(story.told({RecordKind::delivered}).size() == 3);
}

TEST_CASE("RABBIT-045: in a queue for later tries, a short wait behind a long one ends late", "[queue]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "two": { "item": "order", "into": "orders", "at": ["10:00", "10:00:10"] } },
    "systems": { "orders": { "is": "queue", "of": "order" },
      "later":  { "is": "queue", "of": "order", "dead-letter": "orders" },
      "worker": { "is": "consumer", "reads": "orders", "does": [
        { "publish": "later", "ttl": "10 min", "only-if": "it.id == 1 && it.deaths == 0" },
        { "publish": "later", "ttl": "1 min", "only-if": "it.id == 2 && it.deaths == 0" },
        { "finish": "ok", "only-if": "it.deaths == 1" } ] } })");
  REQUIRE(story.finished() == Lines{"10:10 worker finished order 1 ok", "10:10 worker finished order 2 ok"});
}

TEST_CASE("RABBIT-044: a full queue drops its oldest messages, or refuses the newest without a word", "[queue]") {
  const Story drops(orders("13", R"("length-max": 10)", ""));
  REQUIRE(drops.told(deaths) ==
          Lines{"10:00 orders dropped order 1 3", "10:00 orders dropped order 2 3", "10:00 orders dropped order 3 3"});
  const Story refuses(orders("13", R"("length-max": 10, "overflow": "reject-publish")", ""));
  REQUIRE(refuses.told(deaths) == Lines{"10:00 orders dropped order 11 6", "10:00 orders dropped order 12 6",
                                        "10:00 orders dropped order 13 6"});
  REQUIRE(refuses.count("order", Fate::lost) == 3);
  const Story kept(orders("13", R"("length-max": 10, "dead-letter": "failed")", failed));
  REQUIRE(kept.count("order", Fate::dead_lettered) == 3);
}

TEST_CASE("RABBIT-030: from 4.0 a quorum queue gives up after 20 redeliveries; a classic one, and 3.13, never",
          "[queue]") {
  const auto run = [](const std::string& queue, const std::string& broker) {
    return Story(
        orders(
            "1", queue,
            R"(, "worker": { "is": "consumer", "reads": "orders", "does": [ { "work": "1 min" }, { "raise": "Broken" } ] })" +
                failed + broker),
        1, {}, R"("from": "2021-01-04 00:00", "until": "2021-01-04 11:00", "zone": "UTC")");
  };
  const auto deliveries = [&](const std::string& queue, const std::string& broker) {
    return run(queue, broker).told({RecordKind::delivered}).size();
  };
  const auto version = [](const std::string& which) {
    return R"(, "rabbit": { "is": "broker", "version": ")" + which + "\" }";
  };
  REQUIRE(deliveries(R"("type": "classic")", "") == 60);
  REQUIRE(deliveries(R"("type": "quorum")", "") == 21);
  REQUIRE(deliveries(R"("type": "quorum")", version("4.2")) == 21);
  REQUIRE(deliveries(R"("type": "quorum")", version("3.13")) == 60);
  REQUIRE(deliveries(R"("type": "quorum", "delivery-limit": 3)", version("3.13")) == 4);
  REQUIRE(deliveries(R"("type": "quorum", "delivery-limit": "none")", "") == 60);
  // RABBIT-031, LISTEN-012: a listener's nack does not count from 4.3 on.
  REQUIRE(deliveries(R"("type": "quorum")", version("4.3")) == 60);
  REQUIRE(run(R"("type": "quorum", "dead-letter": "failed")", "").told(deaths) ==
          Lines{"10:21 orders dead-lettered order 1 4"});
}

TEST_CASE("RABBIT-032: a crash counts for all that was sent: the poison takes its neighbours along", "[queue]") {
  const Story story(orders("5", R"("type": "quorum", "delivery-limit": 2, "dead-letter": "failed")",
                           failed + R"(, "worker": { "is": "consumer", "reads": "orders", "restart": "1 min",
      "does": [ { "work": "1 s" }, { "raise": "Poison", "only-if": "it.id == 1" }, { "finish": "ok" } ],
      "on": { "Poison": { "then": "crash" } } })"));
  REQUIRE(story.count("order", Fate::dead_lettered) == 5);
  REQUIRE(story.told(deaths).front() == "10:02:03 orders dead-lettered order 1 4");
}

TEST_CASE("RABBIT-033: a message that fails in 3.13 goes to the tail; in 4.0 it is the next again", "[queue]") {
  const auto order_of = [](const std::string& version) {
    Lines order;
    for (const std::string& line : Story(orders("3", R"("type": "quorum", "delivery-limit": "none")",
                                                R"(, "worker": { "is": "consumer", "reads": "orders", "prefetch": 1,
             "does": [ { "work": "1 s" }, { "raise": "Broken", "only-if": "it.id == 1 && it.attempt == 0" }, { "finish": "ok" } ] },
           "rabbit": { "is": "broker", "version": ")" +
                                                    version + "\" }"))
                                       .finished()) {
      order.push_back(line.substr(line.find("order")));
    }
    return order;
  };
  REQUIRE(order_of("3.13") == Lines{"order 2 ok", "order 3 ok", "order 1 ok"});
  REQUIRE(order_of("4.0") == Lines{"order 1 ok", "order 2 ok", "order 3 ok"});
}

TEST_CASE("RABBIT-051: a dead-letter queue that is not there takes nothing", "[queue]") {
  const Story story(orders("1", R"("dead-letter": "failed")",
                           R"(, "failed": { "is": "queue", "of": "order", "on": false },
      "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ], "on": { "any": { "then": "reject" } } })"));
  REQUIRE(story.told(deaths) == Lines{"10:00 orders dropped order 1 1"});
  REQUIRE(story.count("order", Fate::lost) == 1);
}

TEST_CASE("RABBIT-053: a handler sees how often its message has died: three tries, half an hour apart", "[queue]") {
  const Story story(orders("1", R"("dead-letter": "later")",
                           R"(, "later": { "is": "queue", "of": "order", "ttl": "30 min", "dead-letter": "orders" },
      "parked": { "is": "queue", "of": "order" },
      "worker": { "is": "consumer", "reads": "orders", "does": [
        { "publish": "parked", "only-if": "it.deaths >= 4" }, { "raise": "Broken", "only-if": "it.deaths < 4" } ],
        "on": { "Broken": { "then": "reject" } } })"));
  REQUIRE(story.told({RecordKind::dead_lettered, RecordKind::revived, RecordKind::delivered}) ==
          Lines{"10:00 worker delivered order 1 0", "10:00 orders dead-lettered order 1 1",
                "10:00 later revived order 1", "10:30 later dead-lettered order 1 2", "10:30 orders revived order 1",
                "10:30 worker delivered order 1 0", "10:30 orders dead-lettered order 1 1",
                "10:30 later revived order 1", "11:00 later dead-lettered order 1 2", "11:00 orders revived order 1",
                "11:00 worker delivered order 1 0"});
  REQUIRE(story.count("order", Fate::stuck) == 1);  // It lies in a queue that nobody reads.
}

TEST_CASE("RABBIT-054: two queues that expire into each other lose the message on its way back", "[queue]") {
  const Story story(orders("1", R"("ttl": "1 min", "dead-letter": "other")",
                           R"(, "other": { "is": "queue", "of": "order", "ttl": "1 min", "dead-letter": "orders" })"));
  REQUIRE(story.told(deaths) == Lines{"10:01 orders dead-lettered order 1 2", "10:01 other revived order 1",
                                      "10:02 other dropped order 1 7"});
  REQUIRE(story.count("order", Fate::lost) == 1);
}

TEST_CASE("RABBIT-056: what lies in a dead-letter queue is noticed only by who looks", "[queue]") {
  const std::string worker =
      R"(, "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ], "on": { "any": { "then": "reject" } } })";
  const Story unseen(orders("1", R"("dead-letter": "failed")", failed + worker));
  REQUIRE(unseen.told({RecordKind::noticed}).empty());
  const Story seen(
      orders("1", R"("dead-letter": "failed")",
             failed + worker + R"(, "alarm": { "is": "monitor", "when": "failed.ready > 0", "every": "7 min" })"));
  REQUIRE(seen.told({RecordKind::noticed}) == Lines{"10:02 alarm noticed alarm"});
}

TEST_CASE("RABBIT-053: dead letters that a consumer takes are held, and finish as any other", "[queue]") {
  const Story story(orders(
      "1", R"("dead-letter": "failed")",
      failed +
          R"(, "worker": { "is": "consumer", "reads": "orders", "does": [ { "raise": "Broken" } ], "on": { "any": { "then": "reject" } } },
      "undertaker": { "is": "consumer", "reads": "failed", "does": [ { "work": "1 h" }, { "finish": "buried" } ] })"));
  REQUIRE(story.finished() == Lines{"11:00 undertaker finished order 1 buried"});
  REQUIRE(story.told({RecordKind::released}).empty());
}

TEST_CASE("RABBIT-053: what is published straight into a dead-letter queue and taken from there is counted once",
          "[queue]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "one": { "item": "order", "into": "failed", "at": "10:00" } },
    "timeline": [ { "at": "11:00", "redrive": "failed", "to": "orders" } ],
    "systems": { "orders": { "is": "queue", "of": "order", "dead-letter": "failed" }, "failed": { "is": "queue", "of": "order" } })");
  REQUIRE(story.told({RecordKind::dead_lettered, RecordKind::revived}) ==
          Lines{"10:00 failed dead-lettered order 1 0", "11:00 failed revived order 1"});
  REQUIRE(story.count("order", Fate::stuck) == 1);  // In `orders`, and not for ever dead.
}

TEST_CASE("RABBIT-039: a queue that is not there keeps what it has, and takes and gives nothing", "[queue]") {
  const Story story(R"("items": { "order": {} },
    "arrivals": { "some": { "item": "order", "into": "orders", "at": ["10:00", "11:00", "12:00"] } },
    "timeline": [ { "at": "10:30", "stop": "orders" }, { "at": "11:30", "start": "orders" } ],
    "systems": { "orders": { "is": "queue", "of": "order" },
      "worker": { "is": "consumer", "reads": "orders", "prefetch": 1, "does": [ { "work": "20 min" }, { "finish": "ok" } ] } })");
  REQUIRE(story.finished() == Lines{"10:20 worker finished order 1 ok", "12:20 worker finished order 3 ok"});
  REQUIRE(story.told(deaths) == Lines{"11:00 orders dropped order 2 5"});
}

TEST_CASE("RABBIT-036: what a queue cannot do is refused", "[queue]") {
  REQUIRE(diagnostics_of(orders("1", R"("delivery-limit": 5)", "")).find("a classic queue has no delivery limit") !=
          std::string::npos);
  REQUIRE(diagnostics_of(orders("1", R"("overflow": "reject-publish")", "")).find("the queue is never full") !=
          std::string::npos);
  REQUIRE(diagnostics_of(orders("1", R"("type": "classic")", R"(, "a": { "is": "broker" }, "b": { "is": "broker" })"))
              .find("\"a\" is the broker already") != std::string::npos);
  REQUIRE(diagnostics_of(orders("1", R"("type": "classic")", "", R"(, { "at": "11:00", "pause": "orders" })"))
              .find("\"orders\" is a queue") != std::string::npos);
}
