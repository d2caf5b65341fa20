// How transactions live and end. MONGO-005, MONGO-022 to MONGO-024, MONGO-036, MONGO-037, MONGO-046, MONGO-047

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second, ms = TestServer::ms;

const char* const touch = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";

}  // namespace

TEST_CASE("MONGO-005: while the cache is strained, the transaction with the oldest snapshot is undone",
          "[document_server]") {
  TestServer server;
  TestSession oldest(server, 1), younger(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  CHECK(outcome(oldest.begin(touch)) == "ok");
  CHECK(outcome(younger.begin("{find: 'records', filter: {_id: 2}}")) == "ok");
  server.server().strain_cache(true);
  CHECK(outcome(younger.go("{find: 'records', filter: {_id: 2}}")) == "ok");
  // A read is enough, and nobody has competed for anything.
  CHECK(outcome(oldest.go("{find: 'records', filter: {_id: 2}}")) == "112 WriteConflict, TransientTransactionError");
  server.server().strain_cache(false);
  CHECK(outcome(oldest.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(outcome(younger.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}, {_id: 2, x: 0}]");
}

TEST_CASE("MONGO-005: the engine's fail points give a transaction 112 without a competitor", "[document_server]") {
  TestServer server;
  TestSession alone(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  alone.begin("{find: 'records'}");
  SECTION("at a write") {
    server.run("{configureFailPoint: 'WTWriteConflictException', mode: {times: 1}, $db: 'admin'}");
    CHECK(outcome(alone.go("{find: 'records'}")) == "ok");
    CHECK(outcome(alone.go(touch)) == "112 WriteConflict, TransientTransactionError");
  }
  SECTION("at a read") {
    server.run("{configureFailPoint: 'WTWriteConflictExceptionForReads', mode: {times: 1}, $db: 'admin'}");
    CHECK(outcome(alone.go("{find: 'records'}")) == "112 WriteConflict, TransientTransactionError");
  }
  CHECK(outcome(alone.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(outcome(alone.begin(touch)) == "ok");
}

TEST_CASE("MONGO-022: a transaction waits 5 ms for a collection that is being changed, and not at all for a document",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1), late(server, 2), rival(server, 3);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(touch);
  CHECK(outcome(rival.begin(touch)) == "112 WriteConflict, TransientTransactionError");
  CHECK(outcome(server.run(9, "{drop: 'records'}")) == "waits");
  CHECK(outcome(late.begin("{find: 'records'}")) == "waits");
  server.pass(5 * ms - 1);
  CHECK(outcome(late.answer()) == "waits");
  server.pass(1);
  CHECK(testing::text(late.answer()) ==
        "{ok: 0.0, errmsg: 'Unable to acquire lock '{test.records}' within 5ms.', code: 24, codeName: 'LockTimeout', "
        "errorLabels: ['TransientTransactionError']}");
  CHECK(outcome(holder.go(touch)) == "ok");  // Whoever is in already is not disturbed.
}

TEST_CASE("MONGO-022: who gets the lock within 5 ms goes on", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1), late(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(touch);
  server.run(9, "{createIndexes: 'records', indexes: [{key: {x: 1}, name: 'x_1'}]}");
  CHECK(outcome(late.begin("{find: 'records'}")) == "waits");
  server.pass(4 * ms);
  holder.commit();
  server.pass(0);
  CHECK(batch(late.answer()) == "[{_id: 1, x: 0}]");  // Its snapshot is older than its lock.
}

TEST_CASE("MONGO-023: an index build behind a long transaction stops everybody else on the collection",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1), late(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(touch);
  server.run(9, "{createIndexes: 'records', indexes: [{key: {x: 1}, name: 'x_1'}]}");
  const std::int32_t build = server.last_request();
  server.run(8, "{find: 'records'}");
  const std::int32_t read = server.last_request();
  server.run(7, "{insert: 'records', documents: [{_id: 2, x: 0}]}");
  const std::int32_t write = server.last_request();
  late.begin("{insert: 'records', documents: [{_id: 3, x: 0}]}");
  server.pass(10 * second);
  CHECK(outcome(server.answer(build)) == "waits");
  CHECK(outcome(server.answer(read)) == "waits");
  CHECK(outcome(server.answer(write)) == "waits");
  CHECK(outcome(late.answer()) == "24 LockTimeout, TransientTransactionError");
  CHECK(outcome(server.run(6, "{insert: 'others', documents: [{_id: 1}]}")) == "ok");
  holder.commit();
  server.pass(0);
  CHECK(outcome(server.answer(build)) == "ok");
  CHECK(batch(server.answer(read)) == "[{_id: 1, x: 1}]");
  CHECK(outcome(server.answer(write)) == "ok");
}

TEST_CASE("MONGO-024: an idle transaction lives 60 s and until the reaper's next round", "[document_server]") {
  TestServer server;
  TestSession idle(server, 1), later(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  idle.begin(touch);
  server.pass(second);
  later.begin("{update: 'records', updates: [{q: {_id: 2}, u: {$inc: {x: 1}}}]}");
  server.pass(58 * second);
  CHECK(outcome(idle.go("{find: 'records'}")) == "ok");
  server.pass(2 * second);  // 61 s: the round of 60 s has been there for one, and came too early for the other.
  CHECK(testing::text(idle.go("{find: 'records'}")) ==
        "{ok: 0.0, errmsg: 'Transaction with { txnNumber: 1 } has been aborted.', code: 251, codeName: "
        "'NoSuchTransaction', errorLabels: ['TransientTransactionError']}");
  server.pass(28 * second);  // 88 s after it began.
  CHECK(outcome(later.go("{find: 'records'}")) == "ok");
  server.pass(2 * second);
  CHECK(outcome(later.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}, {_id: 2, x: 0}]");
}

TEST_CASE("MONGO-036: a transaction that is too large never fits, and nothing calls its error transient",
          "[document_server]") {
  TestServer server;
  server.server().limit_transactions(1000);
  TestSession large(server, 1);
  const std::string chunk(600, 'x');
  for (int attempt = 0; attempt < 3; ++attempt) {
    CHECK(outcome(large.begin("{insert: 'records', documents: [{_id: 1, chunk: '" + chunk + "'}]}")) == "ok");
    CHECK(outcome(large.go("{findAndModify: 'records', query: {_id: 2}, upsert: true, update: {$set: {chunk: '" +
                           chunk + "'}}}")) == "388 TransactionTooLargeForCache");
    CHECK(outcome(large.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  }
  CHECK(found(server, "records") == "[]");
  CHECK(outcome(large.begin("{insert: 'records', documents: [{_id: 1, chunk: '" + chunk + "'}]}")) == "ok");
  CHECK(outcome(large.commit()) == "ok");
}

TEST_CASE("MONGO-037: abort undoes the transaction's writes and frees its documents; what others wrote stays",
          "[document_server]") {
  TestServer server;
  TestSession undone(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  CHECK(outcome(undone.plain("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 5}}}]}")) == "ok");
  undone.begin(touch);
  undone.go("{insert: 'records', documents: [{_id: 3, x: 0}]}");
  undone.go("{delete: 'records', deletes: [{q: {_id: 2}, limit: 1}]}");
  server.run(7, "{insert: 'ledger', documents: [{_id: 1, of: 'another session'}]}");
  CHECK(batch(undone.go("{find: 'records'}")) == "[{_id: 1, x: 6}, {_id: 3, x: 0}]");
  CHECK(outcome(undone.abort()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 5}, {_id: 2, x: 0}]");
  CHECK(found(server, "ledger") == "[{_id: 1, of: 'another session'}]");
  CHECK(outcome(server.run(7, touch)) == "ok");
}

TEST_CASE("MONGO-046: a duplicate key is no transient error, and undoes the transaction around it",
          "[document_server]") {
  TestServer server;
  TestSession unlucky(server, 1);
  server.run("{createIndexes: 'users', indexes: [{key: {mail: 1}, name: 'mail_1', unique: true}]}");
  server.run("{insert: 'users', documents: [{_id: 1, mail: 'a'}]}");
  CHECK(testing::text(server.run("{insert: 'users', documents: [{_id: 2, mail: 'a'}]}")) ==
        "{n: 0, writeErrors: [{index: 0, code: 11000, keyPattern: {mail: 1}, keyValue: {mail: 'a'}, errmsg: 'E11000 "
        "duplicate key error collection: test.users index: mail_1 dup key: { mail: \"a\" }'}], ok: 1.0}");
  unlucky.begin("{insert: 'users', documents: [{_id: 3, mail: 'c'}]}");
  const std::string clash = GENERATE("{insert: 'users', documents: [{_id: 4, mail: 'a'}]}",
                                     "{update: 'users', updates: [{q: {_id: 3}, u: {$set: {mail: 'a'}}}]}");
  CHECK(outcome(unlucky.go(clash)) == "n: 0, 11000 at 0");
  CHECK(outcome(unlucky.go("{find: 'users'}")) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(outcome(unlucky.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(found(server, "users") == "[{_id: 1, mail: 'a'}]");
}

TEST_CASE("MONGO-047: outside of transactions the second insert of a key waits for the first one's end",
          "[document_server]") {
  TestServer server;
  TestSession first(server, 1);
  server.run("{create: 'records'}");
  first.begin("{insert: 'records', documents: [{_id: 1, by: 'first'}]}");
  server.run(2, "{insert: 'records', documents: [{_id: 1, by: 'second'}]}");
  const std::int32_t request = server.last_request();
  server.pass(10 * second);
  CHECK(outcome(server.answer(request)) == "waits");
  SECTION("it commits: duplicate key") {
    first.commit();
    server.pass(100 * ms);
    CHECK(outcome(server.answer(request)) == "n: 0, 11000 at 0");
    CHECK(found(server, "records") == "[{_id: 1, by: 'first'}]");
  }
  SECTION("it is undone: the second has the key") {
    first.abort();
    server.pass(100 * ms);
    CHECK(outcome(server.answer(request)) == "ok");
    CHECK(found(server, "records") == "[{_id: 1, by: 'second'}]");
  }
}

TEST_CASE("MONGO-047: inside of transactions it is a conflict while the first is open, and a duplicate key after",
          "[document_server]") {
  TestServer server;
  TestSession first(server, 1), second_one(server, 2);
  const std::string insert = "{insert: 'records', documents: [{_id: 1}]}";
  server.run("{create: 'records'}");
  first.begin(insert);
  CHECK(outcome(second_one.begin(insert)) == "112 WriteConflict, TransientTransactionError");
  first.commit();
  CHECK(outcome(second_one.begin(insert)) == "n: 0, 11000 at 0");
}
