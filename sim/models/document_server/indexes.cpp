// createIndexes, dropIndexes, listIndexes.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"
#include "sim/models/document_server/partial_filter.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

/// An index specification as the server's errors show it.
std::string with_version(const Value& given) {
  Value shown = given;
  if (!shown.has("v")) shown.append("v", Value::int32(2));
  return bson::to_shell(shown);
}

/// It is unique and complete by itself, and ascending.
void check_id_index(const Value& given) {
  if (!bson::equal(given["key"]["_id"], Value::int32(1)))
    throw query::CommandError(
        code::bad_value, "The field 'key' for an _id index must be {_id: 1}, but got " + bson::to_shell(given["key"]));
  static constexpr std::string_view allowed = " key name v ns background collation ";
  for (const bson::Field& one : given.fields()) {
    if (allowed.find(" " + one.name + " ") == std::string_view::npos)
      throw query::CommandError(
          197, "The field '" + one.name +
                   "' is not valid for an _id index specification. Specification: " + with_version(given));
  }
}

}  // namespace

IndexSpec CommandRun::read_index(const Value& given) {
  if (!given.is_document()) refuse(code::type_mismatch, "an index specification is a document");
  static constexpr std::string_view known =
      " key name unique sparse background expireAfterSeconds partialFilterExpression hidden v ns collation "
      "storageEngine clustered prepareUnique ";
  for (const bson::Field& one : given.fields()) {
    if (known.find(" " + one.name + " ") == std::string_view::npos)
      refuse(197, "Error in specification " + bson::to_shell(given) + " :: caused by :: The field '" + one.name +
                      "' is not valid for an index specification");
  }
  for (const char* unmodelled : {"storageEngine", "clustered", "prepareUnique"}) {
    if (given[unmodelled].truthy())
      refuse(code::cannot_create_index, std::string("an index with '") + unmodelled + "' is not modelled");
  }
  check_collation(given);
  IndexSpec spec;
  const Value& key = given["key"];
  if (!key.is_document() || key.fields().empty())
    refuse(code::cannot_create_index, "Index keys cannot be an empty object");
  for (const bson::Field& part : key.fields()) {
    if (part.name.empty()) refuse(code::cannot_create_index, "Index keys cannot contain an empty field.");
    if (part.value.is_string())
      refuse(code::cannot_create_index,
             "Unknown index plugin '" + part.value.as_text() + "': such indexes are not modelled");
    if (part.name.find("$**") != std::string::npos)
      refuse(code::cannot_create_index, "wildcard indexes are not modelled");
    if (!part.value.is_number() || bson::equal(part.value, Value::int32(0)))
      refuse(code::cannot_create_index, "Values in v:2 index key pattern cannot be of type " +
                                            std::string(bson::type_name(part.value.type())) +
                                            ". Only numbers > 0, numbers < 0, and strings are allowed.");
  }
  if (key.fields().size() == 1 && key.has("_id")) check_id_index(given);
  spec.key = bson::encode(key);
  if (given["name"].is_string()) {
    spec.name = given["name"].as_text();
  } else {
    refuse(code::failed_to_parse,
           "Error in specification " + bson::to_shell(given) +
               " :: caused by :: The 'name' field is a required property of an index specification");
  }
  spec.unique = given["unique"].truthy();
  spec.sparse = given["sparse"].truthy();
  spec.hidden = given["hidden"].truthy();
  if (const Value& seconds = given["expireAfterSeconds"]; !seconds.is_missing()) {
    const auto whole = seconds.integral();
    if (!whole || *whole < 0 || *whole > INT32_MAX)
      refuse(code::cannot_create_index, "TTL index 'expireAfterSeconds' option must be within an acceptable range");
    if (key.fields().size() != 1)
      refuse(code::cannot_create_index,
             "TTL indexes are single-field indexes, compound indexes do not support TTL. Index spec: " +
                 bson::to_shell(given));
    spec.expire_after = *whole;
  }
  if (const Value& partial = given["partialFilterExpression"]; partial.is_document()) {
    query::Filter::parse(partial, context_);
    if (const std::string part = unsupported_in_partial_index(partial); !part.empty())
      refuse(code::cannot_create_index, "Error in specification " + with_version(given) +
                                            " :: caused by :: Expression not supported in partial index: " + part);
    spec.partial = bson::encode(partial);
  }
  if (spec.sparse && !spec.partial.empty())
    refuse(code::cannot_create_index, "cannot mix \"partialFilterExpression\" and \"sparse\" options");
  return spec;
}

