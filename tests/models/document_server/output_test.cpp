// $out and $merge: what becomes of the collection that they write.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second;

std::string aggregate(const std::string& stages) {
  return "{aggregate: 'input', pipeline: [" + stages + "], cursor: {}}";
}

/// A server with three documents of input, and one that was there before.
struct Output {
  Output() {
    server.run("{insert: 'input', documents: [{_id: 1, k: 1}, {_id: 2, k: 1}, {_id: 3, k: 2}]}");
    server.run("{insert: 'output', documents: [{_id: 'old'}]}");
  }
  TestServer server;
};

}  // namespace

TEST_CASE("$out exchanges a collection as a whole, and keeps its indexes", "[document_server]") {
  Output o;
  o.server.run("{createIndexes: 'output', indexes: [{key: {k: 1}, name: 'k'}]}");
  CHECK(outcome(o.server.run(aggregate("{$match: {k: 1}}, {$out: 'output'}"))) == "ok");
  CHECK(found(o.server, "output") == "[{_id: 1, k: 1}, {_id: 2, k: 1}]");
  CHECK(o.server.run("{listIndexes: 'output'}")["cursor"]["firstBatch"].elements().size() == 2);
  CHECK(o.server.run("{listCollections: 1}")["cursor"]["firstBatch"].elements().size() == 2);
}

TEST_CASE("$out that cannot write a document leaves the collection as it was", "[document_server]") {
  Output o;
  o.server.run("{createIndexes: 'output', indexes: [{key: {k: 1}, name: 'k', unique: true}]}");
  CHECK(outcome(o.server.run(aggregate("{$out: 'output'}"))) == "11000 DuplicateKey");
  CHECK(found(o.server, "output") == "[{_id: 'old'}]");
  CHECK(o.server.run("{listCollections: 1}")["cursor"]["firstBatch"].elements().size() == 2);
}

TEST_CASE("MONGO-015: $out and $merge wait for the transaction that holds what they write", "[document_server]") {
  Output o;
  TestSession open(o.server, 2);
  open.begin("{update: 'output', updates: [{q: {_id: 'old'}, u: {$set: {x: 1}}}]}");
  const std::string merge = "{$project: {_id: 'old', k: '$k'}}, {$limit: 1}, {$merge: 'output'}";
  CHECK(outcome(o.server.run(3, aggregate(merge))) == "waits");
  const std::int32_t merging = o.server.last_request();
  CHECK(outcome(o.server.run(4, aggregate("{$match: {_id: 3}}, {$out: 'output'}"))) == "waits");
  const std::int32_t replacing = o.server.last_request();
  open.commit();
  o.server.pass(second);
  CHECK(outcome(o.server.answer(merging)) == "ok");
  CHECK(outcome(o.server.answer(replacing)) == "ok");
  CHECK(found(o.server, "output") == "[{_id: 3, k: 2}, {_id: 'old', k: 1}]");  // A lock is had before a back-off ends.
}

TEST_CASE("$merge asks for a unique index over the fields that it looks by", "[document_server]") {
  Output o;
  const std::string by_k = aggregate("{$match: {_id: 3}}, {$merge: {into: 'output', on: 'k'}}");
  CHECK(testing::text(o.server.run(by_k)["code"]) == "51183");
  o.server.run("{createIndexes: 'output', indexes: [{key: {k: 1}, name: 'k', unique: true}]}");
  CHECK(outcome(o.server.run(by_k)) == "ok");
  CHECK(found(o.server, "output") == "[{_id: 'old'}, {_id: 3, k: 2}]");
}
