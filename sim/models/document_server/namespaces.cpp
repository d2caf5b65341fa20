// Databases, collections and what the commands about them do.

#include <algorithm>

#include "sim/models/bson/codec.hpp"
#include "sim/models/bson/compare.hpp"
#include "sim/models/document_server/command_run.hpp"
#include "sim/models/properties.hpp"

namespace premortem {

namespace code = query::code;
using bson::Value;

namespace {

constexpr std::int64_t lock_timeout_ns = 5'000'000;  // MONGO-022

/// A validator holds for every write, or for none.
void check_validation_level(const Value& command) {
  const Value& level = command["validationLevel"];
  if (level.is_string() && level.as_text() == "moderate")
    throw query::CommandError(code::command_not_supported,
                              "validationLevel 'moderate' is not modelled; strict and off are");
}

}  // namespace

/// What an open transaction has made is there for itself alone.
bool CommandRun::is_visible(const Namespace& space) const {
  return space.exists != 0 && (space.made_by == 0 || space.made_by == transaction_);
}

void CommandRun::publish_namespaces(TransactionId transaction) {
  for (Namespace& space : server_.namespaces_) {
    if (space.made_by == transaction) space.made_by = 0;
  }
}

void CommandRun::forget_namespaces(TransactionId transaction) {
  if (transaction == 0) return;
  for (Namespace& space : server_.namespaces_) {
    if (space.made_by != transaction) continue;
    DocumentTable& table = store_.table(space.collection);
    while (!table.key_indexes().empty()) table.drop_key_index(0);
    space.exists = 0;
    space.made_by = 0;
  }
}

Namespace* CommandRun::find_namespace(std::string_view database, std::string_view name) {
  for (Namespace& space : server_.namespaces_) {
    if (is_visible(space) && space.database == database && space.name == name) return &space;
  }
  return nullptr;
}

void CommandRun::check_name(const std::string& name) const {
  if (name.empty()) refuse(code::invalid_namespace, "Invalid namespace specified '" + database_ + ".'");
  const std::string whole = database_ + "." + name;
  const bool wrong = name.front() == '.' || name.back() == '.' || name.find('\0') != std::string::npos ||
                     name.find('$') != std::string::npos || whole.size() > 255;
  if (wrong) refuse(code::invalid_namespace, "Invalid namespace specified '" + whole + "'");
}

/// Made where it is missing, as any write does.
Namespace& CommandRun::need_namespace(const std::string& database, const std::string& name) {
  if (Namespace* known = find_namespace(database, name)) return *known;
  check_name(name);
  CollectionSpec spec;
  spec.fields = document_header;
  // What is left of a collection that is gone is used again, once no snapshot sees anything of it.
  const auto is_free = [&](const Namespace& one) {
    return one.exists == 0 && store_.table(one.collection).first_row() == DocumentTable::nil;
  };
  auto free = std::find_if(server_.namespaces_.begin(), server_.namespaces_.end(), is_free);
  if (free == server_.namespaces_.end()) {
    if (store_.collections() == UINT16_MAX) refuse(96, "65,535 collections are too many for the store of a simulation");
    const std::uint16_t made = store_.add_collection(spec);
    server_.namespaces_.emplace_back().collection = made;
    free = server_.namespaces_.end() - 1;
  }
  const std::uint16_t collection = free->collection;
  *free = Namespace();
  free->database = database;
  free->name = name;
  free->exists = 1;
  free->uuid = random_bytes(16);
  free->made_by = in_transaction_ ? transaction_ : 0;
  free->collection = collection;
  ensure_id_index(collection);
  return *free;
}

void CommandRun::ensure_id_index(std::uint16_t collection) {
  IndexSpec id;
  id.name = "_id_";
  id.key = bson::encode(bson::doc({{"_id", Value::int32(1)}}));
  id.unique = true;
  store_.table(collection).add_key_index(id);
}

std::string CommandRun::collection_name(std::string_view field_name) const {
  const Value& name = field(field_name);
  if (!name.is_string())
    refuse(code::invalid_namespace, "collection name has invalid type " + std::string(bson::type_name(name.type())));
  check_name(name.as_text());
  if (database_ == "local" && (name.as_text() == "oplog.rs" || name.as_text() == "system.replset"))
    refuse(238, "local." + name.as_text() + " is not modelled; what is committed is told by change streams");
  return name.as_text();
}

/// Intent to read or write: waits for a schema change that is waiting itself. MONGO-022, MONGO-023
CommandRun::Outcome CommandRun::lock_collection(const Namespace& space) {
  const std::uint16_t collection = space.collection;
  ServerSession* own = in_transaction_ ? session() : nullptr;
  const bool has_it =
      own != nullptr && std::find(own->touched.begin(), own->touched.end(), collection) != own->touched.end();
  if (has_it) return Outcome::done;
  const bool changing = std::any_of(server_.pending_.begin(), server_.pending_.end(), [&](const PendingCommand& one) {
    return one.why == PendingCommand::schema && one.collection == collection && one.blocker != 0;
  });
  if (changing) {
    if (progress_.locks_since < 0) progress_.locks_since = now();
    if (own != nullptr && now() >= progress_.locks_since + lock_timeout_ns)
      refuse(code::lock_timeout, "Unable to acquire lock '{" + space.database + "." + space.name + "}' within 5ms.");
    wait_.collection = collection;
    return wait(PendingCommand::schema, own != nullptr ? progress_.locks_since + lock_timeout_ns : INT64_MAX);
  }
  if (own != nullptr) own->touched.push_back(collection);
  return Outcome::done;
}

/// Alone: waits for every transaction that has touched the collection.
CommandRun::Outcome CommandRun::take_schema_lock(std::uint16_t collection) {
  for (const ServerSession& one : server_.sessions_) {
    if (one.state != ServerSession::in_progress || !store_.open(one.transaction)) continue;
    if (&one == session() && in_transaction_) continue;
    if (std::find(one.touched.begin(), one.touched.end(), collection) == one.touched.end()) continue;
    wait_.collection = collection;
    wait_.blocker = one.transaction;
    return wait(PendingCommand::schema, INT64_MAX);
  }
  if (store_.is_written_by_open(collection)) {  // By a simulated system.
    wait_.collection = collection;
    wait_.blocker = 1;
    return wait(PendingCommand::schema, INT64_MAX);
  }
  return Outcome::done;
}

CommandRun::Outcome CommandRun::create() {
  const std::string name = collection_name("create");
  for (const char* unmodelled : {"viewOn", "timeseries", "clusteredIndex", "encryptedFields", "storageEngine",
                                 "indexOptionDefaults", "expireAfterSeconds"}) {
    if (field(unmodelled).truthy())
      refuse(code::command_not_supported, std::string("create with '") + unmodelled + "' is not modelled");
  }
  if (flag("capped", false)) refuse(code::command_not_supported, "capped collections are not modelled");
  check_collation(command_);
  check_validation_level(command_);
  if (find_namespace(database_, name) != nullptr)
    refuse(code::namespace_exists, "Collection " + database_ + "." + name + " already exists.");
  Value options = Value::document();
  for (const char* kept : {"validator", "validationLevel", "validationAction", "changeStreamPreAndPostImages"}) {
    if (!field(kept).is_missing()) options.append(kept, field(kept));
  }
  if (const Value& validator = field("validator"); validator.is_document()) query::Filter::parse(validator, context_);
  Namespace& space = need_namespace(database_, name);
  space.options = bson::encode(options);
  if (in_transaction_) return lock_collection(space);
  return Outcome::done;
}

void CommandRun::note_schema_change(OplogEntry::Kind kind, const std::string& name, const std::string& to) {
  OplogEntry entry;
  entry.time = next_time();
  entry.kind = kind;
  entry.wall = now_ms();
  entry.database = database_;
  entry.collection = name;
  entry.to = to;
  entry.majority_at = now() + host_.replication_lag();
  server_.append(std::move(entry));
}

/// Its documents go one by one as far as histories are concerned, and at once as far as programs are.
void CommandRun::drop_namespace(Namespace& space) {
  const std::uint16_t collection = space.collection;
  const std::string name = space.name;
  while (!store_.table(collection).key_indexes().empty()) store_.table(collection).drop_key_index(0);
  server_.muted_ = 1;
  std::vector<DocumentId> rows;
  for (DocumentId row = store_.table(collection).row_after(DocumentTable::nil); row != DocumentTable::nil;
       row = store_.table(collection).row_after(row))
    rows.push_back(row);
  for (const DocumentId row : rows) store_.remove(collection, row, 0);
  host_.written();
  server_.muted_ = 0;
  std::erase_if(server_.cursors_, [&](const ServerCursor& cursor) {
    return cursor.kind != ServerCursor::change_stream && cursor.database == database_ && cursor.collection == name;
  });
  for (Namespace& one : server_.namespaces_) {  // host_.written() may have moved them.
    if (one.exists == 0 || one.collection != collection) continue;
    one.options.clear();
    if (one.of_scenario != 0) {
      ensure_id_index(collection);  // What simulated systems use stays, empty.
    } else {
      one.exists = 0;
    }
  }
  note_schema_change(OplogEntry::drop, name, "");
}

CommandRun::Outcome CommandRun::drop() {
  const std::string name = collection_name("drop");
  Namespace* space = find_namespace(database_, name);
  if (space == nullptr) return Outcome::done;  // As since MongoDB 6.0: what is not there is as good as dropped.
  if (take_schema_lock(space->collection) == Outcome::waits) return Outcome::waits;
  reply_.append("nIndexesWas",
                Value::int32(static_cast<std::int32_t>(store_.table(space->collection).key_indexes().size())));
  reply_.append("ns", Value::string(database_ + "." + name));
  drop_namespace(*space);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::drop_database() {
  std::vector<std::string> names;
  for (const Namespace& space : server_.namespaces_) {
    if (!is_visible(space) || space.database != database_) continue;
    if (take_schema_lock(space.collection) == Outcome::waits) return Outcome::waits;
    names.push_back(space.name);
  }
  for (const std::string& name : names) {
    if (Namespace* space = find_namespace(database_, name)) drop_namespace(*space);
  }
  if (!names.empty()) {
    reply_.append("dropped", Value::string(database_));
    note_schema_change(OplogEntry::drop_database, "", "");
  }
  return Outcome::done;
}

CommandRun::Outcome CommandRun::rename_collection() {
  if (database_ != "admin") refuse(code::unauthorized, "renameCollection may only be run against the admin database.");
  const auto split = [&](const std::string& whole) {
    const std::size_t dot = whole.find('.');
    if (dot == std::string::npos || dot == 0 || dot + 1 == whole.size())
      refuse(code::invalid_namespace, "Invalid namespace specified '" + whole + "'");
    return std::pair(whole.substr(0, dot), whole.substr(dot + 1));
  };
  const auto from = split(text("renameCollection")), to = split(text("to"));
  Namespace* source = find_namespace(from.first, from.second);
  if (source == nullptr)
    refuse(code::namespace_not_found, "Source collection " + from.first + "." + from.second + " does not exist");
  if (source->of_scenario != 0)
    refuse(code::illegal_operation, "a collection of the scenario keeps its name: simulated systems use it");
  if (take_schema_lock(source->collection) == Outcome::waits) return Outcome::waits;
  if (Namespace* target = find_namespace(to.first, to.second)) {
    if (!flag("dropTarget", false)) refuse(code::namespace_exists, "target namespace exists");
    if (take_schema_lock(target->collection) == Outcome::waits) return Outcome::waits;
    database_ = to.first;
    drop_namespace(*target);
    source = find_namespace(from.first, from.second);
  }
  source->database = to.first;
  source->name = to.second;
  database_ = from.first;
  note_schema_change(OplogEntry::rename, from.second, to.first + "." + to.second);
  return Outcome::done;
}

CommandRun::Outcome CommandRun::coll_mod() {
  const std::string name = collection_name("collMod");
  Namespace* space = find_namespace(database_, name);
  if (space == nullptr) refuse(code::namespace_not_found, "ns does not exist");
  if (take_schema_lock(space->collection) == Outcome::waits) return Outcome::waits;
  check_validation_level(command_);
  Value options = space->options.empty() ? Value::document() : bson::decode(space->options);
  for (const char* kept : {"validator", "validationLevel", "validationAction", "changeStreamPreAndPostImages"}) {
    if (!field(kept).is_missing()) options.set(kept, field(kept));
  }
  if (const Value& validator = field("validator"); validator.is_document()) query::Filter::parse(validator, context_);
  space->options = bson::encode(options);
  if (!field("expireAfterSeconds").is_missing())
    refuse(code::invalid_options, "collMod.expireAfterSeconds is for time series");
  const Value& wanted = field("index");
  if (!wanted.is_document()) return Outcome::done;
  for (const bson::Field& one : wanted.fields()) {
    static constexpr std::string_view known = " name keyPattern expireAfterSeconds hidden ";
    if (one.name == "unique" || one.name == "prepareUnique")
      refuse(code::command_not_supported, "collMod with index." + one.name + " is not modelled");
    if (known.find(" " + one.name + " ") == std::string_view::npos)
      refuse(40415, "BSON field 'collMod.index." + one.name + "' is an unknown field.");
  }
  DocumentTable& table = store_.table(space->collection);
  for (std::size_t number = 0; number < table.key_indexes().size(); ++number) {
    KeyIndex& index = table.key_index(number);
    const bool named = wanted["name"].is_string() && wanted["name"].as_text() == index.spec().name;
    const bool by_key = wanted["keyPattern"].is_document() && bson::encode(wanted["keyPattern"]) == index.spec().key;
    if (!named && !by_key) continue;
    for (const bson::Field& part : wanted.fields()) {
      if (part.name != "name" && part.name != "keyPattern" && part.name != "expireAfterSeconds" &&
          part.name != "hidden")
        refuse(code::command_not_supported, "collMod of an index's '" + part.name + "' is not modelled");
    }
    if (index.spec().name == "_id_") refuse(code::bad_value, "cannot hide, or give a time to, the _id index");
    if (const Value& given = wanted["expireAfterSeconds"]; !given.is_missing()) {
      const auto seconds = given.integral();
      if (!seconds || *seconds < 0 || *seconds > INT32_MAX)
        refuse(code::invalid_options, "TTL index 'expireAfterSeconds' option must be within an acceptable range");
      if (index.paths().size() != 1)
        refuse(code::invalid_options, "TTL indexes are single-field indexes, compound indexes do not support TTL");
      reply_.append("expireAfterSeconds_old", Value::int64(index.spec().expire_after));
      reply_.append("expireAfterSeconds_new", Value::int64(*seconds));
      index.spec().expire_after = *seconds;
      server_.ttl_due_ = std::min(server_.ttl_due_, now() + 60'000'000'000);
    }
    if (!wanted["hidden"].is_missing()) index.spec().hidden = wanted["hidden"].truthy();
    return Outcome::done;
  }
  refuse(code::index_not_found, "cannot find index " + bson::to_shell(wanted) + " for ns " + database_ + "." + name);
}

CommandRun::Outcome CommandRun::list_collections() {
  const query::Filter filter =
      field("filter").is_document() ? query::Filter::parse(field("filter"), context_) : query::Filter();
  const bool name_only = flag("nameOnly", false);
  std::vector<std::string> found;
  for (const Namespace& space : server_.namespaces_) {
    if (!is_visible(space) || space.database != database_) continue;
    Value entry = bson::doc({{"name", Value::string(space.name)}, {"type", Value::string("collection")}});
    entry.append("options", space.options.empty() ? Value::document() : bson::decode(space.options));
    entry.append("info", bson::doc({{"readOnly", Value::boolean(false)}, {"uuid", Value::binary(4, space.uuid)}}));
    entry.append("idIndex", bson::doc({{"v", Value::int32(2)},
                                       {"key", bson::doc({{"_id", Value::int32(1)}})},
                                       {"name", Value::string("_id_")}}));
    if (!filter.matches(entry)) continue;
    if (name_only) entry = bson::doc({{"name", entry["name"]}, {"type", entry["type"]}});
    found.push_back(bson::encode(entry));
  }
  reply_with("$cmd.listCollections", std::move(found));
  return Outcome::done;
}

CommandRun::Outcome CommandRun::list_databases() {
  const query::Filter filter =
      field("filter").is_document() ? query::Filter::parse(field("filter"), context_) : query::Filter();
  const bool name_only = flag("nameOnly", false);
  std::vector<std::string> names;
  for (const Namespace& space : server_.namespaces_) {
    if (is_visible(space)) names.push_back(space.database);
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  Value all = Value::array();
  std::int64_t total = 0;
  for (const std::string& name : names) {
    std::int64_t size = 0;
    for (const Namespace& space : server_.namespaces_) {
      if (!is_visible(space) || space.database != name) continue;
      for (DocumentId row = store_.table(space.collection).row_after(DocumentTable::nil); row != DocumentTable::nil;
           row = store_.table(space.collection).row_after(row))
        size += static_cast<std::int64_t>(store_.body(space.collection, row, 0).size());
    }
    total += size;
    Value entry = bson::doc(
        {{"name", Value::string(name)}, {"sizeOnDisk", Value::int64(size)}, {"empty", Value::boolean(size == 0)}});
    if (!filter.matches(entry)) continue;
    all.push_back(name_only ? bson::doc({{"name", Value::string(name)}}) : entry);
  }
  reply_.append("databases", all);
  if (!name_only) {
    reply_.append("totalSize", Value::int64(total));
    reply_.append("totalSizeMb", Value::int64(total / 1'000'000));
  }
  return Outcome::done;
}

}  // namespace premortem
