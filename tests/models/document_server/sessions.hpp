#pragma once
// Programs as a document server meets them: each a client with a session, and how its replies are told in stories.

#include <string>

#include "tests/models/document_server/server.hpp"

namespace premortem {

/// A reply in a word or two: "ok", "waits", "cut", "112 WriteConflict, TransientTransactionError"; errors of statements
/// as "n: 2, 11000 at 2".
inline std::string outcome(const bson::Value& reply) {
  if (reply.is_missing()) return "waits";
  if (reply.has("cut")) return "cut";
  std::string told = "ok";
  if (!reply["ok"].truthy()) {
    told = std::to_string(reply["code"].as_int64()) + " " + reply["codeName"].as_text();
  } else if (reply.has("writeErrors")) {
    told = "n: " + std::to_string(reply["n"].as_int64());
    for (const bson::Value& error : reply["writeErrors"].elements())
      told += ", " + std::to_string(error["code"].as_int64()) + " at " + std::to_string(error["index"].as_int64());
  } else if (reply.has("writeConcernError")) {
    told += ", write concern " + std::to_string(reply["writeConcernError"]["code"].as_int64());
  }
  for (const bson::Value& label : reply["errorLabels"].elements()) told += ", " + label.as_text();
  return told;
}

/// The first batch of a reply as text.
inline std::string batch(const bson::Value& reply) {
  const bson::Value& cursor = reply["cursor"];
  return testing::text(cursor.has("firstBatch") ? cursor["firstBatch"] : cursor["nextBatch"]);
}

/// What anybody outside of transactions finds.
inline std::string found(TestServer& server, const std::string& collection, const std::string& filter = "{}") {
  return batch(server.run(99, "{find: '" + collection + "', filter: " + filter + "}"));
}

/// One program: its commands carry its session. Its connection is a client of the same number.
class TestSession {
 public:
  TestSession(TestServer& server, std::uint8_t number) : server_(server), client_(number) {
    id_ = bson::doc({{"id", bson::Value::binary(4, std::string(15, '\0') + static_cast<char>(number))}});
  }

  /// The first statement of a new transaction.
  bson::Value begin(const std::string& command) {
    ++number_;
    bson::Value statement = in_transaction(testing::json(command));
    statement.append("startTransaction", bson::Value::boolean(true));
    return send(statement);
  }
  /// The next statement of the transaction.
  bson::Value go(const std::string& command) { return send(in_transaction(testing::json(command))); }
  bson::Value commit() { return go("{commitTransaction: 1, $db: 'admin'}"); }
  bson::Value abort() { return go("{abortTransaction: 1, $db: 'admin'}"); }

  /// A command outside of transactions, in the session.
  bson::Value plain(const std::string& command) { return send(with_session(testing::json(command))); }
  /// A retryable write, as drivers send it; the same again with again().
  bson::Value write(const std::string& command) {
    ++number_;
    return again(command);
  }
  bson::Value again(const std::string& command) { return send(numbered(testing::json(command))); }
  /// As write(), but the connection breaks before the answer, whether or not the command got there.
  void write_unanswered(const std::string& command, bool arrives) {
    ++number_;
    if (arrives) send_unanswered(numbered(testing::json(command)));
  }
  /// A commit that is carried out, and whose answer is lost.
  void commit_unanswered() { send_unanswered(in_transaction(testing::json("{commitTransaction: 1, $db: 'admin'}"))); }

  /// What the last command has been answered by now.
  bson::Value answer() { return server_.answer(request_); }
  const bson::Value& id() const { return id_; }

 private:
  bson::Value with_session(bson::Value command) {
    command.append("lsid", id_);
    return command;
  }
  bson::Value numbered(bson::Value command) {
    command.append("lsid", id_);
    command.append("txnNumber", bson::Value::int64(number_));
    return command;
  }
  bson::Value in_transaction(bson::Value command) {
    command = numbered(std::move(command));
    command.append("autocommit", bson::Value::boolean(false));
    return command;
  }
  bson::Value send(const bson::Value& command) {
    bson::Value reply = server_.run(client_, command);
    request_ = server_.last_request();
    return reply;
  }
  void send_unanswered(bson::Value command) {
    AnswerOrders lost;
    lost.cuts = 1;
    if (!command.has("$db")) command.append("$db", bson::Value::string("test"));
    server_.server().handle(server_.store(), server_, client_, -1, true, bson::encode(command), lost);
  }

  TestServer& server_;
  StoreClientId client_;
  bson::Value id_;
  std::int64_t number_ = 0;
  std::int32_t request_ = 0;
};

}  // namespace premortem
