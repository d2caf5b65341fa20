// Logical sessions, retryable writes and multi-document transactions.
// Sources: MONGO-022 to MONGO-046; protocols.md, B.4 (from jstests/core/txns).

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t session_timeout = 30 * 60'000'000'000;  // MONGO-056
constexpr std::string_view retryable_commands = " insert update delete findAndModify findandmodify ";

/// Results stand in the order of their statements.
bool comes_before(const StatementResult& known, std::int32_t statement) { return known.statement < statement; }

std::string number_text(std::int64_t number) { return "{ txnNumber: " + std::to_string(number) + " }"; }

}  // namespace

/// The first hello says it itself, and may be struck already.
std::string_view CommandRun::application() const {
  if (const Value& own = field("client")["application"]["name"]; own.is_string()) return own.as_text();
  for (const StoreClient& one : server_.clients_) {
    if (one.id == client_) return one.application;
  }
  return {};
}

void CommandRun::use_session() {
  const Value& id = field("lsid");
  const Value& number = field("txnNumber");
  const Value& autocommit = field("autocommit");
  const Value& starts = field("startTransaction");
  if (id.is_missing()) {
    if (!number.is_missing())
      refuse(code::invalid_options, "Transaction number requires a session ID to also be specified");
    if (!autocommit.is_missing() || !starts.is_missing())
      refuse(code::invalid_options, "'autocommit' and 'startTransaction' need a session and a txnNumber");
    if (name_ == "commitTransaction" || name_ == "abortTransaction")
      refuse(50768, name_ + " must be run within a transaction");
    return;
  }
  if (!id.is_document() || !id["id"].is(bson::Type::binary) || id["id"].subtype() != 4 ||
      id["id"].as_text().size() != 16)
    refuse(code::type_mismatch, "BSON field 'OperationSessionInfo.lsid.id' must be a UUID");
  end_idle_sessions();
  std::vector<ServerSession>& sessions = server_.sessions_;
  const std::string key = bson::encode(id);
  // In order of their first use, never of their ids, which drivers draw by chance; who was here last is likely to be
  // here.
  auto last = std::find_if(sessions.rbegin(), sessions.rend(), [&](const ServerSession& one) { return one.id == key; });
  if (last == sessions.rend()) {
    sessions.emplace_back().id = key;
    last = sessions.rbegin();
  }
  last->last_used = now();
  session_ = last.base() - sessions.begin() - 1;
  if (number.is_missing()) {
    if (!autocommit.is_missing())
      refuse(code::invalid_options, "'autocommit' field requires a transaction number to also be specified");
    if (name_ == "commitTransaction" || name_ == "abortTransaction")
      refuse(50768, name_ + " must be run within a transaction");
    return;
  }
  if (!number.is(bson::Type::int64))
    refuse(code::type_mismatch, "BSON field 'OperationSessionInfo.txnNumber' is the wrong type '" +
                                    std::string(bson::type_name(number.type())) + "', expected type 'long'");
  if (number.as_int64() < 0) refuse(code::invalid_options, "Transaction number cannot be negative");
  if (autocommit.is_missing()) {
    if (!starts.is_missing()) refuse(code::invalid_options, "'startTransaction' requires 'autocommit' to be false");
    if (name_ == "commitTransaction" || name_ == "abortTransaction")
      refuse(50768, name_ + " must be run within a transaction");
    if (retryable_commands.find(" " + name_ + " ") == std::string_view::npos)
      refuse(50768,
             "txnNumber may only be provided for multi-document transactions and retryable write commands. "
             "autocommit:false was not provided, and " +
                 name_ + " is not a retryable write command.");
    ServerSession& own = *session();
    if (number.as_int64() < own.number)
      refuse(code::transaction_too_old,
             "Retryable write with txnNumber " + std::to_string(number.as_int64()) +
                 " is prohibited on session because a newer retryable write with txnNumber " +
                 std::to_string(own.number) + " has already started on this session.");
    if (number.as_int64() > own.number) {
      forget_transaction(own, ServerSession::retryable);
      own.number = number.as_int64();
      own.results.clear();
    } else if (own.state != ServerSession::retryable) {
      refuse(code::conflicting_operation_in_progress,
             "Cannot start a retryable write with " + number_text(own.number) + ": it is a transaction's number");
    }
    own.state = ServerSession::retryable;
    is_retryable_ = true;
    return;
  }
  if (autocommit.truthy()) refuse(code::invalid_options, "Specifying autocommit=true is not allowed.");
  in_transaction_ = true;
  starts_transaction_ = starts.truthy();
  begin_or_join_transaction();
}

