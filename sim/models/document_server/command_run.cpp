#include "sim/models/document_server/command_run.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/query/expression.hpp"
#include "sim/models/query/regex.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t millisecond = 1'000'000;

/// What any command may carry.
constexpr std::string_view common_fields =
    " $db lsid txnNumber autocommit startTransaction $clusterTime $readPreference readConcern writeConcern maxTimeMS "
    "comment apiVersion apiStrict apiDeprecationErrors maxTimeMSOpOnly $audit $client $configServerState "
    "$topologyTime stmtId stmtIds mayBypassWriteBlocking $queryOptions ";

bool is_among(std::string_view names, const std::string& name) {
  return names.find(" " + name + " ") != std::string_view::npos;
}

/// Codes after which a driver may try a retryable write again: MONGO-044.
bool is_retriable(int error) {
  static constexpr int codes[] = {6, 7, 89, 91, 134, 189, 262, 402, 407, 9001, 10107, 11600, 11602, 13435, 13436};
  return std::find(std::begin(codes), std::end(codes), error) != std::end(codes);
}

/// After which a driver opens a change stream again: the above, and what makes routers look again.
bool is_resumable(int error) {
  static constexpr int codes[] = {63, 133, 150, 234, 249, 13388};
  return is_retriable(error) || std::find(std::begin(codes), std::end(codes), error) != std::end(codes);
}

bool is_snapshot_error(int error) { return error == 239 || error == 246 || error == 250 || error == 272; }

}  // namespace

CommandRun::CommandRun(DocumentServer& server, DocumentStore& store, ServerHost& host, StoreClientId client,
                       std::int32_t request, bool wants_reply, const Value& command)
    : server_(server),
      store_(store),
      host_(host),
      client_(client),
      request_(request),
      wants_reply_(wants_reply),
      command_(command),
      began_(host.now()),
      reply_(Value::document()) {
  context_.now = now_ms();
  context_.luck = host.luck();
}

void CommandRun::resume(const PendingCommand& pending) {
  progress_ = pending.progress;
  began_ = pending.began;
  resumed_ = true;
  ran_before_ = pending.why != PendingCommand::blocked && pending.why != PendingCommand::session;
  if (pending.why == PendingCommand::session) operation_ = pending.operation;
  context_.now = began_ / millisecond;
}

bool CommandRun::run() {
  Outcome outcome = Outcome::done;
  const query::SearchBudget budget;  // For all its filters and expressions.
  try {
    outcome = carry_out();
  } catch (const query::CommandError& error) {
    end_snapshot();
    if (used_cursor_ != 0) close_cursor(used_cursor_);
    fail(error);
  }
  if (outcome == Outcome::waits) {
    end_snapshot();
    return false;
  }
  decorate();
  return true;
}

CommandRun::Outcome CommandRun::carry_out() {
  read_envelope();
  const Entry* entry = find_entry(name_);
  if (!resumed_ ? strike_fail_point() : end_fail_point()) {
    if (wait_.due != INT64_MAX) return Outcome::waits;
    return Outcome::done;
  }
  if (entry == nullptr) refuse(code::command_not_found, "no such command: '" + name_ + "'");
  check_api_version(*entry);
  const bool is_handshake = entry->handler == &CommandRun::hello;  // The session knows what it may carry.
  const bool takes_any = is_handshake || entry->fields == " * ";
  for (std::size_t at = 1; at < command_.fields().size() && !takes_any; ++at) {
    const std::string& known = command_.fields()[at].name;
    if (!is_among(common_fields, known) && !is_among(entry->fields, known))
      refuse(40415, "BSON field '" + name_ + "." + known + "' is an unknown field.");
  }
  if (const Value& limit = field("maxTimeMS"); !limit.is_missing() && name_ != "getMore") {
    const auto length = limit.integral();
    if (!length || *length < 0 || *length > INT32_MAX)
      refuse(code::bad_value, bson::to_shell(limit) + " value for maxTimeMS is out of range [0, 2147483647]");
    if (*length > 0) deadline_ = began_ + *length * millisecond;
  }
  check_primary(*entry);
  server_.counters_.commands += resumed_ ? 0U : 1U;
  if (!ran_before_ && is_session_taken()) return wait(PendingCommand::session, INT64_MAX);
  use_session();
  if (in_transaction_ && !entry->in_transactions)
    refuse(code::operation_not_supported_in_transaction, "Cannot run '" + name_ + "' in a multi-document transaction.");
  if (in_transaction_ && (database_ == "local" || database_ == "config"))
    refuse(code::operation_not_supported_in_transaction,
           "Cannot run command against the '" + database_ + "' database in a transaction.");
  check_read_concern_support();
  check_write_concern();
  if (const std::int64_t due = causal_majority_at(); due > now()) return wait(PendingCommand::majority, due);
  if (const Value& let = field("let"); !let.is_missing()) {
    if (!let.is_document())
      refuse(code::type_mismatch, "BSON field '" + name_ + ".let' is the wrong type '" +
                                      std::string(bson::type_name(let.type())) + "', expected type 'object'");
    query::Context context = context_;
    context.cluster_time = server_.last_time_;
    context_.let = query::evaluate_let(let, context);
  }
  if (in_transaction_ && !entry->writes && fail_point_strikes("WTWriteConflictExceptionForReads")) refuse_conflict();
  writes_ = entry->writes && (!in_transaction_ || name_ == "commitTransaction");
  return (this->*entry->handler)();
}

