// Errors whose codes and texts programs read. Source: mongodb/mongo, where each stands; specifications' own tests.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

TEST_CASE("what a find-and-modify meets while it changes its document says so; what is wrong with it does not",
          "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'records', indexes: [{key: {x: 1}, name: 'x_1', unique: true}]}");
  server.run("{insert: 'records', documents: [{_id: 1, x: 1}, {_id: 2, x: 2}]}");
  const bson::Value twice = server.run("{findAndModify: 'records', query: {_id: 1}, update: {$set: {x: 2}}}");
  CHECK(testing::text(twice) ==
        "{ok: 0.0, errmsg: 'Plan executor error during findAndModify :: caused by :: E11000 duplicate key error "
        "collection: test.records index: x_1 dup key: { x: 2 }', code: 11000, codeName: 'DuplicateKey', keyPattern: "
        "{x: 1}, keyValue: {x: 2}}");
  CHECK(server.run("{findAndModify: 'records', query: {_id: 1}, update: {$set: {_id: 7}}}")["errmsg"].as_text() ==
        "Plan executor error during findAndModify :: caused by :: Performing an update on the path '_id' would modify "
        "the immutable field '_id'");
  CHECK(server.run("{findAndModify: 'records', query: {$foo: 1}, remove: true}")["errmsg"].as_text().starts_with(
      "unknown top level operator: $foo"));
  CHECK(server.run("{findAndModify: 'records', query: {}, hint: 'y_1', remove: true}")["errmsg"].as_text() ==
        "error processing query: ns=test.records planner returned error :: caused by :: hint provided does not "
        "correspond to an existing index");
  // A conflict is the engine's, and says nothing of the plan.
  TestSession one(server, 1), other(server, 2);
  one.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {y: 1}}}]}");
  CHECK(other.begin("{findAndModify: 'records', query: {_id: 1}, update: {$set: {y: 2}}}")["errmsg"]
            .as_text()
            .starts_with("WriteConflict error"));
}

TEST_CASE("an upsert does not take $expr: what it demands to be equal is not known", "[document_server]") {
  TestServer server;
  const std::string told = "$expr is not allowed in the query predicate for an upsert";
  const std::string filter = GENERATE("{$expr: {$eq: ['$x', 1]}}", "{_id: 1, $and: [{$expr: {$eq: ['$x', 1]}}]}");
  const bson::Value update =
      server.run("{update: 'records', updates: [{q: " + filter + ", u: {$set: {x: 1}}, upsert: true}]}");
  CHECK(testing::text(update["writeErrors"]) == "[{index: 0, code: 224, errmsg: '" + told + "'}]");
  const bson::Value modify =
      server.run("{findAndModify: 'records', query: " + filter + ", update: {$set: {x: 1}}, upsert: true}");
  CHECK(outcome(modify) == "224 QueryFeatureNotAllowed");
  CHECK(modify["errmsg"].as_text() == told);
  CHECK(outcome(server.run("{update: 'records', updates: [{q: " + filter + ", u: {$set: {x: 1}}}]}")) == "ok");
}

TEST_CASE("a field that a statement does not have is an error of the command: an update has no sort before MongoDB 8",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  CHECK(server.say("{update: 'records', updates: [{q: {}, u: {$set: {x: 1}}}, {q: {}, u: {$set: {x: 2}}, sort: {_id: "
                   "1}}]}") ==
        "{ok: 0.0, errmsg: 'BSON field 'update.updates.sort' is an unknown field.', code: 40415, codeName: "
        "'Location40415'}");
  CHECK(server.run("{delete: 'records', deletes: [{q: {}, limit: 1, sort: {_id: 1}}]}")["errmsg"].as_text() ==
        "BSON field 'delete.deletes.sort' is an unknown field.");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}]");
}

TEST_CASE("$merge that is to fail at a match says at which key, and waits for no linearizable read",
          "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  CHECK(testing::text(server.run("{aggregate: 'records', pipeline: [{$merge: {into: 'records', whenMatched: 'fail'}}], "
                                 "cursor: {}}")) ==
        "{ok: 0.0, errmsg: '$merge with whenMatched: fail found an existing document with the same values for the 'on' "
        "fields :: caused by :: E11000 duplicate key error collection: test.records index: _id_ dup key: { _id: 1 }', "
        "code: 11000, codeName: 'DuplicateKey', keyPattern: {_id: 1}, keyValue: {_id: 1}}");
  const std::string stage = GENERATE("$out", "$merge");
  CHECK(server
            .run("{aggregate: 'records', pipeline: [{" + stage +
                 ": 'other'}], cursor: {}, readConcern: {level: 'linearizable'}}")["errmsg"]
            .as_text() == stage + " cannot be used with a 'linearizable' read concern level");
}

