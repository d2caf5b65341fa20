// Reads that last: what changes under a cursor, and how long it lives. MONGO-054 to MONGO-056

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t minute = 60 * TestServer::second;

std::string cursor_of(const bson::Value& reply) { return testing::text(reply["cursor"]["id"]); }

std::string more(const std::string& cursor, const std::string& collection, int size) {
  return "{getMore: " + cursor + ", collection: '" + collection + "', batchSize: " + std::to_string(size) + "}";
}

}  // namespace

TEST_CASE("MONGO-054: a cursor is no snapshot: what moves in its index is met twice, or missed", "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'jobs', indexes: [{key: {state: 1, ts: 1}, name: 'state_1_ts_1'}]}");
  server.run(
      "{insert: 'jobs', documents: [{_id: 1, state: 'NEW', ts: 10}, {_id: 2, state: 'NEW', ts: 20}, {_id: 3, "
      "state: 'NEW', ts: 30}, {_id: 4, state: 'NEW', ts: 40}]}");
  TestSession snapshot(server, 3);
  const std::string find =
      "{find: 'jobs', filter: {state: 'NEW'}, sort: {ts: 1}, projection: {ts: 0, state: 0}, batchSize: 2}";
  const bson::Value first = server.run(find), inside = snapshot.begin(find);
  CHECK(batch(first) == "[{_id: 1}, {_id: 2}]");
  CHECK(batch(inside) == "[{_id: 1}, {_id: 2}]");
  server.run(2, "{update: 'jobs', updates: [{q: {_id: 1}, u: {$set: {ts: 50}}}, {q: {_id: 4}, u: {$set: {ts: 5}}}]}");
  CHECK(batch(server.run(more(cursor_of(first), "jobs", 10))) == "[{_id: 3}, {_id: 1}]");
  // The same inside of a transaction is one.
  CHECK(batch(snapshot.go(more(cursor_of(inside), "jobs", 10))) == "[{_id: 3}, {_id: 4}]");
}

TEST_CASE("MONGO-055: a read of several documents may see each at another time", "[document_server]") {
  TestServer server;
  server.run("{insert: 'accounts', documents: [{_id: 'a', balance: 100}, {_id: 'b', balance: 100}]}");
  TestSession transfer(server, 2), auditor(server, 3);
  const std::string find = "{find: 'accounts', batchSize: 1}";
  const bson::Value plain = server.run(find), inside = auditor.begin(find),
                    snapshot = server.run("{find: 'accounts', batchSize: 1, readConcern: {level: 'snapshot'}}");
  CHECK(batch(plain) == "[{_id: 'a', balance: 100}]");
  transfer.begin(
      "{update: 'accounts', updates: [{q: {_id: 'a'}, u: {$inc: {balance: -50}}}, {q: {_id: 'b'}, u: {$inc: "
      "{balance: 50}}}]}");
  transfer.commit();
  CHECK(batch(server.run(more(cursor_of(plain), "accounts", 1))) == "[{_id: 'b', balance: 150}]");  // 250 in all.
  CHECK(batch(auditor.go(more(cursor_of(inside), "accounts", 1))) == "[{_id: 'b', balance: 100}]");
  CHECK(batch(server.run(more(cursor_of(snapshot), "accounts", 1))) == "[{_id: 'b', balance: 100}]");
}

TEST_CASE("MONGO-056: a cursor that nobody asks for ten minutes is gone", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}]}");
  const std::string cursor = cursor_of(server.run("{find: 'records', batchSize: 1}"));
  const std::string patient = cursor_of(server.run("{find: 'records', batchSize: 1, noCursorTimeout: true}"));
  server.pass(10 * minute);
  CHECK(batch(server.run(more(cursor, "records", 1))) == "[{_id: 2}]");
  server.run("{insert: 'exported', documents: [{_id: 2}]}");
  server.pass(10 * minute + 1);
  const bson::Value gone = server.run(more(cursor, "records", 1));
  CHECK(outcome(gone) == "43 CursorNotFound");
  CHECK(found(server, "exported") == "[{_id: 2}]");  // The work so far is kept.
  CHECK(batch(server.run(more(patient, "records", 1))) == "[{_id: 2}]");
}

TEST_CASE("MONGO-056: a session's cursors live as long as the session: half an hour after its last use",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}]}");
  TestSession exporter(server, 1);
  const bson::Value first = exporter.plain("{find: 'records', batchSize: 1, noCursorTimeout: true}");
  const std::string cursor = cursor_of(first);
  server.pass(29 * minute);
  CHECK(batch(exporter.plain(more(cursor, "records", 1))) == "[{_id: 2}]");
  server.pass(29 * minute);
  server.run(5, bson::doc({{"refreshSessions", bson::Value::array({exporter.id()})}}));
  server.pass(29 * minute);
  CHECK(batch(exporter.plain(more(cursor, "records", 1))) == "[{_id: 3}]");
  server.pass(30 * minute + 1);
  CHECK(outcome(exporter.plain(more(cursor, "records", 1))) == "43 CursorNotFound");
}

TEST_CASE("MONGO-056: a session that is over no longer knows which writes it has made", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  TestSession writer(server, 1);
  const std::string write = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";
  writer.write(write);
  server.pass(30 * minute);
  writer.again(write);
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
  server.pass(30 * minute + 1);
  writer.again(write);
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("a cursor whose index or collection is not the one that it began with is killed", "[document_server]") {
  TestServer server;
  const auto begin = [&](const std::string& collection) {
    for (const char* index : {"b", "a"})
      server.run("{createIndexes: '" + collection + "', indexes: [{key: {" + index + ": 1}, name: '" + index + "'}]}");
    server.run("{insert: '" + collection + "', documents: [{_id: 1, a: 1}, {_id: 2, a: 2}, {_id: 3, a: 3}]}");
    const bson::Value reply =
        server.run("{find: '" + collection + "', filter: {a: {$gte: 1}}, hint: 'a', batchSize: 1}");
    return "{getMore: " + testing::text(reply["cursor"]["id"]) + ", collection: '" + collection + "'}";
  };
  const std::string first = begin("records");
  server.run("{dropIndexes: 'records', index: 'a'}");
  CHECK(outcome(server.run(first)) == "175 QueryPlanKilled");
  CHECK(outcome(server.run(first)) == "43 CursorNotFound");
  const std::string second_one = begin("others");
  server.run("{dropIndexes: 'others', index: 'b'}");  // Its number is another's now.
  CHECK(outcome(server.run(second_one)) == "175 QueryPlanKilled");
  const std::string third = begin("moved");
  server.run("{renameCollection: 'test.moved', to: 'test.elsewhere', $db: 'admin'}");
  server.run("{insert: 'moved', documents: [{_id: 9}]}");
  CHECK(outcome(server.run(third)) == "175 QueryPlanKilled");
}

TEST_CASE("a find that fails leaves no cursor behind", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  CHECK(outcome(server.run("{find: 'records', filter: {$expr: {$divide: [1, '$x']}}}")) != "ok");
  CHECK(server.server().cursors().empty());
}

TEST_CASE("who counts may ask for what a majority has, and is told of a concern that there is not",
          "[document_server]") {
  TestServer server(TestServer::second);
  server.run("{insert: 'records', documents: [{_id: 1}], writeConcern: {w: 1}}");
  CHECK(testing::text(server.run("{count: 'records'}")["n"]) == "1");
  CHECK(testing::text(server.run("{count: 'records', readConcern: {level: 'majority'}}")["n"]) == "0");
  CHECK(outcome(server.run("{count: 'records', readConcern: {level: 'mayority'}}")) == "2 BadValue");
}
