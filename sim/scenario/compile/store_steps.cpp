// Steps on a document store: find, insert, update, delete, find-and-modify, transaction.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/indexed_field.hpp"
#include "sim/scenario/compile/step_compiler.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

void StepCompiler::before_store(std::uint16_t store, std::string_view operation_name, const std::string& place) {
  const std::string name = model_.components[model_.stores[store].component].name + "." + std::string(operation_name);
  const std::uint32_t number = compiler_.find_operation(name);
  compiler_.uses(component_, number);
  if (number == unset) return;
  if (fault_slots_.find(store) == fault_slots_.end()) fault_slots_[store] = builder_.slot(SlotKind::scalar);
  std::string draws = place + "." + name;
  if (place.empty()) draws = address_ + "." + name + "#" + std::to_string(unnamed_[name]++);
  builder_.emit(operation::before_operation, fault_slots_[store], number, static_cast<std::uint32_t>(hash_name(draws)));
}

void StepCompiler::after_store(std::uint16_t store, std::string_view operation_name) {
  const std::string name = model_.components[model_.stores[store].component].name + "." + std::string(operation_name);
  if (compiler_.find_operation(name) == unset) return;
  builder_.emit(operation::after_operation, fault_slots_[store], compiler_.find_operation(name));
}

/// A plain write, or a commit, of a store whose majority may be behind is over when that has it.
void StepCompiler::acknowledge(std::uint16_t store, bool commits) {
  if (model_.stores[store].lag == unset) return;
  const bool inside = std::any_of(transactions_.begin(), transactions_.end(),
                                  [&](const TransactionHere& one) { return one.store == store; });
  if (inside && !commits) return;
  compiler_.raised_.insert("Unavailable");
  builder_.emit(operation::acknowledge, commits ? 1 : 0, store);
}

namespace {
/// An index over what the condition compares; over the id alone where that is among it: it chooses well enough.
void index_for(const Expression& condition, CollectionSpec& collection) {
  std::vector<std::uint16_t> fields;
  for (const EqualityHint& hint : condition.equality_hints) {
    if (const auto field = indexed_field(hint)) fields.push_back(*field);
  }
  std::sort(fields.begin(), fields.end());
  if (fields.empty()) return;
  const auto add_once = [](auto& to, const auto& index) {
    if (std::find(to.begin(), to.end(), index) == to.end()) to.push_back(index);
  };
  if (fields.size() == 1 || fields.front() == 0) {
    add_once(collection.indexed, fields.front());
  } else {
    add_once(collection.indexed_together, fields);
  }
}
}  // namespace

Selection StepCompiler::selection(const Node& node, const Compiler::CollectionEntry& collection) {
  Selection select;
  select.store = collection.store;
  select.collection = collection.collection;
  select.shape = collection.shape;
  select.hand_slot = hand_slot();
  const std::string at = place(node);
  if (const Node* where = node.find("where")) {
    const std::optional<Element> outer = scope_.element;
    scope_.element = Element{Element::Kind::document, collection.shape, collection.name};
    select.where = compiler_.expression_setting(*where, spoken(at, address_, node, "where"), joined(at, "where"),
                                                scope_, types::boolean);
    scope_.element = outer;
    index_for(model_.expressions[model_.settings[select.where].value],
              model_.stores[collection.store].store.collections[collection.collection]);
  }
  if (const Node* sort = node.find("sort")) {
    const std::vector<FieldSpec>& fields = model_.shapes[collection.shape].fields;
    std::vector<std::string> names;
    for (std::size_t n = 0; n < fields.size(); ++n) {
      names.push_back(fields[n].name);
      if (fields[n].name == sort->text) select.sort = static_cast<std::int32_t>(n);
    }
    if (select.sort < 0)
      error(*sort, "sort", collection.name + " has no field \"" + sort->text + "\"" + did_you_mean(sort->text, names));
  }
  if (const Node* offset = node.find("offset"))
    select.offset = compiler_.expression(*offset, spoken(at, address_, node, "offset"), scope_, types::integer);
  if (node.find("limit") != nullptr) select.limit = compiler_.count_setting(node, "limit", at, 1);
  return select;
}

