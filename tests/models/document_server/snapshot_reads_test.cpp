// Reads with read concern snapshot outside of transactions, of the present and of an instant that is over.
// Source: MongoDB manual, "Read Concern snapshot"; specifications, snapshot-sessions.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second;

/// The command with read concern snapshot; `at`: missing, or the cluster time that it names.
bson::Value snapshot(const std::string& command, const bson::Value& at = {}) {
  bson::Value concern = testing::json("{level: 'snapshot'}");
  if (!at.is_missing()) concern.append("atClusterTime", at);
  bson::Value whole = testing::json(command);
  whole.append("readConcern", concern);
  return whole;
}

}  // namespace

TEST_CASE("a session reads again and again what its first snapshot read has seen", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 11}, {_id: 2, x: 22}, {_id: 3, x: 33}]}");
  const bson::Value first = server.run(1, snapshot("{find: 'records', sort: {_id: 1}}"));
  CHECK(batch(first) == "[{_id: 1, x: 11}, {_id: 2, x: 22}, {_id: 3, x: 33}]");
  const bson::Value at = first["cursor"]["atClusterTime"];
  REQUIRE(at.is(bson::Type::timestamp));
  server.run("{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}");
  server.run("{delete: 'records', deletes: [{q: {_id: 2}, limit: 1}]}");
  server.run("{insert: 'records', documents: [{_id: 4, x: 44}]}");
  CHECK(found(server, "records") == "[{_id: 1, x: 12}, {_id: 3, x: 33}, {_id: 4, x: 44}]");
  CHECK(batch(server.run(1, snapshot("{find: 'records', sort: {_id: 1}}", at))) ==
        "[{_id: 1, x: 11}, {_id: 2, x: 22}, {_id: 3, x: 33}]");
  CHECK(batch(server.run(1, snapshot("{find: 'records', filter: {x: {$gt: 11}}, sort: {x: -1}, skip: 1, limit: 1}",
                                     at))) == "[{_id: 2, x: 22}]");
  CHECK(batch(server.run(1, snapshot("{aggregate: 'records', pipeline: [{$match: {x: {$lt: 33}}}, {$group: {_id: 0, "
                                     "sum: {$sum: '$x'}}}], cursor: {}}",
                                     at))) == "[{_id: 0, sum: 33}]");
  const bson::Value distinct = server.run(1, snapshot("{distinct: 'records', key: 'x'}", at));
  CHECK(testing::text(distinct["values"]) == "[11, 22, 33]");
  CHECK(distinct["atClusterTime"].identical(at));
  // A snapshot read without a time sees the present.
  CHECK(testing::text(server.run(1, snapshot("{distinct: 'records', key: 'x'}"))["values"]) == "[12, 33, 44]");
}

TEST_CASE("an instant of the past can be read for five minutes, and not across a change of the collection",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  const bson::Value at = server.run(1, snapshot("{find: 'records'}"))["cursor"]["atClusterTime"];
  server.run("{insert: 'records', documents: [{_id: 2}]}");
  server.pass(300 * second);
  CHECK(batch(server.run(1, snapshot("{find: 'records'}", at))) == "[{_id: 1}]");
  server.pass(1 * second);
  CHECK(outcome(server.run(1, snapshot("{find: 'records'}", at))) == "239 SnapshotTooOld");
  const bson::Value now = server.run(1, snapshot("{find: 'records'}"))["cursor"]["atClusterTime"];
  server.run("{drop: 'records'}");
  CHECK(outcome(server.run(1, snapshot("{find: 'records'}", now))) == "246 SnapshotUnavailable");
  CHECK(testing::text(server.run(1, snapshot("{find: 'records'}", bson::Value::timestamp(2'000'000'000, 1)))["code"]) ==
        "72");
}

TEST_CASE("only find, aggregate and distinct read with snapshot, and no write has another read concern than local",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  CHECK(testing::text(server.run(1, snapshot("{insert: 'records', documents: [{_id: 2}]}"))) ==
        "{ok: 0.0, errmsg: 'Command insert does not support { readConcern: { level: \"snapshot\", provenance: "
        "\"clientSupplied\" } } :: caused by :: read concern not supported', code: 72, codeName: 'InvalidOptions'}");
  const std::string command =
      GENERATE("{update: 'records', updates: [{q: {}, u: {$set: {x: 1}}}]}",
               "{delete: 'records', deletes: [{q: {}, limit: 1}]}", "{findAndModify: 'records', remove: true}",
               "{count: 'records'}", "{listCollections: 1}", "{listIndexes: 'records'}");
  CHECK(outcome(server.run(1, snapshot(command))) == "72 InvalidOptions");
  CHECK(found(server, "records") == "[{_id: 1}]");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 2}], readConcern: {level: 'majority'}}")) ==
        "72 InvalidOptions");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 2}], readConcern: {level: 'local'}}")) == "ok");
  CHECK(outcome(server.run("{count: 'records', readConcern: {level: 'majority'}}")) == "ok");
  const bson::Value at = server.run(1, snapshot("{find: 'records'}"))["cursor"]["atClusterTime"];
  bson::Value local = testing::json("{find: 'records'}");
  local.append("readConcern", bson::doc({{"level", bson::Value::string("local")}, {"atClusterTime", at}}));
  CHECK(server.run(1, local)["errmsg"].as_text() ==
        "atClusterTime field can be set only if level is equal to snapshot");
}

TEST_CASE("a snapshot read that fails leaves nothing behind that others would wait for", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 'a'}]}");
  CHECK(outcome(server.run(1, snapshot("{find: 'records', filter: {$expr: {$add: ['$x', 1]}}, sort: {x: 1}}"))) ==
        "14 TypeMismatch");
  CHECK(server.store().open_transactions() == 0);
}
