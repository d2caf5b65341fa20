// Faults of the timeline: which operations each verb can strike, and what it would mean there.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/scenario/compile/compiler.hpp"
#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

namespace {

using Kind = OperationSpec::Kind;

constexpr std::string_view kind_names[] = {"publish", "deliver", "ack", "append", "read", "", "commit", ""};

std::string described(const OperationSpec& operation) {
  if (operation.kind == Kind::document) return "an operation of a document store";
  if (operation.kind == Kind::call) return "a call";
  const std::string name(kind_names[static_cast<std::size_t>(operation.kind)]);
  return (name.starts_with('a') ? "an " : "a ") + name;
}

/// What the verb would have to mean for such an operation and does not; empty: it has a meaning.
std::string objection(FaultSpec::Kind verb, bool applied, Kind operation) {
  const bool sends = operation == Kind::publish || operation == Kind::append || operation == Kind::call;
  switch (verb) {
    case FaultSpec::Kind::fail:
      if (applied && (operation == Kind::deliver || operation == Kind::ack))
        return "whoever does not hear of it treats it as not done; remove \"applied\"";
      if (applied && operation == Kind::read) return "reading changes nothing; remove \"applied\"";
      return {};
    case FaultSpec::Kind::slow:
      return operation == Kind::ack ? "nobody waits for an ack; write \"slow\" with the deliver" : "";
    case FaultSpec::Kind::lose:
      if (operation == Kind::document) return "a store answers; write \"fail\", with \"applied\" for a lost answer";
      return operation == Kind::read ? "the position does not pass what is not read; write \"fail\"" : "";
    case FaultSpec::Kind::duplicate:
      if (sends) return {};
      return operation == Kind::deliver ? "a broker delivers again what is not acked; write \"lose\" with the ack"
                                        : "only what is sent can come twice: publish, append and calls";
    default:
      return {};
  }
}

}  // namespace

/// Whether anything on the timeline can keep what is asked of the system from happening.
bool Compiler::disturbed(const std::string& system) const {
  const Node* own = root_.find("systems")->find(system);
  const Node* on = own == nullptr ? nullptr : own->find("on");
  if (on != nullptr && on->is(Node::Kind::boolean) && !on->boolean) return true;
  // What rules match is seen when it happens, and whoever serves may get more of them.
  const Node* rules = root_.find("faults");
  if (scenario_.serving || (rules != nullptr && !rules->members.empty())) return true;
  const Node* timeline = root_.find("timeline");
  if (timeline == nullptr) return false;
  const auto names = [&](const Node& named) { return named.text == system || named.text.starts_with(system + "."); };
  for (const Node& entry : timeline->items) {
    for (const std::string_view verb : {"fail", "slow", "lose", "duplicate", "stop", "crash"}) {
      const Node* named = entry.find(verb);
      if (named != nullptr && names(*named)) return true;
    }
    const Node* cut = entry.find("cut");
    if (cut != nullptr && std::any_of(cut->items.begin(), cut->items.end(), names)) return true;
  }
  return false;
}

void Compiler::uses(std::uint32_t asker, std::uint32_t operation) {
  if (operation == unset) return;
  const std::uint32_t asked = model_.operations[operation].counterpart;
  talks_.insert({std::min(asker, asked), std::max(asker, asked)});
}

/// The operations that the fault names; says so when there are none, or none for which its verb means anything.
void Compiler::find_struck(FaultSpec& fault, const Node& named, const std::string& verb, const std::string& address) {
  const std::uint32_t one = find_operation(named.text);
  const std::uint32_t system = component_of(named.text);
  std::vector<std::uint32_t> meant;
  if (one != unset) {
    meant.push_back(one);
  } else {
    for (std::uint32_t number = 0; number < model_.operations.size(); ++number) {
      if (system != unset && model_.operations[number].component == system) meant.push_back(number);
    }
  }
  if (meant.empty() && system == unset) {
    std::vector<std::string> names = system_names("");
    for (const auto& [name, number] : operations_) names.push_back(name);
    error(named, address, "there is no system or operation \"" + named.text + "\"" + did_you_mean(named.text, names));
    return;
  }
  if (meant.empty()) {
    error(named, address,
          "nobody asks anything of \"" + named.text +
              "\"; name what it uses: a queue, a log, a store, a service, or one of their operations");
    return;
  }
  for (const std::uint32_t number : meant) {
    if (objection(fault.kind, fault.applied, model_.operations[number].kind).empty())
      fault.operations.push_back(number);
  }
  if (!fault.operations.empty()) return;
  const OperationSpec& first = model_.operations[meant.front()];
  error(named, address,
        "\"" + verb + "\"" + (fault.applied ? " with \"applied\"" : "") + " means nothing for " + described(first) +
            ": " + objection(fault.kind, fault.applied, first.kind));
}

/// Keys that choose operations, where there are none to choose from.
void Compiler::refuse_keys(const Node& entry, std::initializer_list<std::string_view> keys, const std::string& why,
                           const std::string& address) {
  for (const std::string_view key : keys) {
    if (const Node* written = entry.find(key)) error(*written, address + "/" + std::string(key), why);
  }
}

