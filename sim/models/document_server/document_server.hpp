#pragma once
// A document server as MongoDB's drivers know it: commands in, replies out, both BSON. Sessions, transactions, cursors,
// change streams and fail points are here; versions and conflicts are the DocumentStore's, filters and updates
// sim/models/query's. Sources: protocols.md, B.2 to B.7; MONGO-010 to MONGO-071.

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/document_server/server_host.hpp"
#include "sim/models/document_server/server_state.hpp"
#include "sim/models/document_store/document_store.hpp"

namespace premortem {

class CommandRun;

/// What a client is told.
struct StoreEvent {
  StoreClientId client = 0;  ///< 0: every one.
  std::int32_t request = 0;  ///< Which of its requests this answers.
  bool cut = false;          ///< No answer: the connection breaks.
  bool passes = false;       ///< No fail point has struck this command of the handshake: the session carries it out.
  std::string reply;         ///< BSON

  template <class F>
  void fields(F&& f) {
    f(client), f(request), f(cut), f(passes), f(reply);
  }
  template <class F>
  void fields(F&& f) const {
    f(client), f(request), f(cut), f(passes), f(reply);
  }
};

/// A collection of the scenario, for adopt().
struct AdoptedCollection {
  std::string name;
  std::vector<std::vector<std::string>> unique;  ///< Names of fields that together must differ.
  std::vector<std::vector<std::string>> indexed;
};

/// A value, but for the store and the host, which each call is given. Takes no simulated time by itself.
class DocumentServer {
 public:
  /// The scenario's collections, numbered as in the store, in this database. Once, before any command.
  void adopt(DocumentStore& store, const std::string& database, const std::vector<AdoptedCollection>& collections);

  /// Carries out a command: one BSON document with $db, checked by bson::find_fault. The answer is in events(), now or
  /// when what it waits for has come.
  void handle(DocumentStore& store, ServerHost& host, StoreClientId client, std::int32_t request, bool wants_reply,
              std::string_view command, const AnswerOrders& orders = {});
  /// It is carried out at that instant, ns; INT64_MAX: when wake_blocked() says so.
  void handle_later(StoreClientId client, std::int32_t request, bool wants_reply, std::string_view command,
                    const AnswerOrders& orders, std::int64_t began, std::int64_t due);
  /// A crash: sessions, cursors and waiting commands are gone, and every connection is cut.
  void forget_memory();
  /// What waits without an instant, goes on at `now`.
  void wake_blocked(std::int64_t now);
  /// An error of ours or of a fault rule, as the server words it, labels included.
  void answer_with_error(StoreClientId client, std::int32_t request, std::string_view command, int code,
                         const std::string& text);
  /// A connection has said who it is.
  void client_here(StoreClientId client, std::string_view application);
  /// The connection is over: what it waits for is forgotten; sessions and transactions stay, as they do.
  void client_gone(StoreClientId client);
  /// A transaction has ended, whoever had it: plain writes that wait for it get their turn. MONGO-015
  void transaction_over(DocumentStore& store, ServerHost& host, TransactionId transaction);
  /// While its cache is strained, the transaction with the oldest snapshot gets 112 at its next statement: MONGO-005.
  void strain_cache(bool strained) { strained_ = strained ? 1 : 0; }
  /// A transaction that writes more than that gets 388: MONGO-036.
  void limit_transactions(std::uint64_t bytes) { transaction_bytes_max_ = bytes; }
  /// How much of what has changed can be read again: MONGO-065.
  void keep_oplog(std::uint64_t bytes) { oplog_bytes_max_ = bytes; }
  /// What the store has made visible, before its changes are cleared: for change streams. A majority has it from
  /// `majority_at` on, ns.
  void note_changes(const DocumentStore& store, std::int64_t now, std::int64_t majority_at);
  /// While muted, change streams are told nothing of what the store makes visible.
  void mute(bool muted) { muted_ = muted ? 1 : 0; }
  /// It is primary no longer: what is under way is interrupted, transactions are gone. `loses`: with everything that no
  /// majority has, which the store undoes next. MONGO-061, MONGO-064
  void lose_primary(std::int64_t now, bool loses);
  /// It is primary again.
  void win_election();
  /// Counts elections.
  std::uint64_t term() const { return term_; }
  /// Does what is due: waiting commands whose time has come, cursors and sessions that nobody uses, TTL indexes.
  void advance(DocumentStore& store, ServerHost& host);
  /// When that is to be called next, ns; INT64_MAX: not by itself.
  std::int64_t next_timer() const;