/// Numbered commands have their session one after the other, in the order in which they came: a write that is sent
/// again while its first try waits is not carried out beside it. MONGO-043
/// A busy session is checked out: MONGO-024.
bool CommandRun::is_session_taken() const {
  const Value &id = field("lsid"), &number = field("txnNumber");
  if (server_.pending_.empty() || number.is_missing() || !id.is_document()) return false;
  const std::string own = bson::encode(id);
  return std::ranges::any_of(server_.pending_, [&](const PendingCommand& one) {
    const bool has_it = one.why == PendingCommand::conflict || one.why == PendingCommand::schema;
    if (!has_it && (one.why != PendingCommand::session || one.operation >= operation_)) return false;
    if (bson::decode_field(one.command, "txnNumber").is_missing()) return false;
    const Value other = bson::decode_field(one.command, "lsid");
    return other.is_document() && bson::encode(other) == own;
  });
}

/// A session that nobody has used for half an hour is over, with its cursors, its transaction, and what it remembers.
void CommandRun::end_idle_sessions() {
  std::vector<ServerSession>& all = server_.sessions_;
  const auto is_idle = [&](const ServerSession& one) { return now() - one.last_used > session_timeout; };
  for (ServerSession& one : all) {
    if (!is_idle(one)) continue;
    if (one.state == ServerSession::in_progress) forget_transaction(one, ServerSession::aborted);
    std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) { return cursor.session == one.id; });
  }
  std::erase_if(all, is_idle);
}

void CommandRun::begin_or_join_transaction() {
  ServerSession& own = *session();
  const std::int64_t number = field("txnNumber").as_int64();
  const bool commits = name_ == "commitTransaction", aborts = name_ == "abortTransaction";
  if (number < own.number)
    refuse(code::transaction_too_old, "Cannot start transaction " + std::to_string(number) +
                                          " on session because a newer transaction with txnNumber " +
                                          std::to_string(own.number) + " has already started on this session.");
  if (starts_transaction_ && !ran_before_) {
    const Entry* entry = find_entry(name_);
    if (commits || aborts || !entry->in_transactions)
      refuse(code::operation_not_supported_in_transaction, "Cannot start a transaction with " + name_);
    if (number == own.number)
      refuse(code::conflicting_operation_in_progress,
             "Only servers in a sharded cluster can start a new transaction at the active transaction number");
    check_read_concern();
    forget_transaction(own, ServerSession::in_progress);
    own.number = number;
    own.results.clear();
    own.state = ServerSession::in_progress;
    own.transaction = host_.begin_transaction();
    own.wrote = 0;
    own.dirty = 0;
    ++server_.counters_.started;
    transaction_ = own.transaction;
    return;
  }
  if (!starts_transaction_ && !field("readConcern").is_missing())
    refuse(code::invalid_options, "Only the first command in a transaction may specify a readConcern");
  if (number > own.number || own.state == ServerSession::idle || own.state == ServerSession::retryable)
    refuse(code::no_such_transaction,
           "Given transaction number " + std::to_string(number) +
               " does not match any in-progress transactions. The active transaction number is " +
               std::to_string(own.number));
  if (own.state == ServerSession::in_progress && !store_.open(own.transaction))
    forget_transaction(own, ServerSession::aborted);  // The reaper has been there: MONGO-024.
  if (own.state == ServerSession::aborted)
    refuse(code::no_such_transaction, "Transaction with " + number_text(number) + " has been aborted.");
  if (own.state == ServerSession::committed && !commits)
    refuse(code::transaction_committed, "Transaction with " + number_text(number) + " has been committed.");
  transaction_ = own.state == ServerSession::in_progress ? own.transaction : 0;
  if (!commits && !aborts) check_cache();
}

