// N commands at 13:00, four consumers, one document that all of them write: what becomes of the losers, by how the
// listener and the queue are set up. Rows E1 to E16 of the ESR pattern.

#include <algorithm>

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using namespace premortem;
using premortem::testing::Story;

namespace {

using Lines = std::vector<std::string>;

struct Setup {
  std::string worker = R"("on": { "any": { "then": "requeue" } })";
  std::string queue = R"("type": "classic")";
  std::string takes = "2.02 s";  ///< The winner's transaction. A try costs 50 ms before it can fail.
  std::string more = "";
  std::string transaction = "store";
  std::string transaction_keys = "";
  std::string gap = "0 s";
  std::string commands = "1, 2, 3, 4";
  std::string workers = "4";
  std::string timeline = "";
};

Story run(const Setup& setup) {
  return Story(R"("items": { "export": {} },
    "timeline": [ { "at": "13:00", "each": [)" +
               setup.commands + R"(], "gap": ")" + setup.gap + R"(", "send": "export", "to": "commands" })" +
               setup.timeline + R"( ],
    "systems": {
      "store": { "is": "documents", "collections": { "counters": { "fields": { "last": "int" }, "holds": [ { "last": 0 } ] } } },
      "commands": { "is": "queue", "of": "export", )" +
               setup.queue + R"( },
      "files": { "is": "service", "of": "export", "offers": { "write": {} } },
      "exporter": { "is": "consumer", "reads": "commands", "prefetch": 1, "workers": )" +
               setup.workers + R"(,
        "does": [ { "id": "begin", "work": "50 ms" },
          { "id": "export", "transaction": ")" +
               setup.transaction + "\"" + setup.transaction_keys + R"(, "does": [
            { "call": "files.write" }, { "update": "store.counters", "with": { "last": "last + 1" } }, { "work": ")" +
               setup.takes + R"(" } ] },
          { "finish": "exported" } ], )" +
               setup.worker + " }" + setup.more + R"( },
    "checks": { "stuck": { "at": "end", "that": "commands.unacked == 3" } })");
}
/// done, lost, dead-lettered, stuck.
std::vector<std::uint64_t> fates(const Story& story) {
  return {story.count("export", Fate::done), story.count("export", Fate::lost),
          story.count("export", Fate::dead_lettered), story.count("export", Fate::stuck)};
}
using Fates = std::vector<std::uint64_t>;
std::size_t deliveries(const Story& story) { return story.told({RecordKind::delivered}).size(); }
/// When exports finished.
Lines finished(const Story& story) {
  Lines times;
  for (const std::string& line : story.finished()) times.push_back(line.substr(0, line.find(' ')));
  return times;
}
const std::string reject = R"("on": { "any": { "then": "reject" } })";
std::string retrying(const std::string& rule) { return R"("on": { "WriteConflict": )" + rule + " }"; }
std::string broker(const std::string& version) {
  return R"(, "rabbit": { "is": "broker", "version": ")" + version + "\" }";
}

}  // namespace

TEST_CASE("ESR E1: requeued on a classic queue, the losers go round hot until the winner commits: late, none lost",
          "[esr]") {
  const Story story = run({});
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  // Tries every 50 ms; the first that comes after a commit wins.
  REQUIRE(finished(story) == Lines{"13:00:02.07", "13:00:04.12", "13:00:06.17", "13:00:08.22"});
  REQUIRE(deliveries(story) == 1 + 42 + 83 + 124);
  REQUIRE(story.told({RecordKind::called}).size() == 250);  // The effect outside is repeated at each try.
}

TEST_CASE("ESR E2: on a counted quorum queue the losers are gone in about a second, long before the winner commits",
          "[esr]") {
  Setup setup;
  setup.queue = R"("type": "quorum")";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{1, 3, 0, 0});
  REQUIRE(story.told({RecordKind::dropped}) == Lines{"13:00:01.05 commands dropped export 2 4",
                                                     "13:00:01.05 commands dropped export 3 4",
                                                     "13:00:01.05 commands dropped export 4 4"});
  REQUIRE(deliveries(story) == 1 + 3 * 21);
}

TEST_CASE("ESR E3: from 4.3 a listener's nack is not counted: as on a classic queue", "[esr]") {
  Setup setup;
  setup.queue = R"("type": "quorum")";
  setup.more = broker("4.3");
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  REQUIRE(deliveries(story) == 250);
}

