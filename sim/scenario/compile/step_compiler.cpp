#include "sim/scenario/compile/step_compiler.hpp"

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/indexed_field.hpp"
#include "sim/models/properties.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

void StepCompiler::error(const Node& at, std::string_view key, std::string message) {
  compiler_.error(at, "/systems/" + address_ + (key.empty() ? "" : "/" + std::string(key)), std::move(message));
}

/// The address of a step with an id; empty: it has none, and nothing can change it.
std::string StepCompiler::place(const Node& step) const {
  const Node* id = step.find("id");
  if (timeline_entry != unset) return address_;
  return id == nullptr ? std::string() : address_ + ".does[" + id->text + "]";
}

/// A place for messages, also for steps without an id.
static std::string spoken(const std::string& place, const std::string& address, const Node&, std::string_view key) {
  return (place.empty() ? address + ".does" : place) + "." + std::string(key);
}

void StepCompiler::collect_results(const Node& steps) {
  for (const Node& node : steps.items) {
    const Node* id = node.find("id");
    if (id != nullptr && !ids_.insert(id->text).second) {
      error(*id, "does", "the id \"" + id->text + "\" stands twice in this handler; an id names one step");
    }
    if (const Node* as = node.find("as")) scope_.later_results.emplace(as->text, 0);
    if (const Node* inner = node.find("does")) collect_results(*inner);
  }
}

std::uint16_t StepCompiler::open_scope(ScopeSpec::Kind kind, const Node* on, std::string_view policy,
                                       const std::string& address) {
  ScopeSpec scope;
  scope.kind = kind;
  scope.parent = scopes_.empty() ? std::uint16_t{0} : scopes_.back();
  scope.failures_slot = builder_.slot(SlotKind::scalar);
  scope.purpose = hash_name(address + ".retry");
  const auto number = static_cast<std::uint16_t>(model_.scopes.size());
  model_.scopes.push_back(scope);
  compiler_.compile_rules(model_.scopes.back(), on, address, policy);
  builder_.emit(operation::enter_scope, 0, number);
  model_.scopes[number].begin = builder_.here();
  model_.scopes[number].first_slot = static_cast<std::uint8_t>(builder_.slots.size());
  scopes_.push_back(number);
  return number;
}

void StepCompiler::close_scope(std::uint16_t number) {
  builder_.emit(operation::leave_scope, 0, number);
  model_.scopes[number].end = builder_.here();
  model_.scopes[number].last_slot = static_cast<std::uint8_t>(builder_.slots.size());
  scopes_.pop_back();
}

void StepCompiler::handler(const Node& nodes, const Node* on, std::string_view kind) {
  collect_results(nodes);
  const std::uint16_t scope = open_scope(ScopeSpec::Kind::handler, on, kind, address_);
  steps(nodes);
  close_scope(scope);
  land_filters(0);
}

/// What filters of this handler or element jump to: the transaction they stand in commits, then it is over.
void StepCompiler::land_filters(std::size_t from) {
  if (filters_.size() == from) return;
  const ProgramCounter over = builder_.emit(operation::jump);
  std::vector<ProgramCounter> ends = {over};
  for (std::size_t n = from; n < filters_.size(); ++n) {
    const PendingFilter filter = filters_[n];
    builder_.land(filter.at);
    for (const std::uint16_t scope : filter.scopes) {
      const ScopeSpec left = model_.scopes[scope];
      if (left.kind == ScopeSpec::Kind::transaction) {
        const auto store = static_cast<std::uint16_t>(left.store);
        before_store(store, "commit", "");
        builder_.emit(operation::commit_transaction, left.transaction_slot, left.store);
        after_store(store, "commit");
      }
      builder_.emit(operation::leave_scope, 0, scope);
    }
    // Behind the commit: should that fail and the steps be repeated, the item is not finished twice.
    if (filter.outcome != unset) builder_.emit(operation::finish, filter.hand_slot, 0, filter.outcome);
    ends.push_back(builder_.emit(operation::jump));
  }
  filters_.resize(from);
  for (const ProgramCounter end : ends) builder_.land(end);
}