void StepCompiler::find(const Node& node, bool one) {
  const Node& name = *node.find(one ? "find-one" : "find");
  const Compiler::CollectionEntry* collection = compiler_.collection(name.text);
  if (collection == nullptr) {
    NameScope& scope = scope_;
    error(name, one ? "find-one" : "find",
          "there is no collection \"" + name.text + "\"" + did_you_mean(name.text, scope.set_candidates()));
    return;
  }
  FindSpec spec;
  spec.select = selection(node, *collection);
  spec.one = one;
  if (one) compiler_.raised_.insert("NotFound");
  if (const Node* as = node.find("as")) {
    spec.keeps_result = true;
    spec.result_slot = builder_.slot(one ? SlotKind::payload : SlotKind::list);
    const Type element = object_type(collection->shape);
    scope_.results[as->text] = {spec.result_slot, one ? element : list_of(element)};
  }
  model_.finds.push_back(spec);
  before_store(collection->store, "find", place(node));
  builder_.emit(operation::find, 0, 0, static_cast<std::uint32_t>(model_.finds.size() - 1));
  after_store(collection->store, "find");
}

std::uint32_t StepCompiler::write_spec(WriteSpec spec) {
  spec.pending_slot = builder_.slot(SlotKind::list);
  spec.index_slot = builder_.slot(SlotKind::scalar);
  spec.since_slot = builder_.slot(SlotKind::scalar);
  spec.hand_is_payload = hand_is_payload();
  model_.writes.push_back(spec);
  return static_cast<std::uint32_t>(model_.writes.size() - 1);
}

void StepCompiler::insert(const Node& node) {
  const Node& name = *node.find("insert");
  const Compiler::CollectionEntry* collection = compiler_.collection(name.text);
  if (collection == nullptr) {
    error(name, "insert",
          "there is no collection \"" + name.text + "\"" + did_you_mean(name.text, scope_.set_candidates()));
    return;
  }
  WriteSpec spec;
  spec.select.store = collection->store;
  spec.select.collection = collection->collection;
  spec.select.shape = collection->shape;
  spec.select.hand_slot = hand_slot();
  spec.build = compiler_.build_for(collection->shape, hand_shape(), node.find("with"), scope_,
                                   spoken(place(node), address_, node, "with"));
  before_store(collection->store, "insert", place(node));
  builder_.emit(operation::insert, 0, 0, write_spec(spec));
  acknowledge(collection->store);
  after_store(collection->store, "insert");
  compiler_.raised_.insert({"DuplicateKey"});
}

std::uint32_t StepCompiler::assignments(const Node& node, const Compiler::CollectionEntry& collection) {
  Assignments changes;
  const Node* with = node.find("with");
  if (with == nullptr) return unset;
  const std::optional<Element> outer = scope_.element;
  scope_.element = Element{Element::Kind::document, collection.shape, collection.name};
  const std::vector<FieldSpec>& fields = model_.shapes[collection.shape].fields;
  for (const Node::Member& member : with->members) {
    std::vector<std::string> names;
    std::size_t field = fields.size();
    for (std::size_t n = 0; n < fields.size(); ++n) {
      names.push_back(fields[n].name);
      if (fields[n].name == member.first) field = n;
    }
    if (field == fields.size()) {
      error(member.second, "with",
            collection.name + " has no field \"" + member.first + "\"" + did_you_mean(member.first, names));
      continue;
    }
    changes.fields.push_back(static_cast<std::uint16_t>(field + document_header));
    const std::string at = spoken(place(node), address_, node, "with." + member.first);
    changes.expressions.push_back(
        static_cast<std::uint16_t>(compiler_.expression(member.second, at, scope_, fields[field].type)));
  }
  scope_.element = outer;
  model_.assignments.push_back(changes);
  return static_cast<std::uint32_t>(model_.assignments.size() - 1);
}