/// Version 1 is the only one. Source: mongodb/mongo, src/mongo/db/initialize_api_parameters.cpp; MongoDB manual,
/// "Stable API".
void CommandRun::check_api_version(const Entry& entry) const {
  const Value &version = field("apiVersion"), &strict = field("apiStrict");
  if (version.is_missing()) {
    if (!strict.is_missing() || !field("apiDeprecationErrors").is_missing())
      refuse(4886600, "Provided apiStrict and/or apiDeprecationErrors without passing apiVersion");
    return;
  }
  if (!version.is_string())
    refuse(code::type_mismatch, "BSON field 'apiVersion' is the wrong type '" +
                                    std::string(bson::type_name(version.type())) + "', expected type 'string'");
  if (version.as_text() == "2") refuse(code::api_version_error, "Cannot accept API version 2");
  if (version.as_text() != "1") refuse(code::api_version_error, "API version must be \"1\"");
  if (!strict.truthy()) return;
  static constexpr std::string_view commands =
      " abortTransaction aggregate collMod commitTransaction count create createIndexes delete drop dropDatabase "
      "dropIndexes endSessions explain find findAndModify findandmodify getMore hello insert killCursors "
      "listCollections listDatabases listIndexes ping refreshSessions saslContinue saslStart update ";
  if (!is_among(commands, std::string(entry.name)))
    refuse(code::api_strict_error,
           "Provided apiStrict:true, but the command " + name_ +
               " is not in API Version 1. Information on supported commands and migrations in API Version 1 can be "
               "found at https://dochub.mongodb.org/core/manual-versioned-api.");
  static constexpr std::string_view not_stable =
      " $currentOp $indexStats $listLocalSessions $listSearchIndexes $listSessions $planCacheStats $search $searchMeta "
      "$vectorSearch ";
  for (const Value& stage : field("pipeline").elements()) {
    if (stage.is_document() && !stage.fields().empty() && is_among(not_stable, stage.fields().front().name))
      refuse(code::api_strict_error,
             stage.fields().front().name + " is not allowed with 'apiStrict: true' in API Version 1");
  }
}

void CommandRun::read_envelope() {
  if (command_.fields().empty()) refuse(code::failed_to_parse, "a command has a name");
  name_ = command_.fields().front().name;
  const Value& database = field("$db");
  if (!database.is_string()) refuse(40571, "OP_MSG requests require a $db argument");
  database_ = database.as_text();
  if (database_.empty() || database_.size() > 63 || database_.find_first_of("/\\. \"$*<>:|?") != std::string::npos)
    refuse(code::invalid_namespace, "Invalid database name: '" + database_ + "'");
}

std::int64_t CommandRun::integer(std::string_view name, std::int64_t otherwise) const {
  const Value& value = field(name);
  if (value.is_nullish()) return otherwise;
  const auto whole = value.integral();
  if (value.is_number() && whole) return *whole;
  if (!value.is_number())
    refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + "' is the wrong type '" +
                                    std::string(bson::type_name(value.type())) +
                                    "', expected types '[long, int, decimal, double']");
  refuse(code::failed_to_parse, "Expected an integer in field '" + std::string(name) + "': " + bson::to_shell(value));
}

Value CommandRun::document(std::string_view name) const {
  const Value& value = field(name);
  if (value.is_document()) return value;
  if (value.is_nullish()) return Value::document();
  refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + "' is the wrong type '" +
                                  std::string(bson::type_name(value.type())) + "', expected type 'object'");
}