void Compiler::compile_cut(FaultSpec& fault, const Node& entry, const std::string& address) {
  refuse_keys(entry, {"where"}, "a cut strikes operations on different things; write \"fail\" with one of them",
              address);
  for (const Node& side : entry.find("cut")->items) {
    if (const auto which = component(side, "", address + "/cut"))
      (fault.one == unset ? fault.one : fault.other) = *which;
  }
  if (fault.one == unset || fault.other == unset) return;
  const Node& second = entry.find("cut")->items[1];
  if (fault.one == fault.other)
    return error(second, address + "/cut", "a cut stands between two systems; name another");
  if (!talks_.contains({std::min(fault.one, fault.other), std::max(fault.one, fault.other)})) {
    error(second, address + "/cut",
          "\"" + model_.components[fault.one].name + "\" and \"" + model_.components[fault.other].name +
              "\" ask nothing of each other; name two systems of which one uses the other");
  }
  for (std::uint32_t number = 0; number < model_.operations.size(); ++number) {
    const std::uint32_t asked = model_.operations[number].counterpart;
    if (asked == fault.one || asked == fault.other) fault.operations.push_back(number);
  }
}

void Compiler::compile_fault_where(FaultSpec& fault, const Node& where, const std::string& address) {
  if (fault.operations.empty()) return;
  const OperationSpec& struck = model_.operations[fault.operations.front()];
  if (struck.kind == Kind::document) {
    error(where, address + "/where",
          "nothing is in hand in the operations of a document store; use first, nth or share");
    return;
  }
  // The commit of a stream is about an event of its log.
  const std::uint32_t carries = struck.kind == Kind::commit ? struck.counterpart : struck.component;
  NameScope scope(*this);
  scope.hand = Hand{0, object_type(component_shapes_[carries]), {}, {}, {}};
  fault.where = expression(where, "timeline[" + fault.id + "].where", scope, types::boolean);
}

void Compiler::compile_fault(const TimelineSpec& when, const Node& entry, const std::string& verb,
                             const std::string& address) {
  FaultSpec fault;
  const Node& value = *entry.find(verb);
  const Node* id = entry.find("id");
  fault.id = id == nullptr ? verb : id->text;
  fault.purpose = hash_name("fault." + when.id);
  fault.kind = verb == "fail"        ? FaultSpec::Kind::fail
               : verb == "slow"      ? FaultSpec::Kind::slow
               : verb == "lose"      ? FaultSpec::Kind::lose
               : verb == "duplicate" ? FaultSpec::Kind::duplicate
               : verb == "cut"       ? FaultSpec::Kind::cut
                                     : FaultSpec::Kind::skew;
  const Node *lasts = entry.find("for"), *until = entry.find("until"), *first = entry.find("first"),
             *nth = entry.find("nth"), *error_name = entry.find("error");
  if (lasts != nullptr) {
    if (const auto parsed = parse_duration(lasts->text)) fault.lasts = parsed->count();
  }
  if (until != nullptr) fault.until = instant(*until, address + "/until", entry.day).value_or(-1);
  if (lasts != nullptr && until != nullptr) error(*until, address + "/until", "\"for\" says when it ends; remove one");
  if (until != nullptr && when.when == TimelineSpec::When::at && fault.until >= 0 && fault.until <= when.low)
    error(*until, address + "/until", "the fault ends before it begins; write a later time");
  if (first != nullptr) fault.first = first->integer;
  if (nth != nullptr) fault.nth = nth->integer;
  if (first != nullptr && nth != nullptr) error(*nth, address + "/nth", "\"first\" chooses already; remove one");
  if (nth != nullptr && nth->integer == 0) error(*nth, address + "/nth", "operations are counted from 1");
  if (const Node* share = entry.find("share")) {
    const std::int64_t percent = parse_share(share->text).value_or(0);
    if (percent > 10'000) error(*share, address + "/share", share->text + " of the operations; write 100 % at most");
    fault.share = parse_share(share->text).value_or(0) * (std::int64_t{1} << 32) / 10'000;
  }
  if (const Node* applied = entry.find("applied")) fault.applied = applied->boolean;
  const std::string failure = error_name == nullptr ? "Unavailable" : error_name->text;
  raised_.insert(failure);
  fault.error = error_number(failure);
  if (const Node* by = entry.find("by"))
    fault.by = range_setting(by, "timeline[" + fault.id + "].by", Unit::duration, 0);
  if (fault.kind == FaultSpec::Kind::cut) {
    compile_cut(fault, entry, address);
  } else if (fault.kind == FaultSpec::Kind::skew) {
    refuse_keys(entry, {"where", "first", "nth", "share"}, "a clock is off for everything; remove it", address);
    if (const auto which = component(value, "consumer|stream|job|service|monitor", address + "/skew"))
      fault.one = *which;
  } else {
    find_struck(fault, value, verb, address + "/" + verb);
    const bool heard = std::any_of(fault.operations.begin(), fault.operations.end(), [&](std::uint32_t number) {
      const Kind kind = model_.operations[number].kind;
      return kind != Kind::deliver && kind != Kind::ack;
    });
    if (error_name != nullptr && !fault.operations.empty() && !heard)
      error(*error_name, address + "/error",
            "nobody sees an error of a deliver or an ack: the message comes again; remove it");
  }
  const Node* where = entry.find("where");
  if (where != nullptr && fault.kind != FaultSpec::Kind::cut && fault.kind != FaultSpec::Kind::skew)
    compile_fault_where(fault, *where, address);
  model_.faults.push_back(fault);
}

}  // namespace premortem
