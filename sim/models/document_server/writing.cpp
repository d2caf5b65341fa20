// Writes of single documents, and insert and delete.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"
#include "sim/models/document_store/write_conflict_backoff.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

/// A collation other than the simple one would change what is equal: it is not modelled, and never ignored.
void CommandRun::check_collation(const Value& of) const {
  const Value& collation = of["collation"];
  if (collation.is_nullish() || (collation.is_document() && collation.fields().empty())) return;
  if (collation["locale"].is_string() && collation["locale"].as_text() == "simple") return;
  refuse(238, "collation is not modelled: texts are compared byte by byte, as { locale: \"simple\" } does");
}

/// Statements of a batch, however they came: as an array, or as a sequence that the session has made one. `fields`: the
/// ones that each may have, between blanks; an unknown one is an error of the command, not of its statement. Empty:
/// any.
std::vector<Value> CommandRun::statements(std::string_view name, std::string_view fields) const {
  const Value& all = field(name);
  if (!all.is_array())
    refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + "' is the wrong type '" +
                                    std::string(bson::type_name(all.type())) + "', expected type 'array'");
  if (all.elements().empty() || all.elements().size() > 100'000)
    refuse(code::invalid_length, "Write batch sizes must be between 1 and 100000. Got " +
                                     std::to_string(all.elements().size()) + " operations.");
  for (const Value& one : all.elements()) {
    if (!one.is_document())
      refuse(code::type_mismatch, "BSON field '" + name_ + "." + std::string(name) + ".0' is the wrong type '" +
                                      std::string(bson::type_name(one.type())) + "', expected type 'object'");
    for (const bson::Field& part : one.fields()) {
      if (!fields.empty() && fields.find(" " + part.name + " ") == std::string_view::npos)
        refuse(40415, "BSON field '" + name_ + "." + std::string(name) + "." + part.name + "' is an unknown field.");
    }
  }
  return all.elements();
}

std::string CommandRun::checked_body(const Value& document) const {
  if (bson::depth(document) > bson::stored_depth_max)
    refuse(code::overflow, "cannot insert document because it exceeds 100 levels of nesting");
  std::string body = bson::encode(document);
  if (body.size() > bson::document_bytes_max)
    refuse(code::bson_too_large, "object to insert too large. size in bytes: " + std::to_string(body.size()) +
                                     ", max size: " + std::to_string(bson::document_bytes_max));
  return body;
}

std::vector<Word> CommandRun::words_for(const Namespace& space, DocumentId row, const Value& document) {
  if (!space.options.empty() && !flag("bypassDocumentValidation", false)) {
    const Value options = bson::decode(space.options);
    const bool warns = options["validationAction"].is_string() && options["validationAction"].as_text() == "warn";
    const bool off = options["validationLevel"].is_string() && options["validationLevel"].as_text() == "off";
    const Value& validator = options["validator"];
    if (validator.is_document() && !warns && !off && !query::Filter::parse(validator, context_).matches(document)) {
      query::CommandError error(code::document_validation_failure, "Document failed validation");
      error.info = bson::doc({{"errInfo", bson::doc({{"failingDocumentId", document["_id"]}})}});
      throw error;
    }
  }
  if (space.of_scenario == 0) return std::vector<Word>(document_header, 0);
  std::vector<Word> words;
  Value why;
  if (!host_.words_of(space.collection, row, transaction_, document, words, why)) {
    query::CommandError error(code::document_validation_failure, "Document failed validation");
    error.info = bson::doc({{"errInfo", bson::doc({{"failingDocumentId", document["_id"]}, {"details", why}})}});
    throw error;
  }
  return words;
}

void CommandRun::written() {
  if (!in_transaction_) host_.written();
}

