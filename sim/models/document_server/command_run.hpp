#pragma once
// One command under way: what it is about, what it has said so far, and whether it has to wait. Its functions are by
// topic in the files of this folder.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/models/bson/value.hpp"
#include "sim/models/document_server/document_server.hpp"
#include "sim/models/query/command_error.hpp"
#include "sim/models/query/filter.hpp"
#include "sim/models/query/pipeline.hpp"
#include "sim/models/query/projection.hpp"
#include "sim/models/query/update.hpp"

namespace premortem {

/// Which way a read goes through a collection.
struct AccessPlan {
  std::int32_t index = -1;  ///< Number of the key index; -1: every document in order of insertion.
  std::vector<std::pair<std::string, std::string>> ranges;  ///< Prefixes of its keys, both included; empty: all of it.
  bool descending = false;
  bool sorted = false;  ///< What comes out is in the order that was asked for.
};

class CommandRun {
 public:
  CommandRun(DocumentServer& server, DocumentStore& store, ServerHost& host, StoreClientId client, std::int32_t request,
             bool wants_reply, const bson::Value& command);

  /// What a waiting command has done before; then run() goes on from there.
  void resume(const PendingCommand& pending);
  /// Carries it out. True: reply() is what is to be said. False: it waits; waiting() says for what.
  bool run();
  bson::Value& reply() { return reply_; }
  PendingCommand& waiting() { return wait_; }
  /// Behind run(): ns until the answer may be given, because a majority is behind. It may say that the time is over.
  std::int64_t wait_for_majority();
  bool cuts() const { return cuts_; }
  bool passes() const { return passes_; }
  /// What a command that fails with this code is answered.
  /// `reads_changes`: it is about a change stream, which drivers resume after some errors.
  static bson::Value error_reply(const bson::Value& command, int code, const std::string& text,
                                 bool reads_changes = false);
  /// What such an error is labelled as: an array of texts.
  static bson::Value labels_for(const bson::Value& command, int code, bool with_write_concern_error,
                                bool reads_changes = false);

 private:
  using Value = bson::Value;
  enum class Outcome : std::uint8_t { done, waits };
  using Handler = Outcome (CommandRun::*)();
  struct Entry {
    std::string_view name;
    Handler handler;
    std::string_view fields;  ///< Its own ones, between blanks: any other is an error.
    bool in_transactions;     ///< Whether a transaction may hold it.
    bool writes;              ///< Needs the primary, and may be retried by txnNumber or have a write concern.
  };
  static const Entry* find_entry(std::string_view name);
  static const std::vector<Entry>& entries();

  // --- command_run.cpp: everything around a command
  Outcome carry_out();
  void read_envelope();
  void decorate();
  void fail(const query::CommandError& error);
  void check_api_version(const Entry& entry) const;
  Outcome wait(PendingCommand::Why why, std::int64_t due);
  std::int64_t now() const { return host_.now(); }
  std::int64_t now_ms() const { return host_.now() / 1'000'000; }
  std::uint64_t next_time();
  const Value& field(std::string_view name) const { return command_[name]; }
  std::int64_t integer(std::string_view name, std::int64_t otherwise) const;
  bool flag(std::string_view name, bool otherwise) const;
  /// A document, empty where nothing is given.
  Value document(std::string_view name) const;
  std::string text(std::string_view name) const;
  void check_write_concern();
  [[noreturn]] static void refuse(int code, const std::string& why) { throw query::CommandError(code, why); }
  Value new_object_id();
  std::string random_bytes(std::size_t count);

  // --- replication.cpp
  void check_primary(const Entry& entry) const;
  bool waits_for_majority() const;
  std::int64_t causal_majority_at() const;

  // --- fail_points.cpp
  bool strike_fail_point();
  bool end_fail_point();
  void give_write_concern_error(const Value& data);
  bool fail_point_strikes(std::string_view name);
  FailPoint* striking(std::string_view name);
  void strike_before_write();
  void strike_after_write();
  void strike_get_more();
  FailPoint* fail_point_for_command();
  bool counts_as_struck(FailPoint& point);
  std::string_view application() const;
  Outcome configure_fail_point();

