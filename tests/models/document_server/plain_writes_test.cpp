// Plain writes against open transactions: they wait, and look again. MONGO-011 to MONGO-020

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second, ms = TestServer::ms;

const char* const hold = "{update: 'records', updates: [{q: {_id: 1}, u: {$set: {held: true}}}]}";
const char* const count_up = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";

}  // namespace

TEST_CASE("MONGO-011: ten plain increments of a held document all succeed, and no tries are too many",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(hold);
  std::vector<std::int32_t> requests;
  for (StoreClientId client = 10; client < 20; ++client) {
    CHECK(outcome(server.run(client, count_up)) == "waits");
    requests.push_back(server.last_request());
  }
  server.pass(20 * second);
  const bson::Value operations = server.run("{currentOp: 1, $db: 'admin'}")["inprog"];
  REQUIRE(operations.elements().size() == 10);
  CHECK(operations.elements()[0]["writeConflicts"].as_int64() >= 1);
  holder.commit();
  server.pass(100 * ms);
  for (const std::int32_t request : requests) CHECK(outcome(server.answer(request)) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 10, held: true}]");
  CHECK(server.run("{serverStatus: 1}")["metrics"]["operation"]["writeConflicts"].as_int64() >= 10);
}

TEST_CASE("MONGO-011: a write that the engine gives back is tried again until it succeeds", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  server.run("{configureFailPoint: 'WTWriteConflictException', mode: {times: 250}, $db: 'admin'}");
  const std::int64_t began = server.now();
  CHECK(outcome(server.run(2, count_up)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(6'555 * ms);
  CHECK(outcome(server.answer(request)) == "waits");
  server.pass(ms);
  CHECK(outcome(server.answer(request)) == "ok");
  CHECK(server.now() - began == 6'556 * ms);
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-012: a waiting write goes on at the next of its own turns: 0, 1, 5, 10, then every 100 ms",
          "[document_server]") {
  struct Turn {
    std::int64_t ends_ms, goes_on_ms;  // Since the write began to wait.
  };
  const Turn turn = GENERATE(Turn{1, 1}, Turn{6, 6}, Turn{7, 11}, Turn{400, 401}, Turn{457, 466}, Turn{6'500, 6'556},
                             Turn{30'000, 30'056});
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(hold);
  CHECK(outcome(server.run(2, count_up)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(turn.ends_ms * ms);
  holder.commit();
  if (turn.goes_on_ms > turn.ends_ms) {
    server.pass((turn.goes_on_ms - turn.ends_ms) * ms - 1);
    CHECK(outcome(server.answer(request)) == "waits");
    server.pass(1);
  } else {
    server.pass(0);
  }
  CHECK(outcome(server.answer(request)) == "ok");
}

TEST_CASE("MONGO-015: a plain write lasts as long as the transaction that holds its document, then has its version",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 1}]}");
  holder.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$mul: {x: 10}}}]}");
  CHECK(outcome(server.run(2, count_up)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(29 * second);
  CHECK(outcome(server.answer(request)) == "waits");
  SECTION("committed: the write is on top of it") {
    holder.commit();
    server.pass(100 * ms);
    CHECK(found(server, "records") == "[{_id: 1, x: 11}]");
  }
  SECTION("undone: the write is on top of what was there") {
    holder.abort();
    server.pass(100 * ms);
    CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
  }
  SECTION("never ended: until the reaper comes, at 60 s here") {
    server.pass(30 * second);
    CHECK(outcome(server.answer(request)) == "waits");
    server.pass(second + 100 * ms);
    CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
  }
  CHECK(outcome(server.answer(request)) == "ok");
}

TEST_CASE("MONGO-015: maxTimeMS ends the wait, and the write is not made", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(hold);
  CHECK(outcome(server.run(2, "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}], maxTimeMS: 250}")) ==
        "waits");
  const std::int32_t request = server.last_request();
  server.pass(249 * ms);
  CHECK(outcome(server.answer(request)) == "waits");
  server.pass(ms);
  CHECK(testing::text(server.answer(request)) ==
        "{ok: 0.0, errmsg: 'operation exceeded time limit', code: 50, codeName: 'MaxTimeMSExpired'}");
  holder.commit();
  server.pass(second);
  CHECK(found(server, "records") == "[{_id: 1, x: 0, held: true}]");
}

TEST_CASE("MONGO-017: waiting writes stand in no queue, and a transaction may lose against them", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, by: []}]}");
  holder.begin(hold);
  const auto write = [&](StoreClientId client, const std::string& who) {
    server.run(client, "{update: 'records', updates: [{q: {_id: 1}, u: {$push: {by: '" + who + "'}}}]}");
  };
  write(2, "early");
  server.pass(9'999 * ms);
  write(3, "late");
  server.pass(ms);
  holder.commit();
  TestSession again(server, 4);
  again.begin("{find: 'records'}");  // Sees the document free ...
  server.pass(100 * ms);
  CHECK(found(server, "records") == "[{_id: 1, by: ['late', 'early'], held: true}]");
  CHECK(outcome(again.go(hold)) == "ok");  // ... and changes nothing of it: no conflict,
  CHECK(outcome(again.go(count_up)) == "112 WriteConflict, TransientTransactionError");  // but a change loses.
}