void StepCompiler::steps(const Node& nodes) {
  for (const Node& node : nodes.items) step(node);
}

void StepCompiler::step(const Node& node) {
  if (++depth_ > 32) {
    error(node, "does", "steps nest deeper than 32 levels; name a service operation instead");
  } else if (node.find("each") != nullptr) {
    each(node);
  } else {
    one(node);
  }
  --depth_;
}

/// only-if, wait-for and on, around the verb.
void StepCompiler::one(const Node& node) {
  std::string message;
  const std::string form = form_of_verb(node, timeline_entry != unset ? "entry:" : "step:", message);
  if (form.empty()) return;  // The validator has said so.
  const std::string verb_name = form.substr(form.find(':') + 1);
  model_.places.push_back({builder_.here(), place(node).empty() ? address_ + ".does[" + verb_name + "]" : place(node)});
  std::optional<ProgramCounter> skip;
  if (timeline_entry == unset) {
    if (const Node* wait = node.find("wait-for")) {
      builder_.emit(
          operation::wait_until, 0,
          compiler_.expression(*wait, spoken(place(node), address_, node, "wait-for"), scope_, types::boolean));
    }
    if (const Node* only_if = node.find("only-if")) {
      skip = builder_.emit(
          operation::jump_unless, 0,
          compiler_.expression(*only_if, spoken(place(node), address_, node, "only-if"), scope_, types::boolean));
    }
  }
  const Node* on = timeline_entry == unset && verb_name != "transaction" ? node.find("on") : nullptr;
  std::uint16_t scope = 0;
  if (on != nullptr) scope = open_scope(ScopeSpec::Kind::step, on, "step", place(node));
  verb(node, verb_name);
  if (on != nullptr) close_scope(scope);
  if (skip) builder_.land(*skip);
}

void StepCompiler::not_in_branch(const Node& at, std::string_view verb) {
  if (parallel_ == 0) return;
  error(at, verb,
        "one of several parallel branches cannot speak for all; write \"" + std::string(verb) +
            "\" behind the loop, or remove \"at-once\"");
}

void StepCompiler::verb(const Node& node, const std::string& name) {
  const std::string at = place(node);
  if (timeline_entry != unset && name != "send" && name != "redrive") return timeline_verb();
  if (name == "work") {
    const Node& value = *node.find("work");
    const auto parsed = compiler_.distribution(value, Unit::duration, spoken(at, address_, node, "work"));
    if (parsed && parsed->kind != Distribution::Kind::constant && at.empty()) {
      error(node, "does", "a step whose value is a range needs an \"id\": draws are keyed by it");
    }
    WorkSpec work;
    work.distribution = compiler_.range_setting(&value, at.empty() ? "" : at + ".work", Unit::duration, 0);
    work.purpose = hash_name(at.empty() ? address_ : at);
    model_.works.push_back(work);
    builder_.emit(operation::work, 0, 0, static_cast<std::uint32_t>(model_.works.size() - 1));
  } else if (name == "filter") {
    filter(node);
  } else if (name == "find" || name == "find-one") {
    find(node, name == "find-one");
  } else if (name == "insert") {
    insert(node);
  } else if (name == "update" || name == "find-and-modify" || name == "delete") {
    update(node, name);
  } else if (name == "transaction") {
    transaction(node);
  } else if (name == "call") {
    call(node);
  } else if (name == "reply") {
    const Node& value = *node.find("reply");
    const std::uint32_t number = compiler_.expression(value, spoken(at, address_, node, "reply"), scope_, {});
    if (reply_type == nullptr) {
      error(value, "reply", "only a service's operation can reply; remove it");
      return;
    }
    not_in_branch(value, "reply");
    const Type type = model_.expressions[number].type;
    if (reply_type->has_value() && **reply_type != type)
      error(value, "reply", "replies of two types; reply with the same type everywhere");
    *reply_type = type;
    builder_.emit(operation::reply, 0, number);
  } else if (name == "publish") {
    publish(node);
  } else if (name == "send") {
    send(node);
  } else if (name == "redrive") {
    redrive(node);
  } else if (name == "mark") {
    builder_.emit(operation::mark, hand_slot(), 0, compiler_.intern(node.find("mark")->text));
  } else if (name == "finish") {
    if (!hand_is_payload())
      error(*node.find("finish"), "finish", "nothing in hand here is an item; finish where an item is in hand");
    if (!transactions_.empty()) {
      error(*node.find("finish"), "finish",
            "a finish inside a transaction could be undone; write it behind the transaction, where the effect is");
    }
    builder_.emit(operation::finish, hand_slot(), 0, compiler_.intern(node.find("finish")->text));
  } else if (name == "raise") {
    builder_.emit(operation::raise, 0, 0, compiler_.error_number(node.find("raise")->text));
  } else if ((name == "ack" || name == "reject") && !acks_by_hand) {
    not_in_branch(*node.find(name), name);
    error(*node.find(name), name, "only a consumer with \"ack\": \"by hand\" settles its messages itself; remove it");
  } else if (name == "ack") {
    not_in_branch(*node.find("ack"), "ack");
    builder_.emit(operation::settle_by_hand, 0, 0);
  } else if (name == "reject") {
    not_in_branch(*node.find("reject"), "reject");
    builder_.emit(operation::settle_by_hand, 0, node.find("reject")->text == "requeue" ? 2 : 1);
  } else if (name == "does") {
    steps(*node.find("does"));
  }
}

