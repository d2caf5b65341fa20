// Cursors: batches, getMore, what concurrent changes do to them. MONGO-054 to MONGO-056

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/bson/codec.hpp"
#include "sim/models/document_server/planning.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t cursor_timeout = 600'000'000'000;  // MONGO-056
constexpr int query_plan_killed = 175;
constexpr std::size_t batch_bytes_max = 16 * 1024 * 1024;

/// A session's cursors last as long as the session, which nobody but its client's own use keeps.
bool is_idle(const ServerCursor& cursor, std::int64_t now) {
  return cursor.session.empty() && cursor.never_times_out == 0 && now - cursor.last_used > cursor_timeout;
}

}  // namespace

ServerCursor& CommandRun::open_cursor(ServerCursor::Kind kind, const std::string& database,
                                      const std::string& collection) {
  std::erase_if(server_.cursors_, [&](const ServerCursor& old) { return is_idle(old, now()); });
  ServerCursor& cursor = server_.cursors_.emplace_back();
  const std::uint64_t number = static_cast<std::uint64_t>(++server_.last_cursor_);
  cursor.id = static_cast<std::int64_t>(mix64(number) >> 2 | 1);  // Positive, and no driver reads more into it.
  cursor.kind = kind;
  cursor.database = database;
  cursor.collection = collection;
  cursor.last_used = now();
  used_cursor_ = cursor.id;
  if (session() != nullptr) cursor.session = session()->id;
  if (in_transaction_) cursor.transaction = session()->number;
  return cursor;
}

ServerCursor* CommandRun::find_cursor(std::int64_t id) {
  for (ServerCursor& cursor : server_.cursors_) {
    if (cursor.id == id) return &cursor;
  }
  return nullptr;
}

void CommandRun::close_cursor(std::int64_t id) {
  std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) { return cursor.id == id; });
}

/// A result that is there as a whole, with a cursor over what does not go into the first batch.
void CommandRun::reply_with(const std::string& collection, std::vector<std::string> documents) {
  ServerCursor& cursor = open_cursor(ServerCursor::stored, database_, collection);
  cursor.documents = std::move(documents);
  const Value& wanted = field("cursor")["batchSize"];
  const auto batch = wanted.integral();
  const std::int64_t id = cursor.id;
  const std::vector<std::string> first =
      next_batch(cursor, batch && *batch >= 0 ? static_cast<std::uint64_t>(*batch) : 101);
  put_cursor(*find_cursor(id), first, "firstBatch", false);
}

std::vector<std::string> CommandRun::next_batch(ServerCursor& cursor, std::uint64_t batch) {
  if (cursor.kind == ServerCursor::scan) return next_of_scan(cursor, batch);
  if (cursor.kind == ServerCursor::change_stream) return next_changes(cursor, batch);
  std::vector<std::string> given;
  std::size_t bytes = 0;
  while (given.size() < batch && cursor.next < cursor.documents.size()) {
    std::string& next = cursor.documents[cursor.next];
    if (!given.empty() && bytes + next.size() > batch_bytes_max) break;
    bytes += next.size();
    given.push_back(std::move(next));
    ++cursor.next;
  }
  if (cursor.next == cursor.documents.size()) cursor.over = 1;
  return given;
}