  // --- sessions.cpp
  bool is_session_taken() const;
  void use_session();
  void end_idle_sessions();
  void begin_or_join_transaction();
  void check_read_concern() const;
  void check_read_concern_support() const;
  void forget_transaction(ServerSession& session, ServerSession::State state);
  void abort_own_transaction();
  Outcome commit_transaction();
  Outcome abort_transaction();
  Outcome start_session();
  Outcome end_sessions();
  Outcome refresh_sessions();
  Outcome kill_sessions();
  ServerSession* session() { return session_ < 0 ? nullptr : &server_.sessions_[static_cast<std::size_t>(session_)]; }
  const Value* retried(std::int32_t statement);
  void remember(std::int32_t statement, const Value& result);
  std::int32_t statement_id(std::size_t at) const;

  // --- namespaces.cpp
  bool is_visible(const Namespace& space) const;
  Namespace* find_namespace(std::string_view database, std::string_view name);
  Namespace& need_namespace(const std::string& database, const std::string& name);
  std::string collection_name(std::string_view field) const;
  void check_name(const std::string& name) const;
  Outcome lock_collection(const Namespace& space);
  Outcome take_schema_lock(std::uint16_t collection);
  Outcome create();
  Outcome drop();
  Outcome drop_database();
  Outcome rename_collection();
  Outcome list_collections();
  Outcome list_databases();
  Outcome create_indexes();
  bool has_index(const Namespace& space, const IndexSpec& spec) const;
  void build_index(const Namespace& space, const IndexSpec& spec);
  Outcome drop_indexes();
  Outcome list_indexes();
  Outcome coll_mod();
  void drop_namespace(Namespace& space);
  void publish_namespaces(TransactionId transaction);
  void forget_namespaces(TransactionId transaction);
  void note_schema_change(OplogEntry::Kind kind, const std::string& name, const std::string& to);
  void check_unique(const Namespace& space, std::size_t number);
  void ensure_id_index(std::uint16_t collection);
  IndexSpec read_index(const Value& spec);
  Value index_document(const IndexSpec& spec) const;

  // --- writing.cpp, updating.cpp
  Outcome insert();
  Outcome update();
  Outcome remove();
  Outcome find_and_modify();
  struct WriteCounts {
    std::int64_t matched = 0, modified = 0;
    Value upserted;       ///< _id of the document that was inserted; missing: none.
    Value before, after;  ///< For find-and-modify.
  };
  Outcome insert_one(Namespace& space, Value document, Value* id);
  struct UpdateStatement {
    std::string collection;
    query::Filter filter;
    query::Update update;
    query::Sort sort;
    bool multi = false, upsert = false;
    Value hint;
  };
  UpdateStatement read_update(const Value& one, const std::string& collection);
  Outcome update_matching(const UpdateStatement& statement, WriteCounts& counts);
  Outcome upsert(const UpdateStatement& statement, WriteCounts& counts);
  Outcome remove_matching(Namespace* space, const query::Filter& filter, const query::Sort& sort, bool multi,
                          WriteCounts& counts, const Value& hint);
  bool is_statement_error(const query::CommandError& error) const;
  Outcome took(const WriteResult& result, const Namespace& space, std::string_view body, bool& done);
  Outcome retry_later(TransactionId blocker);
  // cache.cpp
  [[noreturn]] void refuse_conflict();
  void check_cache();
  void count_dirty(std::size_t bytes);
  bool is_given_back();
  std::vector<Word> words_for(const Namespace& space, DocumentId row, const Value& document);
  std::string checked_body(const Value& document) const;
  std::size_t clashing_value(const Namespace& space, const KeyIndex& index, const Value& document,
                             const std::string& path, const std::vector<Value>& values) const;
  query::CommandError duplicate_error(const Namespace& space, const KeyIndex& index, std::string_view body) const;
  void add_write_error(Value& errors, std::size_t at, const query::CommandError& error) const;
  std::vector<Value> statements(std::string_view name, std::string_view fields) const;
  void written();
  void check_collation(const Value& of) const;

