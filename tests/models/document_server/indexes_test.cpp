// Indexes: over arrays, sparse and partial ones, and building them while others are at work.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second, ms = TestServer::ms;

std::string index_of(const std::string& key, const std::string& name, const std::string& options = "") {
  return "{createIndexes: 'records', indexes: [{key: " + key + ", name: '" + name + "'" +
         (options.empty() ? "" : ", " + options) + "}]}";
}

}  // namespace

TEST_CASE("a compound index over fields of one array has a key for each element, and is used for the first field",
          "[document_server]") {
  TestServer server;
  CHECK(outcome(server.run(index_of("{'attributes.k': 1, 'attributes.v': 1}", "kv"))) == "ok");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 1, attributes: [{k: 'a', v: 1}, {k: 'b', v: 2}]}, "
                           "{_id: 2, attributes: []}, {_id: 3}, {_id: 4, attributes: [7]}]}")) == "ok");
  CHECK(found(server, "records", "{'attributes.k': 'b', 'attributes.v': 1}") ==
        "[{_id: 1, attributes: [{k: 'a', v: 1}, {k: 'b', v: 2}]}]");  // Two elements may meet two conditions.
  CHECK(found(server, "records", "{attributes: {$elemMatch: {k: 'b', v: 1}}}") == "[]");
  CHECK(found(server, "records", "{attributes: {$elemMatch: {k: 'b', v: 2}}}") ==
        "[{_id: 1, attributes: [{k: 'a', v: 1}, {k: 'b', v: 2}]}]");
  // Two arrays side by side still cannot be.
  CHECK(outcome(server.run(index_of("{x: 1, y: 1}", "xy"))) == "ok");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 5, x: [1, 2], y: [1, 2]}]}")) == "n: 0, 171 at 0");
}

TEST_CASE("a sparse index holds a null that stands at a path with dots, and not what is missing", "[document_server]") {
  TestServer server;
  server.run(index_of("{'a.b': 1}", "ab", "unique: true, sparse: true"));
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3, a: {}}]}")) == "ok");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 4, a: {b: null}}]}")) == "ok");
  CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 5, a: {b: null}}]}")) == "n: 0, 11000 at 0");
}

TEST_CASE("MONGO-069: a partial TTL index removes what it holds, and nothing else", "[document_server]") {
  TestServer server;
  server.run(index_of("{at: 1}", "at", "expireAfterSeconds: 0, partialFilterExpression: {state: 'DONE'}"));
  server.run("{insert: 'records', documents: [{_id: 1, at: {$date: 0}, state: 'DONE'}, {_id: 2, at: {$date: 0}}]}");
  server.pass(61 * second);
  CHECK(found(server, "records", "{state: 'DONE'}") == "[]");
  CHECK(found(server, "records", "{_id: 2}") == "[{_id: 2, at: {$date: {$numberLong: '0'}}}]");
}

TEST_CASE("whoever makes sure that an index is there does not wait for transactions, if it is", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  server.run(index_of("{x: 1}", "x"));
  TestSession one(server, 2);
  one.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  const bson::Value again = server.run(3, index_of("{x: 1}", "x"));
  CHECK(testing::text(again["note"]) == "'all indexes already exist'");
  CHECK(outcome(server.run(3, index_of("{y: 1}", "y"))) == "waits");
}

TEST_CASE("of several indexes all are built, or none", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1, y: 1}, {_id: 2, y: 1}]}");
  CHECK(outcome(server.run("{createIndexes: 'records', indexes: [{key: {x: 1}, name: 'x'}, "
                           "{key: {y: 1}, name: 'y', unique: true}]}")) == "11000 DuplicateKey");
  CHECK(server.run("{listIndexes: 'records'}")["cursor"]["firstBatch"].elements().size() == 1);
}

