// aggregate: what the pipeline is given, and where its output goes.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/planning.hpp"
#include "sim/models/query/expression.hpp"
#include "sim/models/query/pipeline.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

/// Reads other collections of the same database as the command itself would.
class CommandRun::OtherCollections final : public query::CollectionReader {
 public:
  explicit OtherCollections(CommandRun& run) : run_(run) {}
  void read(const std::string& collection, const query::Filter& filter,
            const std::function<bool(const Value&)>& visit) override {
    if (run_.reads_past_) {
      for (const Value& document : run_.past_documents(collection, filter, query::Sort())) {
        if (!visit(document)) return;
      }
      return;
    }
    const Namespace* space = run_.find_namespace(run_.database_, collection);
    if (space == nullptr) return;
    const AccessPlan way = run_.plan(*space, filter, query::Sort(), Value());
    run_.scan(*space, way, [&](DocumentId, std::string_view body) {
      const Value document = bson::decode(body);
      return !filter.matches(document) || visit(document);
    });
  }

 private:
  CommandRun& run_;
};

CommandRun::Outcome CommandRun::aggregate() {
  check_collation(command_);
  const Value& given = field("pipeline");
  if (!given.is_array()) refuse(code::type_mismatch, "'pipeline' option must be specified as an array");
  if (!field("cursor").is_document() && !flag("explain", false))
    refuse(code::failed_to_parse, "The 'cursor' option is required, except for aggregate with the explain argument");
  const std::vector<Value>& stages = given.elements();
  for (const Value& stage : stages) {
    if (!stage.is_document()) refuse(code::type_mismatch, "Each element of the 'pipeline' array must be an object");
  }
  if (!stages.empty() && stages.front().has("$changeStream")) return open_change_stream(stages);
  if (flag("explain", false)) refuse(238, "aggregate with 'explain: true' is not modelled; the command explain is");
  const bool whole_database = field("aggregate").is_number();
  const std::string name = whole_database ? "$cmd.aggregate" : collection_name("aggregate");
  query::PipelineInput input;  // Empty where the pipeline has run before.
  std::vector<Value> rest = stages;
  const auto metadata = stages.empty() ? std::nullopt : metadata_stage(stages.front());
  if (metadata) rest.erase(rest.begin());
  query::Context context = context_;
  context.cluster_time = server_.last_time_;
  const query::Pipeline pipeline = query::Pipeline::parse(Value::array(rest), context);
  if (whole_database && !metadata && !pipeline.begins_with_documents())
    refuse(code::invalid_namespace, "{aggregate: 1} is not valid for '" +
                                        (stages.empty() ? std::string() : stages.front().fields().front().name) +
                                        "'; a collection is required.");
  if (pipeline.output() && field("readConcern")["level"].is_string() &&
      field("readConcern")["level"].as_text() == "linearizable")
    refuse(code::invalid_options,
           stages.back().fields().front().name + " cannot be used with a 'linearizable' read concern level");
  const bool has_run = pipeline.output() && !progress_.partial.empty();  // It waited with what came out.
  snapshot_for_read();
  if (has_run) {
  } else if (metadata) {
    input.documents = *metadata;
  } else if (reads_past_ && !whole_database) {
    for (Value& one : past_documents(name, pipeline.first_match(), query::Sort())) input.add(std::move(one));
    if (const auto limit = pipeline.input_limit(); limit && *limit < input.documents.size())
      input.documents.resize(*limit);
  } else if (const Namespace* found = whole_database ? nullptr : find_namespace(database_, name)) {
    const Namespace space = *found;
    if (lock_collection(space) == Outcome::waits) return Outcome::waits;
    const query::Filter filter = pipeline.first_match();
    const std::uint64_t limit = pipeline.input_limit().value_or(UINT64_MAX);
    const AccessPlan way = plan(space, filter, query::Sort(), field("hint"));
    if (limit > 0) {
      scan(space, way, [&](DocumentId, std::string_view body) {
        Value document = bson::decode(body);
        if (!filter.matches(document)) return true;
        input.add(std::move(document));
        return input.documents.size() < limit;
      });
    }
  }
  if (pipeline.output() && in_transaction_)
    refuse(code::operation_not_supported_in_transaction, "$out and $merge cannot be used in a transaction");
  OtherCollections others(*this);
  std::vector<Value> output =
      has_run ? bson::decode(progress_.partial)["output"].elements() : pipeline.run(std::move(input.documents), others);
  end_snapshot();
  if (pipeline.output()) {
    if (!server_.is_writable()) refuse(code::not_writable_primary, "not primary");
    writes_ = true;
    if (write_output(output, *pipeline.output()) == Outcome::waits) return Outcome::waits;
    output.clear();
  }
  std::vector<std::string> bodies;
  bodies.reserve(output.size());
  for (const Value& one : output) {
    bodies.push_back(bson::encode(one));
    if (bodies.back().size() > bson::document_bytes_max)
      refuse(code::bson_too_large, "BSONObj size: " + std::to_string(bodies.back().size()) +
                                       " is invalid. Size must be between 0 and 16793600(16MB)");
  }
  reply_with(name, std::move(bodies));
  return Outcome::done;
}