  // --- reading.cpp, planning.cpp, cursors.cpp
  Outcome find();
  Outcome get_more();
  Outcome kill_cursors();
  Outcome count();
  Outcome distinct();
  static void distinct_values(const Value& value, std::string_view path, std::vector<Value>& found);
  Outcome explain();
  AccessPlan plan(const Namespace& space, const query::Filter& filter, const query::Sort& sort,
                  const Value& hint) const;
  template <class Visit>
  void scan(const Namespace& space, const AccessPlan& plan, Visit&& visit);
  std::vector<DocumentId> candidates(const Namespace& space, const query::Filter& filter, const query::Sort& sort,
                                     std::uint64_t limit, const Value& hint);
  std::string_view body_of(const Namespace& space, DocumentId row) const {
    return store_.body(space.collection, row, transaction_);
  }
  ServerCursor& open_cursor(ServerCursor::Kind kind, const std::string& database, const std::string& collection);
  std::vector<std::string> next_batch(ServerCursor& cursor, std::uint64_t batch);
  std::vector<std::string> next_of_scan(ServerCursor& cursor, std::uint64_t batch);
  void put_cursor(ServerCursor& cursor, const std::vector<std::string>& batch, const char* name, bool closes);
  void close_cursor(std::int64_t id);
  void interrupt_get_more(std::int64_t id);
  ServerCursor* find_cursor(std::int64_t id);
  void reply_with(const std::string& collection, std::vector<std::string> documents);
  TransactionId snapshot_for_read();
  void end_snapshot();
  Value snapshot_time() const;
  void read_at(const Value& time);
  std::vector<Value> past_documents(const std::string& collection);
  std::vector<Value> past_documents(const std::string& collection, const query::Filter& filter,
                                    const query::Sort& sort);

  // --- aggregating.cpp, change_streams.cpp
  Outcome aggregate();
  class OtherCollections;
  class OtherNothing;
  Outcome write_output(const std::vector<Value>& documents, const query::OutputStage& stage);
  Outcome replace_collection(const std::vector<Value>& documents, const std::string& name);
  Outcome merge_document(const Value& document, const query::OutputStage& stage);
  void check_merge_key(const query::OutputStage& stage);
  std::optional<std::vector<Value>> metadata_stage(const Value& first);
  Outcome open_change_stream(const std::vector<Value>& stages);
  std::vector<std::string> next_changes(ServerCursor& cursor, std::uint64_t batch);
  Value resume_token(const ServerCursor& cursor) const;
  Value change_event(const ServerCursor& cursor, const OplogEntry& entry, const Value& options);
  bool keeps_images(const OplogEntry& entry);
  std::uint64_t position_after(std::uint64_t time, std::uint64_t within);
  /// When a majority has what the stream has not told; INT64_MAX: there is nothing.
  std::int64_t next_change_at(const ServerCursor& cursor) const;

  // --- diagnostics.cpp
  Outcome hello();
  Outcome ping();
  Outcome build_info();
  Outcome server_status();
  Outcome get_parameter();
  Outcome set_parameter();
  Outcome host_info();
  Outcome connection_status();
  Outcome whats_my_uri();
  Outcome get_log();
  Outcome command_line_options();
  Outcome current_op();
  Outcome kill_op();
  Value storage_statistics(const Namespace& space) const;
  Outcome collection_stats();
  Outcome database_stats();
  Outcome validate();
  Outcome set_status();
  Outcome step_down();
  Outcome profile();
  Outcome search_indexes();

  DocumentServer& server_;
  DocumentStore& store_;
  ServerHost& host_;
  StoreClientId client_;
  std::int32_t request_;
  bool wants_reply_;
  const Value& command_;
  std::string name_, database_;
  query::Context context_;
  CommandProgress progress_;
  bool resumed_ = false;                ///< It has waited before,
  bool ran_before_ = false;             ///< ... and had been begun by then.
  std::int32_t operation_ = INT32_MAX;  ///< Of one that has waited for its session; any other one is the last to come.
  std::int64_t began_ = 0;
  std::int64_t deadline_ = INT64_MAX;
  std::ptrdiff_t session_ = -1;
  std::int64_t used_cursor_ = 0;     ///< Closed if the command fails; 0: none.
  std::uint64_t snapshot_time_ = 0;  ///< Of a read with read concern snapshot: cluster time; 0: it is another read.
  bool reads_past_ = false;          ///< Something has changed since: documents are as the oplog says that they were.
  bool reads_changes_ = false;       ///< The command is about a change stream.
  bool in_transaction_ = false, starts_transaction_ = false, is_retryable_ = false;
  TransactionId transaction_ = 0;
  TransactionId read_snapshot_ = 0;  ///< Taken for this read alone.
  bool writes_ = false;              ///< It has gone about writing.
  Value reply_;
  PendingCommand wait_;
  bool cuts_ = false, passes_ = false, labels_given_ = false, ends_with_write_concern_error_ = false;
  Value fail_point_labels_, write_concern_error_;
  Value retried_result_;
  std::uint64_t draws_ = 0;
};

}  // namespace premortem
