// find, count, distinct.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/planning.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

/// A read with read concern snapshot outside a transaction sees one instant as a whole, for as long as it lasts: the
/// present, or one that it names; one with majority, what no fail-over takes back.
TransactionId CommandRun::snapshot_for_read() {
  check_read_concern();
  const Value& level = field("readConcern")["level"];
  if (in_transaction_ || !level.is_string()) return 0;
  if (level.as_text() == "majority" && store_.is_replicated()) {
    store_.advance_majority(now());
    transaction_ = read_snapshot_ = majority_view;
  }
  if (level.as_text() == "snapshot") {
    // The primary writes something every ten seconds, so that its time goes on.
    if (static_cast<std::int64_t>(server_.last_time_ >> 32) + 10 <= now_ms() / 1000) next_time();
    snapshot_time_ = server_.last_time_;
    if (const Value& time = field("readConcern")["atClusterTime"]; !time.is_missing()) read_at(time);
    transaction_ = read_snapshot_ = host_.begin_transaction();
  }
  return read_snapshot_;
}

/// Also where the read fails.
void CommandRun::end_snapshot() {
  if (read_snapshot_ == 0) return;
  if (read_snapshot_ != majority_view) host_.abort_transaction(read_snapshot_);
  transaction_ = read_snapshot_ = 0;
}