void StepCompiler::update(const Node& node, const std::string& name) {
  const Node& target = *node.find(name);
  WriteSpec spec;
  const Compiler::CollectionEntry* collection = compiler_.collection(target.text);
  const auto result = scope_.results.find(target.text);
  if (collection == nullptr && result != scope_.results.end()) {
    const Type type = result->second.type;
    spec.of_result = true;
    spec.source_slot = result->second.slot;
    spec.source_is_list = type.base == BaseType::list;
    for (const Compiler::CollectionEntry& entry : compiler_.collections_) {
      const bool documents = type.base == BaseType::object || type.element == BaseType::object;
      if (documents && entry.shape == type.shape) collection = &entry;
    }
  }
  if (collection == nullptr) {
    std::vector<std::string> names = scope_.set_candidates();
    for (const auto& [known, ignored] : scope_.results) names.push_back(known);
    if (scope_.later_results.find(target.text) != scope_.later_results.end() && result == scope_.results.end()) {
      error(target, name, "\"" + target.text + "\" is used before a step names it with \"as\"");
    } else {
      error(target, name,
            "there is no collection or result \"" + target.text + "\"" + did_you_mean(target.text, names));
    }
    return;
  }
  spec.select = selection(node, *collection);
  spec.removes = name == "delete";
  spec.assignments = assignments(node, *collection);
  const bool claiming = name == "find-and-modify";
  if (claiming && spec.select.limit == unset)
    spec.select.limit = compiler_.count_setting(node, "limit", place(node), 1);
  const Node* upsert = node.find("upsert");
  if (upsert != nullptr && upsert->boolean && spec.of_result)
    error(*upsert, "upsert", "a result is there already; name the collection, or remove \"upsert\"");
  if (upsert != nullptr && upsert->boolean) {
    spec.upsert = true;
    spec.build = compiler_.build_for(collection->shape, hand_shape(), nullptr, scope_, address_);
    Assignments from_where;
    if (spec.select.where != unset) {
      const std::vector<EqualityHint> hints =
          model_.expressions[model_.settings[spec.select.where].value].equality_hints;
      for (const EqualityHint& hint : hints) {
        if (hint.source != Source::element_field) continue;
        from_where.fields.push_back(hint.field);
        from_where.expressions.push_back(static_cast<std::uint16_t>(compiler_.add_expression(hint.value)));
      }
    }
    model_.assignments.push_back(from_where);
    spec.insert_assignments = static_cast<std::uint32_t>(model_.assignments.size() - 1);
    compiler_.raised_.insert("DuplicateKey");
  }
  if (!transactions_.empty()) compiler_.raised_.insert("WriteConflict");
  if (const Node* as = node.find("as")) {
    spec.keeps_result = true;
    spec.result_slot = builder_.slot(SlotKind::list);
    scope_.results[as->text] = {spec.result_slot, list_of(object_type(collection->shape))};
  }
  before_store(collection->store, spec.removes ? "delete" : "update", place(node));
  builder_.emit(claiming       ? operation::claim
                : spec.removes ? operation::remove
                               : operation::update,
                0, 0, write_spec(spec));
  acknowledge(collection->store);
  after_store(collection->store, spec.removes ? "delete" : "update");
}

void StepCompiler::transaction(const Node& node) {
  const Node& name = *node.find("transaction");
  const Node* does = node.find("does");
  const std::string at = place(node);
  if (does == nullptr) return;
  if (name.text == "none") {
    std::uint16_t scope = 0;
    if (const Node* on = node.find("on")) {
      scope = open_scope(ScopeSpec::Kind::step, on, "step", at);
    }
    if (const Node* retries = node.find("retries"); retries != nullptr && retries->text != "none") {
      compiler_.notes_.push_back(spoken(at, address_, node, "retries") +
                                 ": without a transaction the driver tries nothing again");
    }
    steps(*does);
    if (scope != 0) close_scope(scope);
    return;
  }
  const auto component = compiler_.component(name, "documents", "/systems/" + address_ + "/transaction");
  if (!component) return;
  const auto store = static_cast<std::uint16_t>(model_.components[*component].number);
  for (const TransactionHere& outer : transactions_) {
    if (outer.store == store)
      error(name, "transaction", "a transaction inside a transaction of the same store; remove the inner one");
  }
  compiler_.raised_.insert({"WriteConflict", "TransactionExpired"});
  const std::uint8_t slot = builder_.slot(SlotKind::transaction, store);
  const std::uint8_t began = builder_.slot(SlotKind::scalar), tried = builder_.slot(SlotKind::scalar),
                     tries = builder_.slot(SlotKind::scalar);
  const std::uint32_t retries = compiler_.word_setting(node, "retries", at, static_cast<Word>(DriverRetries::none));
  const std::uint32_t limit = compiler_.duration_setting(node, "retry-limit", at, 120'000'000'000);
  const std::uint16_t scope = open_scope(ScopeSpec::Kind::transaction, node.find("on"), "step", at);
  ScopeSpec& made = model_.scopes[scope];
  made.transaction_slot = slot;
  made.store = store;
  made.retries = retries, made.retry_limit = limit;
  made.began_slot = began, made.tried_slot = tried, made.tries_slot = tries;
  builder_.emit(operation::begin_transaction, slot, store);
  transactions_.push_back({scope, store, slot});
  steps(*does);
  transactions_.pop_back();
  before_store(store, "commit", at);
  builder_.emit(operation::commit_transaction, slot, store);
  acknowledge(store, true);
  after_store(store, "commit");
  close_scope(scope);
}

}  // namespace premortem