void StepCompiler::filter(const Node& node) {
  const Node* otherwise = node.find("else");
  const std::string at = place(node);
  const std::uint32_t number =
      compiler_.expression(*node.find("filter"), spoken(at, address_, node, "filter"), scope_, types::boolean);
  PendingFilter pending;
  pending.at = builder_.emit(operation::filter, hand_slot(), number);
  pending.outcome = otherwise == nullptr ? unset : compiler_.intern(otherwise->text);
  pending.hand_slot = hand_slot();
  for (std::size_t n = scopes_.size(); n > boundaries_.back(); --n) pending.scopes.push_back(scopes_[n - 1]);
  filters_.push_back(pending);
}

void StepCompiler::each(const Node& node) {
  const Node& list = *node.find("each");
  const std::string at = place(node);
  EachSpec each;
  if (list.is(Node::Kind::array)) {
    ConstantList constant{types::text, {}};
    for (const Node& item : list.items) {
      if (item.is(Node::Kind::integer)) constant.element = types::integer;
      constant.values.push_back(item.is(Node::Kind::text) ? Word{compiler_.intern(item.text)} : word_of(item.integer));
    }
    model_.lists.push_back(constant);
    Expression literal;
    literal.ops = {{static_cast<std::uint8_t>(ExpressionCode::load), static_cast<std::uint8_t>(Source::list_constant),
                    0, static_cast<std::uint32_t>(model_.lists.size() - 1)}};
    literal.type = list_of(constant.element);
    each.list = compiler_.add_expression(std::move(literal));
  } else {
    each.list = compiler_.expression(list, spoken(at, address_, node, "each"), scope_, {});
  }
  const Type type = model_.expressions[each.list].type;
  if (type.base != BaseType::list) {
    error(list, "each", "\"each\" wants a list, this is " + article_name_of(type));
    return;
  }
  const Type element = element_of(type);
  each.element_is_payload = element.base == BaseType::object;
  each.element_type = element.base;
  each.list_slot = builder_.slot(SlotKind::list);
  each.index_slot = builder_.slot(SlotKind::scalar);
  each.branch_slot = builder_.slot(SlotKind::scalar);
  each.error_slot = builder_.slot(SlotKind::scalar);
  each.luck_slot = builder_.slot(SlotKind::scalar);
  each.hand_slot = builder_.slot(each.element_is_payload ? SlotKind::payload : SlotKind::scalar);
  each.purpose = hash_name((at.empty() ? address_ : at) + ".gap");
  if (const Node* gap = node.find("gap")) {
    const auto parsed = compiler_.distribution(*gap, Unit::duration, spoken(at, address_, node, "gap"));
    if (parsed && parsed->kind != Distribution::Kind::constant && at.empty()) {
      error(*gap, "gap", "a step whose value is a range needs an \"id\": draws are keyed by it");
    }
    each.gap = compiler_.range_setting(gap, at.empty() ? "" : at + ".gap", Unit::duration, 0);
  }
  if (const Node* at_once = node.find("at-once")) {
    each.at_once = compiler_.count_setting(node, "at-once", at, 1);
    if (!transactions_.empty()) {
      error(*at_once, "at-once",
            "a transaction has one session, in which steps follow each other; remove \"at-once\", or put the "
            "transaction inside the loop");
    }
    if (buffer_slot != 0) {
      error(*at_once, "at-once",
            "a stream that commits by transaction hands on its events in order; remove \"at-once\"");
    }
  }
  each.checkpointed = in_job && boundaries_.size() == 1;
  if (node.find("chunk") != nullptr) {
    each.chunk = compiler_.count_setting(node, "chunk", at, 1);
    if (!each.checkpointed)
      error(*node.find("chunk"), "chunk", "only the outermost loop of a job has checkpoints; remove it");
  }
  ScopeSpec branch;
  branch.kind = ScopeSpec::Kind::branch;
  branch.parent = scopes_.empty() ? std::uint16_t{0} : scopes_.back();
  branch.failures_slot = each.error_slot;
  branch.branch_slot = each.branch_slot;
  each.branch_scope = static_cast<std::uint16_t>(model_.scopes.size());
  model_.scopes.push_back(branch);
  const auto number = static_cast<std::uint32_t>(model_.eaches.size());
  model_.eaches.push_back(each);
  builder_.emit(operation::each_begin, 0, 0, number);
  const ProgramCounter next = builder_.emit(operation::each_next, 0, 0, number);
  model_.eaches[number].body = builder_.here();
  const std::optional<Hand> outer = scope_.hand;
  scope_.hand = Hand{each.hand_slot, element, {}, {}, {}};
  const std::size_t filters = filters_.size();
  scopes_.push_back(each.branch_scope);
  boundaries_.push_back(scopes_.size());
  parallel_ += node.find("at-once") != nullptr ? 1 : 0;
  one(node);
  parallel_ -= node.find("at-once") != nullptr ? 1 : 0;
  boundaries_.pop_back();
  scopes_.pop_back();
  land_filters(filters);
  builder_.emit(operation::jump, 0, 0, next);
  model_.eaches[number].end = builder_.here();
  scope_.hand = outer;
}

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