TEST_CASE("MONGO-023: who stands behind a schema change goes on when that is given up", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  TestSession open(server, 2);
  open.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  CHECK(outcome(server.run(3, "{drop: 'records', maxTimeMS: 100}")) == "waits");
  CHECK(outcome(server.run(4, "{find: 'records'}")) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(100 * ms);
  CHECK(batch(server.answer(request)) == "[{_id: 1}]");
}

TEST_CASE("collMod gives an index a time within the range that a TTL index has, or refuses", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  server.run(index_of("{at: 1}", "at"));
  server.run(index_of("{at: 1, x: 1}", "at_x"));
  const auto change = [&](const std::string& index) {
    return outcome(server.run("{collMod: 'records', index: {" + index + "}}"));
  };
  CHECK(change("name: 'at', expireAfterSeconds: -1") == "72 InvalidOptions");
  CHECK(change("name: 'at', expireAfterSeconds: {$numberLong: '9223372036854775807'}") == "72 InvalidOptions");
  CHECK(change("name: 'at_x', expireAfterSeconds: 5") == "72 InvalidOptions");
  CHECK(change("name: 'at', unique: true") == "115 CommandNotSupported");
  CHECK(change("name: 'at', expireAfterSeconds: 5") == "ok");
}

TEST_CASE("a partial index is limited by what MongoDB supports there, and by nothing else", "[document_server]") {
  TestServer server;
  const auto told = [&](const std::string& filter) {
    const bson::Value reply = server.run(index_of("{z: 1}", "z_1", "partialFilterExpression: " + filter));
    if (reply["ok"].truthy()) return std::string("ok");
    const std::string& said = reply["errmsg"].as_text();
    return testing::text(reply["code"]) + said.substr(said.find(" :: caused by :: ") + 16);
  };
  const std::string refused = "67 Expression not supported in partial index: ";
  CHECK(told("{a: {$ne: 1}}") == refused + "$not\n    a $eq 1\n");
  CHECK(told("{a: 1, b: {$exists: false}}") == refused + "$not\n    b exists\n");
  CHECK(told("{a: {$gt: 1, $nin: [1, 'x']}}") == refused + "$not\n    a $in [ 1 \"x\" ]\n");
  CHECK(told("{a: {$regex: 'x', $options: 'i'}}") == refused + "a regex /x/i\n");
  CHECK(told("{$or: [{a: 1}, {b: {$size: 2}}]}") == refused + "b $size : 2\n");
  CHECK(told("{a: {$mod: [2, 0]}}") == refused + "a mod 2 % x == 0\n");
  CHECK(told("{$nor: [{a: 1}]}") == refused + "$nor\n");
  const bson::Value reply = server.run(index_of("{z: 1}", "z_1", "partialFilterExpression: {a: {$ne: 1}}"));
  CHECK(reply["errmsg"].as_text() ==
        "Error in specification { key: { z: 1 }, name: \"z_1\", partialFilterExpression: { a: { $ne: 1 } }, v: 2 } :: "
        "caused by :: Expression not supported in partial index: $not\n    a $eq 1\n");
  const std::string fine = GENERATE("{a: null}", "{a: {$exists: true}}", "{a: {$in: [1, 2]}}", "{a: {$type: 'string'}}",
                                    "{$or: [{a: 1}, {$and: [{b: {$gt: 2, $lte: 5}}]}]}", "{a: {b: 1}}");
  CHECK(told(fine) == "ok");
}

TEST_CASE("the index of _id takes no options", "[document_server]") {
  TestServer server;
  CHECK(outcome(server.run(index_of("{_id: 1}", "_id_"))) == "ok");
  const bson::Value reply = server.run(index_of("{_id: 1}", "_id_1", "unique: true"));
  CHECK(outcome(reply) == "197 InvalidIndexSpecificationOption");
  CHECK(reply["errmsg"].as_text() ==
        "The field 'unique' is not valid for an _id index specification. Specification: { key: { _id: 1 }, name: "
        "\"_id_1\", unique: true, v: 2 }");
  CHECK(outcome(server.run(index_of("{_id: -1}", "_id_-1"))) == "2 BadValue");
}

TEST_CASE("a duplicate key over an array names the element that another document has", "[document_server]") {
  TestServer server;
  const auto told = [&](const std::string& document) {
    const bson::Value reply = server.run("{insert: 'records', documents: [" + document + "]}");
    return reply.has("writeErrors") ? testing::text(reply["writeErrors"].elements()[0]["keyValue"]) : "ok";
  };
  server.run(index_of("{t: 1}", "t_1", "unique: true"));
  CHECK(told("{_id: 1, t: ['m', 'n']}") == "ok");
  CHECK(told("{_id: 2, t: ['a', 'n']}") == "{t: 'n'}");
  CHECK(told("{_id: 2, t: 'm'}") == "{t: 'm'}");
  CHECK(told("{_id: 2, t: ['a', 'b']}") == "ok");
  const bson::Value changed = server.run("{update: 'records', updates: [{q: {_id: 2}, u: {$push: {t: 'm'}}}]}");
  CHECK(testing::text(changed["writeErrors"].elements()[0]["keyValue"]) == "{t: 'm'}");
  server.run("{drop: 'records'}");
  server.run(index_of("{'l.k': 1, v: 1}", "lkv", "unique: true"));
  CHECK(told("{_id: 3, l: [{k: 1}, {k: 2}], v: 7}") == "ok");
  CHECK(told("{_id: 4, l: [{k: 2}, {k: 3}], v: 8}") == "ok");
  CHECK(told("{_id: 5, l: [{k: 3}, {k: 2}], v: 7}") == "{l.k: 2, v: 7}");
}
