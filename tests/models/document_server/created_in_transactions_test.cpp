// Collections that a transaction makes. Source: MongoDB manual, "Transactions and Operations", "Create Collections and
// Indexes in a Transaction"; specifications, transactions, create-collection and create-index.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

std::string collections(TestServer& server) {
  std::string names;
  const bson::Value listed = server.run("{listCollections: 1}");
  for (const bson::Value& one : listed["cursor"]["firstBatch"].elements())
    names += (names.empty() ? "" : " ") + one["name"].as_text();
  return names;
}

}  // namespace

TEST_CASE("a collection that a transaction makes is there for others when it commits, with its indexes",
          "[document_server]") {
  TestServer server;
  TestSession maker(server, 1);
  const std::string first = GENERATE("{create: 'made'}", "{insert: 'made', documents: [{_id: 0}]}",
                                     "{createIndexes: 'made', indexes: [{key: {x: 1}, name: 'x_1'}]}",
                                     "{update: 'made', updates: [{q: {_id: 0}, u: {$set: {x: 1}}, upsert: true}]}");
  CHECK(outcome(maker.begin(first)) == "ok");
  CHECK(outcome(maker.go("{insert: 'made', documents: [{_id: 1}]}")) == "ok");
  CHECK(collections(server) == "");
  CHECK(outcome(server.run("{listIndexes: 'made'}")) == "26 NamespaceNotFound");
  CHECK(testing::text(server.run("{listDatabases: 1, $db: 'admin'}")["databases"]) == "[]");
  CHECK(found(server, "made") == "[]");
  CHECK(outcome(maker.commit()) == "ok");
  CHECK(collections(server) == "made");
  CHECK(found(server, "made", "{_id: 1}") == "[{_id: 1}]");
}

TEST_CASE("a collection of a transaction that is undone has never been", "[document_server]") {
  TestServer server;
  TestSession maker(server, 1);
  maker.begin("{create: 'made'}");
  maker.go("{createIndexes: 'made', indexes: [{key: {x: 1}, name: 'x_1', unique: true}]}");
  maker.go("{insert: 'made', documents: [{_id: 1, x: 1}]}");
  CHECK(outcome(maker.abort()) == "ok");
  CHECK(collections(server) == "");
  server.run("{insert: 'made', documents: [{_id: 2, x: 1}, {_id: 3, x: 1}]}");
  CHECK(found(server, "made") == "[{_id: 2, x: 1}, {_id: 3, x: 1}]");
}

TEST_CASE("whoever makes a collection first has it: a transaction that made the same cannot commit",
          "[document_server]") {
  TestServer server;
  TestSession maker(server, 1);
  maker.begin("{insert: 'made', documents: [{_id: 1}]}");
  CHECK(outcome(server.run("{insert: 'made', documents: [{_id: 2}]}")) == "ok");
  CHECK(outcome(maker.go("{insert: 'made', documents: [{_id: 3}]}")) == "ok");
  CHECK(outcome(maker.commit()) == "112 WriteConflict, TransientTransactionError");
  CHECK(found(server, "made") == "[{_id: 2}]");
  CHECK(collections(server) == "made");
}