TEST_CASE("MONGO-018: an upsert that waits for an uncommitted insert does not look at maxTimeMS", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{create: 'records'}");
  holder.begin("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  CHECK(outcome(server.run(
            2, "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}, upsert: true}], maxTimeMS: 100}")) ==
        "waits");
  const std::int32_t request = server.last_request();
  server.pass(30 * second);
  CHECK(outcome(server.answer(request)) == "waits");
  holder.commit();
  server.pass(100 * ms);
  CHECK(testing::text(server.answer(request)) == "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-019: of two waiting updates by {score: 80} exactly one still matches, by commands",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, score: 80}]}");
  holder.begin(hold);
  const std::string update = "{update: 'records', updates: [{q: {score: 80}, u: {$set: {score: 90}}}]}";
  server.run(2, update);
  const std::int32_t first = server.last_request();
  server.run(3, update);
  const std::int32_t second_one = server.last_request();
  holder.commit();
  server.pass(100 * ms);
  CHECK(testing::text(server.answer(first)) == "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(testing::text(server.answer(second_one)) == "{n: 0, nModified: 0, ok: 1.0}");
}

TEST_CASE("MONGO-019: a delete and a find-and-modify that waited skip what no longer matches", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, state: 'NEW'}]}");
  holder.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {state: 'DONE'}}}]}");
  server.run(2, "{delete: 'records', deletes: [{q: {state: 'NEW'}, limit: 1}]}");
  const std::int32_t removal = server.last_request();
  server.run(3, "{findAndModify: 'records', query: {state: 'NEW'}, update: {$set: {mine: 1}}}");
  const std::int32_t claim = server.last_request();
  holder.commit();
  server.pass(100 * ms);
  CHECK(testing::text(server.answer(removal)) == "{n: 0, ok: 1.0}");
  CHECK(testing::text(server.answer(claim)) ==
        "{lastErrorObject: {n: 0, updatedExisting: false}, value: null, ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, state: 'DONE'}]");
}

TEST_CASE("MONGO-020: a filter on a field that is not written loses an update, and nobody is told",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, owner: 'nobody', open: true}]}");
  CHECK(testing::text(server.run(1, "{update: 'records', updates: [{q: {open: true}, u: {$set: {owner: 'anna'}}}]}")) ==
        "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(testing::text(server.run(2, "{update: 'records', updates: [{q: {open: true}, u: {$set: {owner: 'bert'}}}]}")) ==
        "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, owner: 'bert', open: true}]");
}
