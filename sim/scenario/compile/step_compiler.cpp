#include "sim/scenario/compile/step_compiler.hpp"

#include "sim/kernel/random.hpp"
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

std::string StepCompiler::spoken(const std::string& place, const std::string& address, const Node&,
                                 std::string_view key) {
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
        acknowledge(store, true);
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
  model_.places.push_back({builder_.here(), place(node).empty() ? address_ + ".does[" + verb_name + "]" : place(node),
                           node.at.line, node.at.column});
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
}  // namespace premortem