CommandRun::Outcome CommandRun::create_indexes() {
  const std::string name = collection_name("createIndexes");
  const Value& wanted = field("indexes");
  if (!wanted.is_array() || wanted.elements().empty())
    refuse(code::bad_value, "Must specify at least one index to create");
  std::vector<IndexSpec> specs;
  for (const Value& one : wanted.elements()) specs.push_back(read_index(one));
  const bool made = find_namespace(database_, name) == nullptr;
  if (!made) {  // Nobody has to wait for what is there already.
    const Namespace there = *find_namespace(database_, name);
    const bool all_there =
        std::all_of(specs.begin(), specs.end(), [&](const IndexSpec& spec) { return has_index(there, spec); });
    if (all_there) {
      const auto count = static_cast<std::int32_t>(store_.table(there.collection).key_indexes().size());
      reply_.append("numIndexesBefore", Value::int32(count));
      reply_.append("numIndexesAfter", Value::int32(count));
      reply_.append("createdCollectionAutomatically", Value::boolean(false));
      reply_.append("note", Value::string("all indexes already exist"));
      return Outcome::done;
    }
  }
  const Namespace space = need_namespace(database_, name);
  if (in_transaction_ && !made && store_.size(space.collection) != 0)
    refuse(code::operation_not_supported_in_transaction, "Cannot create new indexes on existing collection " +
                                                             database_ + "." + name +
                                                             " in a multi-document transaction.");
  if (take_schema_lock(space.collection) == Outcome::waits) return Outcome::waits;
  DocumentTable& table = store_.table(space.collection);
  const auto before = static_cast<std::int32_t>(table.key_indexes().size());
  try {
    for (const IndexSpec& spec : specs) {
      if (!has_index(space, spec)) build_index(space, spec);
    }
  } catch (const query::CommandError&) {  // All of them, or none.
    while (table.key_indexes().size() > static_cast<std::size_t>(before))
      table.drop_key_index(table.key_indexes().size() - 1);
    throw;
  }
  const auto after = static_cast<std::int32_t>(table.key_indexes().size());
  reply_.append("numIndexesBefore", Value::int32(before));
  reply_.append("numIndexesAfter", Value::int32(after));
  reply_.append("createdCollectionAutomatically", Value::boolean(made));
  if (after == before) reply_.append("note", Value::string("all indexes already exist"));
  return Outcome::done;
}

/// Whether it is there already. One that stands in its way is an error.
bool CommandRun::has_index(const Namespace& space, const IndexSpec& spec) const {
  for (const KeyIndex& known : store_.table(space.collection).key_indexes()) {
    const bool same_key =
        known.spec().key == spec.key || (known.spec().name == "_id_" && known.paths() == KeyIndex(spec).paths());
    if ((known.spec().name == "_id_" && same_key) || known.spec() == spec) return true;
    if (known.spec().name == spec.name) {
      const bool equivalent = same_key && known.spec().partial == spec.partial;
      const std::string which = " Requested index: " + bson::to_shell(index_document(spec)) +
                                ", existing index: " + bson::to_shell(index_document(known.spec()));
      if (equivalent)
        refuse(code::index_options_conflict,
               "An equivalent index already exists with the same name but different options." + which);
      refuse(code::index_key_specs_conflict,
             "An existing index has the same name as the requested index. When index names are not specified, they "
             "are auto generated and can cause conflicts. Please refer to our documentation." +
                 which);
    }
    if (same_key && known.spec().partial == spec.partial)
      refuse(code::index_options_conflict, "Index already exists with a different name: " + known.spec().name);
  }
  return false;
}

