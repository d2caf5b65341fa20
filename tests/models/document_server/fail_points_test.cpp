// The fail points of drivers' own tests, beside failCommand. Source: specifications, retryable-writes and
// change-streams, "tests"; mongodb/mongo, transaction_participant.cpp and find_common.cpp.

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

void strike_writes(TestServer& server, const std::string& mode, const std::string& data) {
  REQUIRE(outcome(server.run("{configureFailPoint: 'onPrimaryTransactionalWrite', mode: " + mode + ", data: " + data +
                             ", $db: 'admin'}")) == "ok");
}

std::string watch_and_fail(TestServer& server, int code) {
  const bson::Value stream = server.run("{aggregate: 'records', pipeline: [{$changeStream: {}}], cursor: {}}");
  server.run("{configureFailPoint: 'failGetMoreAfterCursorCheckout', mode: {times: 1}, data: {errorCode: " +
             std::to_string(code) + "}, $db: 'admin'}");
  const std::string more = "{getMore: " + testing::text(stream["cursor"]["id"]) + ", collection: 'records'}";
  const std::string told = outcome(server.run(more));
  CHECK(outcome(server.run(more)) == "43 CursorNotFound");  // The cursor has not outlived its error.
  return told;
}

}  // namespace

TEST_CASE("onPrimaryTransactionalWrite loses the answer of a retryable write that was made, and of no other",
          "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  strike_writes(server, "{times: 1}", "{}");
  const std::string write = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";
  CHECK(outcome(writer.plain(write)) == "ok");
  CHECK(outcome(writer.write(write)) == "cut");
  CHECK(testing::text(writer.again(write)) == "{n: 1, nModified: 1, retriedStmtIds: [0], ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("with failBeforeCommitExceptionCode the write is not made, and its second try makes it",
          "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  strike_writes(server, "{times: 1}", "{failBeforeCommitExceptionCode: 1}");
  const std::string write =
      GENERATE("{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}",
               "{findAndModify: 'records', query: {_id: 1}, update: {$inc: {x: 1}}}",
               "{update: 'records', updates: [{q: {_id: 2}, u: {$set: {x: 1}}, upsert: true}, {q: {_id: 1}, u: {$inc: "
               "{x: 1}}}]}",
               "{insert: 'records', documents: [{_id: 2}]}", "{delete: 'records', deletes: [{q: {_id: 1}, limit: 1}]}");
  CHECK(outcome(writer.write(write)) == "cut");
  CHECK(found(server, "records") == "[{_id: 1, x: 0}]");
  CHECK_FALSE(writer.again(write).has("retriedStmtIds"));
  CHECK(found(server, "records") != "[{_id: 1, x: 0}]");
}

TEST_CASE("without closeConnection the failed write is an error of its statement", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}, {_id: 2, x: 0}]}");
  strike_writes(server, "{skip: 1}", "{closeConnection: false, failBeforeCommitExceptionCode: 1}");
  CHECK(testing::text(writer.write("{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}, {q: {_id: 2}, u: "
                                   "{$inc: {x: 1}}}]}")) ==
        "{n: 1, nModified: 1, writeErrors: [{index: 1, code: 1, errmsg: 'Failing write for txnNumber 1 due to "
        "failpoint. The write must not be reflected.'}], ok: 1.0}");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}, {_id: 2, x: 0}]");
}

TEST_CASE("documents of one insert are tried in one write, then one by one", "[document_server]") {
  TestServer server;
  TestSession writer(server, 1);
  const std::string write = "{insert: 'records', documents: [{_id: 1}, {_id: 2}]}";
  strike_writes(server, "{times: 1}", "{failBeforeCommitExceptionCode: 1}");
  CHECK(outcome(writer.write(write)) == "cut");
  CHECK(found(server, "records") == "[{_id: 1}, {_id: 2}]");
  CHECK(testing::text(writer.again(write)["retriedStmtIds"]) == "[0, 1]");
}

TEST_CASE("an error of a change stream's own tells the driver whether to resume", "[document_server]") {
  TestServer server;
  CHECK(watch_and_fail(server, 6) == "6 HostUnreachable, ResumableChangeStreamError");
  CHECK(watch_and_fail(server, 234) == "234 RetryChangeStream, ResumableChangeStreamError");
  CHECK(watch_and_fail(server, 280) == "280 ChangeStreamFatalError, NonResumableChangeStreamError");
  CHECK(watch_and_fail(server, 2) == "2 BadValue");
  // failCommand strikes before the server knows what the cursor is; an aggregate says it itself.
  const bson::Value stream = server.run("{aggregate: 'records', pipeline: [{$changeStream: {}}], cursor: {}}");
  const std::string again =
      "{configureFailPoint: 'failCommand', mode: {times: 2}, data: {failCommands: ['getMore', "
      "'aggregate'], errorCode: 6}, $db: 'admin'}";
  server.run(again);
  CHECK(outcome(server.run("{getMore: " + testing::text(stream["cursor"]["id"]) + ", collection: 'records'}")) ==
        "6 HostUnreachable");
  CHECK(outcome(server.run("{aggregate: 'records', pipeline: [{$changeStream: {}}], cursor: {}}")) ==
        "6 HostUnreachable, ResumableChangeStreamError");
}

TEST_CASE("a fail point for one application strikes its first hello, which names it", "[document_server]") {
  TestServer server;
  server.run(
      "{configureFailPoint: 'failCommand', mode: 'alwaysOn', data: {failCommands: ['hello'], appName: 'mine', "
      "errorCode: 91}, $db: 'admin'}");
  CHECK(outcome(server.run("{hello: 1, client: {application: {name: 'mine'}}}")) == "91 ShutdownInProgress");
  CHECK(outcome(server.run("{hello: 1, client: {application: {name: 'other'}}}")) == "ok");
}

TEST_CASE("a fail point that is not known, and data that it does not know, are refused", "[document_server]") {
  TestServer server;
  CHECK(server.run("{configureFailPoint: 'slowEverything', mode: 'alwaysOn', $db: 'admin'}")["errmsg"].as_text() ==
        "fail point slowEverything is not known here; failCommand, failGetMoreAfterCursorCheckout, "
        "onPrimaryTransactionalWrite, WTWriteConflictException and WTWriteConflictExceptionForReads are");
  CHECK(server
            .run("{configureFailPoint: 'onPrimaryTransactionalWrite', mode: 'alwaysOn', data: {errorCode: 1}, $db: "
                 "'admin'}")["errmsg"]
            .as_text() == "onPrimaryTransactionalWrite does not know data.errorCode");
}