/// Of the values of a path through an array: the first by which another document has the key.
std::size_t CommandRun::clashing_value(const Namespace& space, const KeyIndex& index, const Value& document,
                                       const std::string& path, const std::vector<Value>& values) const {
  const std::size_t dot = path.find('.');
  const auto is_others = [&](DocumentId row, const std::string& key) {
    const std::string_view body = body_of(space, row);
    return !body.empty() && index.has_key(body, key) && !bson::equal(bson::decode_field(body, "_id"), document["_id"]);
  };
  for (std::size_t each = 0; each < values.size(); ++each) {
    Value inner = values[each];
    for (std::size_t end = path.size(); dot != std::string::npos && end > dot;) {
      const std::size_t before = path.rfind('.', end - 1);
      inner = bson::doc({{path.substr(before + 1, end - before - 1), inner}});
      end = before;
    }
    Value alone = document;
    alone.set(path.substr(0, dot), inner);
    for (const std::string& key : index.keys_of(bson::encode(alone))) {
      if (std::ranges::any_of(index.rows_with(key), [&](DocumentId row) { return is_others(row, key); })) return each;
    }
  }
  return 0;
}

query::CommandError CommandRun::duplicate_error(const Namespace& space, const KeyIndex& index,
                                                std::string_view body) const {
  const Value pattern = bson::decode(index.spec().key);
  const Value document = bson::decode(body);
  Value values = Value::document();
  for (const std::string& path : index.paths()) {
    bool through_array = false;
    const std::vector<Value> found = index_values(document, path, through_array);
    values.append(path, found.empty()       ? Value::null()
                        : found.size() == 1 ? found.front()
                                            : found[clashing_value(space, index, document, path, found)]);
  }
  query::CommandError error(code::duplicate_key, "E11000 duplicate key error collection: " + space.database + "." +
                                                     space.name + " index: " + index.spec().name +
                                                     " dup key: " + bson::to_shell(values));
  error.info = bson::doc({{"keyPattern", pattern}, {"keyValue", values}});
  return error;
}

/// What the store says of a write. `written`: the document is what it was to be.
CommandRun::Outcome CommandRun::took(const WriteResult& result, const Namespace& space, std::string_view body,
                                     bool& done) {
  done = result.outcome == WriteOutcome::ok;
  switch (result.outcome) {
    case WriteOutcome::ok:
      progress_.since = -1;
      count_dirty(body.size());
      written();
      strike_after_write();
      return Outcome::done;
    case WriteOutcome::not_found:
      return Outcome::done;
    case WriteOutcome::must_wait:
      return retry_later(result.blocker);
    case WriteOutcome::write_conflict:
      refuse_conflict();
    case WriteOutcome::no_such_transaction:
      refuse(code::no_such_transaction,
             "Transaction with { txnNumber: " + std::to_string(field("txnNumber").integral().value_or(0)) +
                 " } has been aborted.");
    case WriteOutcome::duplicate_key: {
      const DocumentTable& table = store_.table(space.collection);
      if (result.index < table.key_indexes().size())
        throw duplicate_error(space, table.key_indexes()[result.index], body);
      refuse(code::duplicate_key, "E11000 duplicate key error collection: " + space.database + "." + space.name +
                                      ": fields that the scenario calls unique");
    }
  }
  return Outcome::done;
}

/// Outside a transaction the server tries again by itself, without an upper limit: MONGO-011, MONGO-015.
CommandRun::Outcome CommandRun::retry_later(TransactionId blocker) {
  ++server_.counters_.write_conflicts;
  ++progress_.conflicts;
  if (progress_.since < 0) progress_.since = now();
  wait_.blocker = blocker;
  if (blocker != 0) return wait(PendingCommand::conflict, INT64_MAX);
  const Outcome outcome = wait(PendingCommand::conflict, progress_.since + backoff_total(progress_.conflicts));
  wait_.ready = 1;
  return outcome;
}

