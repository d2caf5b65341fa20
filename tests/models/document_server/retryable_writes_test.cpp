// Writes whose answers are lost, and what a driver's second try does. MONGO-042 to MONGO-044

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

TEST_CASE("MONGO-042: an update or delete of many cannot be retried: when its answer is lost, nobody knows",
          "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  CHECK(
      testing::text(writer.write("{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true}]}")) ==
      "{n: 0, nModified: 0, writeErrors: [{index: 0, code: 72, errmsg: 'Cannot use (or request) retryable writes with "
      "multi=true'}], ok: 1.0}");
  CHECK(outcome(writer.write("{delete: 'records', deletes: [{q: {}, limit: 0}]}")) == "n: 0, 72 at 0");
  // So the driver sends it without a number, and each time it arrives it is carried out.
  const std::string many = "{update: 'records', updates: [{q: {}, u: {$inc: {x: 1}}, multi: true}]}";
  CHECK(outcome(writer.plain(many)) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 1}]");
  CHECK(outcome(writer.plain(many)) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}, {_id: 2, x: 2}]");
}

TEST_CASE("MONGO-043: a retried increment counts once, whether its first try arrived or not", "[document_server]") {
  const bool arrives = GENERATE(true, false);
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  const std::string write = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";
  writer.write_unanswered(write, arrives);
  CHECK(testing::text(writer.again(write)) ==
        (arrives ? "{n: 1, nModified: 1, retriedStmtIds: [0], ok: 1.0}" : "{n: 1, nModified: 1, ok: 1.0}"));
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
  CHECK(outcome(writer.write(write)) == "ok");  // The next number is the next write.
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("MONGO-043: every kind of retryable write is told what it was told before", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  const std::string write = GENERATE("{insert: 'records', documents: [{_id: 3}, {_id: 4}]}",
                                     "{delete: 'records', deletes: [{q: {}, limit: 1}]}",
                                     "{update: 'records', updates: [{q: {_id: 5}, u: {$inc: {x: 1}}, upsert: true}]}",
                                     "{findAndModify: 'records', query: {}, update: {$inc: {x: 1}}, new: true}",
                                     "{findAndModify: 'records', query: {}, remove: true}");
  bson::Value first = writer.write(write);
  const std::string after = found(server, "records");
  bson::Value again = writer.again(write);
  if (write.starts_with("{findAndModify")) {
    CHECK(testing::text(again["retriedStmtId"]) == "0");
  } else {
    CHECK(again["retriedStmtIds"].elements().size() == (write.starts_with("{insert") ? 2U : 1U));
  }
  again.erase("retriedStmtIds");
  again.erase("retriedStmtId");
  CHECK(testing::text(again) == testing::text(first));
  CHECK(found(server, "records") == after);
}

TEST_CASE("MONGO-043: of a batch that was cut short, only what was not done is done again", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1), holder(server, 2);
  server.run("{create: 'records'}");
  holder.begin("{insert: 'records', documents: [{_id: 2}]}");
  const std::string write = "{insert: 'records', documents: [{_id: 1}, {_id: 2}, {_id: 3}]}";
  CHECK(outcome(writer.write(write)) == "waits");
  server.server().client_gone(1);  // The connection breaks while the second of three waits.
  holder.abort();
  server.pass(TestServer::second);
  CHECK(found(server, "records") == "[{_id: 1}]");
  CHECK(testing::text(writer.again(write)) == "{n: 3, retriedStmtIds: [0], ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1}, {_id: 2}, {_id: 3}]");
}

TEST_CASE("MONGO-043: a number from before is too old", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  writer.write("{insert: 'records', documents: [{_id: 1}]}");
  bson::Value old = testing::json("{insert: 'records', documents: [{_id: 1}]}");
  old.append("lsid", writer.id());
  old.append("txnNumber", bson::Value::int64(0));
  CHECK(outcome(server.run(1, old)) == "225 TransactionTooOld");
}

