// What the server tells drivers about transactions, and what it makes of what they then send. MONGO-025 to MONGO-033

#include "tests/models/document_server/sessions.hpp"
#include "tests/support/catch.hpp"

using namespace premortem;

namespace {

constexpr std::int64_t second = TestServer::second;

const char* const count_up = "{update: 'records', updates: [{q: {_id: 1}, u: {$inc: {x: 1}}}]}";

void fail_with(TestServer& server, const std::string& command, int code) {
  server.run("{configureFailPoint: 'failCommand', mode: {times: 1}, data: {failCommands: ['" + command +
             "'], errorCode: " + std::to_string(code) + "}, $db: 'admin'}");
}

}  // namespace

TEST_CASE("MONGO-025: which errors in a transaction are transient, by code and by command", "[document_server]") {
  struct Row {
    int code;
    bool statement, commit, abort;  // Whether its error has the label.
  };
  const Row row = GENERATE(Row{112, true, true, true}, Row{24, true, true, true}, Row{267, true, true, true},
                           Row{239, true, true, true}, Row{246, true, true, true}, Row{250, true, true, true},
                           Row{272, true, true, true}, Row{251, true, true, true}, Row{10107, true, false, false},
                           Row{11600, true, false, false}, Row{91, true, false, false}, Row{6, true, false, false},
                           Row{11000, false, false, false}, Row{121, false, false, false}, Row{50, false, false, false},
                           Row{388, false, false, false}, Row{225, false, false, false}, Row{64, false, false, false});
  TestServer server;
  TestSession one(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  const auto has_label = [](const bson::Value& reply) {
    for (const bson::Value& label : reply["errorLabels"].elements()) {
      if (label.as_text() == "TransientTransactionError") return true;
    }
    return false;
  };
  one.begin("{find: 'records'}");
  fail_with(server, "update", row.code);
  CHECK(has_label(one.go(count_up)) == row.statement);
  fail_with(server, "find", row.code);
  CHECK(has_label(one.go("{find: 'records'}")) == row.statement);
  fail_with(server, "commitTransaction", row.code);
  CHECK(has_label(one.commit()) == row.commit);
  fail_with(server, "abortTransaction", row.code);
  CHECK(has_label(one.abort()) == row.abort);
  // Outside of transactions there is no such label.
  fail_with(server, "update", row.code);
  CHECK_FALSE(has_label(one.plain(count_up)));
}

TEST_CASE(
    "MONGO-026: a transaction whose connection broke stays open and holds what it has: the driver that begins "
    "anew in the same session undoes it",
    "[document_server]") {
  TestServer server;
  TestSession cut(server, 1), other(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  cut.begin(count_up);
  server.run(
      "{configureFailPoint: 'failCommand', mode: {times: 1}, data: {failCommands: ['find'], closeConnection: "
      "true}, $db: 'admin'}");
  CHECK(outcome(cut.go("{find: 'records'}")) == "cut");
  server.server().client_gone(1);
  CHECK(outcome(other.begin(count_up)) == "112 WriteConflict, TransientTransactionError");
  CHECK(outcome(cut.begin(count_up)) == "ok");
  CHECK(outcome(cut.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-027: whether a commit that nobody answered has happened, only asking again tells",
          "[document_server]") {
  const bool arrives = GENERATE(true, false);
  TestServer server;
  TestSession unsure(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  unsure.begin(count_up);
  if (arrives) unsure.commit_unanswered();
  SECTION("the commit again: once") {
    CHECK(outcome(unsure.commit()) == "ok");
    CHECK(outcome(unsure.commit()) == "ok");
    CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
  }
  SECTION("the transaction again: twice, if the first one had arrived") {
    unsure.begin(count_up);
    CHECK(outcome(unsure.commit()) == "ok");
    CHECK(found(server, "records") == (arrives ? "[{_id: 1, x: 2}]" : "[{_id: 1, x: 1}]"));
  }
}

TEST_CASE(
    "MONGO-028: an unanswered commit can be retried without retryWrites, its errors are labelled so, and with "
    "majority as drivers ask then",
    "[document_server]") {
  TestServer server;
  TestSession one(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  one.begin(count_up);
  fail_with(server, "commitTransaction", 91);
  CHECK(outcome(one.commit()) == "91 ShutdownInProgress, RetryableWriteError");
  CHECK(outcome(one.go("{commitTransaction: 1, writeConcern: {w: 'majority', wtimeout: 10000}, $db: 'admin'}")) ==
        "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 1}]");
}

TEST_CASE("MONGO-029: a statement of a transaction that is sent again is carried out again: so no driver does",
          "[document_server]") {
  TestServer server;
  TestSession one(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  one.begin("{find: 'records'}");
  CHECK(outcome(one.go(count_up)) == "ok");
  CHECK(outcome(one.go(count_up)) == "ok");
  CHECK(outcome(one.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
  // Nor are its errors labelled for a retry of the statement.
  one.begin("{find: 'records'}");
  fail_with(server, "update", 91);
  CHECK(outcome(one.go(count_up)) == "91 ShutdownInProgress, TransientTransactionError");
}

TEST_CASE("MONGO-030: a driver's rerun is a new transaction: it conflicts until the other ends, then it succeeds",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1), driver(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(count_up);
  int conflicts = 0;
  for (int run = 0; run < 20; ++run) {
    const std::string told = outcome(driver.begin(count_up));
    if (told == "ok") break;
    CHECK(told == "112 WriteConflict, TransientTransactionError");
    ++conflicts;
    server.pass(second);
    if (run == 9) holder.commit();
  }
  CHECK(conflicts == 10);
  CHECK(outcome(driver.commit()) == "ok");
  CHECK(found(server, "records") == "[{_id: 1, x: 2}]");
}

TEST_CASE("MONGO-032: of a callback that is run again, what it did outside of the session is there twice",
          "[document_server]") {
  TestServer server;
  TestSession holder(server, 1), driver(server, 2);
  server.run("{insert: 'records', documents: [{_id: 1, x: 0}]}");
  holder.begin(count_up);
  for (int run = 0; run < 2; ++run) {
    driver.begin("{insert: 'inside', documents: [{by: 'callback'}]}");
    server.run(2, "{insert: 'outside', documents: [{by: 'callback'}]}");
    if (run == 0) {
      CHECK(outcome(driver.go(count_up)) == "112 WriteConflict, TransientTransactionError");
      holder.commit();
    } else {
      CHECK(outcome(driver.go(count_up)) == "ok");
      CHECK(outcome(driver.commit()) == "ok");
    }
  }
  CHECK(server.run("{count: 'inside'}")["n"].as_int64() == 1);
  CHECK(server.run("{count: 'outside'}")["n"].as_int64() == 2);
}

TEST_CASE("MONGO-033: a callback that swallows a duplicate key is told at its commit to begin again, for ever",
          "[document_server]") {
  TestServer server;
  TestSession driver(server, 1);
  server.run("{insert: 'records', documents: [{_id: 1}]}");
  for (int run = 0; run < 5; ++run) {
    CHECK(outcome(driver.begin("{insert: 'records', documents: [{_id: 1}]}")) == "n: 0, 11000 at 0");
    CHECK(outcome(driver.commit()) == "251 NoSuchTransaction, TransientTransactionError");
  }
}

TEST_CASE("MONGO-062: a write concern that timed out does not undo the write", "[document_server]") {
  TestServer server;
  server.run(
      "{configureFailPoint: 'failCommand', mode: {times: 1}, data: {failCommands: ['insert'], writeConcernError: "
      "{code: 64, codeName: 'WriteConcernTimeout', errmsg: 'waiting for replication timed out'}}, $db: 'admin'}");
  CHECK(
      outcome(server.run("{insert: 'records', documents: [{_id: 1}], writeConcern: {w: 'majority', wtimeout: 100}}")) ==
      "ok, write concern 64");
  CHECK(found(server, "records") == "[{_id: 1}]");
}
