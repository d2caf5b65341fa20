// Snapshots and conflicts, as commands show them. MONGO-001 to MONGO-021, MONGO-034, MONGO-035

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

TEST_CASE("MONGO-001: a transaction finds what was committed before it began, until its end", "[document_server]") {
  TestServer server;
  TestSession reader(server, 1), writer(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 1}]}");
  CHECK(batch(reader.begin("{find: 'records'}")) == "[{_id: 1, x: 1}]");
  CHECK(outcome(writer.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}]}")) == "ok");
  CHECK(batch(writer.go("{find: 'records'}")) == "[{_id: 1, x: 2}]");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");  // Nobody reads what is not committed.
  CHECK(outcome(writer.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
  CHECK(batch(reader.go("{find: 'records', filter: {x: 1}}")) == "[{_id: 1, x: 1}]");
  CHECK(outcome(reader.commit()) == "ok");
  CHECK(batch(reader.begin("{find: 'records'}")) == "[{_id: 1, x: 2}]");
}

TEST_CASE("MONGO-002: two doctors each see the other on call, and both leave", "[document_server]") {
  TestServer server;
  TestSession anna(server, 1), bert(server, 2);
  server.run("{insert: 'doctors', documents: [{_id: 'anna', on_call: true}, {_id: 'bert', on_call: true}]}");
  CHECK(batch(anna.begin("{find: 'doctors', filter: {on_call: true, _id: 'bert'}}")) ==
        "[{_id: 'bert', on_call: true}]");
  CHECK(batch(bert.begin("{find: 'doctors', filter: {on_call: true, _id: 'anna'}}")) ==
        "[{_id: 'anna', on_call: true}]");
  CHECK(outcome(anna.go("{update: 'doctors', updates: [{q: {_id: 'anna'}, u: {$set: {on_call: false}}}]}")) == "ok");
  CHECK(outcome(bert.go("{update: 'doctors', updates: [{q: {_id: 'bert'}, u: {$set: {on_call: false}}}]}")) == "ok");
  CHECK(outcome(anna.commit()) == "ok");
  CHECK(outcome(bert.commit()) == "ok");
  CHECK(found(server, "doctors", "{on_call: true}") == "[]");
}

TEST_CASE("MONGO-003: the second updater fails at once, though the first has not committed", "[document_server]") {
  TestServer server;
  TestSession first(server, 1), second(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  const std::int64_t began = server.now();
  first.begin("{find: 'records'}");
  second.begin("{find: 'records'}");
  CHECK(outcome(first.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}")) == "ok");
  CHECK(outcome(second.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}]}")) ==
        "112 WriteConflict, TransientTransactionError");
  CHECK(server.now() == began);
  CHECK(outcome(first.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-004: the winner's abort does not take the loser's failure back, by commands", "[document_server]") {
  TestServer server;
  TestSession first(server, 1), second(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  first.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  CHECK(outcome(second.begin("{findAndModify: 'records', query: {_id: 1}, update: {$set: {x: 2}}}")) ==
        "112 WriteConflict, TransientTransactionError");
  CHECK(outcome(first.abort()) == "ok");
  CHECK(outcome(second.go("{find: 'records'}")) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(outcome(second.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}]");
}

TEST_CASE("MONGO-006: two fields of one document conflict, two documents do not, by commands", "[document_server]") {
  TestServer server;
  TestSession first(server, 1), second(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, a: 0, b: 0}, {_id: 2, a: 0}]}");
  first.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {a: 1}}}]}");
  CHECK(outcome(second.begin("{update: 'records', updates: [{q: {_id: 2}, u: {$set: {a: 1}}}]}")) == "ok");
  CHECK(outcome(second.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {b: 1}}}]}")) ==
        "112 WriteConflict, TransientTransactionError");
}

TEST_CASE("MONGO-006: two transactions that want one unique key conflict in the index", "[document_server]") {
  TestServer server;
  TestSession first(server, 1), second(server, 2);
  server.run("{createIndexes: 'users', indexes: [{key: {mail: 1}, name: 'mail_1', unique: true}]}");
  CHECK(outcome(first.begin("{insert: 'users', documents: [{_id: 1, mail: 'a'}]}")) == "ok");
  CHECK(outcome(second.begin("{insert: 'users', documents: [{_id: 2, mail: 'a'}]}")) ==
        "112 WriteConflict, TransientTransactionError");
}

