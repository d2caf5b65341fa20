// Documents that expire. MONGO-069

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second;

/// A document of the instant at which a TestServer begins.
const char* const now = "{$date: {$numberLong: '1600000000000'}}";

}  // namespace

TEST_CASE("MONGO-069: an expired document is removed at the next round, once a minute, and never early",
          "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'leases', indexes: [{key: {at: 1}, name: 'at_1', expireAfterSeconds: 90}]}");
  server.run(std::string("{insert: 'leases', documents: [{_id: 1, at: ") + now + "}]}");
  const auto left = [&] { return server.run("{count: 'leases'}")["n"].as_int64(); };
  server.pass(90 * second);
  CHECK(left() == 1);  // It has expired, and the round of 60 s was too early.
  server.pass(29 * second);
  CHECK(left() == 1);
  server.pass(second);
  CHECK(left() == 0);
  CHECK(server.run("{serverStatus: 1}")["metrics"]["ttl"]["deletedDocuments"].as_int64() == 1);
}

TEST_CASE("MONGO-069: a document without a date never expires, one with several does with the earliest",
          "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'leases', indexes: [{key: {at: 1}, name: 'at_1', expireAfterSeconds: 0}]}");
  server.run(std::string("{insert: 'leases', documents: [{_id: 1}, {_id: 2, at: 1600000000}, {_id: 3, at: null}, {_id: "
                         "4, at: [") +
             now + ", {$date: {$numberLong: '1900000000000'}}]}]}");
  server.pass(365 * 24 * 3600 * second);
  CHECK(found(server, "leases") == "[{_id: 1}, {_id: 2, at: 1600000000}, {_id: 3, at: null}]");
}

TEST_CASE("MONGO-069: what a transaction holds when the round comes is removed a minute later", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{createIndexes: 'leases', indexes: [{key: {at: 1}, name: 'at_1', expireAfterSeconds: 0}]}");
  server.run(std::string("{insert: 'leases', documents: [{_id: 1, at: ") + now + "}]}");
  server.pass(59 * second);
  holder.begin("{update: 'leases', updates: [{q: {_id: 1}, u: {$set: {mine: true}}}]}");
  server.pass(10 * second);
  CHECK(outcome(holder.commit()) == "ok");
  CHECK(server.run("{count: 'leases'}")["n"].as_int64() == 1);
  server.pass(51 * second);
  CHECK(server.run("{count: 'leases'}")["n"].as_int64() == 0);
}
