#pragma once
// What a document server remembers between two commands of its clients: plain values, BSON as bytes.

#include <cstdint>
#include <string>
#include <vector>

#include "sim/models/document_store/document_types.hpp"

namespace premortem {

/// Names a connection to the server; never 0.
using StoreClientId = std::uint32_t;

/// A collection by the name that programs know. Gone ones stay, since histories number them.
struct Namespace {
  std::string database, name;
  std::uint16_t collection = 0;  ///< Of the DocumentStore.
  std::uint8_t exists = 0;
  std::uint8_t of_scenario = 0;  ///< Its documents are those that simulated systems read and write.
  std::string uuid;              ///< 16 bytes.
  std::string options;           ///< BSON, as create was given them.
  TransactionId made_by = 0;     ///< The open transaction that has made it, and that alone sees it; 0: everybody does.

  template <class F>
  void fields(F&& f) {
    f(database), f(name), f(collection), f(exists), f(of_scenario), f(uuid), f(options), f(made_by);
  }
  template <class F>
  void fields(F&& f) const {
    f(database), f(name), f(collection), f(exists), f(of_scenario), f(uuid), f(options), f(made_by);
  }
};

/// A program that is connected.
struct StoreClient {
  StoreClientId id = 0;
  std::string application;  ///< What it calls itself.

  template <class F>
  void fields(F&& f) {
    f(id), f(application);
  }
  template <class F>
  void fields(F&& f) const {
    f(id), f(application);
  }
};

/// What has become of one statement of a retryable write: MONGO-043.
struct StatementResult {
  std::int32_t statement = 0;
  std::int64_t majority_at = 0;  ///< When a majority has it, ns.
  std::string result;            ///< BSON: its part of the reply.

  template <class F>
  void fields(F&& f) {
    f(statement), f(majority_at), f(result);
  }
  template <class F>
  void fields(F&& f) const {
    f(statement), f(majority_at), f(result);
  }
};

/// A logical session with the one transaction or retryable write that it has at a time.
struct ServerSession {
  enum State : std::uint8_t { idle, retryable, in_progress, committed, aborted };
  std::string id;  ///< BSON of lsid.
  std::int64_t last_used = 0;
  std::int64_t number = -1;  ///< txnNumber.
  State state = idle;
  std::uint8_t wrote = 0;
  std::uint8_t reading_majority = 0;
  TransactionId transaction = 0;
  std::int64_t majority_at = 0;        ///< When a majority has what it has committed, ns.
  std::uint64_t dirty = 0;             ///< Bytes that its open transaction has written: MONGO-036.
  std::vector<std::uint16_t> touched;  ///< Collections that its open transaction has an intent lock on.
  std::vector<StatementResult> results;

  template <class F>
  void fields(F&& f) {
    f(id), f(last_used), f(number), f(state), f(wrote), f(reading_majority), f(transaction), f(majority_at), f(dirty),
        f(touched), f(results);
  }
  template <class F>
  void fields(F&& f) const {
    f(id), f(last_used), f(number), f(state), f(wrote), f(reading_majority), f(transaction), f(majority_at), f(dirty),
        f(touched), f(results);
  }
};

/// An open cursor.
struct ServerCursor {
  enum Kind : std::uint8_t {
    stored,        ///< Everything that it gives is in `documents`.
    scan,          ///< Looks for what comes next when it is asked: no snapshot (MONGO-054), but in a transaction.
    change_stream  ///< Goes on for ever: MONGO-066 to MONGO-068.
  };
  std::int64_t id = 0;
  Kind kind = stored;
  std::uint8_t never_times_out = 0, descending = 0, tailable = 0;
  std::string database, collection;
  std::string session;            ///< BSON of lsid; empty: none.
  std::int64_t transaction = -1;  ///< txnNumber of the transaction that it belongs to.
  std::int64_t last_used = 0;
  std::vector<std::string> documents;  ///< What a stored cursor has left, from `next` on.
  std::uint64_t next = 0;
  // Of a scan: where it is, and what it looks for.
  std::int32_t index = -1;      ///< Number of the key index; -1: in order of insertion.
  std::uint16_t table = 0;      ///< Collection of the DocumentStore that it began with,
  std::string index_name;       ///< ... and the index's name: by both it sees that they are still there.
  std::string place;            ///< Of the index: behind the last entry looked at.
  std::string low, high;        ///< Bounds of the index, as prefixes; empty: open.
  DocumentId row = 0xFFFFFFFF;  ///< Last row looked at.
  std::uint8_t begun = 0;
  std::string filter, projection, let;  ///< BSON.
  std::uint64_t skip = 0, left = UINT64_MAX;
  std::vector<DocumentId> seen;  ///< Rows given, where a document stands under several keys.
  // Of a change stream.
  std::uint64_t position = 0;  ///< Number of the oplog entry that it reads next.
  std::string pipeline;        ///< BSON of {pipeline: [...]}: what stands behind $changeStream.
  std::string options;         ///< BSON: of the stage $changeStream.
  std::uint8_t over = 0;       ///< It has given `invalidate`.

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.id), f(self.kind), f(self.never_times_out), f(self.descending), f(self.tailable), f(self.database);
    f(self.collection), f(self.session), f(self.transaction), f(self.last_used), f(self.documents), f(self.next);
    f(self.index), f(self.table), f(self.index_name), f(self.place), f(self.low), f(self.high), f(self.row),
        f(self.begun), f(self.filter);
    f(self.projection), f(self.let), f(self.skip), f(self.left), f(self.seen), f(self.position), f(self.pipeline);
    f(self.options), f(self.over);
  }
};