void StepCompiler::may_be_late(Target& target, const Node& name) {
  compiler_.uses(component_, target.operation);
  if (!compiler_.disturbed(name.text.substr(0, name.text.find('.')))) return;
  target.strike_slot = builder_.slot(SlotKind::scalar);
  target.late_slot = builder_.slot(SlotKind::held);
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
  after_store(store, "commit");
  close_scope(scope);
}

void StepCompiler::call(const Node& node) {
  const Node& name = *node.find("call");
  const auto found = compiler_.service_operations_.find(name.text);
  if (found == compiler_.service_operations_.end()) {
    std::vector<std::string> names;
    for (const auto& [known, number] : compiler_.service_operations_) names.push_back(known);
    error(name, "call", "there is no operation \"" + name.text + "\"" + did_you_mean(name.text, names));
    return;
  }
  const std::uint32_t number = found->second;
  if (compiler_.service_state_[number] == 1) {
    error(name, "call", "\"" + name.text + "\" calls itself in a circle; a service cannot wait for its own reply");
    return;
  }
  compiler_.compile_operation(number);
  compiler_.uses(component_, model_.service_operations[number].operation);
  CallSpec spec;
  spec.operation = number;
  const std::uint16_t shape = model_.service_operations[number].shape;
  spec.build =
      compiler_.build_for(shape, hand_shape(), node.find("with"), scope_, spoken(place(node), address_, node, "with"));
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  spec.state_slot = builder_.slot(SlotKind::scalar);
  if (const Node* timeout = node.find("timeout")) {
    spec.timeout =
        compiler_.range_setting(timeout, place(node).empty() ? "" : place(node) + ".timeout", Unit::duration, 0);
    compiler_.raised_.insert("Timeout");
  }
  if (const Node* as = node.find("as")) {
    const std::optional<Type> type = compiler_.reply_types_[number];
    if (!type) {
      error(*as, "as", "\"" + name.text + "\" replies nothing; remove \"as\", or give it a \"reply\" step");
    } else {
      spec.keeps_result = true;
      spec.result_kind = type->base == BaseType::object ? SlotKind::payload
                         : type->base == BaseType::list ? SlotKind::list
                                                        : SlotKind::scalar;
      spec.result_slot = builder_.slot(spec.result_kind);
      scope_.results[as->text] = {spec.result_slot, *type};
    }
  }
  model_.calls.push_back(spec);
  const auto operand = static_cast<std::uint32_t>(model_.calls.size() - 1);
  builder_.emit(operation::call, 0, 0, operand);
  builder_.emit(operation::called, 0, 0, operand);
}

