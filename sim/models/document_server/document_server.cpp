#include "sim/models/document_server/document_server.hpp"

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/document_server/command_run.hpp"
#include "sim/models/document_store/write_conflict_backoff.hpp"

namespace premortem {

using bson::Value;

namespace {

constexpr std::int64_t ttl_period = 60'000'000'000;

/// The name of an index over these fields, as drivers make it: "state_1_at_1".
IndexSpec index_over(const std::vector<std::string>& fields, bool unique) {
  IndexSpec spec;
  Value key = Value::document();
  for (const std::string& field : fields) {
    key.append(field, Value::int32(1));
    spec.name += (spec.name.empty() ? "" : "_") + field + "_1";
  }
  spec.key = bson::encode(key);
  spec.unique = unique;
  return spec;
}

}  // namespace

void DocumentServer::adopt(DocumentStore& store, const std::string& database,
                           const std::vector<AdoptedCollection>& collections) {
  for (std::size_t each = 0; each < collections.size(); ++each) {
    const auto number = static_cast<std::uint16_t>(each);
    Namespace& space = namespaces_.emplace_back();
    space.database = database;
    space.name = collections[each].name;
    space.collection = number;
    space.exists = space.of_scenario = 1;
    for (int byte = 0; byte < 16; ++byte)
      space.uuid += static_cast<char>(combine(hash_name(space.name), number) >> 8 * (byte % 8) & 0xFF);
    IndexSpec id = index_over({"_id"}, true);
    id.name = "_id_";
    store.table(number).add_key_index(id);
    for (const auto& fields : collections[each].unique) store.table(number).add_key_index(index_over(fields, true));
    for (const auto& fields : collections[each].indexed) store.table(number).add_key_index(index_over(fields, false));
  }
}

void DocumentServer::handle(DocumentStore& store, ServerHost& host, StoreClientId client, std::int32_t request,
                            bool wants_reply, std::string_view command, const AnswerOrders& orders) {
  const Value parsed = bson::decode(command);
  CommandRun run(*this, store, host, client, request, wants_reply, parsed);
  if (run.run()) return finish(run, client, request, wants_reply, command, orders, host.now());
  PendingCommand& pending = pending_.emplace_back(std::move(run.waiting()));
  pending.operation = ++last_operation_;
  pending.command = std::string(command);
  pending.orders = orders;
}

/// The command has been carried out: what is said of it, and when.
void DocumentServer::finish(CommandRun& run, StoreClientId client, std::int32_t request, bool wants_reply,
                            std::string_view command, const AnswerOrders& orders, std::int64_t now) {
  if (run.cuts() || orders.cuts != 0) {
    events_.push_back({client, request, true, false, {}});
    return;
  }
  if (orders.drops != 0) return;  // The connection carries out nothing more, as one whose peer waits.
  if (orders.error != 0) return answer_with_error(client, request, command, orders.error, "fault rule");
  const std::int64_t behind = wants_reply ? run.wait_for_majority() : 0;
  if ((orders.delay == 0 && behind == 0) || !wants_reply) {
    events_.push_back({client, request, false, run.passes(), bson::encode(run.reply())});
    return;
  }
  PendingCommand& pending = pending_.emplace_back();
  pending.client = client;
  pending.request = request;
  pending.why = behind > 0 ? PendingCommand::majority : PendingCommand::blocked;
  pending.began = now;
  pending.due = orders.delay >= INT64_MAX - 1 - behind - now ? INT64_MAX - 1 : now + behind + orders.delay;
  pending.command = std::string(command);
  pending.answer = bson::encode(run.reply());
}

void DocumentServer::handle_later(StoreClientId client, std::int32_t request, bool wants_reply,
                                  std::string_view command, const AnswerOrders& orders, std::int64_t began,
                                  std::int64_t due) {
  PendingCommand& pending = pending_.emplace_back();
  pending.client = client;
  pending.request = request;
  pending.wants_reply = wants_reply ? 1 : 0;
  pending.operation = ++last_operation_;
  pending.why = PendingCommand::blocked;
  pending.began = began;
  pending.due = due;
  pending.command = std::string(command);
  pending.orders = orders;
}

void DocumentServer::forget_memory() {
  for (ServerSession& session :
       sessions_) {  // What they have committed stays known: it was on disk. MONGO-027, MONGO-043
    if (session.state == ServerSession::in_progress) session.state = ServerSession::aborted;
    session.transaction = 0;
    session.touched.clear();
  }
  cursors_.clear(), pending_.clear(), rewritten_.clear(), fail_points_.clear();
  events_.push_back({0, 0, true, false, {}});
  clients_.clear();
}

void DocumentServer::wake_blocked(std::int64_t now) {
  for (PendingCommand& one : pending_) {
    if (one.why == PendingCommand::blocked && one.due == INT64_MAX) one.due = now;
  }
}

void DocumentServer::answer_with_error(StoreClientId client, std::int32_t request, std::string_view command, int code,
                                       const std::string& text) {
  const Value parsed = bson::decode(command);
  const auto of_stream = [&](const ServerCursor& cursor) {
    return cursor.kind == ServerCursor::change_stream && cursor.id == parsed["getMore"].integral();
  };
  const bool reads_changes = std::any_of(cursors_.begin(), cursors_.end(), of_stream);
  events_.push_back(
      {client, request, false, false, bson::encode(CommandRun::error_reply(parsed, code, text, reads_changes))});
}

void DocumentServer::client_here(StoreClientId client, std::string_view application) {
  auto at = std::lower_bound(clients_.begin(), clients_.end(), client,
                             [](const StoreClient& one, StoreClientId wanted) { return one.id < wanted; });
  if (at == clients_.end() || at->id != client) at = clients_.insert(at, StoreClient{client, {}});
  at->application = std::string(application);
}

void DocumentServer::client_gone(StoreClientId client) {
  if (std::erase_if(pending_, [&](const PendingCommand& one) { return one.client == client; }) > 0) {
    wake_behind_schema_change();
    wake_behind_session();
  }
  std::erase_if(clients_, [&](const StoreClient& one) { return one.id == client; });
}

void DocumentServer::transaction_over(DocumentStore&, ServerHost& host, TransactionId transaction) {
  for (PendingCommand& one : pending_) {
    if (one.why == PendingCommand::schema) one.due = std::min(one.due, host.now());
    if (one.why != PendingCommand::conflict || one.ready != 0 || one.blocker != transaction) continue;
    one.ready = 1;
    one.due = retry_at_or_after(one.progress.since, host.now());
  }
}

/// Whoever stands behind a schema change that is no longer wanted looks again.
void DocumentServer::wake_behind_schema_change() {
  for (PendingCommand& one : pending_) {
    if (one.why == PendingCommand::schema && one.blocker == 0) one.due = std::min(one.due, one.began);
  }
}

/// Whoever waits for a session looks whether it is free. False: nobody does.
bool DocumentServer::wake_behind_session() {
  bool any = false;
  for (PendingCommand& one : pending_) {
    if (one.why == PendingCommand::session) one.due = one.began, any = true;
  }
  return any;
}

void DocumentServer::advance(DocumentStore& store, ServerHost& host) {
  for (std::size_t at = 0; at < pending_.size();) {
    const PendingCommand& one = pending_[at];
    const bool due = one.due <= host.now(), late = one.deadline <= host.now();
    if (!due && !late) {
      ++at;
      continue;
    }
    const PendingCommand taken = std::move(pending_[at]);
    pending_.erase(pending_.begin() + static_cast<std::ptrdiff_t>(at));
    if (!taken.answer.empty()) {
      events_.push_back({taken.client, taken.request, false, false, taken.answer});
      continue;
    }
    const Value parsed = bson::decode(taken.command);
    CommandRun run(*this, store, host, taken.client, taken.request, taken.wants_reply != 0, parsed);
    run.resume(taken);
    if (run.run()) {
      finish(run, taken.client, taken.request, taken.wants_reply != 0, taken.command, taken.orders, host.now());
      if (taken.why == PendingCommand::schema && taken.blocker != 0) {
        wake_behind_schema_change();
        at = 0;  // Some of them stand before it.
      }
      if (wake_behind_session()) at = 0;
    } else {
      run.waiting().command = taken.command;
      run.waiting().orders = taken.orders;
      run.waiting().operation = taken.operation;
      pending_.insert(pending_.begin() + static_cast<std::ptrdiff_t>(at), std::move(run.waiting()));
      ++at;
    }
  }
  if (ttl_due_ > host.now()) return;
  if (writable_ != 0) return remove_expired(store, host);
  ttl_due_ = host.now() + ttl_period;  // Only the primary does it: MONGO-069.
}

std::int64_t DocumentServer::next_timer() const {
  std::int64_t next = ttl_due_;
  for (const PendingCommand& one : pending_) next = std::min({next, one.due, one.deadline});
  return next;
}

bool DocumentServer::owes(StoreClientId client) const {
  return std::any_of(pending_.begin(), pending_.end(), [&](const PendingCommand& one) { return one.client == client; });
}

/// MONGO-069: one round a minute, whatever has been due for how long.
void DocumentServer::remove_expired(DocumentStore& store, ServerHost& host) {
  bool any = false;
  for (const Namespace& space : namespaces_) {
    if (space.exists == 0) continue;
    const std::vector<KeyIndex>& indexes = store.table(space.collection).key_indexes();
    for (const KeyIndex& index : indexes) {
      if (index.spec().expire_after < 0 || index.paths().size() != 1) continue;
      any = true;
      std::vector<DocumentId> over;
      for (DocumentId row = store.table(space.collection).row_after(DocumentTable::nil); row != DocumentTable::nil;
           row = store.table(space.collection).row_after(row)) {
        const std::string_view body = store.body(space.collection, row, 0);
        if (body.empty() || index.keys_of(body).empty()) continue;  // A partial index does not hold them all.
        bool through_array = false;
        std::int64_t earliest = INT64_MAX;
        for (const Value& value : index_values(bson::decode(body), index.paths()[0], through_array)) {
          if (value.is(bson::Type::date)) earliest = std::min(earliest, value.as_int64());
        }
        if (earliest == INT64_MAX) continue;  // Without a date it stays for ever.
        if (earliest / 1000 + index.spec().expire_after <= host.now() / 1'000'000'000) over.push_back(row);
      }
      for (const DocumentId row : over) {
        if (store.remove(space.collection, row, 0).outcome != WriteOutcome::ok) continue;  // The next round sees it.
        ++counters_.ttl_deleted;
        host.written();
      }
    }
  }
  ttl_due_ = any ? host.now() + ttl_period : INT64_MAX;
}

}  // namespace premortem
