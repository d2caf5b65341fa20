// The oplog, and change streams over it. MONGO-065 to MONGO-068
// Source: MongoDB manual, "Change Streams", "Change Events"; specifications, change-streams.md.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/change_stream_options.hpp"
#include "sim/models/document_server/planning.hpp"
#include "sim/models/document_server/update_description.hpp"
#include "sim/models/query/pipeline.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::size_t stream_batch_bytes = 16 * 1024 * 1024;
constexpr std::uint64_t last_within = 0xFFFFFFFF;  ///< Behind every entry of its time.

std::string hex(std::uint64_t word, int digits) {
  std::string text;
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) text += "0123456789ABCDEF"[word >> shift & 0xF];
  return text;
}

std::optional<std::uint64_t> from_hex(std::string_view text) {
  std::uint64_t word = 0;
  for (const char digit : text) {
    const std::size_t value = std::string_view("0123456789ABCDEF").find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    word = word << 4 | value;
  }
  return word;
}

/// "82", the time, and the place among what has the same time.
Value token_of(std::uint64_t time, std::uint64_t within) {
  return bson::doc({{"_data", Value::string("82" + hex(time, 16) + hex(within, 8))}});
}

std::string_view name_of(OplogEntry::Kind kind) {
  static constexpr std::string_view names[] = {"insert", "update",       "replace", "delete",
                                               "drop",   "dropDatabase", "rename",  "invalidate"};
  return names[kind];
}

}  // namespace

void DocumentServer::append(OplogEntry entry) {
  if (!oplog_.empty()) entry.majority_at = std::max(entry.majority_at, oplog_.back().majority_at);
  const std::int64_t told_at = entry.majority_at;
  oplog_bytes_ += entry.bytes();
  oplog_.push_back(std::move(entry));
  // MONGO-065: what no longer fits is gone; a half at a time, so that it costs little.
  if (oplog_bytes_ > oplog_bytes_max_) {
    std::size_t gone = 0;
    while (gone + 1 < oplog_.size() && oplog_bytes_ > oplog_bytes_max_ / 2) {
      oplog_bytes_ -= oplog_[gone].bytes();
      oplog_lost_ = oplog_[gone++].time;
    }
    oplog_.erase(oplog_.begin(), oplog_.begin() + static_cast<std::ptrdiff_t>(gone));
    oplog_first_ += gone;
  }
  for (PendingCommand& one : pending_) {
    if (one.why == PendingCommand::more_changes) one.due = std::min(one.due, told_at);
  }
}

