#pragma once
// A document server with a clock of its own, for stories: commands and replies as JSON.

#include <algorithm>
#include <string>
#include <vector>

#include "sim/models/bson/codec.hpp"
#include "sim/models/document_server/document_server.hpp"
#include "sim/models/document_store/document_store.hpp"
#include "sim/models/document_store/reaper.hpp"
#include "tests/models/query/json.hpp"

namespace premortem {

/// Whoever speaks to it is a client; a client that waits for its answer says nothing more.
class TestServer final : public ServerHost {
 public:
  /// `lag`: ns that a majority of its replica set is behind; 0: it has no other member.
  explicit TestServer(std::int64_t lag = 0) : store_(spec_of(lag)), lag_(lag) {
    store_.keep_bodies();
    server_.adopt(store_, "test", {});
  }

  /// The reply to a command on database "test" (unless it has a $db), without the fields that every reply has. Missing:
  /// it waits. A cut connection is {"cut": true}.
  bson::Value run(StoreClientId client, bson::Value command) {
    if (!command.has("$db")) command.append("$db", bson::Value::string("test"));
    server_.handle(store_, *this, client, ++last_request_, true, bson::encode(command));
    return answer(last_request_);
  }
  bson::Value run(StoreClientId client, const std::string& command) { return run(client, testing::json(command)); }
  bson::Value run(const std::string& command) { return run(1, command); }
  /// The same as text.
  std::string say(const std::string& command) { return testing::text(run(1, command)); }
  /// The number of the last request: for answer(), once time has passed.
  std::int32_t last_request() const { return last_request_; }
  /// What that request was answered, if it was by now.
  bson::Value answer(std::int32_t request) {
    for (StoreEvent& event : server_.events()) answers_.push_back(std::move(event));
    server_.events().clear();
    for (const StoreEvent& event : answers_) {
      if (event.request != request) continue;
      if (event.cut) return bson::doc({{"cut", bson::Value::boolean(true)}});
      bson::Value reply = bson::decode(event.reply);
      reply.erase("$clusterTime");
      reply.erase("operationTime");
      return reply;
    }
    return {};
  }
  /// Lets time pass, ns: what is due happens at its instant, the reaper's rounds included.
  void pass(std::int64_t length) {
    const std::int64_t until = now_ + length;
    while (true) {
      const std::int64_t next = std::min({server_.next_timer(), reap_at_, primary_at_});
      if (next > until) break;
      now_ = std::max(now_, next);
      if (reap_at_ <= now_) reap();
      if (primary_at_ <= now_) {
        primary_at_ = INT64_MAX;
        server_.win_election();
      }
      server_.advance(store_, *this);
    }
    now_ = until;
  }
  DocumentServer& server() { return server_; }
  DocumentStore& store() { return store_; }

  std::int64_t now() const override { return now_; }
  TransactionId begin_transaction() override {
    if (reap_at_ == INT64_MAX) reap_at_ = now_ + reaper_period(lifetime);
    return store_.begin(now_, lifetime);
  }
  bool commit_transaction(TransactionId transaction) override {
    if (!store_.commit(transaction)) return false;
    written();
    server_.transaction_over(store_, *this, transaction);
    return true;
  }
  void abort_transaction(TransactionId transaction) override {
    store_.abort(transaction);
    transaction_undone(transaction);
  }
  void transaction_undone(TransactionId transaction) override { server_.transaction_over(store_, *this, transaction); }
  void written() override {
    store_.reach_majority_at(now_ + lag_);
    store_.advance_majority(now_);
    server_.note_changes(store_, now_, now_ + lag_);
    store_.clear_changes();
  }
  bool words_of(std::uint16_t, DocumentId, TransactionId, const bson::Value&, std::vector<Word>&,
                bson::Value&) override {
    return true;
  }
  std::int64_t replication_lag() const override { return lag_; }
  /// An election that takes that long; not orderly, with the loss of what no majority has.
  void step_down(std::int64_t lasts, bool orderly) override {
    for (const TransactionId open : store_.expired(INT64_MAX)) abort_transaction(open);
    store_.advance_majority(now_);
    const bool loses = !orderly && store_.is_replicated() && !store_.is_caught_up();
    server_.lose_primary(now_, loses);
    primary_at_ = now_ + lasts;
    if (loses) rolled_back_ = store_.roll_back();
    store_.clear_changes();
  }
  std::uint64_t rolled_back() const { return rolled_back_; }
  std::uint64_t luck() const override { return static_cast<std::uint64_t>(last_request_) + 1; }

  static constexpr std::int64_t second = 1'000'000'000, ms = 1'000'000;

 private:
  static constexpr std::int64_t lifetime = 60 * second;
  static DocumentStoreSpec spec_of(std::int64_t lag) {
    DocumentStoreSpec spec;
    spec.replicated = lag > 0;
    return spec;
  }
  void reap() {
    for (const TransactionId over : store_.expired(now_)) abort_transaction(over);
    reap_at_ = store_.open_transactions() == 0 ? INT64_MAX : now_ + reaper_period(lifetime);
  }

  DocumentStore store_;
  DocumentServer server_;
  std::vector<StoreEvent> answers_;
  std::int64_t now_ = 1'600'000'000 * second;
  std::int64_t reap_at_ = INT64_MAX, primary_at_ = INT64_MAX;
  std::int64_t lag_ = 0;
  std::uint64_t rolled_back_ = 0;
  std::int32_t last_request_ = 0;
};

}  // namespace premortem
