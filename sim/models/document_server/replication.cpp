// The replica set as clients meet it: who is primary, what a majority has, stepping down. MONGO-060 to MONGO-064
// Sources: MongoDB manual, "Write Concern", "Read Concern", "replSetStepDown"; mongodb/mongo,
// replication_coordinator_impl.cpp.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/document_server/command_run.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t replication_millisecond = 1'000'000;
/// Whoever is not primary answers these only to those who say that a secondary will do.
constexpr std::string_view reads_of_data =
    " find aggregate count distinct explain listCollections listDatabases listIndexes collStats dbStats validate ";

}  // namespace

void CommandRun::check_primary(const Entry& entry) const {
  if (server_.is_writable()) return;
  const Value& level = field("readConcern")["level"];
  if (level.is_string() && level.as_text() == "linearizable")
    refuse(code::not_writable_primary, "cannot satisfy linearizable read concern on non-primary node");
  if (entry.writes) refuse(code::not_writable_primary, "not primary");
  if (reads_of_data.find(" " + name_ + " ") == std::string_view::npos) return;
  const Value& mode = field("$readPreference")["mode"];
  if (!mode.is_string() || mode.as_text() == "primary") refuse(13435, "not primary and secondaryOk=false");
}

/// A write without a write concern waits for a majority, since 5.0; a linearizable read makes sure that what it has
/// read stays. MONGO-060, MONGO-071
bool CommandRun::waits_for_majority() const {
  if (!reply_["ok"].truthy()) return false;
  if (!writes_) {
    const Value& level = field("readConcern")["level"];
    return level.is_string() && level.as_text() == "linearizable";
  }
  const Value& w = field("writeConcern")["w"];
  return w.is_missing() || (w.is_string() && w.as_text() == "majority");
}

std::int64_t CommandRun::wait_for_majority() {
  const std::int64_t lag = host_.replication_lag();
  if (lag <= 0 || !waits_for_majority()) return 0;
  const auto patience = field("writeConcern")["wtimeout"].integral();
  if (!patience || *patience <= 0 || *patience >= lag / replication_millisecond) return lag;
  reply_.set("writeConcernError",
             bson::doc({{"code", Value::int32(64)},
                        {"codeName", Value::string(query::code_name(64))},
                        {"errmsg", Value::string("waiting for replication timed out")},
                        {"errInfo", bson::doc({{"wtimeout", Value::boolean(true)},
                                               {"writeConcern", field("writeConcern")}})}}));  // MONGO-062
  return *patience * replication_millisecond;
}

/// When a majority has everything up to the time that a causally consistent session has heard of: what reads a
/// majority's view waits for it. MONGO-070
std::int64_t CommandRun::causal_majority_at() const {
  const Value& concern = field("readConcern");
  const Value& after = concern["afterClusterTime"];
  const Value& level = concern["level"];
  if (in_transaction_ || !after.is(bson::Type::timestamp) || !level.is_string() || level.as_text() != "majority")
    return 0;
  const std::uint64_t time = std::uint64_t{after.timestamp_seconds()} << 32 | after.timestamp_increment();
  const auto heard_of = std::find_if(server_.oplog_.rbegin(), server_.oplog_.rend(),
                                     [&](const OplogEntry& entry) { return entry.time <= time; });
  return heard_of == server_.oplog_.rend() ? 0 : heard_of->majority_at;
}

/// replSetStepDown: seconds. A set of one member has nobody who could take over, and steps down only by force.
CommandRun::Outcome CommandRun::step_down() {
  if (database_ != "admin") refuse(code::unauthorized, "replSetStepDown may only be run against the admin database.");
  if (!server_.is_writable()) refuse(code::not_writable_primary, "not primary so can't step down");
  const std::int64_t seconds = integer("replSetStepDown", 60);
  const std::int64_t catch_up = integer("secondaryCatchUpPeriodSecs", std::min<std::int64_t>(10, seconds));
  if (seconds < 1 || seconds > 100'000'000) refuse(code::bad_value, "stepdown period must be a positive integer");
  if (catch_up < 0) refuse(code::bad_value, "secondaryCatchUpPeriodSecs period must be a positive or absent");
  if (seconds < catch_up) refuse(code::bad_value, "stepdown period must be longer than secondaryCatchUpPeriodSecs");
  const bool force = flag("force", false);
  if (!force && !store_.is_replicated())
    refuse(262,
           "No electable secondaries caught up as of " + std::to_string(now_ms()) +
               ". Please use the replSetStepDown command with the argument {force: true} to force node to step down.");
  host_.step_down(seconds * 1'000'000'000, !force);
  return Outcome::done;
}

void DocumentServer::lose_primary(std::int64_t now, bool loses) {
  writable_ = 0;
  ++topology_changes_;
  // Open transactions are gone from the store: their sessions hear of it at their next statements. What was committed
  // and is lost, too, has never been: whoever asks for it again, does it again.
  for (std::size_t at = 0; loses && at < sessions_.size(); ++at) {
    ServerSession& session = sessions_[at];
    if (session.state == ServerSession::committed && session.majority_at > now) session.state = ServerSession::aborted;
    std::erase_if(session.results, [&](const StatementResult& one) { return one.majority_at > now; });
  }
  rewritten_.clear();
  for (Namespace& one : namespaces_) {
    if (one.made_by != 0) one.exists = 0, one.made_by = 0;
  }
  while (loses && !oplog_.empty() && oplog_.back().majority_at > now) {
    oplog_bytes_ -= oplog_.back().bytes();
    oplog_.pop_back();
  }
  const std::uint64_t end = oplog_first_ + oplog_.size();
  for (ServerCursor& cursor : cursors_) cursor.position = std::min(cursor.position, end);
  std::vector<PendingCommand> waiting;
  waiting.swap(pending_);
  for (PendingCommand& one : waiting) {
    if (one.why == PendingCommand::blocked) {
      pending_.push_back(std::move(one));
    } else if (one.why != PendingCommand::majority || one.answer.empty()) {
      answer_with_error(one.client, one.request, one.command, 11602, "operation was interrupted");
    } else {
      Value reply = bson::decode(one.answer);
      if (loses) {
        reply.set("writeConcernError",
                  bson::doc({{"code", Value::int32(189)},
                             {"codeName", Value::string(query::code_name(189))},
                             {"errmsg", Value::string("Primary stepped down while waiting for replication")}}));
        const Value labels = CommandRun::labels_for(bson::decode(one.command), 189, true);
        if (!labels.elements().empty()) reply.set("errorLabels", labels);
      }
      events_.push_back({one.client, one.request, false, false, bson::encode(reply)});
    }
  }
}

void DocumentServer::win_election() {
  writable_ = 1;
  ++topology_changes_;
  ++term_;
}

std::int64_t CommandRun::next_change_at(const ServerCursor& cursor) const {
  const std::uint64_t end = server_.oplog_first_ + server_.oplog_.size();
  return cursor.position < end ? server_.oplog_[cursor.position - server_.oplog_first_].majority_at : INT64_MAX;
}

}  // namespace premortem