CommandRun::Outcome CommandRun::insert_one(Namespace& space, Value document, Value* id) {
  if (document.find("_id") == nullptr) {
    std::vector<bson::Field> fields = {{"_id", new_object_id()}};
    fields.insert(fields.end(), document.fields().begin(), document.fields().end());
    document = Value::document(std::move(fields));
  } else if (document.fields().front().name != "_id") {
    const Value own = document["_id"];
    document.erase("_id");
    document.fields().insert(document.fields().begin(), bson::Field{"_id", own});
  }
  const Value& own = document.fields().front().value;
  if (own.is_array() || own.is(bson::Type::regex) || own.is(bson::Type::undefined))
    refuse(53,
           "The '_id' value cannot be of type " + std::string(own.is_array() ? "array" : bson::type_name(own.type())));
  if (own.is_document()) {
    for (const bson::Field& part : own.fields()) {
      if (part.name.starts_with('$'))
        refuse(code::dollar_prefixed_field,
               "_id fields may not contain '$'-prefixed fields: " + part.name + " is not valid for storage.");
    }
  }
  for (bson::Field& one : document.fields()) {
    if (!one.value.is(bson::Type::timestamp) || one.name == "_id") continue;
    if (one.value.timestamp_seconds() != 0 || one.value.timestamp_increment() != 0) continue;
    const std::uint64_t time = next_time();
    one.value = Value::timestamp(static_cast<std::uint32_t>(time >> 32), static_cast<std::uint32_t>(time));
  }
  const std::string body = checked_body(document);
  const std::vector<Word> words = words_for(space, DocumentTable::nil, document);
  if (id != nullptr) *id = document["_id"];
  const Namespace own_space = space;  // What is told may move the list that holds it.
  if (is_given_back()) return retry_later(0);
  strike_before_write();
  const WriteResult result = store_.insert(own_space.collection, words.data(), transaction_, body);
  bool done = false;
  const Outcome outcome = took(result, own_space, body, done);
  if (outcome == Outcome::done) ++server_.counters_.inserted;
  return outcome;
}

void CommandRun::add_write_error(Value& errors, std::size_t at, const query::CommandError& error) const {
  Value entry =
      bson::doc({{"index", Value::int32(static_cast<std::int32_t>(at))}, {"code", Value::int32(error.code())}});
  for (const bson::Field& further : error.info.fields()) entry.append(further.name, further.value);
  entry.append("errmsg", Value::string(error.what()));
  errors.push_back(entry);
}

/// Whether an error is a statement's own, or ends the command: inside a transaction all but a few end it.
bool CommandRun::is_statement_error(const query::CommandError& error) const {
  static constexpr int ends_all[] = {code::write_conflict, code::no_such_transaction, code::lock_timeout,
                                     code::max_time_expired, code::not_writable_primary};
  return std::find(std::begin(ends_all), std::end(ends_all), error.code()) == std::end(ends_all);
}