/// Stages that tell of the server and not of documents.
std::optional<std::vector<Value>> CommandRun::metadata_stage(const Value& first) {
  std::vector<Value> told;
  if (first.has("$listSearchIndexes")) search_indexes();
  if (first.has("$currentOp")) {
    for (const PendingCommand& one : server_.pending_)
      told.push_back(bson::doc({{"type", Value::string("op")},
                                {"active", Value::boolean(true)},
                                {"opid", Value::int32(one.operation)},
                                {"connectionId", Value::int64(one.client)},
                                {"command", bson::decode(one.command)},
                                {"numYields", Value::int64(one.progress.conflicts)},
                                {"waitingForLock", Value::boolean(one.why == PendingCommand::schema)},
                                {"writeConflicts", Value::int64(one.progress.conflicts)}}));
    return told;
  }
  if (first.has("$listLocalSessions") || first.has("$listSessions")) {
    for (const ServerSession& one : server_.sessions_)
      told.push_back(bson::doc({{"_id", bson::decode(one.id)}, {"lastUse", Value::date(one.last_used / 1'000'000)}}));
    return told;
  }
  const bool is_statistics = first.has("$collStats"), is_indexes = first.has("$indexStats");
  if (!is_statistics && !is_indexes) return std::nullopt;
  const std::string name = collection_name("aggregate");
  const Namespace* space = find_namespace(database_, name);
  if (space == nullptr)
    refuse(code::namespace_not_found,
           "Unable to retrieve storageStats in $collStats stage :: caused by :: Collection [" + database_ + "." + name +
               "] not found.");
  if (is_statistics) {
    Value entry = bson::doc({{"ns", Value::string(database_ + "." + name)}, {"localTime", Value::date(now_ms())}});
    const auto documents = static_cast<std::int64_t>(store_.size(space->collection));
    if (first["$collStats"].has("count")) entry.append("count", Value::int64(documents));
    if (first["$collStats"].has("storageStats")) entry.append("storageStats", storage_statistics(*space));
    told.push_back(entry);
    return told;
  }
  for (const KeyIndex& index : store_.table(space->collection).key_indexes())
    told.push_back(bson::doc({{"name", Value::string(index.spec().name)},
                              {"key", bson::decode(index.spec().key)},
                              {"spec", index_document(index.spec())}}));
  return told;
}

/// $out: the collection is what came out. $merge: each document is written as the stage says.
CommandRun::Outcome CommandRun::write_output(const std::vector<Value>& documents, const query::OutputStage& stage) {
  const std::string own = database_;
  database_ = stage.database.empty() ? own : stage.database;
  Outcome outcome = Outcome::done;
  if (stage.kind == query::OutputStage::Kind::out) {
    outcome = replace_collection(documents, stage.collection);
  } else {
    check_merge_key(stage);
    for (; progress_.statement < documents.size() && outcome == Outcome::done; ++progress_.statement) {
      outcome = merge_document(documents[progress_.statement], stage);
      if (outcome == Outcome::waits) break;
    }
  }
  database_ = own;
  if (outcome == Outcome::waits) {  // What came out is kept: whoever changes the input meanwhile changes nothing in it.
    progress_.partial = bson::encode(bson::doc({{"output", Value::array(documents)}}));
    wait_.progress = progress_;
  }
  return outcome;
}

/// The documents go into a collection of their own first, so that one that cannot be written leaves the old one as it
/// is.
CommandRun::Outcome CommandRun::replace_collection(const std::vector<Value>& documents, const std::string& name) {
  const Namespace* const target = find_namespace(database_, name);
  if (target != nullptr && take_schema_lock(target->collection) == Outcome::waits) return Outcome::waits;
  const std::string aside = "tmp.agg_out." + std::to_string(++server_.made_ids_);
  Namespace& made = need_namespace(database_, aside);
  const std::uint16_t collection = made.collection;
  const bool of_scenario = target != nullptr && find_namespace(database_, name)->of_scenario != 0;
  server_.muted_ = 1;
  const auto give_up = [&] {
    if (Namespace* left = find_namespace(database_, aside)) drop_namespace(*left);
    if (!server_.oplog_.empty() && server_.oplog_.back().collection == aside) {
      server_.oplog_bytes_ -= server_.oplog_.back().bytes();
      server_.oplog_.pop_back();
    }
  };
  try {
    if (const Namespace* old = find_namespace(database_, name)) {
      find_namespace(database_, aside)->options = old->options;
      for (const KeyIndex& index : store_.table(old->collection).key_indexes()) {
        if (index.spec().name != "_id_") store_.table(collection).add_key_index(IndexSpec(index.spec()));
      }
    }
    for (const Value& document : documents) {
      if (of_scenario) words_for(*find_namespace(database_, name), DocumentTable::nil, document);
      if (insert_one(*find_namespace(database_, aside), document, nullptr) == Outcome::done) continue;
      give_up();
      server_.muted_ = 0;
      return Outcome::waits;
    }
  } catch (const query::CommandError&) {
    give_up();
    server_.muted_ = 0;
    throw;
  }
  server_.muted_ = 0;
  if (of_scenario) {  // Simulated systems know it by its number: its documents are exchanged, one after the other.
    give_up();
    const std::uint16_t kept = find_namespace(database_, name)->collection;
    std::vector<DocumentId> rows;
    for (DocumentId row = store_.table(kept).row_after(DocumentTable::nil); row != DocumentTable::nil;
         row = store_.table(kept).row_after(row)) {
      if (!store_.body(kept, row, 0).empty()) rows.push_back(row);
    }
    for (const DocumentId row : rows) {
      store_.remove(kept, row, 0);
      host_.written();
    }
    for (const Value& document : documents) {
      if (insert_one(*find_namespace(database_, name), document, nullptr) == Outcome::waits) refuse_conflict();
    }
    return Outcome::done;
  }
  if (Namespace* old = find_namespace(database_, name)) drop_namespace(*old);
  find_namespace(database_, aside)->name = name;
  note_schema_change(OplogEntry::rename, aside, database_ + "." + name);
  return Outcome::done;
}

