#include "sim/scenario/compile/compiler.hpp"

#include <algorithm>

#include "sim/kernel/digest.hpp"
#include "sim/kernel/random.hpp"
#include "sim/models/errors.hpp"
#include "sim/models/model_names.hpp"
#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/name_scope.hpp"
#include "sim/scenario/vocabulary.hpp"
#include "sim/scenario/zone_database.hpp"

namespace premortem {

namespace {

std::string hex16(std::uint64_t word) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string text;
  for (int shift = 60; shift >= 0; shift -= 4) text += digits[word >> shift & 15];
  return text;
}

}  // namespace

Compiler::Compiler(const EffectiveScenario& scenario, Diagnostics& diagnostics)
    : scenario_(scenario), root_(scenario.root), diagnostics_(diagnostics) {
  intern("");
  for (const char* name : error::standard_names) error_number(name);
  model_.scopes.emplace_back();
  raised_ = {"Unavailable", "Timeout", "Aborted"};  // Faults raise them anywhere.
}

void Compiler::error(const Node& at, std::string address, std::string message) {
  diagnostics_.error(at.at, std::move(address), std::move(message));
}

std::uint32_t Compiler::intern(std::string_view text) {
  const auto known = texts_.find(text);
  if (known != texts_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(model_.texts.size());
  model_.texts.emplace_back(text);
  texts_.emplace(std::string(text), number);
  return number;
}

std::uint32_t Compiler::error_number(const std::string& name) {
  const auto known = errors_.find(name);
  if (known != errors_.end()) return known->second;
  const auto number = static_cast<std::uint32_t>(model_.errors.size());
  model_.errors.push_back(name);
  errors_.emplace(name, number);
  return number;
}

std::uint32_t Compiler::component_of(std::string_view name) const {
  const auto found = components_.find(name);
  return found == components_.end() ? unset : found->second;
}

std::vector<std::string> Compiler::system_names(std::string_view kinds) const {
  std::vector<std::string> names;
  for (const auto& [name, number] : components_) {
    const std::string kind(name_of(model_.components[number].kind));
    if (kinds.empty() || ("|" + std::string(kinds) + "|").find("|" + kind + "|") != std::string::npos)
      names.push_back(name);
  }
  return names;
}

std::optional<std::uint32_t> Compiler::component(const Node& name, std::string_view kinds, const std::string& address) {
  const std::uint32_t number = component_of(name.text);
  if (number == unset) {
    error(name, address, "there is no system \"" + name.text + "\"" + did_you_mean(name.text, system_names(kinds)));
    return std::nullopt;
  }
  const std::string kind(name_of(model_.components[number].kind));
  if (!kinds.empty() && ("|" + std::string(kinds) + "|").find("|" + kind + "|") == std::string::npos) {
    std::string wanted(kinds);
    std::replace(wanted.begin(), wanted.end(), '|', '/');
    error(name, address, "\"" + name.text + "\" is a " + kind + "; this wants a " + wanted);
    return std::nullopt;
  }
  return number;
}

const Compiler::CollectionEntry* Compiler::collection(std::string_view name) const {
  for (const CollectionEntry& entry : collections_) {
    if (entry.name == name) return &entry;
  }
  return nullptr;
}

std::optional<std::uint32_t> Compiler::item_kind(const Node& name, const std::string& address) {
  const auto found = item_kinds_.find(name.text);
  if (found != item_kinds_.end()) return found->second;
  std::vector<std::string> names;
  for (const auto& [known, number] : item_kinds_) names.push_back(known);
  error(name, address, "there is no kind of item \"" + name.text + "\"" + did_you_mean(name.text, names));
  return std::nullopt;
}

std::optional<Type> Compiler::type_of(const Node& text, const std::string& address) {
  const std::string& name = text.text;
  if (name == "string") return types::text;
  if (name == "int") return types::integer;
  if (name == "double") return types::real;
  if (name == "bool") return types::boolean;
  if (name == "date") return types::date;
  if (name == "time") return types::time;
  if (name == "duration") return types::duration;
  if (name.starts_with("list(")) {
    const std::string inside = name.substr(5, name.size() - 6);
    if (const CollectionEntry* entry = collection(inside)) return list_of(object_type(entry->shape));
    if (inside == "string") return list_of(types::text);
    if (inside == "int") return list_of(types::integer);
    error(text, address,
          "there is no collection \"" + inside + "\"; write list(store.collection), list(string) or list(int)");
    return std::nullopt;
  }
  error(text, address, "unknown type \"" + name + "\"; types are string, int, double, bool, date, time, duration");
  return std::nullopt;
}

std::uint32_t Compiler::operation(const std::string& name, std::uint16_t component, OperationSpec::Kind kind,
                                  std::uint32_t takes) {
  OperationSpec spec;
  spec.kind = kind;
  spec.name = name;
  spec.component = spec.counterpart = component;
  spec.takes = takes;
  spec.purpose = hash_name(name);
  model_.operations.push_back(spec);
  operations_[name] = static_cast<std::uint32_t>(model_.operations.size() - 1);
  return operations_[name];
}

std::uint32_t Compiler::find_operation(std::string_view name) const {
  const auto found = operations_.find(name);
  return found == operations_.end() ? unset : found->second;
}

std::optional<std::int64_t> Compiler::instant(const Node& text, const std::string& address, std::int64_t day) {
  std::string message;
  const auto spec = parse_time(text.text, clock_.zone, day, message);
  if (!spec) {
    error(text, address, message);
    return std::nullopt;
  }
  if (spec->kind == TimeSpec::Kind::end) return nanoseconds_of(clock_.until);
  if (spec->kind != TimeSpec::Kind::absolute || spec->low != spec->high) {
    error(text, address, "must be one instant; write a date and a time");
    return std::nullopt;
  }
  return spec->low;
}

std::optional<ClockSpec> read_clock(const Node& root, Diagnostics& diagnostics) {
  const Node* clock = root.find("clock");
  if (clock == nullptr) return std::nullopt;
  const Node *from = clock->find("from"), *until = clock->find("until"), *zone = clock->find("zone");
  if (from == nullptr || until == nullptr || zone == nullptr || !from->is(Node::Kind::text) ||
      !until->is(Node::Kind::text) || !zone->is(Node::Kind::text)) {
    return std::nullopt;
  }
  ClockSpec spec;
  std::string message;
  // To load the zone one must know the span, and to know the span exactly, the zone: roughly is enough to load it.
  const auto roughly = [&](const Node& node, std::int64_t day) {
    std::string_view text = node.text;
    for (const std::string_view pass : {" first", " second"}) {
      if (text.ends_with(pass)) text.remove_suffix(pass.size());
    }
    return parse_time(text, Zone(), day, message);
  };
  const auto rough_from = roughly(*from, Node::no_day);
  const auto rough_until = roughly(*until, rough_from ? rough_from->date : Node::no_day);
  if (!rough_from || !rough_until) {
    diagnostics.error(rough_from ? until->at : from->at, rough_from ? "/clock/until" : "/clock/from", message);
    return std::nullopt;
  }
  const auto loaded =
      load_zone(zone->text, time_from_nanoseconds(rough_from->low), time_from_nanoseconds(rough_until->low));
  if (!loaded) {
    diagnostics.error(zone->at, "/clock/zone",
                      "there is no zone \"" + zone->text + "\"" + did_you_mean(zone->text, zone_names()));
    return std::nullopt;
  }
  spec.zone = *loaded;
  const auto begin = parse_time(from->text, spec.zone, Node::no_day, message);
  if (!begin) {
    diagnostics.error(from->at, "/clock/from", message);
    return std::nullopt;
  }
  const auto end = parse_time(until->text, spec.zone, begin->date, message);
  if (!end) {
    diagnostics.error(until->at, "/clock/until", message);
    return std::nullopt;
  }
  if (end->low <= begin->low) {
    diagnostics.error(until->at, "/clock/until", "the clock ends before it begins; write a later time");
    return std::nullopt;
  }
  spec.from = time_from_nanoseconds(begin->low);
  spec.until = time_from_nanoseconds(end->low);
  spec.day = begin->date;
  if (const Node* pinned = clock->find("zone-rules")) {
    const std::string rules = hex16(spec.zone.rules_hash(spec.from, spec.until));
    if (pinned->text != rules) {
      diagnostics.error(pinned->at, "/clock/zone-rules",
                        "this machine's rules for " + zone->text + " in the span are " + rules + ", not " +
                            pinned->text + "; update its zone database, or the pin");
      return std::nullopt;
    }
  }
  return spec;
}

void Compiler::declare_lists() {
  const Node* lists = root_.find("lists");
  if (lists == nullptr) return;
  for (const Node::Member& member : lists->members) {
    ConstantList list{types::text, {}};
    for (const Node& item : member.second.items) {
      if (item.is(Node::Kind::integer)) list.element = types::integer;
      list.values.push_back(item.is(Node::Kind::text) ? Word{intern(item.text)} : word_of(item.integer));
    }
    lists_[member.first] = static_cast<std::uint32_t>(model_.lists.size());
    model_.lists.push_back(list);
  }
}

void Compiler::declare_items() {
  const Node* items = root_.find("items");
  for (const Node::Member& member : items->members) {
    ItemKind kind;
    kind.name = member.first;
    kind.text = intern(member.first);
    const std::string address = "/items/" + member.first;
    if (const Node* first = member.second.find("first-id")) kind.first_id = first->integer;
    if (const Node* fields = member.second.find("fields")) {
      for (const Node::Member& field : fields->members) {
        if (const auto type = type_of(field.second, address + "/fields/" + field.first))
          kind.fields.push_back({field.first, *type});
      }
    }
    if (const Node* done = member.second.find("done")) {
      if (done->is(Node::Kind::text)) kind.done.push_back(intern(done->text));
      for (const Node& outcome : done->items) kind.done.push_back(intern(outcome.text));
    }
    if (const Node* due = member.second.find("due")) {
      if (const auto parsed = parse_duration(due->text)) kind.due = parsed->count();
    }
    if (const Node* repeat = member.second.find("may-repeat")) kind.may_repeat = repeat->boolean;
    model_.item_fields = std::max<std::uint32_t>(model_.item_fields, static_cast<std::uint32_t>(kind.fields.size()));
    item_kinds_[member.first] = static_cast<std::uint32_t>(model_.items.size());
    model_.items.push_back(kind);
  }
}

/// Two passes over `items`: what an item is held by may speak of systems.
void Compiler::compile_items() {
  for (const Node::Member& member : root_.find("items")->members) {
    ItemKind& kind = model_.items[item_kinds_.find(member.first)->second];
    if (const Node* held = member.second.find("held-while")) {
      NameScope scope(*this);
      scope.element = Element{Element::Kind::item, static_cast<std::uint16_t>(item_kinds_.find(member.first)->second),
                              member.first};
      kind.held_while = expression(*held, "items." + member.first + ".held-while", scope, types::boolean);
      const Expression& compiled = model_.expressions[kind.held_while];
      kind.held_while_reads_clock = compiled.reads_clock;
      kind.held_while_reads_documents = std::any_of(compiled.sets.begin(), compiled.sets.end(),
                                                    [](std::uint16_t set) { return (set & set_is_collection) != 0; });
    }
    JudgedKind judged;
    judged.name = kind.name;
    for (const std::uint32_t outcome : kind.done) judged.done.push_back(outcome);
    judged.due = kind.due;
    judged.may_repeat = kind.may_repeat;
    judged.first_id = kind.first_id;
    judge_.kinds.push_back(judged);
  }
}

std::uint16_t Compiler::shape_for(const Node& system, const std::string& name, const std::string& address) {
  Shape shape;
  shape.name = name;
  const auto add = [&](const FieldSpec& field) {
    const bool there =
        std::any_of(shape.fields.begin(), shape.fields.end(), [&](const FieldSpec& f) { return f.name == field.name; });
    if (!there) shape.fields.push_back(field);
  };
  if (const Node* of = system.find("of")) {
    std::vector<Node> kinds = of->is(Node::Kind::array) ? of->items : std::vector<Node>{*of};
    for (const Node& kind : kinds) {
      if (const auto number = item_kind(kind, address + "/of")) {
        for (const FieldSpec& field : model_.items[*number].fields) add(field);
      }
    }
  }
  if (const Node* fields = system.find("fields")) {
    for (const Node::Member& field : fields->members) {
      if (const auto type = type_of(field.second, address + "/fields/" + field.first)) add({field.first, *type});
    }
  }
  model_.payload_fields =
      std::max<std::uint32_t>(model_.payload_fields, static_cast<std::uint32_t>(shape.fields.size()));
  model_.shapes.push_back(shape);
  model_.shapes.back().plain = std::none_of(shape.fields.begin(), shape.fields.end(), [](const FieldSpec& field) {
    return field.type.base == BaseType::list || field.type.base == BaseType::object;
  });
  return static_cast<std::uint16_t>(model_.shapes.size() - 1);
}

std::uint32_t Compiler::build_for(std::uint16_t shape, std::optional<std::uint16_t> hand, const Node* with,
                                  NameScope& scope, const std::string& address, std::optional<std::uint32_t> kind) {
  BuildSpec build;
  build.shape = shape;
  const std::vector<FieldSpec>& fields = model_.shapes[shape].fields;
  build.fields.resize(fields.size());
  std::vector<std::string> names;
  for (std::size_t n = 0; n < fields.size(); ++n) {
    names.push_back(fields[n].name);
    const auto from = [&](const std::vector<FieldSpec>& known, FieldSource::From how) {
      for (std::size_t f = 0; f < known.size(); ++f) {
        if (known[f].name == fields[n].name && known[f].type == fields[n].type)
          build.fields[n] = {how, static_cast<std::uint16_t>(f)};
      }
    };
    if (hand) from(model_.shapes[*hand].fields, FieldSource::From::carried);
    if (kind) from(model_.items[*kind].fields, FieldSource::From::item);
  }
  if (with != nullptr) {
    for (const Node::Member& member : with->members) {
      const auto field = std::find(names.begin(), names.end(), member.first);
      if (field == names.end()) {
        error(member.second, address,
              "\"" + model_.shapes[shape].name + "\" has no field \"" + member.first + "\"" +
                  did_you_mean(member.first, names) + (names.empty() ? "; declare it under \"fields\"" : ""));
        continue;
      }
      const auto n = static_cast<std::size_t>(field - names.begin());
      const std::uint32_t number =
          expression(member.second, address + "." + member.first, scope, model_.shapes[shape].fields[n].type);
      build.fields[n] = {FieldSource::From::expression, static_cast<std::uint16_t>(number)};
    }
  }
  model_.builds.push_back(build);
  return static_cast<std::uint32_t>(model_.builds.size() - 1);
}

std::optional<Target> Compiler::target(const Node& name, const std::string& address) {
  Target target;
  const auto operation_number = service_operations_.find(name.text);
  if (operation_number != service_operations_.end()) {
    target.kind = Target::Kind::service;
    target.number = operation_number->second;
    target.operation = model_.service_operations[target.number].operation;
    return target;
  }
  const std::uint32_t number = component_of(name.text);
  if (number == unset) {
    std::vector<std::string> names = system_names("queue|log|exchange");
    for (const auto& [known, ignored] : service_operations_) names.push_back(known);
    error(name, address, "there is no queue, log or operation \"" + name.text + "\"" + did_you_mean(name.text, names));
    return std::nullopt;
  }
  const ComponentSpec& spec = model_.components[number];
  target.number = spec.number;
  switch (spec.kind) {
    case ComponentKind::queue:
      target.kind = Target::Kind::queue;
      target.operation = find_operation(name.text + ".publish");
      return target;
    case ComponentKind::exchange:
      target.kind = Target::Kind::exchange;
      target.operation = find_operation(name.text + ".publish");
      return target;
    case ComponentKind::log:
      target.kind = Target::Kind::log;
      target.operation = find_operation(name.text + ".append");
      return target;
    default:
      error(name, address,
            "\"" + name.text + "\" is a " + std::string(name_of(spec.kind)) +
                "; things are handed to queues, logs, exchanges and operations of services");
      return std::nullopt;
  }
}

void Compiler::compile_rules(ScopeSpec& scope, const Node* on, const std::string& address, std::string_view kind) {
  scope.first_rule = static_cast<std::uint32_t>(model_.rules.size());
  const bool by_hand = kind == "consumer by hand";  // LISTEN-001: then the container does nothing about an error.
  if (by_hand) kind = "consumer";
  const Then standard = by_hand              ? Then::leave
                        : kind == "consumer" ? Then::requeue
                        : kind == "stream"   ? Then::crash
                        : kind == "job"      ? Then::give_up
                                             : Then::outwards;
  const auto add = [&](const std::string& name, const Node& rule) {
    const std::string place = joined(address, "on." + name);
    ErrorRule made;
    made.error = name == "any" ? unset : error_number(name);
    made.tries = count_setting(rule, "tries", place, 1);
    made.wait = range_setting(rule.find("wait"), joined(place, "wait"), Unit::duration, 0);
    made.factor = count_setting(rule, "factor", place, 1);
    made.wait_max = duration_setting(rule, "wait-max", place, -1);
    made.jitter = word_setting(rule, "jitter", place, static_cast<Word>(Jitter::none));
    made.then = word_setting(rule, "then", place, static_cast<Word>(standard));
    const auto then = static_cast<Then>(model_.settings[made.then].value);
    const Node* written = rule.find("then");
    const bool broker_only = then == Then::leave;
    if (written != nullptr &&
        ((kind == "step" && then != Then::outwards && then != Then::ignore) || (broker_only && kind != "consumer") ||
         (kind == "service" && then != Then::outwards && then != Then::ignore) ||
         (kind == "job" && then != Then::give_up && then != Then::ignore && then != Then::outwards))) {
      error(*written, "/systems/" + place + "/then",
            "\"" + written->text + "\" has no meaning here; " +
                (kind == "step" || kind == "service" ? "a step can only be ignored, or the error goes outwards"
                                                     : "write give-up or ignore"));
    }
    model_.rules.push_back(made);
  };
  const Node* any = nullptr;
  if (on != nullptr && on->is(Node::Kind::object)) {
    for (const Node::Member& member : on->members) {
      if (member.first == "any") {
        any = &member.second;  // Asked last, wherever it is written.
      } else {
        add(member.first, member.second);
      }
    }
  }
  if (any != nullptr) add("any", *any);
  if (any == nullptr && kind != "step" && kind != "service") add("any", Node::of_object({}));
  scope.last_rule = static_cast<std::uint32_t>(model_.rules.size());
}

std::uint32_t Compiler::program(ProgramBuilder& builder, ProgramCounter entry, const std::string& name,
                                bool holds_item) {
  ProgramSpec spec;
  spec.name = name;
  spec.entry = entry;
  spec.slots = builder.slots;
  spec.transaction_stores = builder.transaction_stores;
  spec.holds_item = holds_item;
  model_.locals = std::max<std::uint32_t>(model_.locals, static_cast<std::uint32_t>(builder.slots.size()));
  if (builder.slots.size() > 255)
    diagnostics_.error({}, name, "this handler needs more than 255 locals; split it into service operations");
  model_.programs.push_back(std::move(spec));
  return static_cast<std::uint32_t>(model_.programs.size() - 1);
}

std::shared_ptr<const CompiledScenario> Compiler::run() {
  const auto clock = read_clock(root_, diagnostics_);
  if (!clock || !diagnostics_.ok()) return nullptr;
  clock_ = *clock;
  model_.zone = clock_.zone;
  model_.zones = {clock_.zone};
  model_.begins = nanoseconds_of(clock_.from);
  model_.ends = nanoseconds_of(clock_.until);
  declare_lists();
  declare_items();
  if (!diagnostics_.ok()) return nullptr;
  declare_systems();
  if (!diagnostics_.ok()) return nullptr;
  const Node& systems = *root_.find("systems");
  compile_handlers(systems);
  compile_items();
  compile_arrivals();
  compile_monitors(systems);
  compile_timeline();
  compile_fault_rules();
  compile_checks();
  compile_expectations();
  compile_choices();
  finish_model();
  if (!diagnostics_.ok()) return nullptr;
  auto compiled = std::make_shared<CompiledScenario>();
  Digest digest;
  const std::string text = root_.to_json();
  digest.add(hash_name(text));
  digest.add(hash_name(text + "premortem"));
  const std::uint64_t rules = clock_.zone.rules_hash(clock_.from, clock_.until);
  digest.add(rules);
  // The zones of single jobs are part of the identity, too; the pin and the result name the clock's.
  for (std::size_t zone = 1; zone < model_.zones.size(); ++zone)
    digest.add(model_.zones[zone].rules_hash(clock_.from, clock_.until));
  compiled->scenario_hash = digest.hex();
  compiled->zone_rules = hex16(rules);
  compiled->model = std::make_shared<const Model>(std::move(model_));
  compiled->judge = std::make_shared<const JudgeSpec>(std::move(judge_));
  compiled->expectations = std::move(expectations_);
  compiled->title = root_.find("title")->text;
  compiled->strategy = scenario_.strategy;
  compiled->assumptions = scenario_.assumptions;
  compiled->sets = scenario_.sets;
  compiled->provenance = scenario_.provenance;
  compiled->choices = std::move(choices_);
  compiled->notes = std::move(notes_);
  return compiled;
}

std::shared_ptr<const CompiledScenario> compile_scenario(const EffectiveScenario& scenario, Diagnostics& diagnostics) {
  return Compiler(scenario, diagnostics).run();
}

}  // namespace premortem