CommandRun::Outcome CommandRun::insert() {
  const std::string name = collection_name("insert");
  const std::vector<Value> documents = statements("documents", "");
  const bool ordered = flag("ordered", true);
  Namespace& space = need_namespace(database_, name);
  if (lock_collection(space) == Outcome::waits) return Outcome::waits;
  Value state = bson::doc({{"n", Value::int32(0)}, {"e", Value::array()}});
  if (!progress_.partial.empty()) state = bson::decode(progress_.partial);
  std::int64_t count = *state["n"].integral();
  Value errors = state["e"];
  Value retried_ids = Value::array();
  if (documents.size() > 1 && !ran_before_ && retried(statement_id(0)) == nullptr) {
    try {
      strike_before_write();  // All documents in one write come first; if that fails, they are made one by one.
    } catch (const query::CommandError&) {
    }
  }
  for (; progress_.statement < documents.size(); ++progress_.statement) {
    const std::size_t at = progress_.statement;
    const std::int32_t statement = statement_id(at);
    if (retried(statement) != nullptr) {
      ++count;
      retried_ids.push_back(Value::int32(statement));
      continue;
    }
    try {
      Namespace* target = find_namespace(database_, name);
      if (insert_one(*target, documents[at], nullptr) == Outcome::waits) {
        progress_.partial =
            bson::encode(bson::doc({{"n", Value::int32(static_cast<std::int32_t>(count))}, {"e", errors}}));
        wait_.progress = progress_;
        return Outcome::waits;
      }
      ++count;
      remember(statement, Value::document());
    } catch (const query::CommandError& error) {
      if (!is_statement_error(error)) throw;
      add_write_error(errors, at, error);
      if (in_transaction_) abort_own_transaction();  // MONGO-046
      if (ordered || in_transaction_) break;         // MONGO-045
    }
  }
  reply_.append("n", Value::int32(static_cast<std::int32_t>(count)));
  if (!errors.elements().empty()) reply_.append("writeErrors", errors);
  if (!retried_ids.elements().empty()) reply_.append("retriedStmtIds", retried_ids);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::remove_matching(Namespace* space, const query::Filter& filter, const query::Sort& sort,
                                                bool multi, WriteCounts& counts, const Value& hint) {
  if (space == nullptr) return Outcome::done;
  const Namespace own_space = *space;
  std::vector<DocumentId> passed = progress_.passed;  // Before it waited.
  std::sort(passed.begin(), passed.end());
  for (const DocumentId row : candidates(own_space, filter, sort, multi ? UINT64_MAX : 1, hint)) {
    if (std::binary_search(passed.begin(), passed.end(), row)) continue;
    const std::string body(body_of(own_space, row));
    if (body.empty()) continue;
    bool done = false;
    if (is_given_back()) return retry_later(0);
    strike_before_write();
    if (took(store_.remove(own_space.collection, row, transaction_), own_space, body, done) == Outcome::waits)
      return Outcome::waits;
    if (!done) continue;
    ++counts.matched;
    ++server_.counters_.deleted;
    counts.before = bson::decode(body);
    if (multi) progress_.passed.push_back(row);
    if (!multi) break;
  }
  return Outcome::done;
}

CommandRun::Outcome CommandRun::remove() {
  const std::string name = collection_name("delete");
  const std::vector<Value> all = statements("deletes", " q limit collation hint comment sampleId ");
  const bool ordered = flag("ordered", true);
  if (Namespace* space = find_namespace(database_, name); space != nullptr && lock_collection(*space) == Outcome::waits)
    return Outcome::waits;
  Value state = bson::doc({{"n", Value::int64(0)}, {"c", Value::int64(0)}, {"e", Value::array()}});
  if (!progress_.partial.empty()) state = bson::decode(progress_.partial);
  std::int64_t count = *state["n"].integral();
  std::int64_t removed_before = *state["c"].integral();
  Value errors = state["e"], retried_ids = Value::array();
  for (; progress_.statement < all.size(); ++progress_.statement) {
    const std::size_t at = progress_.statement;
    const Value& one = all[at];
    const std::int32_t statement = statement_id(at);
    if (const Value* known = retried(statement)) {
      count += (*known)["n"].integral().value_or(0);
      retried_ids.push_back(Value::int32(statement));
      continue;
    }
    WriteCounts counts;
    counts.matched = removed_before;
    removed_before = 0;
    try {
      check_collation(one);
      const auto limit = one["limit"].integral();
      if (!one["q"].is_document()) refuse(40414, "BSON field 'delete.deletes.q' is missing but a required field");
      if (!limit) refuse(40414, "BSON field 'delete.deletes.limit' is missing but a required field");
      if (*limit != 0 && *limit != 1)
        refuse(code::failed_to_parse,
               "The limit field in delete objects must be 0 or 1. Got " + std::to_string(*limit));
      if (*limit == 0 && is_retryable_)
        refuse(code::invalid_options, "Cannot use (or request) retryable writes with limit=0");
      const query::Filter filter = query::Filter::parse(one["q"], context_);
      if (remove_matching(find_namespace(database_, name), filter, query::Sort(), *limit == 0, counts, one["hint"]) ==
          Outcome::waits) {
        progress_.partial =
            bson::encode(bson::doc({{"n", Value::int64(count)}, {"c", Value::int64(counts.matched)}, {"e", errors}}));
        wait_.progress = progress_;
        return Outcome::waits;
      }
      count += counts.matched;
      remember(statement, bson::doc({{"n", Value::int64(counts.matched)}}));
    } catch (const query::CommandError& error) {
      if (!is_statement_error(error)) throw;
      add_write_error(errors, at, error);
      if (in_transaction_) abort_own_transaction();
      if (ordered || in_transaction_) break;
    }
    progress_.passed.clear();
  }
  reply_.append("n", Value::int32(static_cast<std::int32_t>(count)));
  if (!errors.elements().empty()) reply_.append("writeErrors", errors);
  if (!retried_ids.elements().empty()) reply_.append("retriedStmtIds", retried_ids);
  return Outcome::done;
}

}  // namespace premortem