TEST_CASE("ESR E4: up to 3.13, without a limit, the losers rotate through the tail: late and in another order",
          "[esr]") {
  const auto order_of = [](const std::string& queue, const std::string& version) {
    Setup setup;
    setup.queue = R"("type": ")" + queue + "\"";
    setup.more = broker(version);
    setup.commands = "1, 2, 3";
    setup.workers = "2";
    std::string order;
    for (const std::string& line : run(setup).finished()) order += line.substr(line.find("export ") + 7, 1);
    return order;
  };
  // At 2.05 s the loser in hand fails; the other one is next in the tail's order, and tries at 2.10 s.
  REQUIRE(order_of("quorum", "3.13") == "132");
  REQUIRE(order_of("classic", "3.13") == "123");
}

TEST_CASE("ESR E5: rejected without a dead-letter queue: lost at the first conflict, silently", "[esr]") {
  Setup setup;
  setup.worker = reject;
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{1, 3, 0, 0});
  REQUIRE(deliveries(story) == 4);
}

TEST_CASE(
    "ESR E6: rejected into a dead-letter queue: kept; a redrive at once is the same burst again, a paced one is not: "
    "STRAT-033",
    "[esr]") {
  Setup setup;
  setup.worker = reject;
  setup.queue = R"("dead-letter": "failed")";
  setup.more = R"(, "failed": { "is": "queue", "of": "export" })";
  REQUIRE(fates(run(setup)) == Fates{1, 0, 3, 0});
  setup.timeline = R"(, { "at": "14:00", "redrive": "failed", "to": "commands" })";
  REQUIRE(fates(run(setup)) == Fates{2, 0, 2, 0});
  setup.timeline = R"(, { "at": "14:00", "redrive": "failed", "to": "commands", "gap": "3 s" })";
  const Story paced = run(setup);
  REQUIRE(fates(paced) == Fates{4, 0, 0, 0});
  REQUIRE(finished(paced) == Lines{"13:00:02.07", "14:00:02.07", "14:00:05.07", "14:00:08.07"});
}

TEST_CASE("ESR E7: three tries a second apart save some, or none, by how long the winner takes: LISTEN-009", "[esr]") {
  Setup setup;
  setup.worker = retrying(R"({ "tries": 3, "wait": "1 s", "then": "reject" })");
  // Tries at 0.05, 1.10 and 2.15 s.
  setup.takes = "2.5 s";
  REQUIRE(fates(run(setup)) == Fates{1, 3, 0, 0});
  setup.takes = "2.02 s";
  REQUIRE(fates(run(setup)) == Fates{2, 2, 0, 0});
  setup.takes = "0.5 s";  // Three waves win.
  REQUIRE(fates(run(setup)) == Fates{3, 1, 0, 0});
}

TEST_CASE("ESR E8: an interceptor that acknowledges what it gives up on: not even the dead-letter queue gets it",
          "[esr]") {
  Setup setup;
  setup.worker = retrying(R"({ "tries": 3, "wait": "1 s", "then": "discard" })");
  setup.takes = "2.5 s";
  setup.queue = R"("dead-letter": "failed")";
  setup.more = R"(, "failed": { "is": "queue", "of": "export" })";
  REQUIRE(fates(run(setup)) == Fates{1, 3, 0, 0});
}

TEST_CASE("ESR E9: exponential waits with full jitter and a budget beyond N times T: all finish, only late", "[esr]") {
  Setup setup;
  setup.worker = retrying(
      R"({ "tries": 12, "wait": "1 s", "factor": 2, "wait-max": "30 s", "jitter": "full", "then": "reject" })");
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  REQUIRE(deliveries(story) == 4);  // Nothing comes back to the broker.
}

TEST_CASE("ESR E10: a driver that runs the transaction again saves the export and repeats the file", "[esr]") {
  Setup setup;
  setup.worker = reject;
  setup.transaction_keys = R"(, "on": { "WriteConflict": { "tries": 240, "wait": "500 ms" } })";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  // Tries at 0.05 s and every half second: 2.55 s wins, then 5.05 s, then 7.55 s.
  REQUIRE(story.told({RecordKind::called}).size() == 1 + 6 + 11 + 16);
}