void StepCompiler::publish(const Node& node) {
  const Node& name = *node.find("publish");
  const auto target = compiler_.target(name, "/systems/" + address_ + "/publish");
  if (!target) return;
  if (target->kind == Target::Kind::service) {
    error(name, "publish", "\"" + name.text + "\" is a service; write \"call\"");
    return;
  }
  PublishSpec spec;
  spec.target = *target;
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  const std::uint32_t component = compiler_.component_of(name.text);
  spec.target.build = compiler_.build_for(compiler_.component_shapes_[component], hand_shape(), node.find("with"),
                                          scope_, spoken(place(node), address_, node, "with"));
  const std::string at = "/systems/" + address_ + "/publish";
  spec.key = compiler_.routing_key(node, *target, scope_, at);
  spec.confirm = compiler_.confirm(node, *target, place(node), at);
  spec.ttl = compiler_.message_ttl(node, *target, place(node), at);
  if (target->kind == Target::Kind::log) spec.buffer_slot = buffer_slot;
  if (spec.confirm.confirms != unset) spec.confirm.outcome_slot = builder_.slot(SlotKind::scalar);
  may_be_late(spec.target, name);
  model_.publishes.push_back(spec);
  builder_.emit(operation::publish, 0, 0, static_cast<std::uint32_t>(model_.publishes.size() - 1));
  if (spec.confirm.confirms != unset) builder_.emit(operation::confirmed, spec.confirm.outcome_slot);
}