void DocumentServer::note_changes(const DocumentStore& store, std::int64_t now, std::int64_t majority_at) {
  if (muted_ == 0 && !store.changes().empty()) {
    const std::uint64_t second = static_cast<std::uint64_t>(std::max<std::int64_t>(now / 1'000'000'000, 0)) << 32;
    last_time_ = std::max(last_time_ + 1, second | 1U);
    std::uint32_t within = 0;
    const auto place = [](const Rewritten* one) { return std::pair(one->collection, one->row); };
    std::vector<const Rewritten*> how;
    for (const Rewritten& one : rewritten_) {
      if (one.transaction == committing_) how.push_back(&one);
    }
    std::ranges::stable_sort(how, {}, place);
    for (const DocumentStore::Change& change : store.changes()) {
      const auto space = std::find_if(namespaces_.begin(), namespaces_.end(), [&](const Namespace& one) {
        return one.exists != 0 && one.collection == change.collection;
      });
      if (space == namespaces_.end()) continue;
      OplogEntry entry;
      entry.time = last_time_;
      entry.within = within++;
      entry.wall = now / 1'000'000;
      entry.majority_at = majority_at;
      entry.database = space->database;
      entry.collection = space->name;
      entry.before = std::string(store.body_of(change.before_body));
      entry.after = std::string(store.body_of(change.after_body));
      entry.kind = change.kind == DocumentStore::Change::Kind::inserted  ? OplogEntry::insert
                   : change.kind == DocumentStore::Change::Kind::removed ? OplogEntry::remove
                                                                         : OplogEntry::update;
      const std::pair<std::uint32_t, DocumentId> own(change.collection, change.document);
      bool by_operators = false, otherwise = false;
      for (auto at = std::ranges::lower_bound(how, own, {}, place); at != how.end() && place(*at) == own; ++at) {
        if (entry.kind != OplogEntry::update) break;
        const Rewritten& one = **at;
        if (one.how == Rewritten::as_a_whole) entry.kind = OplogEntry::replace;
        (one.how == Rewritten::by_operators ? by_operators : otherwise) = true;
        entry.touched.insert(entry.touched.end(), one.touched.begin(), one.touched.end());
      }
      if (!by_operators || otherwise) entry.touched.clear();
      const std::string& body = entry.after.empty() ? entry.before : entry.after;
      if (body.empty()) continue;
      entry.key = bson::encode(bson::doc({{"_id", bson::decode_field(body, "_id")}}));
      entry.session = commit_session_;
      entry.number = commit_number_;
      append(std::move(entry));
    }
  }
  std::erase_if(rewritten_, [&](const Rewritten& one) { return one.transaction == committing_; });
}

/// Number of the first entry behind that time and place.
std::uint64_t CommandRun::position_after(std::uint64_t time, std::uint64_t within) {
  const auto at = std::find_if(server_.oplog_.begin(), server_.oplog_.end(), [&](const OplogEntry& entry) {
    return entry.time > time || (entry.time == time && entry.within > within);
  });
  return server_.oplog_first_ + static_cast<std::uint64_t>(at - server_.oplog_.begin());
}

CommandRun::Outcome CommandRun::open_change_stream(const std::vector<Value>& stages) {
  const bool whole_database = field("aggregate").is_number();
  const std::string name = whole_database ? "$cmd.aggregate" : collection_name("aggregate");
  const Value options =
      change_stream_options(stages.front()["$changeStream"], database_, whole_database ? std::string() : name);
  if (in_transaction_)
    refuse(code::operation_not_supported_in_transaction, "$changeStream cannot be used in a transaction");
  std::vector<Value> rest(stages.begin() + 1, stages.end());
  query::Pipeline::parse(Value::array(rest), context_);
  for (const Value& stage : rest) {
    static constexpr std::string_view allowed =
        " $match $project $addFields $set $unset $replaceRoot $replaceWith $redact $changeStreamSplitLargeEvent ";
    const std::string& kind = stage.fields().empty() ? std::string() : stage.fields().front().name;
    if (allowed.find(" " + kind + " ") == std::string_view::npos)
      refuse(code::illegal_operation, kind + " is not permitted in a $changeStream pipeline");
  }
  std::uint64_t position = server_.oplog_first_ + server_.oplog_.size();
  const Value& after = options.has("startAfter") ? options["startAfter"] : options["resumeAfter"];
  if (!after.is_missing()) {
    const Value& data = after["_data"];
    const bool fits = data.is_string() && data.as_text().size() == 26 && data.as_text().starts_with("82");
    const auto time = fits ? from_hex(std::string_view(data.as_text()).substr(2, 16)) : std::nullopt;
    const auto within = fits ? from_hex(std::string_view(data.as_text()).substr(18)) : std::nullopt;
    if (!time || !within) refuse(code::invalid_resume_token, "invalid resume token: " + bson::to_shell(after));
    if (*time < server_.oplog_lost_ || (*time == server_.oplog_lost_ && *within != last_within))
      refuse(code::change_stream_history_lost,
             "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
    if (*time > server_.last_time_ && server_.last_time_ != 0)
      refuse(code::change_stream_fatal,
             "cannot resume stream; the resume token was not found. " + bson::to_shell(after));
    position = position_after(*time, *within);
  } else if (const Value& at = options["startAtOperationTime"]; !at.is_missing()) {
    const std::uint64_t time = std::uint64_t{at.timestamp_seconds()} << 32 | at.timestamp_increment();
    if (time <= server_.oplog_lost_)
      refuse(code::change_stream_history_lost,
             "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
    position = time == 0 ? server_.oplog_first_ : position_after(time - 1, last_within);
  }
  ServerCursor& cursor = open_cursor(ServerCursor::change_stream, database_, name);
  cursor.tailable = 1;
  cursor.position = position;
  cursor.options = bson::encode(options);
  cursor.pipeline = bson::encode(bson::doc({{"pipeline", Value::array(rest)}}));
  const std::int64_t id = cursor.id;
  const auto batch = field("cursor")["batchSize"].integral();
  const std::vector<std::string> first =
      next_batch(cursor, batch && *batch >= 0 ? static_cast<std::uint64_t>(*batch) : 101);
  put_cursor(*find_cursor(id), first, "firstBatch", false);
  return Outcome::done;
}

/// Of what the cursor has read last; behind everything, the present.
Value CommandRun::resume_token(const ServerCursor& cursor) const {
  const std::uint64_t end = server_.oplog_first_ + server_.oplog_.size();
  if (cursor.position >= end) return token_of(server_.last_time_, last_within);
  if (cursor.position <= server_.oplog_first_) return token_of(server_.oplog_lost_, last_within);
  const OplogEntry& last = server_.oplog_[cursor.position - 1 - server_.oplog_first_];
  return token_of(last.time, last.within);
}

namespace {

bool is_about(const ServerCursor& cursor, const OplogEntry& entry) {
  if (cursor.collection != "$cmd.aggregate") {
    return cursor.database == entry.database &&
           (cursor.collection == entry.collection || entry.kind == OplogEntry::drop_database);
  }
  return cursor.database == entry.database || cursor.database == "admin";
}

/// A stream that demands images of a collection that keeps none ends at its first event that would need one.
[[noreturn]] void refuse_image(const std::string& what, const Value& event, const OplogEntry& entry) {
  Value told =
      bson::doc({{"operationType", event["operationType"]},
                 {"ns", bson::doc({{"db", Value::string(entry.database)}, {"coll", Value::string(entry.collection)}})},
                 {"clusterTime", event["clusterTime"]}});
  if (event.has("txnNumber")) told.append("txnNumber", event["txnNumber"]);
  throw query::CommandError(code::no_matching_document, "Change stream was configured to require a " + what +
                                                            " events, but the " + what.substr(0, what.find(' ')) +
                                                            " was not found for event: " + bson::to_shell(told));
}

bool invalidates(const ServerCursor& cursor, const OplogEntry& entry) {
  if (cursor.collection != "$cmd.aggregate")
    return entry.kind == OplogEntry::drop || entry.kind == OplogEntry::rename ||
           entry.kind == OplogEntry::drop_database;
  return cursor.database != "admin" && entry.kind == OplogEntry::drop_database;
}

}  // namespace

Value CommandRun::change_event(const ServerCursor& cursor, const OplogEntry& entry, const Value& options) {
  Value event = bson::doc({{"_id", token_of(entry.time, entry.within)},
                           {"operationType", Value::string(std::string(name_of(entry.kind)))},
                           {"clusterTime", Value::timestamp(static_cast<std::uint32_t>(entry.time >> 32),
                                                            static_cast<std::uint32_t>(entry.time))},
                           {"wallTime", Value::date(entry.wall)}});
  if (!entry.session.empty()) {
    event.append("txnNumber", Value::int64(entry.number));
    event.append("lsid", bson::decode(entry.session));
  }
  const bool of_document = entry.kind <= OplogEntry::remove;
  const std::string_view wanted =
      options.has("fullDocument") ? std::string_view(options["fullDocument"].as_text()) : "default";
  if (entry.kind == OplogEntry::insert || entry.kind == OplogEntry::replace) {
    event.append("fullDocument", bson::decode(entry.after));
  } else if (entry.kind == OplogEntry::update && wanted == "updateLookup") {
    Value current = Value::null();
    if (const Namespace* space = find_namespace(entry.database, entry.collection)) {
      const query::Filter by_id = query::Filter::parse(
          bson::doc({{"_id", bson::doc({{"$eq", bson::decode_field(entry.key, "_id")}})}}), context_);
      for (const DocumentId row : candidates(*space, by_id, query::Sort(), 1, Value()))
        current = bson::decode(body_of(*space, row));
    }
    event.append("fullDocument", current);
  } else if (entry.kind == OplogEntry::update && (wanted == "whenAvailable" || wanted == "required")) {
    if (wanted == "required" && !keeps_images(entry)) refuse_image("post-image for all update", event, entry);
    event.append("fullDocument", keeps_images(entry) ? bson::decode(entry.after) : Value::null());
  }
  const std::string_view before =
      options.has("fullDocumentBeforeChange") ? std::string_view(options["fullDocumentBeforeChange"].as_text()) : "off";
  if (before == "required" && of_document && entry.kind != OplogEntry::insert && !keeps_images(entry))
    refuse_image("pre-image for all update, delete and replace", event, entry);
  if (before != "off" && of_document && entry.kind != OplogEntry::insert)
    event.append("fullDocumentBeforeChange", keeps_images(entry) ? bson::decode(entry.before) : Value::null());
  if (entry.kind == OplogEntry::invalidate) return event;
  Value space = bson::doc({{"db", Value::string(entry.database)}});
  if (!entry.collection.empty()) space.append("coll", Value::string(entry.collection));
  event.append("ns", space);
  if (!entry.to.empty()) {
    const std::size_t dot = entry.to.find('.');
    event.append("to", bson::doc({{"db", Value::string(entry.to.substr(0, dot))},
                                  {"coll", Value::string(entry.to.substr(dot + 1))}}));
  }
  if (of_document) event.append("documentKey", bson::decode(entry.key));
  if (entry.kind == OplogEntry::update) {
    event.append("updateDescription",
                 describe_update(bson::decode(entry.before), bson::decode(entry.after), entry.touched));
  }
  (void)cursor;
  return event;
}

/// Whether the collection keeps images before and after a change for its streams.
bool CommandRun::keeps_images(const OplogEntry& entry) {
  const Namespace* space = find_namespace(entry.database, entry.collection);
  return space != nullptr && !space->options.empty() &&
         bson::decode(space->options)["changeStreamPreAndPostImages"]["enabled"].truthy();
}

/// A pipeline of a change stream reads no other collection.
class CommandRun::OtherNothing final : public query::CollectionReader {
 public:
  void read(const std::string&, const query::Filter&, const std::function<bool(const Value&)>&) override {}
};

std::vector<std::string> CommandRun::next_changes(ServerCursor& cursor, std::uint64_t batch) {
  if (cursor.position < server_.oplog_first_) {
    close_cursor(cursor.id);
    refuse(code::change_stream_history_lost,
           "Resume of change stream was not possible, as the resume point may no longer be in the oplog.");
  }
  const Value options = bson::decode(cursor.options);
  const query::Pipeline pipeline = query::Pipeline::parse(bson::decode(cursor.pipeline)["pipeline"], context_);
  OtherNothing none;
  std::vector<std::string> given;
  const std::uint64_t end = server_.oplog_first_ + server_.oplog_.size();
  std::size_t bytes = 0;
  while (cursor.position < end && given.size() < batch && cursor.over == 0 && bytes < stream_batch_bytes) {
    const OplogEntry entry = server_.oplog_[cursor.position - server_.oplog_first_];
    if (entry.majority_at > now()) break;  // MONGO-068
    ++cursor.position;
    if (!is_about(cursor, entry)) continue;
    const bool only_invalidates = cursor.collection != "$cmd.aggregate" && entry.kind == OplogEntry::drop_database;
    std::vector<Value> events;
    if (!only_invalidates) events.push_back(change_event(cursor, entry, options));
    const auto give = [&](std::vector<Value> some) {
      for (const Value& one : pipeline.run(std::move(some), none)) {
        if (one["_id"].is_missing())
          refuse(code::change_stream_fatal,
                 "Encountered an event whose _id field, which contains the resume token, was "
                 "modified by the pipeline. Modifying the _id field of an event makes it "
                 "impossible to resume the stream from that point.");
        given.push_back(bson::encode(one));
        bytes += given.back().size();
      }
    };
    give(std::move(events));
    if (invalidates(cursor, entry)) {
      OplogEntry last = entry;
      last.kind = OplogEntry::invalidate;
      last.within = static_cast<std::uint32_t>(last_within - 1);
      give({change_event(cursor, last, options)});
      cursor.over = 1;
    }
  }
  return given;
}

}  // namespace premortem