void CommandRun::check_read_concern() const {
  const Value& level = field("readConcern")["level"];
  if (!field("readConcern")["atClusterTime"].is_missing()) {
    if (!level.is_string() || level.as_text() != "snapshot")
      refuse(code::invalid_options, "atClusterTime field can be set only if level is equal to snapshot");
    if (in_transaction_) refuse(238, "readConcern.atClusterTime is modelled outside of transactions only");
  }
  if (level.is_missing()) return;
  static constexpr std::string_view known = " local available majority linearizable snapshot ";
  if (!level.is_string() || known.find(" " + level.as_text() + " ") == std::string_view::npos)
    refuse(code::bad_value,
           "Enumeration value " + bson::to_shell(level) + " for field 'readConcern.level' is not a valid value.");
  if (in_transaction_ && (level.as_text() == "linearizable" || level.as_text() == "available"))
    refuse(code::invalid_options, "readConcern level '" + level.as_text() +
                                      "' is not supported in a transaction; use local, majority or snapshot");
}

/// Outside of transactions only reads have another read concern than local, and count no snapshot.
void CommandRun::check_read_concern_support() const {
  const Value& concern = field("readConcern");
  if (in_transaction_ || concern.is_missing()) return;
  if (!concern.is_document())
    refuse(code::type_mismatch, "BSON field '" + name_ + ".readConcern' is the wrong type '" +
                                    std::string(bson::type_name(concern.type())) + "', expected type 'object'");
  check_read_concern();
  const Value& level = concern["level"];
  if (level.is_missing() || level.as_text() == "local") return;
  const bool reads = name_ == "find" || name_ == "aggregate" || name_ == "distinct" || name_ == "explain" ||
                     (name_ == "count" && level.as_text() != "snapshot");
  if (reads) return;
  Value told = concern;
  told.set("provenance", Value::string("clientSupplied"));
  refuse(code::invalid_options, "Command " + name_ + " does not support " +
                                    bson::to_shell(bson::doc({{"readConcern", told}})) +
                                    " :: caused by :: read concern not supported");
}

void CommandRun::forget_transaction(ServerSession& session, ServerSession::State state) {
  if (session.state == ServerSession::in_progress) {
    if (store_.open(session.transaction)) host_.abort_transaction(session.transaction);
    forget_namespaces(session.transaction);
    ++server_.counters_.aborted;
    std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) {
      return cursor.session == session.id && cursor.transaction == session.number;
    });
  }
  std::erase_if(server_.rewritten_, [&](const DocumentServer::Rewritten& one) {
    return one.transaction != 0 && one.transaction == session.transaction;
  });
  session.transaction = 0;
  session.touched.clear();
  session.state = state;
}

void CommandRun::abort_own_transaction() {
  ServerSession* own = session();
  if (own == nullptr || own->state != ServerSession::in_progress) return;
  const TransactionId undone = own->transaction;
  const bool store_did_it = !store_.open(undone);
  forget_transaction(*own, ServerSession::aborted);
  if (store_did_it) host_.transaction_undone(undone);
}

CommandRun::Outcome CommandRun::commit_transaction() {
  if (database_ != "admin") refuse(code::unauthorized, "commitTransaction may only be run against the admin database.");
  if (!in_transaction_) refuse(50768, "commitTransaction must be run within a transaction");
  ServerSession* own = session();
  if (own->state == ServerSession::committed) return Outcome::done;  // MONGO-027: once is enough.
  const auto is_taken = [&](const Namespace& made) {
    return made.exists != 0 && made.made_by == own->transaction &&
           std::any_of(server_.namespaces_.begin(), server_.namespaces_.end(), [&](const Namespace& one) {
             return one.exists != 0 && one.made_by == 0 && one.database == made.database && one.name == made.name;
           });
  };
  if (own->transaction != 0 && std::any_of(server_.namespaces_.begin(), server_.namespaces_.end(), is_taken)) {
    abort_own_transaction();
    refuse_conflict();
  }
  server_.commit_session_ = own->id;
  server_.commit_number_ = own->number;
  const TransactionId committed = own->transaction;
  own->transaction = 0;
  own->touched.clear();
  own->state = ServerSession::committed;
  server_.committing_ = committed;
  const bool did = host_.commit_transaction(committed);
  server_.committing_ = 0;
  server_.commit_session_.clear();
  server_.commit_number_ = -1;
  own = session();
  std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) {
    return cursor.session == own->id && cursor.transaction == own->number;
  });
  if (!did) {
    forget_namespaces(committed);
    own->state = ServerSession::aborted;
    refuse(code::no_such_transaction, "Transaction with " + number_text(own->number) + " has been aborted.");
  }
  own->majority_at = now() + host_.replication_lag();
  publish_namespaces(committed);
  ++server_.counters_.committed;
  return Outcome::done;
}

