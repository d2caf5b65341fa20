// Reads of an instant that is over: what is there now, with all undone that the oplog tells of since then.
// Source: MongoDB manual, "Read Concern snapshot", atClusterTime and minSnapshotHistoryWindowInSeconds.

#include <algorithm>
#include <map>
#include <optional>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/planning.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t history_seconds = 300;

std::string timestamp_text(const Value& time) {
  return "Timestamp(" + std::to_string(time.timestamp_seconds()) + ", " + std::to_string(time.timestamp_increment()) +
         ")";
}

}  // namespace

Value CommandRun::snapshot_time() const {
  return Value::timestamp(static_cast<std::uint32_t>(snapshot_time_ >> 32), static_cast<std::uint32_t>(snapshot_time_));
}

void CommandRun::read_at(const Value& time) {
  if (!time.is(bson::Type::timestamp))
    refuse(code::type_mismatch, "BSON field 'readConcern.atClusterTime' is the wrong type '" +
                                    std::string(bson::type_name(time.type())) + "', expected type 'timestamp'");
  const std::uint64_t at = std::uint64_t{time.timestamp_seconds()} << 32 | time.timestamp_increment();
  if (at > server_.last_time_)
    refuse(code::invalid_options,
           "readConcern atClusterTime value must not be greater than the current clusterTime. Requested clusterTime: " +
               timestamp_text(time) + "; current clusterTime: " + timestamp_text(snapshot_time()));
  const bool too_old = std::int64_t{time.timestamp_seconds()} + history_seconds < now_ms() / 1000;
  if (too_old || at < server_.oplog_lost_)
    refuse(code::snapshot_too_old,
           "Read timestamp " + timestamp_text(time) + " is older than the oldest available timestamp.");
  reads_past_ = at < snapshot_time_;
  snapshot_time_ = at;
}

/// In order of insertion, but for what has been removed since: that comes last.
std::vector<Value> CommandRun::past_documents(const std::string& collection) {
  std::vector<std::optional<Value>> there;
  std::map<std::string, std::size_t> places;  // By key of _id.
  const auto put = [&](Value document) {
    places[bson::key_string(document["_id"])] = there.size();
    there.emplace_back(std::move(document));
  };
  if (const Namespace* space = find_namespace(database_, collection)) {
    scan(*space, AccessPlan(), [&](DocumentId, std::string_view body) {
      put(bson::decode(body));
      return true;
    });
  }
  for (auto entry = server_.oplog_.rbegin(); entry != server_.oplog_.rend() && entry->time > snapshot_time_; ++entry) {
    const bool is_about = entry->database == database_ && entry->collection == collection;
    if ((is_about && entry->kind > OplogEntry::remove) || entry->to == database_ + "." + collection)
      refuse(code::snapshot_unavailable,
             "Unable to read from a snapshot due to pending collection catalog changes; please retry the operation. "
             "Snapshot timestamp is " +
                 timestamp_text(snapshot_time()) + ".");
    if (!is_about) continue;
    const auto place = places.find(bson::key_string(bson::decode_field(entry->key, "_id")));
    if (place == places.end()) {
      put(bson::decode(entry->before));
    } else if (entry->kind == OplogEntry::insert) {
      there[place->second].reset();
      places.erase(place);
    } else {
      there[place->second] = bson::decode(entry->before);
    }
  }
  std::vector<Value> documents;
  for (std::optional<Value>& one : there) {
    if (one) documents.push_back(std::move(*one));
  }
  return documents;
}

std::vector<Value> CommandRun::past_documents(const std::string& collection, const query::Filter& filter,
                                              const query::Sort& sort) {
  std::vector<Value> documents = past_documents(collection);
  std::erase_if(documents, [&](const Value& document) { return !filter.matches(document); });
  if (sort.is_empty()) return documents;
  std::stable_sort(documents.begin(), documents.end(),
                   [&](const Value& left, const Value& right) { return sort.key(left) < sort.key(right); });
  return documents;
}

}  // namespace premortem