/// Goes on behind the last place looked at, among what is there now: what has moved meanwhile is missed, or met twice.
std::vector<std::string> CommandRun::next_of_scan(ServerCursor& cursor, std::uint64_t batch) {
  std::vector<std::string> given;
  const Namespace* space = find_namespace(cursor.database, cursor.collection);
  if (space == nullptr) refuse(code::cursor_killed, "collection dropped between getMore calls");
  const DocumentTable& table = store_.table(space->collection);
  const bool has_index = cursor.index < 0 ||
                         (static_cast<std::size_t>(cursor.index) < table.key_indexes().size() &&
                          table.key_indexes()[static_cast<std::size_t>(cursor.index)].spec().name == cursor.index_name);
  if (space->collection != cursor.table || !has_index)
    refuse(query_plan_killed,
           "collection renamed, or index '" + cursor.index_name + "' dropped, between getMore calls");
  if (!cursor.let.empty()) context_.let = bson::decode(cursor.let);
  const Value raw = bson::decode(cursor.filter);
  const query::Filter filter = query::Filter::parse(raw, context_);
  const query::Projection projection =
      cursor.projection.empty() ? query::Projection()
                                : query::Projection::parse(bson::decode(cursor.projection), context_, &filter, raw);
  bool whole = false;
  const std::vector<std::string> needed = filter.fields(whole);
  std::size_t bytes = 0;
  bool full = cursor.left == 0;
  /// Whether the batch has room for more behind this document; `passed` says that it has been dealt with.
  const auto look = [&](DocumentId row, std::string_view body, bool& passed) {
    passed = true;
    if (body.empty()) return true;
    if (!filter.is_empty() && !filter.matches(whole ? bson::decode(body) : bson::decode_fields(body, needed)))
      return true;
    if (cursor.skip > 0) {
      --cursor.skip;
      return true;
    }
    std::string out = projection.is_identity() ? std::string(body) : bson::encode(projection.apply(bson::decode(body)));
    if (given.size() >= batch || (!given.empty() && bytes + out.size() > batch_bytes_max)) {
      passed = false;
      return false;
    }
    bytes += out.size();
    given.push_back(std::move(out));
    (void)row;
    return --cursor.left > 0;
  };
  bool stopped = false;
  if (batch == 0) {
    stopped = true;
  } else if (cursor.index < 0) {
    DocumentId row = cursor.begun != 0 ? table.row_after(cursor.row) : table.row_after(DocumentTable::nil);
    for (; row != DocumentTable::nil && !full; row = table.row_after(row)) {
      bool passed = false;
      const bool goes_on = look(row, body_of(*space, row), passed);
      if (passed) cursor.row = row, cursor.begun = 1;
      if (!goes_on) {
        stopped = true;
        break;
      }
      if (given.size() >= batch && cursor.left == UINT64_MAX && table.row_after(row) != DocumentTable::nil) {
        stopped = true;
        break;
      }
    }
  } else {
    const KeyIndex& index = table.key_indexes().at(static_cast<std::size_t>(cursor.index));
    const std::string end = cursor.high.empty() ? std::string() : behind_prefix(cursor.high);
    const auto visit = [&](std::string_view key, DocumentId row) {
      if (cursor.descending != 0 ? key < cursor.low : !end.empty() && key >= end) return false;
      std::string_view body = body_of(*space, row);
      if (!body.empty() && !index.has_key(body, key)) body = {};  // The entry is another version's.
      const auto seen = std::lower_bound(cursor.seen.begin(), cursor.seen.end(), row);
      const bool twice = index.is_multikey() && seen != cursor.seen.end() && *seen == row;
      bool passed = true;
      const std::size_t before = given.size();
      const bool goes_on = twice || look(row, body, passed);
      if (passed) cursor.place = KeyIndex::place(key, row), cursor.begun = 1;
      if (index.is_multikey() && given.size() > before) cursor.seen.insert(seen, row);
      if (!goes_on) stopped = true;
      return goes_on;
    };
    if (!full && cursor.descending == 0) {
      index.ascend(cursor.begun != 0 ? cursor.place : cursor.low, cursor.begun != 0, visit);
    } else if (!full) {
      index.descend(cursor.begun != 0 ? cursor.place : end, true, visit);
    }
  }
  if (!stopped || cursor.left == 0) cursor.over = 1;
  return given;
}

void CommandRun::put_cursor(ServerCursor& cursor, const std::vector<std::string>& batch, const char* name,
                            bool closes) {
  Value documents = Value::array();
  for (const std::string& body : batch) documents.push_back(bson::decode(body));
  const bool is_over = closes || cursor.over != 0;
  Value shown = Value::document();
  shown.append(name, std::move(documents));
  if (snapshot_time_ != 0) shown.append("atClusterTime", snapshot_time());
  if (cursor.kind == ServerCursor::change_stream) shown.append("postBatchResumeToken", resume_token(cursor));
  shown.append("id", Value::int64(is_over ? 0 : cursor.id));
  shown.append("ns", Value::string(cursor.database + "." + cursor.collection));
  reply_.append("cursor", std::move(shown));
  cursor.last_used = now();
  if (is_over) close_cursor(cursor.id);
}

