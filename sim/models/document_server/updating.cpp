// update and find-and-modify. Sources: MONGO-019, MONGO-040 to MONGO-053.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"
#include "sim/models/query/expression.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

/// What $expr demands to be equal, an upsert cannot know.
void check_upsert_filter(const Value& filter) {
  for (const bson::Field& part : filter.fields()) {
    if (part.name == "$expr")
      throw query::CommandError(code::query_feature_not_allowed,
                                "$expr is not allowed in the query predicate for an upsert");
    if (part.name != "$and" && part.name != "$or" && part.name != "$nor") continue;
    for (const Value& one : part.value.elements()) check_upsert_filter(one);
  }
}

/// Whether a find-and-modify met it while it looked for its document and changed it, and says so.
bool is_of_plan_executor(int error) {
  return error != code::write_conflict && error != code::lock_timeout && error != code::max_time_expired &&
         error != code::no_such_transaction && error != code::not_writable_primary;
}

}  // namespace

/// One document after the other, each atomically: MONGO-040. A document that has been waited for is looked at again.
CommandRun::Outcome CommandRun::update_matching(const UpdateStatement& statement, WriteCounts& counts) {
  Namespace* found = find_namespace(database_, statement.collection);
  if (found != nullptr) {
    const Namespace space = *found;
    std::vector<DocumentId> passed = progress_.passed;  // Before it waited.
    std::sort(passed.begin(), passed.end());
    for (const DocumentId row :
         candidates(space, statement.filter, statement.sort, statement.multi ? UINT64_MAX : 1, statement.hint)) {
      if (std::binary_search(passed.begin(), passed.end(), row)) continue;
      const std::string before(body_of(space, row));
      if (before.empty()) continue;
      const Value document = bson::decode(before);
      query::MatchDetails details;
      if (!statement.filter.matches(document, &details)) continue;  // MONGO-019
      DocumentServer::Rewritten rewritten{transaction_, row, space.collection, {}, {}};
      const Value changed = statement.update.apply(document, details, &rewritten.touched);
      const bool is_change = !changed.identical(document);
      if (!bson::equal(changed["_id"], document["_id"]))
        refuse(code::immutable_field, "Performing an update on the path '_id' would modify the immutable field '_id'");
      if (is_change) {
        if (bson::depth(changed) > bson::stored_depth_max)
          refuse(code::overflow, "Exceeded maximum depth of 100 levels in an updated document");
        const std::string body = bson::encode(changed);
        if (body.size() > bson::document_bytes_max)
          refuse(17419, "Resulting document after update is larger than " + std::to_string(bson::document_bytes_max));
        const std::vector<Word> words = words_for(space, row, changed);
        if (is_given_back()) return retry_later(0);
        strike_before_write();
        rewritten.how = statement.update.is_replacement() ? DocumentServer::Rewritten::as_a_whole
                        : rewritten.touched.empty()       ? DocumentServer::Rewritten::by_pipeline
                                                          : DocumentServer::Rewritten::by_operators;
        server_.rewritten_.push_back(std::move(rewritten));
        bool done = false;
        const Outcome outcome =
            took(store_.replace(space.collection, row, words.data(), transaction_, {}, body), space, body, done);
        if (!done) server_.rewritten_.pop_back();
        if (outcome == Outcome::waits) return outcome;
        if (!done) continue;
      }
      ++counts.matched;
      if (is_change) ++counts.modified;
      ++server_.counters_.updated;
      counts.before = document;
      counts.after = changed;
      if (!statement.multi) return Outcome::done;
      progress_.passed.push_back(row);
    }
  }
  if (counts.matched > 0 || !statement.upsert) return Outcome::done;
  return upsert(statement, counts);
}

/// MONGO-048: who has waited for another's insert of the key begins again with the filter, and so finds it.
CommandRun::Outcome CommandRun::upsert(const UpdateStatement& statement, WriteCounts& counts) {
  const Value made = statement.update.document_to_insert(statement.filter);
  Namespace& space = need_namespace(database_, statement.collection);
  if (lock_collection(space) == Outcome::waits) return Outcome::waits;
  Value id;
  const std::int64_t limit = deadline_;
  deadline_ = INT64_MAX;  // MONGO-018: such a wait does not look at maxTimeMS.
  const Outcome outcome = insert_one(space, made, &id);
  deadline_ = limit;
  if (outcome == Outcome::waits) return outcome;
  counts.upserted = id;
  if (const Namespace* there = find_namespace(database_, statement.collection)) {
    const query::Filter by_id = query::Filter::parse(bson::doc({{"_id", bson::doc({{"$eq", id}})}}), context_);
    for (const DocumentId row : candidates(*there, by_id, query::Sort(), 1, Value()))
      counts.after = bson::decode(body_of(*there, row));
  }
  return Outcome::done;
}