bool CommandRun::flag(std::string_view name, bool otherwise) const {
  const Value& value = field(name);
  if (value.is_nullish()) return otherwise;
  if (value.is(bson::Type::boolean) || value.is_number()) return value.truthy();
  refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + "' is the wrong type '" +
                                  std::string(bson::type_name(value.type())) +
                                  "', expected types '[bool, long, int, decimal, double']");
}

std::string CommandRun::text(std::string_view name) const {
  const Value& value = field(name);
  if (value.is_string()) return value.as_text();
  refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + "' is the wrong type '" +
                                  std::string(bson::type_name(value.type())) + "', expected type 'string'");
}

/// The set has one member: what asks for more cannot be had. MONGO-060
void CommandRun::check_write_concern() {
  const Value& concern = field("writeConcern");
  if (concern.is_missing()) return;
  if (!concern.is_document())
    refuse(code::type_mismatch, "writeConcern must be a document, but is " + bson::to_shell(concern));
  if (in_transaction_ && name_ != "commitTransaction" && name_ != "abortTransaction")
    refuse(code::invalid_options, "writeConcern is not allowed within a multi-statement transaction");
  const Value& w = concern["w"];
  if (w.is_string() && w.as_text() != "majority") {
    write_concern_error_ = bson::doc({{"code", Value::int32(code::unknown_repl_write_concern)},
                                      {"codeName", Value::string("UnknownReplWriteConcern")},
                                      {"errmsg", Value::string("No write concern mode named '" + w.as_text() +
                                                               "' found in replica set configuration")}});
  }
  if (!w.is_number()) return;
  const auto members = w.integral();
  if (!members || *members < 0 || *members > 50)
    refuse(code::failed_to_parse, "w has to be a non-negative number and not greater than 50");
  if (*members > 1) {
    write_concern_error_ = bson::doc({{"code", Value::int32(code::unsatisfiable_write_concern)},
                                      {"codeName", Value::string("UnsatisfiableWriteConcern")},
                                      {"errmsg", Value::string("Not enough data-bearing nodes")}});
  }
}

CommandRun::Outcome CommandRun::wait(PendingCommand::Why why, std::int64_t due) {
  if (now() >= deadline_) refuse(code::max_time_expired, "operation exceeded time limit");  // MONGO-015
  wait_.client = client_;
  wait_.request = request_;
  wait_.wants_reply = wants_reply_ ? 1 : 0;
  wait_.why = why;
  wait_.due = due;
  wait_.began = began_;
  wait_.deadline = std::min(wait_.deadline, deadline_);
  wait_.progress = progress_;
  return Outcome::waits;
}

void CommandRun::fail(const query::CommandError& error) {
  reply_ = error_reply(command_, error.code(), error.what(), reads_changes_);
  if (labels_given_) reply_.erase("errorLabels");
  for (const bson::Field& further : error.info.fields()) reply_.append(further.name, further.value);
  const bool ends_transaction = name_ == "commitTransaction" || name_ == "abortTransaction";
  // Whatever fails in a transaction undoes all of it: MONGO-010, MONGO-046.
  const bool never_begun = error.code() == code::transaction_too_old ||
                           error.code() == code::conflicting_operation_in_progress ||
                           error.code() == code::transaction_committed;
  const bool is_its_own = session() == nullptr || field("txnNumber").integral() == session()->number;
  if (in_transaction_ && !ends_transaction && !never_begun && is_its_own) abort_own_transaction();
}

/// Who says TransientTransactionError and RetryableWriteError: MONGO-025, MONGO-044; protocols.md, B.5. The labels of
/// change streams: mongodb/mongo, src/mongo/db/error_labels.cpp.
Value CommandRun::labels_for(const Value& command, int error, bool with_write_concern_error, bool reads_changes) {
  const bool has_number = command.has("txnNumber");
  const bool has_autocommit = command.has("autocommit");
  const std::string& name = command.fields().front().name;
  const bool ends = name == "commitTransaction" || name == "abortTransaction";
  Value labels = Value::array();
  const bool transient =
      error == code::write_conflict || error == code::lock_timeout || error == 267 || is_snapshot_error(error) ||
      (error == code::no_such_transaction && (!ends || !with_write_concern_error)) || (!ends && is_retriable(error));
  if (has_number && has_autocommit && transient) {
    labels.push_back(Value::string("TransientTransactionError"));
  } else if (has_number && (!has_autocommit || ends) && is_retriable(error)) {
    labels.push_back(Value::string("RetryableWriteError"));
  }
  const std::vector<Value>& stages = command["pipeline"].elements();
  const bool opens_stream = name == "aggregate" && !stages.empty() && stages.front().has("$changeStream");
  if ((opens_stream || reads_changes) && is_resumable(error) && !with_write_concern_error)
    labels.push_back(Value::string("ResumableChangeStreamError"));
  if (error == code::change_stream_fatal || error == code::change_stream_history_lost)
    labels.push_back(Value::string("NonResumableChangeStreamError"));
  return labels;
}