void CommandRun::build_index(const Namespace& space, const IndexSpec& spec) {
  DocumentTable& table = store_.table(space.collection);
  table.add_key_index(spec);
  if (spec.unique) check_unique(space, table.key_indexes().size() - 1);
  if (spec.expire_after >= 0) server_.ttl_due_ = std::min(server_.ttl_due_, now() + 60'000'000'000);
}

/// Two documents under one key: the index cannot be, and is gone again.
void CommandRun::check_unique(const Namespace& space, std::size_t number) {
  const KeyIndex& index = store_.table(space.collection).key_indexes()[number];
  std::string last;
  DocumentId last_row = DocumentTable::nil;
  std::string clash;
  index.ascend("", false, [&](std::string_view key, DocumentId row) {
    const std::string_view body = store_.body(space.collection, row, 0);
    if (body.empty() || !index.has_key(body, key)) return true;
    if (key == last && row != last_row) {
      clash = std::string(body);
      return false;
    }
    last = std::string(key);
    last_row = row;
    return true;
  });
  if (clash.empty()) return;
  const query::CommandError error = duplicate_error(space, index, clash);
  store_.table(space.collection).drop_key_index(number);
  throw error;
}

CommandRun::Outcome CommandRun::drop_indexes() {
  const std::string name = collection_name(name_);
  Namespace* space = find_namespace(database_, name);
  if (space == nullptr) refuse(code::namespace_not_found, "ns not found " + database_ + "." + name);
  if (take_schema_lock(space->collection) == Outcome::waits) return Outcome::waits;
  DocumentTable& table = store_.table(space->collection);
  reply_.append("nIndexesWas", Value::int32(static_cast<std::int32_t>(table.key_indexes().size())));
  std::vector<Value> wanted;
  const Value& index = field("index");
  if (index.is_array()) {
    wanted = index.elements();
  } else {
    wanted.push_back(index);
  }
  for (const Value& one : wanted) {
    if (one.is_string() && one.as_text() == "*") {
      while (table.key_indexes().size() > 1) table.drop_key_index(table.key_indexes().size() - 1);
      continue;
    }
    bool found = false;
    for (std::size_t number = 0; number < table.key_indexes().size() && !found; ++number) {
      const IndexSpec& spec = table.key_indexes()[number].spec();
      found = (one.is_string() && one.as_text() == spec.name) || (one.is_document() && bson::encode(one) == spec.key);
      if (found && spec.name == "_id_") refuse(code::invalid_options, "cannot drop _id index");
      if (found) table.drop_key_index(number);
    }
    if (!found && one.is_string()) refuse(code::index_not_found, "index not found with name [" + one.as_text() + "]");
    if (!found) refuse(code::index_not_found, "can't find index with key: " + bson::to_shell(one));
  }
  return Outcome::done;
}

Value CommandRun::index_document(const IndexSpec& spec) const {
  Value all = bson::doc({{"v", Value::int32(2)}, {"key", bson::decode(spec.key)}, {"name", Value::string(spec.name)}});
  if (spec.unique && spec.name != "_id_") all.append("unique", Value::boolean(true));
  if (spec.sparse) all.append("sparse", Value::boolean(true));
  if (spec.hidden) all.append("hidden", Value::boolean(true));
  if (spec.expire_after >= 0)
    all.append("expireAfterSeconds", Value::int32(static_cast<std::int32_t>(spec.expire_after)));
  if (!spec.partial.empty()) all.append("partialFilterExpression", bson::decode(spec.partial));
  return all;
}

CommandRun::Outcome CommandRun::list_indexes() {
  const std::string name = collection_name("listIndexes");
  const Namespace* space = find_namespace(database_, name);
  if (space == nullptr) refuse(code::namespace_not_found, "ns does not exist: " + database_ + "." + name);
  std::vector<std::string> all;
  for (const KeyIndex& index : store_.table(space->collection).key_indexes())
    all.push_back(bson::encode(index_document(index.spec())));
  reply_with(name, std::move(all));
  return Outcome::done;
}

}  // namespace premortem
