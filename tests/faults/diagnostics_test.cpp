// A fault that could not mean anything is an error of the scenario, never silence.

#include "tests/support/catch.hpp"
#include "tests/support/story.hpp"

using premortem::testing::diagnostics_of;

namespace {

/// The message about a fault; empty when there is none.
std::string said(const std::string& fault) {
  const std::string all = diagnostics_of(R"("items": { "thing": {} },
    "timeline": [ { "id": "x", "at": "01:00", )" +
                                         fault + R"( } ],
    "systems": { "orders": { "is": "queue", "of": "thing" },
                 "clerk": { "is": "consumer", "reads": "orders", "does": [ { "publish": "events" } ] },
                 "events": { "is": "log", "of": "thing" },
                 "filer": { "is": "stream", "reads": "events", "does": [ { "insert": "db.files" } ] },
                 "desk": { "is": "service", "of": "thing", "offers": { "stamp": {} } },
                 "nightly": { "is": "job", "cron": "0 1 * * *", "does": [] },
                 "alarm": { "is": "monitor", "when": "filer.lag > 0" },
                 "db": { "is": "documents", "collections": { "files": { "of": "thing" } } } })");
  const std::size_t from = all.find("error: ");
  return from == std::string::npos ? "" : all.substr(from + 7, all.find('\n') - from - 7);
}

}  // namespace

TEST_CASE("a verb that means nothing for an operation says what to write instead", "[fault]") {
  REQUIRE(said(R"("lose": "db.insert")") ==
          "/timeline[x]/lose: \"lose\" means nothing for an operation of a document store: a store answers; write "
          "\"fail\", with \"applied\" for a lost answer");
  REQUIRE(
      said(R"("duplicate": "filer.commit")") ==
      "/timeline[x]/duplicate: \"duplicate\" means nothing for a commit: only what is sent can come twice: publish, "
      "append and calls");
  REQUIRE(
      said(R"("duplicate": "orders.deliver")") ==
      "/timeline[x]/duplicate: \"duplicate\" means nothing for a deliver: a broker delivers again what is not acked; "
      "write \"lose\" with the ack");
  REQUIRE(
      said(R"("slow": "orders.ack", "by": "1 s")") ==
      "/timeline[x]/slow: \"slow\" means nothing for an ack: nobody waits for an ack; write \"slow\" with the deliver");
  REQUIRE(said(R"("lose": "events.read")") ==
          "/timeline[x]/lose: \"lose\" means nothing for a read: the position does not pass what is not read; write "
          "\"fail\"");
  REQUIRE(said(R"("fail": "events.read", "applied": true)") ==
          "/timeline[x]/fail: \"fail\" with \"applied\" means nothing for a read: reading changes nothing; remove "
          "\"applied\"");
  REQUIRE(said(R"("fail": "orders.ack", "error": "Refused")") ==
          "/timeline[x]/error: nobody sees an error of a deliver or an ack: the message comes again; remove it");
  REQUIRE(said(R"("duplicate": "db")").find("means nothing for an operation of a document store") != std::string::npos);
}

TEST_CASE("every verb is accepted where it means something", "[fault]") {
  for (const char* operation :
       {"orders", "orders.publish", "orders.deliver", "orders.ack", "events", "events.append", "events.read", "db",
        "db.find", "db.insert", "db.update", "db.delete", "db.commit", "filer.commit", "filer", "desk", "desk.stamp"}) {
    REQUIRE(said(std::string("\"fail\": \"") + operation + "\"") == "");
  }
  for (const char* operation : {"orders", "orders.publish", "orders.deliver", "events.append", "events.read", "db.find",
                                "filer.commit", "desk.stamp"}) {
    REQUIRE(said(std::string("\"slow\": \"") + operation + R"(", "by": "1 s .. 4 s")") == "");
  }
  for (const char* operation :
       {"orders", "orders.publish", "orders.deliver", "orders.ack", "events.append", "filer.commit", "desk.stamp"}) {
    REQUIRE(said(std::string("\"lose\": \"") + operation + "\"") == "");
  }
  for (const char* operation : {"orders", "orders.publish", "events.append", "desk.stamp"}) {
    REQUIRE(said(std::string("\"duplicate\": \"") + operation + "\"") == "");
  }
  REQUIRE(said(R"("cut": ["filer", "db"], "share": "50 %", "for": "1 min")") == "");
}

TEST_CASE("a fault names something that somebody asks for", "[fault]") {
  REQUIRE(said(R"("fail": "db.fnd")") ==
          "/timeline[x]/fail: there is no system or operation \"db.fnd\"; did you mean \"db.find\"?");
  REQUIRE(
      said(R"("fail": "clerk")") ==
      "/timeline[x]/fail: nobody asks anything of \"clerk\"; name what it uses: a queue, a log, a store, a service, or "
      "one of their operations");
  REQUIRE(said(R"("cut": ["desk", "filer"])") ==
          "/timeline[x]/cut: \"desk\" and \"filer\" ask nothing of each other; name two systems of which one uses the "
          "other");
  REQUIRE(said(R"("cut": ["db", "db"])") == "/timeline[x]/cut: a cut stands between two systems; name another");
  REQUIRE(said(R"("skew": "db", "by": "1 s")") ==
          "/timeline[x]/skew: \"db\" is a documents; this wants a consumer/stream/job/service/monitor");
}

TEST_CASE("keys that choose nothing, or twice", "[fault]") {
  REQUIRE(said(R"("skew": "nightly", "by": "1 s", "first": 2)").starts_with("/timeline[x]: unknown key \"first\""));
  REQUIRE(said(R"("cut": ["filer", "db"], "where": "it.id == 1")") ==
          "/timeline[x]: unknown key \"where\"; a cut concerns all that the two ask of each other; use first, nth or "
          "share");
  REQUIRE(said(R"("fail": "desk", "first": 2, "nth": 2)") ==
          "/timeline[x]/first: has no effect beside \"nth\"; remove one of them");
  REQUIRE(said(R"("fail": "desk", "nth": 0)") ==
          "/timeline[x]/nth: operations are counted from 1; write 1 for the first");
  REQUIRE(said(R"("fail": "desk", "for": "1 h", "until": "03:00")") ==
          "/timeline[x]/for: \"for\" and \"until\" say the same twice; write one of them");
  REQUIRE(said(R"("fail": "desk", "until": "00:30")") ==
          "/timeline[x]/until: the fault ends before it begins; write a later time");
  REQUIRE(said(R"("fail": "db.insert", "where": "it.id == 1")") ==
          "/timeline[x]/where: nothing is in hand in the operations of a document store; use first, nth or share");
}