void StepCompiler::send(const Node& node) {
  const auto kind = compiler_.item_kind(*node.find("send"), "/systems/" + address_ + "/send");
  const Node* to = node.find("to");
  const auto target = to == nullptr ? std::nullopt : compiler_.target(*to, "/systems/" + address_ + "/to");
  if (!kind || !target) return;
  SendSpec spec;
  spec.kind = *kind;
  spec.target = *target;
  spec.hand_slot = hand_slot();
  spec.hand_is_payload = hand_is_payload();
  spec.count_slot = builder_.slot(SlotKind::scalar);
  spec.counts_for = timeline_entry;
  spec.purpose = hash_name((place(node).empty() ? address_ : place(node)) + ".send");
  const ItemKind& item = model_.items[*kind];
  spec.fields.resize(item.fields.size());
  if (const auto shape = hand_shape()) {
    const std::vector<FieldSpec>& carried = model_.shapes[*shape].fields;
    for (std::size_t n = 0; n < item.fields.size(); ++n) {
      for (std::size_t c = 0; c < carried.size(); ++c) {
        if (carried[c].name == item.fields[n].name && carried[c].type == item.fields[n].type) {
          spec.fields[n] = {FieldSource::From::carried, static_cast<std::uint16_t>(c)};
        }
      }
    }
  }
  if (const Node* with = node.find("with")) {
    for (const Node::Member& member : with->members) {
      std::size_t field = item.fields.size();
      std::vector<std::string> names;
      for (std::size_t n = 0; n < item.fields.size(); ++n) {
        names.push_back(item.fields[n].name);
        if (item.fields[n].name == member.first) field = n;
      }
      if (field == item.fields.size()) {
        error(member.second, "with",
              item.name + " has no field \"" + member.first + "\"" + did_you_mean(member.first, names));
        continue;
      }
      const std::string at = spoken(place(node), address_, node, "with." + member.first);
      spec.fields[field] = {FieldSource::From::expression, static_cast<std::uint16_t>(compiler_.expression(
                                                               member.second, at, scope_, item.fields[field].type))};
    }
  }
  const std::uint32_t component = compiler_.component_of(to->text.substr(0, to->text.find('.')));
  NameScope empty(compiler_);
  spec.target.build = compiler_.build_for(compiler_.component_shapes_[component], {}, nullptr, empty, address_, *kind);
  const std::string where = "/systems/" + address_ + "/send";
  spec.key = compiler_.routing_key(node, *target, scope_, where);
  if (timeline_entry == unset) {  // People do not wait for confirms.
    spec.confirm = compiler_.confirm(node, *target, place(node), where);
    spec.ttl = compiler_.message_ttl(node, *target, place(node), where);
  }
  if (spec.confirm.confirms != unset) spec.confirm.outcome_slot = builder_.slot(SlotKind::scalar);
  may_be_late(spec.target, *to);
  model_.sends.push_back(spec);
  builder_.emit(operation::send_item, 0, 0, static_cast<std::uint32_t>(model_.sends.size() - 1));
  if (spec.confirm.confirms != unset) builder_.emit(operation::confirmed, spec.confirm.outcome_slot);
}

void StepCompiler::redrive(const Node& node) {
  const auto from = compiler_.component(*node.find("redrive"), "queue", "/systems/" + address_ + "/redrive");
  const Node* to_node = node.find("to");
  const auto to =
      to_node == nullptr ? std::nullopt : compiler_.component(*to_node, "queue", "/systems/" + address_ + "/to");
  if (!from || !to) return;
  RedriveSpec spec;
  spec.from = model_.components[*from].number;
  spec.to = model_.components[*to].number;
  spec.hand_slot = builder_.slot(SlotKind::scalar);  // Looks at messages that the queue still owns.
  spec.list_slot = builder_.slot(SlotKind::list);
  spec.index_slot = builder_.slot(SlotKind::scalar);
  spec.counts_for = timeline_entry;
  spec.purpose = hash_name(address_ + ".redrive");
  const std::uint16_t shape = compiler_.component_shapes_[*from];
  if (const Node* where = node.find("where")) {
    NameScope scope(compiler_);
    scope.hand = Hand{spec.hand_slot, object_type(shape), {}, {}, {}};
    scope.element = Element{Element::Kind::message, shape, model_.components[*from].name};
    spec.where = compiler_.expression_setting(*where, spoken(place(node), address_, node, "where"),
                                              joined(place(node), "where"), scope, types::boolean);
  }
  if (const Node* sort = node.find("sort")) {
    const std::vector<FieldSpec>& fields = model_.shapes[shape].fields;
    for (std::size_t n = 0; n < fields.size(); ++n) {
      if (fields[n].name != sort->text) continue;
      spec.sort = static_cast<std::int32_t>(n);
      spec.sorts_text = fields[n].type == types::text;
    }
    if (spec.sort < 0) error(*sort, "sort", "the messages have no field \"" + sort->text + "\"");
  }
  if (const Node* gap = node.find("gap"))
    spec.gap = compiler_.range_setting(gap, place(node).empty() ? "" : place(node) + ".gap", Unit::duration, 0);
  model_.redrives.push_back(spec);
  builder_.emit(operation::redrive, 0, 0, static_cast<std::uint32_t>(model_.redrives.size() - 1));
}

}  // namespace premortem