/// What $merge looks documents up by must name one.
void CommandRun::check_merge_key(const query::OutputStage& stage) {
  std::vector<std::string> wanted(stage.on.begin(), stage.on.end());
  std::sort(wanted.begin(), wanted.end());
  bool named = wanted == std::vector<std::string>{"_id"};
  if (const Namespace* space = find_namespace(database_, stage.collection)) {
    for (const KeyIndex& index : store_.table(space->collection).key_indexes()) {
      std::vector<std::string> paths = index.paths();
      std::sort(paths.begin(), paths.end());
      named = named || (index.spec().unique && index.spec().partial.empty() && paths == wanted);
    }
  }
  if (!named) refuse(51183, "Cannot find index to verify that join fields will be unique");
}

CommandRun::Outcome CommandRun::merge_document(const Value& document, const query::OutputStage& stage) {
  using Matched = query::OutputStage::WhenMatched;
  using NotMatched = query::OutputStage::WhenNotMatched;
  Value by = Value::document();
  for (const std::string& path : stage.on) {
    bool through_array = false;
    const std::vector<Value> values = index_values(document, path, through_array);
    if (through_array || values.size() != 1)
      refuse(51185, "$merge write error: 'on' field cannot be missing, null, undefined or an array");
    by.append(path, bson::doc({{"$eq", values.front()}}));
  }
  UpdateStatement statement;
  statement.collection = stage.collection;
  statement.filter = query::Filter::parse(by, context_);
  Namespace& space = need_namespace(database_, stage.collection);
  if (lock_collection(space) == Outcome::waits) return Outcome::waits;
  const bool there = !candidates(space, statement.filter, query::Sort(), 1, Value()).empty();
  if (!there) {
    if (stage.when_not_matched == NotMatched::discard) return Outcome::done;
    if (stage.when_not_matched == NotMatched::fail)
      refuse(13113,
             "$merge could not find a matching document in the target collection for at least one document in the "
             "source collection");
    return insert_one(space, document, nullptr);
  }
  if (stage.when_matched == Matched::keep_existing) return Outcome::done;
  if (stage.when_matched == Matched::fail) {
    for (const KeyIndex& index : store_.table(space.collection).key_indexes()) {
      if (!index.spec().unique || index.paths() != stage.on) continue;
      const query::CommandError duplicate = duplicate_error(space, index, bson::encode(document));
      query::CommandError told(duplicate.code(),
                               std::string("$merge with whenMatched: fail found an existing document with the same "
                                           "values for the 'on' fields :: caused by :: ") +
                                   duplicate.what());
      told.info = duplicate.info;
      throw told;
    }
    refuse(code::duplicate_key, "$merge: a document with this key is there already: " + bson::to_shell(by));
  }
  query::Context context = context_;
  if (stage.when_matched == Matched::pipeline) {
    Value let = context_.let.is_document() ? context_.let : Value::document();
    for (const bson::Field& variable : stage.let.fields())
      let.set(variable.name, query::AggregateExpression::parse(variable.value, context_).evaluate(document));
    context.let = std::move(let);
    statement.update = query::Update::parse(stage.pipeline, {}, false, context);
  } else if (stage.when_matched == Matched::replace) {
    statement.update = query::Update::parse(document, {}, false, context);
  } else {
    Value changes = document;
    changes.erase("_id");
    if (changes.fields().empty()) return Outcome::done;
    statement.update = query::Update::parse(bson::doc({{"$set", changes}}), {}, false, context);
  }
  WriteCounts counts;
  return update_matching(statement, counts);
}

}  // namespace premortem
