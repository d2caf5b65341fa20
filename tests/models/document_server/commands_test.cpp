#include "tests/models/document_server/server.hpp"
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