TEST_CASE("MONGO-007: an update that changes nothing is no write: it locks nothing", "[document_server]") {
  TestServer server;
  TestSession idle(server, 1), writer(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 1}]}");
  CHECK(testing::text(idle.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}")) ==
        "{n: 1, nModified: 0, ok: 1.0}");
  CHECK(outcome(writer.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}]}")) == "ok");
  CHECK(outcome(writer.commit()) == "ok");
  CHECK(outcome(idle.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("MONGO-010: a conflict is an error of the command, with a label, and undoes all of the transaction",
          "[document_server]") {
  TestServer server;
  TestSession winner(server, 1), loser(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  loser.begin("{update: 'records', updates: [{q: {_id: 2}, u: {$set: {x: 7}}}]}");
  CHECK(outcome(loser.go("{insert: 'records', documents: [{_id: 3}]}")) == "ok");
  winner.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}");
  CHECK(testing::text(loser.go("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 7}}}]}")) ==
        "{ok: 0.0, errmsg: 'WriteConflict error: this operation conflicted with another operation. Please retry your "
        "operation or multi-document transaction.', code: 112, codeName: 'WriteConflict', errorLabels: "
        "['TransientTransactionError']}");
  CHECK(outcome(winner.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 0}]");
  // What the loser held is free.
  CHECK(outcome(server.run("{update: 'records', updates: [{q: {_id: 2}, u: {$set: {x: 9}}}]}")) == "ok");
}

TEST_CASE("MONGO-016: a transaction conflicts with a plain write that was over long before", "[document_server]") {
  TestServer server;
  TestSession late(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  late.begin("{find: 'records'}");
  CHECK(outcome(server.run("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}")) == "ok");
  server.pass(5 * TestServer::second);
  const std::string next = GENERATE("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}]}",
                                    "{delete: 'records', deletes: [{q: {_id: 1}, limit: 1}]}",
                                    "{findAndModify: 'records', query: {_id: 1}, remove: true}");
  CHECK(outcome(late.go(next)) == "112 WriteConflict, TransientTransactionError");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-021: whatever a plain command meets, it is never told 112", "[document_server]") {
  TestServer server;
  TestSession holder(server, 1);
  server.run("{createIndexes: 'records', indexes: [{key: {k: 1}, name: 'k_1', unique: true}]}");
  server.run("{insert: 'records', documents: [{_id: 1, k: 1}, {_id: 2, k: 2}]}");
  holder.begin("{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true}]}");
  holder.go("{insert: 'records', documents: [{_id: 3, k: 3}]}");
  const std::string command = GENERATE("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {y: 1}}}]}",
                                       "{update: 'records', updates: [{q: {}, u: {$set: {y: 1}}, multi: true}]}",
                                       "{update: 'records', updates: [{q: {k: 3}, u: {$set: {y: 1}}, upsert: true}]}",
                                       "{delete: 'records', deletes: [{q: {_id: 2}, limit: 1}]}",
                                       "{delete: 'records', deletes: [{q: {}, limit: 0}]}",
                                       "{findAndModify: 'records', query: {_id: 1}, update: {$set: {y: 1}}}",
                                       "{findAndModify: 'records', query: {_id: 1}, remove: true}");
  CHECK(outcome(server.run(5, command)) == "waits");
  const std::int32_t request = server.last_request();
  server.pass(TestServer::second);
  CHECK(outcome(server.answer(request)) == "waits");
  CHECK(outcome(GENERATE(true, false) ? holder.commit() : holder.abort()) == "ok");
  server.pass(100 * TestServer::ms);
  CHECK(outcome(server.answer(request)) == "ok");
}

TEST_CASE("MONGO-034: a read is no lock: who checks without writing is overtaken, who writes what it checks is not",
          "[document_server]") {
  TestServer server;
  TestSession order(server, 1);
  server.run("{insert: 'stock', documents: [{_id: 'tea', left: 1, version: 0}]}");
  CHECK(batch(order.begin("{find: 'stock', filter: {left: {$gt: 0}}}")) == "[{_id: 'tea', left: 1, version: 0}]");
  SECTION("check and act elsewhere: both succeed, and the stock was sold twice") {
    server.run("{update: 'stock', updates: [{q: {_id: 'tea'}, u: {$inc: {left: -1}}}]}");
    CHECK(outcome(order.go("{insert: 'orders', documents: [{_id: 1, of: 'tea'}]}")) == "ok");
    CHECK(outcome(order.commit()) == "ok");
    CHECK(found(server, "stock") == "[{_id: 'tea', left: 0, version: 0}]");
  }
  SECTION("a find-and-modify that changes it pins it") {
    server.run("{update: 'stock', updates: [{q: {_id: 'tea'}, u: {$inc: {left: -1}}}]}");
    CHECK(outcome(order.go("{findAndModify: 'stock', query: {_id: 'tea'}, update: {$inc: {version: 1}}}")) ==
          "112 WriteConflict, TransientTransactionError");
  }
}

TEST_CASE("MONGO-035: setting the value that is there protects nothing, counting a lock up does", "[document_server]") {
  TestServer server;
  TestSession keeper(server, 1), other(server, 2);
  server.run("{insert: 'accounts', documents: [{_id: 1, balance: 100, lock: 0}]}");
  const std::string take = "{update: 'accounts', updates: [{q: {_id: 1}, u: {$inc: {balance: -100}}}]}";
  SECTION("$set of the same value") {
    keeper.begin("{findAndModify: 'accounts', query: {_id: 1}, update: {$set: {lock: 0}}}");
    CHECK(outcome(other.begin(take)) == "ok");
  }
  SECTION("$inc of a lock") {
    keeper.begin("{findAndModify: 'accounts', query: {_id: 1}, update: {$inc: {lock: 1}}}");
    CHECK(outcome(other.begin(take)) == "112 WriteConflict, TransientTransactionError");
  }
}