Value CommandRun::error_reply(const Value& command, int number, const std::string& text, bool reads_changes) {
  Value reply = bson::doc({{"ok", Value::number(0)},
                           {"errmsg", Value::string(text)},
                           {"code", Value::int32(number)},
                           {"codeName", Value::string(query::code_name(number))}});
  if (Value labels = labels_for(command, number, false, reads_changes); !labels.elements().empty())
    reply.append("errorLabels", labels);
  return reply;
}

std::uint64_t CommandRun::next_time() {
  const std::uint64_t second = static_cast<std::uint64_t>(std::max<std::int64_t>(now_ms() / 1000, 0)) << 32;
  server_.last_time_ = std::max(server_.last_time_ + 1, second | 1U);
  return server_.last_time_;
}

void CommandRun::decorate() {
  if (!write_concern_error_.is_missing() && !reply_.has("writeConcernError") &&
      (reply_["ok"].is_missing() || reply_["ok"].truthy()))
    reply_.append("writeConcernError", write_concern_error_);
  if (reply_["ok"].is_missing()) reply_.append("ok", Value::number(1));
  if (server_.last_time_ == 0) next_time();
  const Value time = Value::timestamp(static_cast<std::uint32_t>(server_.last_time_ >> 32),
                                      static_cast<std::uint32_t>(server_.last_time_));
  reply_.append("$clusterTime", bson::doc({{"clusterTime", time},
                                           {"signature", bson::doc({{"hash", Value::binary(0, std::string(20, '\0'))},
                                                                    {"keyId", Value::int64(0)}})}}));
  reply_.append("operationTime", time);
}

/// Seconds, then bytes that no other has: from the seed, so that runs are alike.
Value CommandRun::new_object_id() {
  const auto seconds = static_cast<std::uint32_t>(now_ms() / 1000);
  const std::uint64_t number = ++server_.made_ids_;
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(seconds >> shift & 0xFF);
  for (int shift = 56; shift >= 0; shift -= 8) bytes += static_cast<char>(number >> shift & 0xFF);
  return Value::object_id(bytes);
}

std::string CommandRun::random_bytes(std::size_t count) {
  std::string bytes;
  while (bytes.size() < count) {
    const std::uint64_t word = combine(0x6279746573, ++server_.made_ids_);
    for (int shift = 56; shift >= 0 && bytes.size() < count; shift -= 8)
      bytes += static_cast<char>(word >> shift & 0xFF);
  }
  return bytes;
}

const CommandRun::Entry* CommandRun::find_entry(std::string_view name) {
  const std::vector<Entry>& all = entries();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Entry& entry) { return entry.name == name; });
  return at == all.end() ? nullptr : &*at;
}