TEST_CASE("MONGO-044: the server calls these errors of a retryable write worth a retry, and never 112",
          "[document_server]") {
  struct Code {
    int number;
    bool retryable;
  };
  const Code code = GENERATE(Code{6, true}, Code{7, true}, Code{89, true}, Code{91, true}, Code{189, true},
                             Code{262, true}, Code{9001, true}, Code{10107, true}, Code{11600, true}, Code{11602, true},
                             Code{13435, true}, Code{13436, true}, Code{112, false}, Code{24, false}, Code{50, false},
                             Code{251, false}, Code{11000, false}, Code{121, false});
  TestServer server;
  TestSession writer(server, 1);
  server.run("{configureFailPoint: 'failCommand', mode: 'alwaysOn', data: {failCommands: ['insert'], errorCode: " +
             std::to_string(code.number) + "}, $db: 'admin'}");
  const bson::Value reply = writer.write("{insert: 'records', documents: [{_id: 1}]}");
  CHECK(reply["code"].as_int64() == code.number);
  CHECK(testing::text(reply["errorLabels"]) == (code.retryable ? "['RetryableWriteError']" : "missing"));
  // Without a number a write is not retryable, and nothing is said of it.
  CHECK(testing::text(writer.plain("{insert: 'records', documents: [{_id: 1}]}")["errorLabels"]) == "missing");
}

TEST_CASE("MONGO-043: a retried write is recognised although the server has crashed in between", "[document_server]") {
  TestServer server;
  TestSession one(server, 1), two(server, 2);
  const std::string count_up = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}, upsert: true}]}";
  one.write_unanswered(count_up, true);
  two.begin("{insert: 'records', documents: [{_id: 2}]}");
  two.commit_unanswered();
  server.server().forget_memory();
  one.again(count_up);
  CHECK(found(server, "records", "{_id: 1}") == "[{_id: 1, x: 1}]");
  CHECK(outcome(two.commit()) == "ok");  // MONGO-027
}

TEST_CASE("MONGO-043: an increment that is sent again while its first try waits counts once", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1), other(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  const std::string write = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";
  CHECK(outcome(other.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {y: 1}}}]}")) == "ok");
  CHECK(outcome(writer.write(write)) == "waits");
  const std::int32_t first = server.last_request();
  CHECK(outcome(writer.again(write)) == "waits");
  CHECK(outcome(other.commit()) == "ok");
  server.pass(server.second);
  CHECK(testing::text(server.answer(first)) == "{n: 1, nModified: 1, ok: 1.0}");
  CHECK(testing::text(writer.answer()) == "{n: 1, nModified: 1, retriedStmtIds: [0], ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, x: 1, y: 1}]");
}

TEST_CASE("MONGO-043: two writes of one session come one after the other, as they were sent", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1), other(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  CHECK(outcome(other.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {y: 1}}}]}")) == "ok");
  CHECK(outcome(writer.write("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}")) == "waits");
  const std::int32_t first = server.last_request();
  CHECK(outcome(writer.write("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 2}}}]}")) == "waits");
  const std::int32_t second = server.last_request();
  // What meets no other transaction would not wait by itself; its own session has not come to it.
  CHECK(outcome(writer.write("{insert: 'records', documents: [{_id: 2}]}")) == "waits");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}]");

  SECTION("when the first is done") {
    CHECK(outcome(other.abort()) == "ok");
    server.pass(server.second);
    CHECK(outcome(server.answer(first)) == "ok");
  }
  SECTION("when the first is killed") {
    const bson::Value running = server.run(98, "{currentOp: 1, $db: 'admin'}");
    const std::string operation = testing::text(running["inprog"].elements().front()["opid"]);
    CHECK(outcome(server.run(98, "{killOp: 1, op: " + operation + ", $db: 'admin'}")) == "ok");
    CHECK(outcome(server.answer(first)) == "11601 Interrupted");
    CHECK(outcome(server.answer(second)) == "waits");
    CHECK(outcome(other.abort()) == "ok");
    server.pass(server.second);
  }
  CHECK(outcome(server.answer(second)) == "ok");
  CHECK(outcome(writer.answer()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}, {_id: 2}]");
}

TEST_CASE("a command that waits for its session does not wait longer than its maxTimeMS", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1), other(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  CHECK(outcome(other.begin("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {y: 1}}}]}")) == "ok");
  CHECK(outcome(writer.write("{update: 'records', updates: [{q: {_id: 1}, u: {$set: {x: 1}}}]}")) == "waits");
  CHECK(outcome(writer.write("{insert: 'records', documents: [{_id: 2}], maxTimeMS: 20}")) == "waits");
  server.pass(20 * server.ms);
  CHECK(outcome(writer.answer()) == "50 MaxTimeMSExpired");
}