CommandRun::Outcome CommandRun::abort_transaction() {
  if (database_ != "admin") refuse(code::unauthorized, "abortTransaction may only be run against the admin database.");
  if (!in_transaction_) refuse(50768, "abortTransaction must be run within a transaction");
  forget_transaction(*session(), ServerSession::aborted);
  return Outcome::done;
}

/// The stored result of a statement that has been carried out before under this number; null: it has not.
const Value* CommandRun::retried(std::int32_t statement) {
  if (!is_retryable_ || session() == nullptr) return nullptr;
  const std::vector<StatementResult>& known = session()->results;
  const auto at = std::lower_bound(known.begin(), known.end(), statement, comes_before);
  if (at == known.end() || at->statement != statement) return nullptr;
  retried_result_ = bson::decode(at->result);
  ++server_.counters_.retried_statements;
  return &retried_result_;
}

void CommandRun::remember(std::int32_t statement, const Value& result) {
  if (!is_retryable_ || session() == nullptr) return;
  std::vector<StatementResult>& known = session()->results;
  known.insert(std::lower_bound(known.begin(), known.end(), statement, comes_before),
               {statement, now() + host_.replication_lag(), bson::encode(result)});
}

std::int32_t CommandRun::statement_id(std::size_t at) const {
  std::int64_t number = integer("stmtId", 0) + static_cast<std::int64_t>(at);
  if (const Value& ids = field("stmtIds"); ids.is_array() && at < ids.elements().size())
    number = ids.elements()[at].integral().value_or(-1);
  if (number < INT32_MIN || number > INT32_MAX) refuse(code::bad_value, "stmtId is out of range");
  return static_cast<std::int32_t>(number);
}

CommandRun::Outcome CommandRun::start_session() {
  reply_.append("id", bson::doc({{"id", Value::binary(4, random_bytes(16))}}));
  reply_.append("timeoutMinutes", Value::int32(30));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::end_sessions() {
  for (const Value& id : field("endSessions").elements()) {
    if (!id.is_document()) continue;
    const std::string key = bson::encode(id);
    for (ServerSession& one : server_.sessions_) {
      if (one.id == key && one.state == ServerSession::in_progress) forget_transaction(one, ServerSession::aborted);
    }
    std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) { return cursor.session == key; });
    std::erase_if(server_.sessions_, [&](const ServerSession& one) { return one.id == key; });
  }
  session_ = -1;
  return Outcome::done;
}

CommandRun::Outcome CommandRun::refresh_sessions() {
  for (const Value& id : field("refreshSessions").elements()) {
    if (!id.is_document()) continue;
    const std::string key = bson::encode(id);
    for (ServerSession& one : server_.sessions_) {
      if (one.id == key) one.last_used = now();
    }
  }
  return Outcome::done;
}

/// killSessions names some; the others mean all.
CommandRun::Outcome CommandRun::kill_sessions() {
  std::vector<std::string> named;
  for (const Value& id : command_.fields().front().value.elements()) {
    if (id.is_document()) named.push_back(bson::encode(id));
  }
  const auto dies = [&](const std::string& id) {
    return name_ != "killSessions" || named.empty() || std::find(named.begin(), named.end(), id) != named.end();
  };
  for (ServerSession& one : server_.sessions_) {
    if (dies(one.id) && one.state == ServerSession::in_progress) forget_transaction(one, ServerSession::aborted);
  }
  std::erase_if(server_.cursors_,
                [&](const ServerCursor& cursor) { return !cursor.session.empty() && dies(cursor.session); });
  return Outcome::done;
}

}  // namespace premortem