  /// What clients are to be told, in order; whoever tells them clears it.
  /// Every command is answered by exactly one event, also where nobody waits for it.
  std::vector<StoreEvent>& events() { return events_; }
  /// Whether a command of that client waits for something that only time brings. `why`: for what.
  bool owes(StoreClientId client) const;
  const std::vector<PendingCommand>& pending() const { return pending_; }
  const std::vector<ServerCursor>& cursors() const { return cursors_; }
  const std::vector<ServerSession>& sessions() const { return sessions_; }
  const std::vector<StoreClient>& clients() const { return clients_; }
  const std::vector<Namespace>& namespaces() const { return namespaces_; }
  /// Whether a fail point names this command of the handshake: then it has to be asked for like any other.
  bool strikes_handshake(std::string_view command) const;
  bool is_writable() const { return writable_ != 0; }
  /// Seconds << 32 | increment; 0: nothing has been asked or changed yet.
  std::uint64_t cluster_time() const { return last_time_; }
  /// Counts the changes of is_writable().
  std::uint64_t topology_changes() const { return topology_changes_; }

  template <class F>
  void fields(F&& f) {
    visit(*this, f);
  }
  template <class F>
  void fields(F&& f) const {
    visit(*this, f);
  }

 private:
  friend class CommandRun;
  template <class Self, class F>
  static void visit(Self& self, F&& f) {
    f(self.clients_), f(self.namespaces_), f(self.sessions_), f(self.cursors_), f(self.pending_), f(self.fail_points_),
        f(self.oplog_);
    f(self.events_), f(self.counters_), f(self.oplog_first_), f(self.oplog_bytes_), f(self.oplog_bytes_max_);
    f(self.oplog_lost_), f(self.last_time_), f(self.last_cursor_), f(self.made_ids_), f(self.ttl_due_);
    f(self.topology_changes_), f(self.commit_session_), f(self.commit_number_), f(self.writable_), f(self.muted_),
        f(self.rewritten_), f(self.strained_), f(self.transaction_bytes_max_), f(self.term_), f(self.last_operation_);
  }

  void finish(CommandRun& run, StoreClientId client, std::int32_t request, bool wants_reply, std::string_view command,
              const AnswerOrders& orders, std::int64_t now);
  void remove_expired(DocumentStore& store, ServerHost& host);
  void append(OplogEntry entry);
  void wake_behind_schema_change();
  bool wake_behind_session();

  std::vector<StoreClient> clients_;  ///< By id.
  std::vector<Namespace> namespaces_;
  std::vector<ServerSession> sessions_;  ///< In the order in which they were first used.
  std::vector<ServerCursor> cursors_;
  std::vector<PendingCommand> pending_;  ///< In the order in which they began to wait.
  std::vector<FailPoint> fail_points_;
  std::vector<OplogEntry> oplog_;
  std::vector<StoreEvent> events_;
  ServerCounters counters_;
  std::uint64_t oplog_first_ = 0;  ///< Number of oplog_[0].
  std::uint64_t oplog_bytes_ = 0;
  std::uint64_t oplog_bytes_max_ = 990ULL * 1024 * 1024;  ///< MONGO-065
  std::uint64_t oplog_lost_ = 0;                          ///< Time of the newest entry that is gone.
  std::uint64_t last_time_ = 0;                           ///< The newest cluster time: seconds << 32 | increment.
  std::int64_t last_cursor_ = 0;
  std::int32_t last_operation_ = 0;
  std::uint64_t made_ids_ = 0;  ///< Object ids and the like that the server has made.
  std::int64_t ttl_due_ = INT64_MAX;
  std::uint64_t topology_changes_ = 0;
  std::uint64_t term_ = 1;
  std::string commit_session_;  ///< While a transaction commits: whose.
  std::int64_t commit_number_ = -1;
  std::uint32_t writable_ = 1;
  std::uint32_t strained_ = 0;
  std::uint64_t transaction_bytes_max_ = UINT64_MAX;
  std::uint32_t muted_ = 0;  ///< Changes are told as one, not document by document.
  /// How an open transaction or the command at hand has written a document, which change streams tell.
  struct Rewritten {
    enum How : std::uint8_t { as_a_whole, by_operators, by_pipeline };
    TransactionId transaction = 0;
    DocumentId row = 0;
    std::uint32_t collection = 0;
    How how = as_a_whole;
    std::vector<std::string> touched;  ///< By operators.

    template <class F>
    void fields(F&& f) {
      f(transaction), f(row), f(collection), f(how), f(touched);
    }
    template <class F>
    void fields(F&& f) const {
      f(transaction), f(row), f(collection), f(how), f(touched);
    }
  };
  std::vector<Rewritten> rewritten_;
  TransactionId committing_ = 0;
};

}  // namespace premortem