CommandRun::Outcome CommandRun::get_more() {
  const Value& id = field("getMore");
  if (!id.is(bson::Type::int64))
    refuse(code::type_mismatch, "BSON field 'getMore.getMore' is the wrong type '" +
                                    std::string(bson::type_name(id.type())) + "', expected type 'long'");
  const std::string name = text("collection");
  ServerCursor* cursor = find_cursor(id.as_int64());
  const auto not_there = [&] {
    refuse(code::cursor_not_found, "cursor id " + std::to_string(id.as_int64()) + " not found");
  };
  if (cursor == nullptr) not_there();
  if (is_idle(*cursor, now())) {
    close_cursor(cursor->id);
    not_there();
  }
  if (cursor->database != database_ || (cursor->collection != name))
    refuse(code::unauthorized, "Requested getMore on namespace '" + database_ + "." + name +
                                   "', but cursor belongs to a different namespace " + cursor->database + "." +
                                   cursor->collection);
  const std::string own_session = session() == nullptr ? std::string() : session()->id;
  if (cursor->session != own_session)
    refuse(50738, "Cannot run getMore on cursor " + std::to_string(cursor->id) +
                      ", which was created in another session, or in none");
  if (cursor->transaction != (in_transaction_ ? session()->number : -1))
    refuse(50740, "Cannot run getMore on cursor " + std::to_string(cursor->id) +
                      ", which was created in another transaction, or in none");
  const std::int64_t batch = integer("batchSize", 0);
  if (batch < 0)
    refuse(51024, "BSON field 'batchSize' value must be >= 0, actual value '" + std::to_string(batch) + "'");
  const std::int64_t limit = integer("maxTimeMS", 0);
  if (limit < 0 || limit > INT32_MAX)
    refuse(code::bad_value, std::to_string(limit) + " value for maxTimeMS is out of range [0, 2147483647]");
  if (limit > 0 && cursor->kind != ServerCursor::change_stream)
    refuse(code::bad_value, "cannot set maxTimeMS on getMore command for a non-awaitData cursor");
  ++server_.counters_.got_more;
  used_cursor_ = cursor->id;
  cursor->last_used = now();
  reads_changes_ = cursor->kind == ServerCursor::change_stream;
  std::vector<std::string> documents;
  try {
    if (!resumed_) strike_get_more();
    documents = next_batch(*cursor, batch == 0 ? UINT64_MAX : static_cast<std::uint64_t>(batch));
  } catch (const query::CommandError&) {
    close_cursor(id.as_int64());  // A cursor does not outlive an error of its own.
    throw;
  }
  cursor = find_cursor(id.as_int64());
  if (documents.empty() && cursor->kind == ServerCursor::change_stream && cursor->over == 0) {
    const std::int64_t until = began_ + (limit > 0 ? limit : 1000) * 1'000'000;
    if (now() < until) {
      wait_.deadline = until;
      deadline_ = INT64_MAX;
      return wait(PendingCommand::more_changes, next_change_at(*cursor));
    }
  }
  put_cursor(*cursor, documents, "nextBatch", false);
  return Outcome::done;
}

/// Whoever waits for more of that cursor hears that there will be none.
void CommandRun::interrupt_get_more(std::int64_t id) {
  std::erase_if(server_.pending_, [&](const PendingCommand& waiting) {
    if (waiting.why != PendingCommand::more_changes) return false;
    if (bson::decode_field(waiting.command, "getMore").integral() != id) return false;
    const Value told = bson::doc({{"ok", Value::number(0)},
                                  {"errmsg", Value::string("operation was interrupted")},
                                  {"code", Value::int32(code::cursor_killed)},
                                  {"codeName", Value::string("CursorKilled")}});
    server_.events_.push_back({waiting.client, waiting.request, false, false, bson::encode(told)});
    return true;
  });
}

CommandRun::Outcome CommandRun::kill_cursors() {
  Value killed = Value::array(), missing = Value::array(), alive = Value::array(), unknown = Value::array();
  if (!field("cursors").is_array()) refuse(40414, "BSON field 'killCursors.cursors' is missing but a required field");
  for (const Value& one : field("cursors").elements()) {
    const auto id = one.integral();
    const ServerCursor* cursor = id ? find_cursor(*id) : nullptr;
    if (cursor == nullptr) {
      missing.push_back(one);
      continue;
    }
    interrupt_get_more(*id);
    close_cursor(*id);
    killed.push_back(one);
  }
  reply_.append("cursorsKilled", killed);
  reply_.append("cursorsNotFound", missing);
  reply_.append("cursorsAlive", alive);
  reply_.append("cursorsUnknown", unknown);
  return Outcome::done;
}

}  // namespace premortem