TEST_CASE("version 1 of the API is the only one, and strict holds to it", "[document_server]") {
  TestServer server;
  CHECK(outcome(server.run("{ping: 1, apiVersion: '1', apiStrict: true, apiDeprecationErrors: true}")) == "ok");
  CHECK(outcome(server.run("{ping: 1, apiVersion: '3'}")) == "322 APIVersionError");
  CHECK(outcome(server.run("{ping: 1, apiStrict: true}")) == "4886600 Location4886600");
  CHECK(outcome(server.run("{distinct: 'records', key: 'x', apiVersion: '1'}")) == "ok");
  const bson::Value distinct = server.run("{distinct: 'records', key: 'x', apiVersion: '1', apiStrict: true}");
  CHECK(outcome(distinct) == "323 APIStrictError");
  CHECK(distinct["errmsg"].as_text() ==
        "Provided apiStrict:true, but the command distinct is not in API Version 1. Information on supported commands "
        "and migrations in API Version 1 can be found at https://dochub.mongodb.org/core/manual-versioned-api.");
  CHECK(server
            .run("{aggregate: 1, pipeline: [{$listLocalSessions: {}}], cursor: {}, apiVersion: '1', apiStrict: "
                 "true}")["errmsg"]
            .as_text() == "$listLocalSessions is not allowed with 'apiStrict: true' in API Version 1");
}

TEST_CASE("search indexes are Atlas's, and the server says so", "[document_server]") {
  TestServer server;
  const std::string command =
      GENERATE("{createSearchIndexes: 'records', indexes: [{definition: {}}]}",
               "{dropSearchIndex: 'records', name: 'x'}", "{updateSearchIndex: 'records', name: 'x', definition: {}}",
               "{aggregate: 'records', pipeline: [{$listSearchIndexes: {}}], cursor: {}}");
  CHECK(outcome(server.run(command)) == "31082 SearchNotEnabled");
}

TEST_CASE("collMod refuses what it does not do to an index", "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'records', indexes: [{key: {x: 1}, name: 'x_1'}]}");
  CHECK(outcome(server.run("{collMod: 'records', index: {name: 'x_1', hidden: true}}")) == "ok");
  CHECK(outcome(server.run("{collMod: 'records', index: {name: 'x_1', prepareUnique: true}}")) ==
        "115 CommandNotSupported");
  CHECK(server.run("{collMod: 'records', index: {name: 'x_1', sparse: true}}")["errmsg"].as_text() ==
        "BSON field 'collMod.index.sparse' is an unknown field.");
}

TEST_CASE("a change stream refuses stages that are none, stages that it may not have, and what is not modelled",
          "[document_server]") {
  TestServer server;
  const auto told = [&](const std::string& stage, const std::string& options) {
    const bson::Value reply =
        server.run("{aggregate: 'records', pipeline: [{$changeStream: " + options + "}" + stage + "], cursor: {}}");
    return testing::text(reply["code"]) + ": " + reply["errmsg"].as_text();
  };
  CHECK(told(", {$unsupported: 1}", "{}") == "40324: Unrecognized pipeline stage name: '$unsupported'");
  CHECK(told(", {$sort: {x: 1}}", "{}") == "20: $sort is not permitted in a $changeStream pipeline");
  CHECK(told("", "{showExpandedEvents: true}") == "238: $changeStream with 'showExpandedEvents' is not modelled");
}