TEST_CASE("ESR E11: without a transaction there is no conflict, and overlapping selections are exported twice",
          "[esr]") {
  Setup setup;
  setup.transaction = "none";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  REQUIRE(story.told({RecordKind::failed}).empty());
  const Story selection(R"("items": { "record": {}, "export": {} },
    "arrivals": { "some": { "item": "record", "into": "in", "at": ["10:00", "10:01"] } },
    "timeline": [ { "at": "13:00", "each": [1, 2, 3], "send": "export", "to": "commands" } ],
    "systems": {
      "store": { "is": "documents", "collections": { "records": { "of": "record", "fields": { "state": "string" } } } },
      "in": { "is": "queue", "of": "record" }, "commands": { "is": "queue", "of": "export" },
      "intake": { "is": "consumer", "reads": "in", "does": [ { "insert": "store.records", "with": { "state": "'TO_EXPORT'" } } ] },
      "exporter": { "is": "consumer", "reads": "commands", "workers": 3, "prefetch": 1, "does": [
        { "find": "store.records", "where": "state == 'TO_EXPORT'", "as": "chosen" }, { "work": "2 s" },
        { "update": "chosen", "with": { "state": "'EXPORTED'" } }, { "each": "chosen", "finish": "exported" }, { "finish": "exported" } ] } })");
  REQUIRE(selection.count("record", Fate::duplicated) == 2);
  REQUIRE(selection.count("export", Fate::done) == 3);
}

TEST_CASE("ESR E12: acknowledged on receipt: lost at the first conflict", "[esr]") {
  Setup setup;
  setup.worker = R"("ack": "on receipt", "on": { "any": { "then": "requeue" } })";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{1, 3, 0, 0});
  REQUIRE(deliveries(story) == 4);
}

TEST_CASE("ESR E13: acknowledged by hand, and nobody does after the failure: stuck and invisible", "[esr]") {
  Setup setup;
  setup.worker = R"("ack": "by hand")";
  setup.transaction_keys = R"(, "on": { "any": { "then": "outwards" } })";
  const Story story = run(setup);
  REQUIRE(story.told({RecordKind::failed}).size() == 3);
  REQUIRE(fates(story) == Fates{1, 0, 0, 3});
}

TEST_CASE("ESR E14: one active consumer over all instances: no conflict, N times T late: STRAT-022", "[esr]") {
  Setup setup;
  setup.worker = reject;
  setup.queue = R"("single-active": true)";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{4, 0, 0, 0});
  REQUIRE(story.told({RecordKind::failed}).empty());
  REQUIRE(finished(story) == Lines{"13:00:02.07", "13:00:04.14", "13:00:06.21", "13:00:08.28"});
}

TEST_CASE("ESR E15: staggered by more than T there is no overlap, until T grows", "[esr]") {
  Setup setup;
  setup.worker = reject;
  setup.gap = "3 s";
  REQUIRE(fates(run(setup)) == Fates{4, 0, 0, 0});
  setup.takes = "4 s";  // Every second one meets the one before it.
  REQUIRE(fates(run(setup)) == Fates{2, 2, 0, 0});
}

TEST_CASE("ESR E16: a retry that is keyed on another error does not match, and the outer rule decides", "[esr]") {
  Setup setup;
  setup.worker = R"("on": { "DuplicateKey": { "tries": 10, "wait": "5 s" }, "any": { "then": "reject" } })";
  const Story story = run(setup);
  REQUIRE(fates(story) == Fates{1, 3, 0, 0});
  REQUIRE(story.told({RecordKind::retried}).empty());
}

TEST_CASE("STRAT-022: serialised, a poison at the head holds up all that come after it", "[esr]") {
  const Story story(R"("items": { "order": {} },
    "timeline": [ { "at": "10:00", "each": [1, 2, 3], "send": "order", "to": "orders" } ],
    "systems": { "orders": { "is": "queue", "of": "order", "single-active": true },
      "worker": { "is": "consumer", "reads": "orders", "workers": 3, "prefetch": 1, "does": [ { "work": "1 min" },
        { "raise": "Poison", "only-if": "it.id == 1" }, { "finish": "ok" } ] } })");
  REQUIRE(story.count("order", Fate::done) == 0);
  REQUIRE(story.told({RecordKind::delivered}).size() ==
          840);  // From 10:00 to midnight, a minute each, always the first.
}