/// How far a command is that has to wait: what it has done stays done.
struct CommandProgress {
  std::uint32_t statement = 0;
  std::vector<DocumentId> passed;  ///< Documents that the statement has written or passed over.
  std::string partial;             ///< BSON: the reply so far, and the counts of the statement.
  std::int64_t since = -1;         ///< When the write at hand first met a conflict, ns; -1: it has not.
  std::int64_t conflicts = 0;      ///< MONGO-011.
  std::int64_t locks_since = -1;   ///< When it began to wait for a collection, ns; -1: it has not. MONGO-022
  std::string fail_point;          ///< BSON: what a fail point has in mind for it when it has been blocked.

  template <class F>
  void fields(F&& f) {
    f(statement), f(passed), f(partial), f(since), f(conflicts), f(locks_since), f(fail_point);
  }
  template <class F>
  void fields(F&& f) const {
    f(statement), f(passed), f(partial), f(since), f(conflicts), f(locks_since), f(fail_point);
  }
};

/// What fault rules have in mind for the answer of a command.
struct AnswerOrders {
  std::int64_t delay = 0;   ///< ns; INT64_MAX: for ever.
  std::int32_t error = 0;   ///< The command is carried out, and this is said; 0: what it says itself.
  std::uint16_t drops = 0;  ///< Nothing is said.
  std::uint16_t cuts = 0;   ///< The connection breaks instead.
};

/// A command that waits for something.
struct PendingCommand {
  enum Why : std::uint8_t {
    conflict,      ///< For the end of `blocker`, then for its turn in the server's back-off: MONGO-012, MONGO-015.
    more_changes,  ///< getMore on a change stream: for something to tell, or its time.
    schema,        ///< Schema changes: for open transactions. In a transaction: for 5 ms at most. MONGO-022, MONGO-023
    majority,      ///< It is carried out, and answered when a majority of the replica set has it: MONGO-060.
    blocked,       ///< By a fail point, a fault rule, or while the store is paused: it has not begun, or is answered.
    session        ///< For its session, which an earlier numbered command has: it has not begun.
  };
  StoreClientId client = 0;
  std::int32_t request = 0;
  std::uint8_t wants_reply = 1;
  Why why = conflict;
  std::uint8_t ready = 0;      ///< `blocker` has ended.
  std::int32_t operation = 0;  ///< By which currentOp and killOp name it.
  TransactionId blocker = 0;
  std::uint16_t collection = 0;
  std::int64_t began = 0;
  std::int64_t due = INT64_MAX;       ///< When it is tried again, ns.
  std::int64_t deadline = INT64_MAX;  ///< maxTimeMS; for more_changes, when it answers with nothing.
  std::uint32_t cause = 0;            ///< Record of the request.
  std::string command;                ///< BSON.
  AnswerOrders orders;
  std::string answer;  ///< BSON: what it will be told; empty: it is yet to be carried out.
  CommandProgress progress;

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.client), f(self.request), f(self.wants_reply), f(self.why), f(self.ready), f(self.operation),
        f(self.blocker);
    f(self.collection), f(self.began), f(self.due), f(self.deadline), f(self.cause), f(self.command), f(self.orders);
    f(self.answer), f(self.progress);
  }
};

/// One fail point: configureFailPoint.
struct FailPoint {
  enum Mode : std::uint8_t { off, always_on, times, skip, probability };
  std::string name;
  Mode mode = off;
  std::int64_t left = 0;    ///< Of times and skip.
  std::uint64_t share = 0;  ///< Of probability: of 2^32.
  std::int64_t entered = 0;
  std::string data;  ///< BSON

  template <class F>
  void fields(F&& f) {
    f(name), f(mode), f(left), f(share), f(entered), f(data);
  }
  template <class F>
  void fields(F&& f) const {
    f(name), f(mode), f(left), f(share), f(entered), f(data);
  }
};

/// One change, as change streams read it: of one commit all have the same time.
struct OplogEntry {
  enum Kind : std::uint8_t { insert, update, replace, remove, drop, drop_database, rename, invalidate };
  std::uint64_t time = 0;    ///< Timestamp: seconds << 32 | increment.
  std::uint32_t within = 0;  ///< Number within its commit.
  Kind kind = insert;
  std::int64_t wall = 0;         ///< ms
  std::int64_t majority_at = 0;  ///< When a majority has it, ns: change streams tell nothing earlier. MONGO-068
  std::string database, collection, to;
  std::string key;            ///< BSON: {_id: ...}
  std::string before, after;  ///< BSON
  std::string session;        ///< BSON of lsid of the transaction, if any.
  std::int64_t number = -1;
  std::vector<std::string> touched;  ///< Of an update: what its operators worked on; none: whatever differs is told.

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }
  std::size_t bytes() const { return 96 + key.size() + before.size() + after.size() + collection.size(); }

 private:
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.time), f(self.within), f(self.kind), f(self.wall), f(self.majority_at), f(self.database), f(self.collection),
        f(self.to);
    f(self.key), f(self.before), f(self.after), f(self.session), f(self.number), f(self.touched);
  }
};

/// What the server has counted, for serverStatus.
struct ServerCounters {
  std::uint64_t inserted = 0, queried = 0, updated = 0, deleted = 0, got_more = 0, commands = 0;
  std::uint64_t write_conflicts = 0, committed = 0, aborted = 0, started = 0, retried_statements = 0, ttl_deleted = 0;
};

}  // namespace premortem
