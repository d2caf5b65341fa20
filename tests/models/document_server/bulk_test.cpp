// Writes of many documents: what is atomic, what stops where. MONGO-040, MONGO-041, MONGO-045, MONGO-048

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t ms = TestServer::ms;

}  // namespace

TEST_CASE("MONGO-040: an update of many is many updates: a reader sees two of five, and others write in between",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}]}");
  holder.begin("{update: 'records', updates: [{q: {_id: 3}, u: {$set: {held: 1}}}]}");
  const std::string many = GENERATE("{update: 'records', updates: [{q: {}, u: {$set: {x: 1}}, multi: true}]}",
                                    "{delete: 'records', deletes: [{q: {x: {$exists: false}}, limit: 0}]}");
  CHECK(outcome(server.run(2, many)) == "waits");
  const std::int32_t request = server.last_request();
  if (many.starts_with("{update")) {
    CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 1}, {_id: 3}, {_id: 4}, {_id: 5}]");
  } else {
    CHECK(found(server, "records") == "[{_id: 3}, {_id: 4}, {_id: 5}]");
  }
  server.run("{update: 'records', updates: [{q: {_id: 5}, u: {$set: {x: 7}}}]}");
  holder.commit();
  server.pass(100 * ms);
  if (many.starts_with("{update")) {
    CHECK(testing::text(server.answer(request)) == "{n: 5, nModified: 5, ok: 1.0}");
    CHECK(found(server, "records") ==
          "[{_id: 1, x: 1}, {_id: 2, x: 1}, {_id: 3, held: 1, x: 1}, {_id: 4, x: 1}, {_id: 5, x: 1}]");
  } else {
    CHECK(testing::text(server.answer(request)) == "{n: 4, ok: 1.0}");
    CHECK(found(server, "records") == "[{_id: 5, x: 7}]");
  }
}

TEST_CASE("MONGO-040: an insert of many is many inserts", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{create: 'records'}");
  holder.begin("{insert: 'records', documents: [{_id: 2, by: 'holder'}]}");
  CHECK(outcome(server.run(2, "{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}]}")) == "waits");
  CHECK(found(server, "records") == "[{_id: 1}]");
  holder.abort();
  server.pass(100 * ms);
  CHECK(found(server, "records") == "[{_id: 1}, {_id: 2}, {_id: 3}]");
}

TEST_CASE("MONGO-041: an update of many that fails midway leaves what it had changed, and counts none of it",
          "[document_server]") {
  TestServer server;
  server.run("{create: 'records', validator: {x: {$lt: 4}}}");
  server.run("{createIndexes: 'records', indexes: [{key: {x: -1}, name: 'x_-1'}]}");
  server.run("{insert: 'records', documents: [{_id: 1, x: 1}, {_id: 2, x: 2}, {_id: 3, x: 3}, {_id: 4, x: 0}]}");
  SECTION("in order of insertion the third fails, and the fourth is not tried") {
    CHECK(outcome(server.run("{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true}]}")) ==
          "n: 0, 121 at 0");
    CHECK(found(server, "records") == "[{_id: 1, x: 2}, {_id: 2, x: 3}, {_id: 3, x: 3}, {_id: 4, x: 0}]");
  }
  SECTION("through an index that begins with the failing one, nothing has been changed") {
    CHECK(
        outcome(server.run("{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true, hint: 'x_-1'}]}")) ==
        "n: 0, 121 at 0");
    CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 2}, {_id: 3, x: 3}, {_id: 4, x: 0}]");
  }
  SECTION("in a transaction nothing of it stays") {
    TestSession one(server, 1);
    CHECK(outcome(one.begin("{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true}]}")) ==
          "n: 0, 121 at 0");
    CHECK(outcome(one.commit()) == "251 NoSuchTransaction, TransientTransactionError");
    CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 2}, {_id: 3, x: 3}, {_id: 4, x: 0}]");
  }
}

TEST_CASE("MONGO-041: a duplicate key stops an update of many as well", "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'records', indexes: [{key: {k: 1}, name: 'k_1', unique: true}]}");
  server.run("{insert: 'records', documents: [{_id: 1, k: 'a'}, {_id: 2, k: 'b'}, {_id: 3, k: 'c'}]}");
  CHECK(outcome(server.run("{update: 'records', updates: [{q: {}, u: {$set: {k: 'x'}}, multi: true}]}")) ==
        "n: 0, 11000 at 0");
  CHECK(found(server, "records") == "[{_id: 1, k: 'x'}, {_id: 2, k: 'b'}, {_id: 3, k: 'c'}]");
}