CommandRun::UpdateStatement CommandRun::read_update(const Value& one, const std::string& collection) {
  check_collation(one);
  if (!one["q"].is_document()) refuse(40414, "BSON field 'update.updates.q' is missing but a required field");
  if (one["u"].is_missing()) refuse(40414, "BSON field 'update.updates.u' is missing but a required field");
  UpdateStatement statement;
  statement.collection = collection;
  statement.multi = one["multi"].truthy();
  statement.upsert = one["upsert"].truthy();
  statement.hint = one["hint"];
  if (statement.multi && is_retryable_)
    refuse(code::invalid_options, "Cannot use (or request) retryable writes with multi=true");
  query::Context context = context_;
  if (const Value& constants = one["c"]; !constants.is_missing()) {
    if (!constants.is_document())
      refuse(code::type_mismatch, "BSON field 'update.updates.c' is the wrong type '" +
                                      std::string(bson::type_name(constants.type())) + "', expected type 'object'");
    if (!one["u"].is_array()) refuse(51198, "Constant values may only be specified for pipeline updates");
    query::check_variable_count(constants.fields().size());
    Value let = context.let.is_document() ? context.let : Value::document();
    for (const bson::Field& constant : constants.fields()) let.set(constant.name, constant.value);
    context.let = let;
  }
  if (statement.upsert) check_upsert_filter(one["q"]);
  statement.filter = query::Filter::parse(one["q"], context);
  context.cluster_time = server_.last_time_;
  const Value& filters = one["arrayFilters"];
  statement.update = query::Update::parse(one["u"], filters.is_array() ? filters.elements() : std::vector<Value>(),
                                          statement.multi, context);
  return statement;
}

