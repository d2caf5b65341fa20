#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

TEST_CASE("documents are inserted, found, changed and removed, and each reply is MongoDB's", "[document_server]") {
  TestServer server;
  CHECK(server.say("{insert: 'records', documents: [{_id: 1, state: 'NEW'}, {_id: 2, state: 'NEW'}]}") ==
        "{n: 2, ok: 1.0}");
  CHECK(server.say("{find: 'records', filter: {_id: 2}}") ==
        "{cursor: {firstBatch: [{_id: 2, state: 'NEW'}], id: {$numberLong: '0'}, ns: 'test.records'}, ok: 1.0}");
  CHECK(server.say("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {state: 'OLD'}}}]}") ==
        "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(server.say("{update: 'records', updates: [{q: {_id: 7}, u: {$set: {state: 'OLD'}}, upsert: true}]}") ==
        "{n: 1, upserted: [{index: 0, _id: 7}], nModified: 0, ok: 1.0}");
  CHECK(server.say("{findAndModify: 'records', query: {state: 'OLD'}, sort: {_id: -1}, remove: true}") ==
        "{lastErrorObject: {n: 1}, value: {_id: 7, state: 'OLD'}, ok: 1.0}");
  CHECK(server.say("{delete: 'records', deletes: [{q: {}, limit: 0}]}") == "{n: 2, ok: 1.0}");
  CHECK(server.say("{count: 'records'}") == "{n: 0, ok: 1.0}");
}

TEST_CASE("what the server does not know it names: commands, fields, operators", "[document_server]") {
  TestServer server;
  CHECK(server.say("{frobnicate: 1}") ==
        "{ok: 0.0, errmsg: 'no such command: 'frobnicate'', code: 59, codeName: 'CommandNotFound'}");
  CHECK(server.run("{find: 'records', flter: {}}")["errmsg"].as_text() ==
        "BSON field 'find.flter' is an unknown field.");
  CHECK(server.run("{find: 'records', filter: {a: {$foo: 1}}}")["errmsg"].as_text() == "unknown operator: $foo");
  CHECK(server.run("{find: 'records', collation: {locale: 'de'}}")["code"].as_int64() == 238);
  CHECK(server.run("{create: 'kept', storageEngine: {wiredTiger: {}}}")["code"].as_int64() == 115);
  CHECK(server.run("{createIndexes: 'kept', indexes: [{key: {a: 1}, name: 'a', prepareUnique: true}]}")["errmsg"]
            .as_text() == "an index with 'prepareUnique' is not modelled");
  CHECK(server.run("{create: 'kept', validationLevel: 'moderate'}")["code"].as_int64() == 115);
}

TEST_CASE("parameters are read by name, and a wrong type is no empty document", "[document_server]") {
  TestServer server;
  CHECK(server.say("{getParameter: 1, ttlMonitorSleepSecs: 1}") == "{ttlMonitorSleepSecs: 60, ok: 1.0}");
  CHECK(outcome(server.run("{getParameter: 1, unheardOf: 1}")) == "72 InvalidOptions");
  CHECK(outcome(server.run("{setParameter: 1, ttlMonitorSleepSecs: 1}")) == "72 InvalidOptions");
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  CHECK(outcome(server.run("{findAndModify: 'records', query: 5, remove: true}")) == "14 TypeMismatch");
  CHECK(outcome(server.run("{find: 'records', filter: 5}")) == "14 TypeMismatch");
  CHECK(found(server, "records") == "[{_id: 1}]");
}

TEST_CASE("a fail point that blocks a command has the rest of what it says behind that", "[document_server]") {
  TestServer server;
  const std::string point =
      "{configureFailPoint: 'failCommand', mode: {times: 1}, $db: 'admin', data: {failCommands: ['insert'], "
      "blockConnection: true, blockTimeMS: 100, ";
  server.run(point + "writeConcernError: {code: 91, errmsg: 'x'}}}");
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  const std::int32_t first = server.last_request();
  server.pass(100 * TestServer::ms);
  CHECK(outcome(server.answer(first)) == "ok, write concern 91");
  server.run(point + "closeConnection: true}}");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 2}]}")) == "waits");
  const std::int32_t second_one = server.last_request();
  server.pass(100 * TestServer::ms);
  CHECK(outcome(server.answer(second_one)) == "cut");
  CHECK(found(server, "records") == "[{_id: 1}]");
  CHECK(outcome(server.run(
            "{configureFailPoint: 'failCommand', mode: 'alwaysOn', $db: 'admin', data: {failCommands: ['insert'], "
            "blockConnection: true, blockTimeMS: -1}}")) == "2 BadValue");
}

TEST_CASE("many retryable statements of one command cost no more than each alone", "[document_server]") {
  TestServer server;
  TestSession one(server, 1);
  std::string documents;
  for (int number = 0; number < 20'000; ++number) documents += (number == 0 ? "" : ", ") + std::string("{}");
  CHECK(testing::text(one.write("{insert: 'records', documents: [" + documents + "]}")["n"]) == "20000");
  CHECK(testing::text(one.again("{insert: 'records', documents: [" + documents + "]}")["n"]) == "20000");
  CHECK(testing::text(server.run("{count: 'records'}")["n"]) == "20000");
}