TEST_CASE("MONGO-045: an ordered bulk stops at its first error, an unordered one tries all", "[document_server]") {
  TestServer server;
  server.run("{insert: 'records', documents: [{_id: 3}]}");
  SECTION("ordered, as it is by default") {
    CHECK(outcome(server.run("{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}]}")) ==
          "n: 2, 11000 at 2");
    CHECK(found(server, "records") == "[{_id: 3}, {_id: 1}, {_id: 2}]");
  }
  SECTION("unordered") {
    CHECK(outcome(server.run(
              "{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}, {_id: 4}, {_id: 5}], ordered: false}")) ==
          "n: 4, 11000 at 2");
    CHECK(found(server, "records") == "[{_id: 3}, {_id: 1}, {_id: 2}, {_id: 4}, {_id: 5}]");
  }
  SECTION("updates and deletes are the same") {
    const std::string bad = "{q: {_id: 3}, u: {$set: {_id: 4}}}";
    const std::string good = "{q: {_id: 3}, u: {$inc: {x: 1}}}";
    const std::string updates = "{update: 'records', updates: [" + good + ", " + bad + ", " + good + "]";
    CHECK(outcome(server.run(updates + "}")) == "n: 1, 66 at 1");
    CHECK(outcome(server.run(updates + ", ordered: false}")) == "n: 2, 66 at 1");
    CHECK(found(server, "records") == "[{_id: 3, x: 3}]");
    CHECK(outcome(server.run("{delete: 'records', deletes: [{q: {$foo: 1}, limit: 1}, {q: {}, limit: 1}]}")) ==
          "n: 0, 2 at 0");
    CHECK(outcome(server.run(
              "{delete: 'records', deletes: [{q: {$foo: 1}, limit: 1}, {q: {}, limit: 1}], ordered: false}")) ==
          "n: 1, 2 at 0");
  }
}

TEST_CASE("MONGO-048: two upserts at a time insert twice without a unique index", "[document_server]") {
  TestServer server;
  TestSession first(server, 1);
  const std::string upsert = "{update: 'counters', updates: [{q: {name: 'a'}, u: {$inc: {n: 1}}, upsert: true}]}";
  server.run("{create: 'counters'}");
  first.begin(upsert);
  CHECK(outcome(server.run(2, upsert)) == "ok");
  first.commit();
  CHECK(batch(server.run("{find: 'counters', filter: {name: 'a'}, projection: {_id: 0}}")) ==
        "[{name: 'a', n: 1}, {name: 'a', n: 1}]");
}

TEST_CASE("MONGO-048: with a unique index on what the filter asks for, the second is an update", "[document_server]") {
  TestServer server;
  TestSession first(server, 1), rival(server, 3);
  const std::string upsert = "{update: 'counters', updates: [{q: {name: 'a'}, u: {$inc: {n: 1}}, upsert: true}]}";
  server.run("{createIndexes: 'counters', indexes: [{key: {name: 1}, name: 'name_1', unique: true}]}");
  first.begin(upsert);
  CHECK(outcome(rival.begin(upsert)) == "112 WriteConflict, TransientTransactionError");
  CHECK(outcome(server.run(2, upsert)) == "waits");
  const std::int32_t request = server.last_request();
  first.commit();
  server.pass(100 * ms);
  CHECK(testing::text(server.answer(request)) == "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(batch(server.run("{find: 'counters', projection: {_id: 0}}")) == "[{name: 'a', n: 2}]");
}

TEST_CASE("MONGO-048: an upsert whose filter does not name the key's owner hears of the duplicate",
          "[document_server]") {
  TestServer server;
  server.run("{createIndexes: 'counters', indexes: [{key: {name: 1}, name: 'name_1', unique: true}]}");
  server.run("{insert: 'counters', documents: [{_id: 1, name: 'a', open: false}]}");
  CHECK(outcome(server.run("{update: 'counters', updates: [{q: {name: 'a', open: true}, u: {$inc: {n: 1}}, upsert: "
                           "true}]}")) == "n: 0, 11000 at 0");
}