CommandRun::Outcome CommandRun::update() {
  const std::string name = collection_name("update");
  const std::vector<Value> all =
      statements("updates", " q u c multi upsert arrayFilters hint collation comment upsertSupplied sampleId ");
  const bool ordered = flag("ordered", true);
  if (Namespace* space = find_namespace(database_, name); space != nullptr && lock_collection(*space) == Outcome::waits)
    return Outcome::waits;
  Value state = bson::doc({{"n", Value::int64(0)},
                           {"m", Value::int64(0)},
                           {"cn", Value::int64(0)},
                           {"cm", Value::int64(0)},
                           {"u", Value::array()},
                           {"e", Value::array()}});
  if (!progress_.partial.empty()) state = bson::decode(progress_.partial);
  std::int64_t matched = *state["n"].integral(), modified = *state["m"].integral();
  std::int64_t matched_before = *state["cn"].integral(), modified_before = *state["cm"].integral();
  Value upserted = state["u"], errors = state["e"], retried_ids = Value::array();
  const auto count_in = [&](std::size_t at, std::int64_t n, std::int64_t m, const Value& id) {
    matched += n + (id.is_missing() ? 0 : 1);
    modified += m;
    if (!id.is_missing())
      upserted.push_back(bson::doc({{"index", Value::int32(static_cast<std::int32_t>(at))}, {"_id", id}}));
  };
  for (; progress_.statement < all.size(); ++progress_.statement) {
    const std::size_t at = progress_.statement;
    const std::int32_t statement_number = statement_id(at);
    if (const Value* known = retried(statement_number)) {
      count_in(at, (*known)["n"].integral().value_or(0), (*known)["m"].integral().value_or(0), (*known)["_id"]);
      retried_ids.push_back(Value::int32(statement_number));
      continue;
    }
    WriteCounts counts;
    counts.matched = matched_before;
    counts.modified = modified_before;
    matched_before = modified_before = 0;
    try {
      const UpdateStatement statement = read_update(all[at], name);
      if (update_matching(statement, counts) == Outcome::waits) {
        progress_.partial = bson::encode(bson::doc({{"n", Value::int64(matched)},
                                                    {"m", Value::int64(modified)},
                                                    {"cn", Value::int64(counts.matched)},
                                                    {"cm", Value::int64(counts.modified)},
                                                    {"u", upserted},
                                                    {"e", errors}}));
        wait_.progress = progress_;
        return Outcome::waits;
      }
      count_in(at, counts.matched, counts.modified, counts.upserted);
      Value result = bson::doc({{"n", Value::int64(counts.matched)}, {"m", Value::int64(counts.modified)}});
      if (!counts.upserted.is_missing()) result.append("_id", counts.upserted);
      remember(statement_number, result);
    } catch (const query::CommandError& error) {
      // MONGO-041: what a statement has changed before it failed stays changed, and is not counted.
      if (!is_statement_error(error)) throw;
      add_write_error(errors, at, error);
      if (in_transaction_) abort_own_transaction();
      if (ordered || in_transaction_) break;
    }
    progress_.passed.clear();
  }
  reply_.append("n", Value::int32(static_cast<std::int32_t>(matched)));
  if (!upserted.elements().empty()) reply_.append("upserted", upserted);
  reply_.append("nModified", Value::int32(static_cast<std::int32_t>(modified)));
  if (!errors.elements().empty()) reply_.append("writeErrors", errors);
  if (!retried_ids.elements().empty()) reply_.append("retriedStmtIds", retried_ids);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::find_and_modify() {
  const std::string name = collection_name(name_);
  check_collation(command_);
  if (const Value* known = retried(statement_id(0))) {
    for (const bson::Field& part : known->fields()) reply_.append(part.name, part.value);
    reply_.append("retriedStmtId", Value::int32(statement_id(0)));
    return Outcome::done;
  }
  const bool removes = flag("remove", false), gives_new = flag("new", false), upserts = flag("upsert", false);
  const Value& given = field("update");
  if (removes && !given.is_missing()) refuse(code::failed_to_parse, "Cannot specify both an update and remove=true");
  if (removes && upserts) refuse(code::failed_to_parse, "Cannot specify both upsert=true and remove=true");
  if (removes && gives_new)
    refuse(code::failed_to_parse,
           "Cannot specify both new=true and remove=true; 'remove' always returns the deleted document");
  if (!removes && given.is_missing())
    refuse(code::failed_to_parse, "Either an update or remove=true must be specified");
  if (Namespace* space = find_namespace(database_, name); space != nullptr && lock_collection(*space) == Outcome::waits)
    return Outcome::waits;
  const Value query = document("query");
  UpdateStatement statement;
  statement.collection = name;
  if (upserts) check_upsert_filter(query);
  statement.filter = query::Filter::parse(query, context_);
  statement.upsert = upserts;
  statement.hint = field("hint");
  if (field("sort").is_document()) statement.sort = query::Sort::parse(field("sort"));
  const query::Projection projection =
      field("fields").is_document() ? query::Projection::parse(field("fields"), context_, &statement.filter, query)
                                    : query::Projection();
  if (const Namespace* space = find_namespace(database_, name))
    plan(*space, statement.filter, statement.sort, statement.hint);  // A hint at no index is an error of its own.
  if (!removes) {
    query::Context context = context_;
    context.cluster_time = server_.last_time_;
    const Value& filters = field("arrayFilters");
    statement.update =
        query::Update::parse(given, filters.is_array() ? filters.elements() : std::vector<Value>(), false, context);
  }
  WriteCounts counts;
  Outcome outcome = Outcome::done;
  try {
    outcome = removes ? remove_matching(find_namespace(database_, name), statement.filter, statement.sort, false,
                                        counts, statement.hint)
                      : update_matching(statement, counts);
  } catch (const query::CommandError& error) {
    if (!is_of_plan_executor(error.code())) throw;
    query::CommandError told(error.code(),
                             std::string("Plan executor error during findAndModify :: caused by :: ") + error.what());
    told.info = error.info;
    throw told;
  }
  if (outcome == Outcome::waits) return outcome;
  const bool inserted = !counts.upserted.is_missing();
  Value last = bson::doc({{"n", Value::int32(counts.matched > 0 || inserted ? 1 : 0)}});
  if (!removes) last.append("updatedExisting", Value::boolean(counts.matched > 0));
  if (inserted) last.append("upserted", counts.upserted);
  Value image = gives_new && !removes ? counts.after : counts.before;
  if (image.is_missing()) {
    image = Value::null();
  } else {
    image = projection.apply(image);
  }
  reply_.append("lastErrorObject", last);
  reply_.append("value", image);
  remember(statement_id(0), reply_);
  return Outcome::done;
}

}  // namespace premortem