TEST_CASE("a change stream's options are judged as MongoDB does, before anything is read", "[document_server]") {
  TestServer server;
  const auto told = [&](const std::string& options, const std::string& aggregate = "'records'",
                        const std::string& database = "test") {
    const bson::Value reply = server.run("{aggregate: " + aggregate + ", pipeline: [{$changeStream: {" + options +
                                         "}}], cursor: {}, $db: '" + database + "'}");
    return reply["ok"].truthy() ? "ok" : testing::text(reply["code"]) + ": " + reply["errmsg"].as_text();
  };
  const std::string field = "BSON field '$changeStream.";
  CHECK(told("since: 1") == "40415: " + field + "since' is an unknown field.");
  CHECK(told("fullDocument: 1") == "14: " + field + "fullDocument' is the wrong type 'int', expected type 'string'");
  CHECK(told("startAtOperationTime: 1.5") ==
        "14: " + field + "startAtOperationTime' is the wrong type 'double', expected type 'timestamp'");
  CHECK(told("resumeAfter: 'x'") == "14: " + field + "resumeAfter' is the wrong type 'string', expected type 'object'");
  CHECK(told("fullDocument: 'off'") ==
        "2: Enumeration value 'off' for field '$changeStream.fullDocument' is not a valid value.");
  CHECK(told("fullDocumentBeforeChange: ''") ==
        "2: Enumeration value '' for field '$changeStream.fullDocumentBeforeChange' is not a valid value.");
  CHECK(told("resumeAfter: {}") ==
        "40647: Bad resume token: _data of missing or of wrong type. Expected string, got {}");
  const std::string token = "{_data: '825F5E1000000000010000000A'}";
  CHECK(told("resumeAfter: " + token + ", startAfter: " + token) ==
        "50865: Do not specify both 'resumeAfter' and 'startAfter' in a $changeStream stage");
  CHECK(told("resumeAfter: " + token + ", startAtOperationTime: {$timestamp: {t: 1600000000, i: 1}}") ==
        "40674: Only one type of resume option is allowed, but multiple were found");
  CHECK(told("allChangesForCluster: true") ==
        "72: A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no "
        "collection name; found test.records");
  CHECK(told("allChangesForCluster: true", "1") ==
        "72: A $changeStream with 'allChangesForCluster:true' may only be opened on the 'admin' database, and with no "
        "collection name; found test.$cmd.aggregate");
  CHECK(told("", "1", "admin") == "73: $changeStream may not be opened on the internal admin database");
  CHECK(told("", "'startup_log'", "local") == "73: $changeStream may not be opened on the internal local database");
  CHECK(told("", "'system.views'") ==
        "73: $changeStream may not be opened on the internal test.system.views collection");
  CHECK(told("allChangesForCluster: true", "1", "admin") == "ok");
  CHECK(told("fullDocument: 'updateLookup', resumeAfter: null, startAtOperationTime: null") == "ok");
}

TEST_CASE("a change stream that demands images of a collection that keeps none ends with 47", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  const std::string option = GENERATE("fullDocument", "fullDocumentBeforeChange");
  const bson::Value stream =
      server.run("{aggregate: 'records', pipeline: [{$changeStream: {" + option + ": 'required'}}], cursor: {}}");
  server.run("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  const bson::Value more =
      server.run("{getMore: " + testing::text(stream["cursor"]["id"]) + ", collection: 'records'}");
  CHECK(outcome(more) == "47 NoMatchingDocument");
  CHECK(more["errmsg"].as_text() ==
        (option == "fullDocument"
             ? std::string("Change stream was configured to require a post-image for all update events, but the "
                           "post-image was not found for event: { operationType: \"update\", ns: { db: \"test\", coll: "
                           "\"records\" }, clusterTime: Timestamp(1600000000, 2) }")
             : std::string("Change stream was configured to require a pre-image for all update, delete and replace "
                           "events, but the pre-image was not found for event: { operationType: \"update\", ns: { db: "
                           "\"test\", coll: \"records\" }, clusterTime: Timestamp(1600000000, 2) }")));
}

TEST_CASE("what is not there is as good as dropped", "[document_server]") {
  TestServer server;
  CHECK(testing::text(server.run("{drop: 'nothing'}")) == "{ok: 1.0}");
  server.run("{create: 'records'}");
  CHECK(testing::text(server.run("{drop: 'records'}")) == "{nIndexesWas: 1, ns: 'test.records', ok: 1.0}");
}

TEST_CASE("the oplog and the configuration of the replica set cannot be read, and do not look empty",
          "[document_server]") {
  TestServer server;
  const std::string name = GENERATE("oplog.rs", "system.replset");
  const bson::Value reply = server.run("{find: '" + name + "', $db: 'local'}");
  CHECK(outcome(reply) == "238 NotImplemented");
  CHECK(reply["errmsg"].as_text() == "local." + name + " is not modelled; what is committed is told by change streams");
}

TEST_CASE("a transaction cannot be about the server's own databases", "[document_server]") {
  TestServer server;
  TestSession session(server, 1);
  const std::string database = GENERATE("local", "config");
  const bson::Value reply = session.begin("{insert: 'records', documents: [{_id: 1}], $db: '" + database + "'}");
  CHECK(outcome(reply) == "263 OperationNotSupportedInTransaction");
  CHECK(reply["errmsg"].as_text() == "Cannot run command against the '" + database + "' database in a transaction.");
}