CommandRun::Outcome CommandRun::find() {
  const std::string name = collection_name("find");
  check_collation(command_);
  for (const char* unmodelled : {"max", "min", "returnKey", "showRecordId"}) {
    if (field(unmodelled).truthy() && !(field(unmodelled).is_document() && field(unmodelled).fields().empty()))
      refuse(238, std::string("find with '") + unmodelled + "' is not modelled");
  }
  if (flag("tailable", false))
    refuse(code::bad_value, "error processing query: ns=" + database_ + "." + name +
                                " tailable cursor requested on non capped collection");
  const Value given = document("filter");
  const query::Filter filter = query::Filter::parse(given, context_);
  const Value& order = field("sort");
  const bool natural = order.is_document() && order.has("$natural");
  const query::Sort sort = order.is_document() && !natural ? query::Sort::parse(order) : query::Sort();
  const query::Projection projection = field("projection").is_document()
                                           ? query::Projection::parse(field("projection"), context_, &filter, given)
                                           : query::Projection();
  std::int64_t limit = integer("limit", 0);
  const std::int64_t skip = integer("skip", 0), batch = integer("batchSize", 101);
  if (skip < 0) refuse(51024, "BSON field 'skip' value must be >= 0, actual value '" + std::to_string(skip) + "'");
  if (batch < 0)
    refuse(51024, "BSON field 'batchSize' value must be >= 0, actual value '" + std::to_string(batch) + "'");
  bool single = flag("singleBatch", false);
  if (limit < 0) {
    if (limit == INT64_MIN) refuse(code::bad_value, "limit is out of range");
    limit = -limit;
    single = true;
  }
  ++server_.counters_.queried;
  Namespace* found = find_namespace(database_, name);
  if (found != nullptr && lock_collection(*found) == Outcome::waits) return Outcome::waits;
  const TransactionId snapshot = snapshot_for_read();
  if (found == nullptr || reads_past_) {
    std::vector<Value> past;
    if (reads_past_) past = past_documents(name, filter, sort);
    if (natural && bson::compare(order["$natural"], Value::int32(0)) < 0) std::reverse(past.begin(), past.end());
    end_snapshot();
    ServerCursor& cursor = open_cursor(ServerCursor::stored, database_, name);
    for (std::size_t at = static_cast<std::size_t>(skip); at < past.size(); ++at) {
      if (limit != 0 && static_cast<std::int64_t>(cursor.documents.size()) == limit) break;
      cursor.documents.push_back(bson::encode(projection.apply(past[at])));
    }
    const std::int64_t id = cursor.id;
    const std::vector<std::string> documents = next_batch(cursor, static_cast<std::uint64_t>(batch));
    put_cursor(*find_cursor(id), documents, "firstBatch", single);
    return Outcome::done;
  }
  const Namespace space = *found;
  const Value hint = natural ? bson::doc({{"$natural", order["$natural"]}}) : field("hint");
  const AccessPlan way = plan(space, filter, sort, hint);
  ServerCursor& cursor = open_cursor(ServerCursor::scan, database_, name);
  cursor.left = limit == 0 ? UINT64_MAX : static_cast<std::uint64_t>(limit);
  cursor.skip = static_cast<std::uint64_t>(skip);
  cursor.never_times_out = flag("noCursorTimeout", false) ? 1 : 0;
  const bool must_sort = !sort.is_empty() && !way.sorted;
  cursor.table = space.collection;
  if (must_sort || way.ranges.size() > 1 || snapshot != 0 || (way.index < 0 && way.descending)) {
    const std::uint64_t wanted = limit == 0 ? UINT64_MAX : cursor.left + cursor.skip;
    const std::vector<DocumentId> rows = candidates(space, filter, sort, wanted, hint);
    cursor.kind = ServerCursor::stored;
    for (std::size_t at = cursor.skip; at < rows.size(); ++at) {
      const std::string_view body = body_of(space, rows[at]);
      cursor.documents.push_back(projection.is_identity() ? std::string(body)
                                                          : bson::encode(projection.apply(bson::decode(body))));
    }
  } else {
    cursor.index = way.index;
    if (way.index >= 0)
      cursor.index_name = store_.table(space.collection).key_indexes()[static_cast<std::size_t>(way.index)].spec().name;
    cursor.descending = way.descending ? 1 : 0;
    if (!way.ranges.empty()) cursor.low = way.ranges[0].first, cursor.high = way.ranges[0].second;
    cursor.filter = bson::encode(given);
    if (field("projection").is_document()) cursor.projection = bson::encode(field("projection"));
    if (context_.let.is_document()) cursor.let = bson::encode(context_.let);
  }
  end_snapshot();
  const std::int64_t id = cursor.id;
  const std::vector<std::string> documents = next_batch(cursor, static_cast<std::uint64_t>(batch));
  put_cursor(*find_cursor(id), documents, "firstBatch", single);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::count() {
  const std::string name = collection_name("count");
  check_collation(command_);
  const Value given = document("query");
  const query::Filter filter = query::Filter::parse(given, context_);
  const std::int64_t skip = integer("skip", 0);
  std::int64_t limit = integer("limit", 0);
  if (skip < 0) refuse(51024, "BSON field 'skip' value must be >= 0, actual value '" + std::to_string(skip) + "'");
  if (limit < 0) limit = limit == INT64_MIN ? INT64_MAX : -limit;
  std::int64_t n = 0;
  if (const Namespace* space = find_namespace(database_, name)) {
    if (lock_collection(*space) == Outcome::waits) return Outcome::waits;
    snapshot_for_read();
    if (filter.is_empty() && transaction_ == 0) {
      n = static_cast<std::int64_t>(store_.size(space->collection));
    } else {
      n = static_cast<std::int64_t>(candidates(*space, filter, query::Sort(), UINT64_MAX, field("hint")).size());
    }
  }
  end_snapshot();
  n = std::max<std::int64_t>(n - skip, 0);
  if (limit > 0) n = std::min(n, limit);
  reply_.append("n", Value::int32(static_cast<std::int32_t>(n)));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::distinct() {
  const std::string name = collection_name("distinct");
  check_collation(command_);
  const std::string key = text("key");
  const Value given = document("query");
  const query::Filter filter = query::Filter::parse(given, context_);
  std::vector<std::pair<std::string, Value>> values;
  const auto take = [&](const Value& document) {
    std::vector<Value> reached;
    distinct_values(document, key, reached);
    for (Value& value : reached) {
      std::string sorted_by = bson::key_string(value);
      values.emplace_back(std::move(sorted_by), std::move(value));
    }
  };
  const Namespace* found = find_namespace(database_, name);
  if (found != nullptr && lock_collection(*found) == Outcome::waits) return Outcome::waits;
  snapshot_for_read();
  if (reads_past_) {
    for (const Value& document : past_documents(name, filter, query::Sort())) take(document);
  } else if (found != nullptr) {
    const Namespace space = *found;
    for (const DocumentId row : candidates(space, filter, query::Sort(), UINT64_MAX, field("hint")))
      take(bson::decode(body_of(space, row)));
  }
  end_snapshot();
  std::stable_sort(values.begin(), values.end(),
                   [](const auto& left, const auto& right) { return left.first < right.first; });
  Value all = Value::array();
  for (std::size_t at = 0; at < values.size(); ++at) {
    if (at == 0 || values[at].first != values[at - 1].first) all.push_back(std::move(values[at].second));
  }
  reply_.append("values", all);
  if (snapshot_time_ != 0) reply_.append("atClusterTime", snapshot_time());
  return Outcome::done;
}

/// What `path` leads to, arrays element by element; nothing where nothing is there.
void CommandRun::distinct_values(const Value& value, std::string_view path, std::vector<Value>& found) {
  if (path.empty()) {
    if (value.is_missing()) return;
    if (!value.is_array()) return found.push_back(value);
    for (const Value& element : value.elements()) found.push_back(element);
    return;
  }
  const std::size_t dot = path.find('.');
  const std::string_view part = path.substr(0, dot);
  const std::string_view further = dot == std::string_view::npos ? std::string_view() : path.substr(dot + 1);
  if (value.is_document()) return distinct_values(value[part], further, found);
  if (!value.is_array()) return;
  const bool is_number = !part.empty() && part.size() < 8 && std::all_of(part.begin(), part.end(), [](char letter) {
    return letter >= '0' && letter <= '9';
  });
  if (is_number) {
    std::size_t number = 0;
    for (const char digit : part) number = number * 10 + static_cast<std::size_t>(digit - '0');
    if (number < value.elements().size()) distinct_values(value.elements()[number], further, found);
  }
  for (const Value& element : value.elements()) {
    if (element.is_document()) distinct_values(element[part], further, found);
  }
}

}  // namespace premortem