const std::vector<CommandRun::Entry>& CommandRun::entries() {
  using Run = CommandRun;
  static constexpr std::string_view indexes = " indexes ignoreUnknownIndexOptions commitQuorum ";
  static const std::vector<Entry> table{
      {"insert", &Run::insert, " documents ordered bypassDocumentValidation let ", true, true},
      {"update", &Run::update, " updates ordered bypassDocumentValidation let ", true, true},
      {"delete", &Run::remove, " deletes ordered let ", true, true},
      {"findAndModify", &Run::find_and_modify,
       " query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let ", true,
       true},
      {"findandmodify", &Run::find_and_modify,
       " query sort remove update new fields upsert bypassDocumentValidation collation arrayFilters hint let ", true,
       true},
      {"find", &Run::find,
       " filter sort projection hint skip limit batchSize singleBatch max min returnKey showRecordId tailable "
       "oplogReplay noCursorTimeout awaitData allowPartialResults collation allowDiskUse let ",
       true, false},
      {"getMore", &Run::get_more, " collection batchSize ", true, false},
      {"killCursors", &Run::kill_cursors, " cursors ", true, false},
      {"aggregate", &Run::aggregate,
       " pipeline explain allowDiskUse cursor bypassDocumentValidation collation hint let fromMongos needsMerge ", true,
       false},
      {"count", &Run::count, " query limit skip hint collation fields ", false, false},
      {"distinct", &Run::distinct, " key query collation hint ", true, false},
      {"explain", &Run::explain, " verbosity ", false, false},
      {"create", &Run::create,
       " capped size max validator validationLevel validationAction viewOn pipeline collation timeseries "
       "expireAfterSeconds clusteredIndex changeStreamPreAndPostImages storageEngine indexOptionDefaults autoIndexId "
       "encryptedFields flags ",
       true, true},
      {"drop", &Run::drop, " ", false, true},
      {"dropDatabase", &Run::drop_database, " ", false, true},
      {"renameCollection", &Run::rename_collection, " to dropTarget ", false, true},
      {"collMod", &Run::coll_mod,
       " index validator validationLevel validationAction changeStreamPreAndPostImages expireAfterSeconds ", false,
       true},
      {"listCollections", &Run::list_collections, " filter nameOnly authorizedCollections cursor ", false, false},
      {"listDatabases", &Run::list_databases, " filter nameOnly authorizedDatabases ", false, false},
      {"createIndexes", &Run::create_indexes, indexes, true, true},
      {"dropIndexes", &Run::drop_indexes, " index ", false, true},
      {"deleteIndexes", &Run::drop_indexes, " index ", false, true},
      {"listIndexes", &Run::list_indexes, " cursor includeBuildUUIDs ", false, false},
      {"commitTransaction", &Run::commit_transaction, " recoveryToken ", true, true},
      {"abortTransaction", &Run::abort_transaction, " recoveryToken ", true, true},
      {"startSession", &Run::start_session, " ", false, false},
      {"endSessions", &Run::end_sessions, " ", false, false},
      {"refreshSessions", &Run::refresh_sessions, " ", false, false},
      {"killSessions", &Run::kill_sessions, " ", false, false},
      {"killAllSessions", &Run::kill_sessions, " ", false, false},
      {"killAllSessionsByPattern", &Run::kill_sessions, " ", false, false},
      {"createSearchIndexes", &Run::search_indexes, " indexes ", false, false},
      {"dropSearchIndex", &Run::search_indexes, " id name ", false, false},
      {"updateSearchIndex", &Run::search_indexes, " id name definition ", false, false},
      {"listSearchIndexes", &Run::search_indexes, " id name ", false, false},
      {"configureFailPoint", &Run::configure_fail_point, " mode data ", false, false},
      {"hello", &Run::hello, " ", false, false},
      {"isMaster", &Run::hello, " ", false, false},
      {"ismaster", &Run::hello, " ", false, false},
      {"saslStart", &Run::hello, " ", false, false},
      {"saslContinue", &Run::hello, " ", false, false},
      {"logout", &Run::hello, " ", false, false},
      {"ping", &Run::ping, " ", false, false},
      {"buildInfo", &Run::build_info, " ", false, false},
      {"buildinfo", &Run::build_info, " ", false, false},
      {"serverStatus", &Run::server_status, " ", false, false},
      {"getParameter", &Run::get_parameter, " * ", false, false},
      {"setParameter", &Run::set_parameter, " * ", false, false},
      {"hostInfo", &Run::host_info, " ", false, false},
      {"connectionStatus", &Run::connection_status, " showPrivileges ", false, false},
      {"whatsmyuri", &Run::whats_my_uri, " ", false, false},
      {"getLog", &Run::get_log, " ", false, false},
      {"getCmdLineOpts", &Run::command_line_options, " ", false, false},
      {"currentOp", &Run::current_op, " $all $ownOps ", false, false},
      {"killOp", &Run::kill_op, " op ", false, false},
      {"collStats", &Run::collection_stats, " scale ", false, false},
      {"dbStats", &Run::database_stats, " scale freeStorage ", false, false},
      {"validate", &Run::validate, " full repair metadata checkBSONConformance ", false, false},
      {"replSetGetStatus", &Run::set_status, " initialSync ", false, false},
      {"replSetStepDown", &Run::step_down, " secondaryCatchUpPeriodSecs force ", false, false},
      {"profile", &Run::profile, " slowms sampleRate filter ", false, false},
  };
  return table;
}

}  // namespace premortem
