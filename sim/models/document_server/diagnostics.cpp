// What clients ask of the server itself. Sources: protocols.md, B.2 and B.3.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::string_view version = "7.0.14";

Value whole(std::uint64_t number) { return Value::int64(static_cast<std::int64_t>(number)); }

}  // namespace

/// Only asked for when a fail point names it, and has not struck: the session knows the rest.
CommandRun::Outcome CommandRun::hello() {
  passes_ = true;
  return Outcome::done;
}

CommandRun::Outcome CommandRun::ping() { return Outcome::done; }

CommandRun::Outcome CommandRun::build_info() {
  reply_.append("version", Value::string(std::string(version)));
  reply_.append("gitVersion", Value::string("premortem"));
  reply_.append("modules", Value::array());
  reply_.append("allocator", Value::string("system"));
  reply_.append("versionArray", Value::array({Value::int32(7), Value::int32(0), Value::int32(14), Value::int32(0)}));
  reply_.append("bits", Value::int32(64));
  reply_.append("debug", Value::boolean(false));
  reply_.append("maxBsonObjectSize", Value::int32(static_cast<std::int32_t>(bson::document_bytes_max)));
  reply_.append("storageEngines", Value::array({Value::string("wiredTiger")}));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::server_status() {
  const ServerCounters& counted = server_.counters_;
  reply_.append("host", Value::string("premortem"));
  reply_.append("version", Value::string(std::string(version)));
  reply_.append("process", Value::string("mongod"));
  reply_.append("localTime", Value::date(now_ms()));
  reply_.append("connections", bson::doc({{"current", whole(server_.clients_.size())}}));
  reply_.append("metrics",
                bson::doc({{"cursor", bson::doc({{"open", bson::doc({{"total", whole(server_.cursors_.size())}})}})},
                           {"operation", bson::doc({{"writeConflicts", whole(counted.write_conflicts)}})},
                           {"ttl", bson::doc({{"deletedDocuments", whole(counted.ttl_deleted)}})}}));
  reply_.append("opcounters", bson::doc({{"insert", whole(counted.inserted)},
                                         {"query", whole(counted.queried)},
                                         {"update", whole(counted.updated)},
                                         {"delete", whole(counted.deleted)},
                                         {"getmore", whole(counted.got_more)},
                                         {"command", whole(counted.commands)}}));
  reply_.append("repl", bson::doc({{"setName", Value::string("rs0")},
                                   {"isWritablePrimary", Value::boolean(server_.is_writable())}}));
  reply_.append("storageEngine",
                bson::doc({{"name", Value::string("wiredTiger")}, {"persistent", Value::boolean(true)}}));
  reply_.append("transactions", bson::doc({{"retriedStatementsCount", whole(counted.retried_statements)},
                                           {"currentOpen", whole(store_.open_transactions())},
                                           {"totalStarted", whole(counted.started)},
                                           {"totalCommitted", whole(counted.committed)},
                                           {"totalAborted", whole(counted.aborted)}}));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::get_parameter() {
  const std::vector<bson::Field> known = {
      {"featureCompatibilityVersion", bson::doc({{"version", Value::string("7.0")}})},
      {"maxTransactionLockRequestTimeoutMillis", Value::int32(5)},
      {"enableTestCommands", Value::boolean(true)},
      {"requireApiVersion", Value::boolean(false)},
      {"authenticationMechanisms", Value::array({Value::string("SCRAM-SHA-256")})},
      {"cursorTimeoutMillis", Value::int64(600'000)},
      {"localLogicalSessionTimeoutMinutes", Value::int32(30)},
      {"ttlMonitorSleepSecs", Value::int32(60)}};
  const Value& which = field("getParameter");
  const bool all = (which.is_string() && which.as_text() == "*") || which["allParameters"].truthy();
  for (const bson::Field& one : known) {
    if (all || !field(one.name).is_missing()) reply_.append(one.name, one.value);
  }
  if (reply_.fields().empty()) refuse(code::invalid_options, "no option found to get");
  return Outcome::done;
}

/// Nothing of it can be set: what would have no effect is not said to have one.
CommandRun::Outcome CommandRun::set_parameter() {
  for (std::size_t at = 1; at < command_.fields().size(); ++at) {
    const std::string& name = command_.fields()[at].name;
    if (name.starts_with('$') || name == "lsid") continue;
    refuse(code::invalid_options, "setParameter of '" + name + "' is not modelled");
  }
  refuse(code::invalid_options, "no option found to set, use help:true to see options");
}

CommandRun::Outcome CommandRun::host_info() {
  reply_.append("system",
                bson::doc({{"currentTime", Value::date(now_ms())}, {"hostname", Value::string("premortem")}}));
  reply_.append("os", bson::doc({{"type", Value::string("Linux")},
                                 {"name", Value::string("premortem")},
                                 {"version", Value::string("0")}}));
  reply_.append("extra", Value::document());
  return Outcome::done;
}

CommandRun::Outcome CommandRun::connection_status() {
  reply_.append("authInfo",
                bson::doc({{"authenticatedUsers", Value::array()}, {"authenticatedUserRoles", Value::array()}}));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::whats_my_uri() {
  reply_.append("you", Value::string("127.0.0.1:" + std::to_string(client_)));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::get_log() {
  const Value& which = field("getLog");
  if (which.is_string() && which.as_text() == "*") {
    reply_.append("names", Value::array({Value::string("global"), Value::string("startupWarnings")}));
    return Outcome::done;
  }
  if (!which.is_string())
    refuse(code::type_mismatch, "Argument to getLog must be of type String; found " + bson::to_shell(which));
  if (which.as_text() != "global" && which.as_text() != "startupWarnings")
    refuse(138, "No log named '" + which.as_text() + "'");
  reply_.append("totalLinesWritten", Value::int32(0));
  reply_.append("log", Value::array());
  return Outcome::done;
}

CommandRun::Outcome CommandRun::command_line_options() {
  reply_.append("argv", Value::array({Value::string("mongod")}));
  reply_.append("parsed", Value::document());
  return Outcome::done;
}

CommandRun::Outcome CommandRun::current_op() {
  Value all = Value::array();
  const auto told = metadata_stage(bson::doc({{"$currentOp", Value::document()}}));
  for (const Value& one : *told) all.push_back(one);
  reply_.append("inprog", all);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::kill_op() {
  const std::int64_t which = integer("op", -1);
  std::erase_if(server_.pending_, [&](const PendingCommand& one) {
    if (one.operation != which) return false;
    const Value told = bson::doc({{"ok", Value::number(0)},
                                  {"errmsg", Value::string("operation was interrupted")},
                                  {"code", Value::int32(code::interrupted)},
                                  {"codeName", Value::string("Interrupted")}});
    server_.events_.push_back({one.client, one.request, false, false, bson::encode(told)});
    return true;
  });
  server_.wake_behind_schema_change();
  server_.wake_behind_session();
  reply_.append("info", Value::string("attempting to kill op"));
  return Outcome::done;
}

Value CommandRun::storage_statistics(const Namespace& space) const {
  std::int64_t size = 0;
  const DocumentTable& table = store_.table(space.collection);
  for (DocumentId row = table.row_after(DocumentTable::nil); row != DocumentTable::nil; row = table.row_after(row))
    size += static_cast<std::int64_t>(store_.body(space.collection, row, 0).size());
  const auto documents = static_cast<std::int64_t>(store_.size(space.collection));
  return bson::doc({{"size", Value::int64(size)},
                    {"count", Value::int64(documents)},
                    {"avgObjSize", Value::int64(documents == 0 ? 0 : size / documents)},
                    {"storageSize", Value::int64(size)},
                    {"nindexes", Value::int32(static_cast<std::int32_t>(table.key_indexes().size()))},
                    {"capped", Value::boolean(false)}});
}

CommandRun::Outcome CommandRun::collection_stats() {
  const std::string name = collection_name("collStats");
  reply_.append("ns", Value::string(database_ + "." + name));
  if (const Namespace* space = find_namespace(database_, name)) {
    const Value statistics = storage_statistics(*space);
    for (const bson::Field& one : statistics.fields()) reply_.append(one.name, one.value);
  } else {
    reply_.append("size", Value::int32(0));
    reply_.append("count", Value::int32(0));
  }
  return Outcome::done;
}

CommandRun::Outcome CommandRun::database_stats() {
  std::int64_t collections = 0, documents = 0, size = 0, indexes = 0;
  for (const Namespace& space : server_.namespaces_) {
    if (space.exists == 0 || space.database != database_) continue;
    const Value of = storage_statistics(space);
    ++collections;
    documents += *of["count"].integral();
    size += *of["size"].integral();
    indexes += *of["nindexes"].integral();
  }
  reply_.append("db", Value::string(database_));
  reply_.append("collections", Value::int64(collections));
  reply_.append("views", Value::int64(0));
  reply_.append("objects", Value::int64(documents));
  reply_.append("avgObjSize",
                Value::number(documents == 0 ? 0 : static_cast<double>(size) / static_cast<double>(documents)));
  reply_.append("dataSize", Value::number(static_cast<double>(size)));
  reply_.append("storageSize", Value::number(static_cast<double>(size)));
  reply_.append("indexes", Value::int64(indexes));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::validate() {
  const std::string name = collection_name("validate");
  const Namespace* space = find_namespace(database_, name);
  if (space == nullptr)
    refuse(code::namespace_not_found, "Collection '" + database_ + "." + name + "' does not exist to validate.");
  reply_.append("ns", Value::string(database_ + "." + name));
  reply_.append("nrecords", Value::int64(static_cast<std::int64_t>(store_.size(space->collection))));
  reply_.append("nIndexes",
                Value::int32(static_cast<std::int32_t>(store_.table(space->collection).key_indexes().size())));
  reply_.append("valid", Value::boolean(true));
  reply_.append("errors", Value::array());
  return Outcome::done;
}

CommandRun::Outcome CommandRun::set_status() {
  if (database_ != "admin") refuse(code::unauthorized, "replSetGetStatus may only be run against the admin database.");
  reply_.append("set", Value::string("rs0"));
  reply_.append("date", Value::date(now_ms()));
  reply_.append("myState", Value::int32(server_.is_writable() ? 1 : 2));
  reply_.append("members",
                Value::array({bson::doc({{"_id", Value::int32(0)},
                                         {"health", Value::number(1)},
                                         {"state", Value::int32(server_.is_writable() ? 1 : 2)},
                                         {"stateStr", Value::string(server_.is_writable() ? "PRIMARY" : "SECONDARY")},
                                         {"self", Value::boolean(true)}})}));
  return Outcome::done;
}

/// As a server that does not stand beside Atlas Search.
CommandRun::Outcome CommandRun::search_indexes() {
  refuse(31082,
         "Using Atlas Search Database Commands and the $listSearchIndexes aggregation stage requires additional "
         "configuration. Please connect to Atlas or an AtlasCLI local deployment to enable. For more information on "
         "how to connect, see https://dochub.mongodb.org/core/atlas-cli-deploy-local-reqs.");
}

CommandRun::Outcome CommandRun::profile() {
  const std::int64_t level = integer("profile", -1);
  if (level > 0) refuse(238, "the profiler is not modelled; serverStatus counts write conflicts");
  reply_.append("was", Value::int32(0));
  reply_.append("slowms", Value::int32(100));
  reply_.append("sampleRate", Value::number(1));
  return Outcome::done;
}

}  // namespace premortem
