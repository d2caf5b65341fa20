// Systems: first all of them are declared, so that everything can name everything; then their handlers are compiled.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/civil/misfire.hpp"
#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/step_compiler.hpp"
#include "sim/scenario/zone_database.hpp"

namespace premortem {

namespace {

constexpr std::string_view word_characters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
constexpr std::int64_t second = 1'000'000'000;

const Node& empty_list() {
  static const Node list = Node::of_array({});
  return list;
}

}  // namespace

void Compiler::declare_systems() {
  const Node& systems = *root_.find("systems");
  for (const Node::Member& member : systems.members) {
    const std::string is = member.second.find("is") == nullptr ? "" : member.second.find("is")->text;
    ComponentSpec spec;
    spec.name = member.first;
    const Node* on = member.second.find("on");
    if (on != nullptr && on->is(Node::Kind::boolean) && is != "toggles") spec.on = on->boolean;
    const auto number = static_cast<std::uint32_t>(model_.components.size());
    const auto count = [&](ComponentKind kind, std::size_t index) {
      spec.kind = kind;
      spec.number = static_cast<std::uint32_t>(index);
    };
    if (is == "broker") count(ComponentKind::broker, 0);
    if (is == "queue") count(ComponentKind::queue, model_.queues.size()), model_.queues.emplace_back();
    if (is == "exchange") count(ComponentKind::exchange, broker_.exchanges.size()), broker_.exchanges.emplace_back();
    if (is == "log") count(ComponentKind::log, model_.logs.size()), model_.logs.emplace_back();
    if (is == "documents") count(ComponentKind::documents, model_.stores.size()), model_.stores.emplace_back();
    if (is == "service") count(ComponentKind::service, 0);
    if (is == "consumer") count(ComponentKind::consumer, model_.consumers.size()), model_.consumers.emplace_back();
    if (is == "stream") count(ComponentKind::stream, model_.streams.size()), model_.streams.emplace_back();
    if (is == "job") count(ComponentKind::job, model_.jobs.size()), model_.jobs.emplace_back();
    if (is == "monitor") count(ComponentKind::monitor, model_.monitors.size()), model_.monitors.emplace_back();
    if (item_kinds_.find(member.first) != item_kinds_.end()) {
      error(member.second, "/systems/" + member.first,
            "\"" + member.first + "\" is a kind of item, too; a name can mean one thing only");
    }
    components_[member.first] = number;
    model_.components.push_back(spec);
  }
  ComponentSpec story;
  story.name = "timeline";
  story.kind = ComponentKind::timeline;
  model_.timeline_component = static_cast<std::uint16_t>(model_.components.size());
  model_.components.push_back(story);
  if (scenario_.serving) declare_clients(systems);
  component_shapes_.assign(model_.components.size(), 0);
  compile_toggles(systems);
  compile_stores(systems);
  compile_logs_and_queues(systems);
}

/// A program is nobody's to stop: what the timeline does to the system that it plays is said aloud, since it does
/// nothing.
void Compiler::tell_what_reaches_no_program(const std::string& system) {
  const Node* timeline = root_.find("timeline");
  if (timeline == nullptr) return;
  for (const Node& entry : timeline->items) {
    for (const std::string_view verb : {"stop", "start", "pause", "resume", "crash", "run"}) {
      const Node *named = entry.find(verb), *id = entry.find("id");
      if (named == nullptr || named->text != system) continue;
      notes_.push_back("timeline[" + (id != nullptr ? id->text : std::string(verb)) + "]: a real program plays " +
                       system + "; \"" + std::string(verb) + "\" does nothing to it");
    }
  }
}

/// Real clients are one system more, unless one program plays one system: then they are that.
void Compiler::declare_clients(const Node& systems) {
  std::vector<std::uint16_t> played;
  for (const Node::Member& member : systems.members) {
    const Node* external = member.second.find("external");
    if (external == nullptr || !external->is(Node::Kind::boolean) || !external->boolean) continue;
    const std::uint32_t number = component_of(member.first);
    model_.components[number].external = true;
    played.push_back(static_cast<std::uint16_t>(number));
    tell_what_reaches_no_program(member.first);
  }
  if (played.size() == 1) {
    model_.clients_component = played.front();
    return;
  }
  ComponentSpec clients;
  clients.name = "clients";
  clients.kind = ComponentKind::clients;
  model_.clients_component = static_cast<std::uint16_t>(model_.components.size());
  model_.components.push_back(clients);
}

void Compiler::compile_toggles(const Node& systems) {
  for (const Node::Member& member : systems.members) {
    if (model_.components[component_of(member.first)].kind != ComponentKind::toggles) continue;
    for (const Node::Member& toggle : member.second.members) {
      if (toggle.first == "is" || toggle.first == "source" || toggle.first == "name") continue;
      const std::string address = member.first + "." + toggle.first;
      const Node& value = toggle.second;
      switch (value.kind) {
        case Node::Kind::boolean:
          setting(address, SettingSpec::Kind::scalar, types::boolean, word_of(value.boolean));
          break;
        case Node::Kind::integer:
          setting(address, SettingSpec::Kind::scalar, types::integer, word_of(value.integer));
          break;
        case Node::Kind::text:
          setting(address, SettingSpec::Kind::scalar, types::text, intern(value.text));
          break;
        case Node::Kind::array: {
          // An empty list has the type of what the timeline puts into it.
          Type element = types::integer;
          std::vector<const Node*> samples = {&value};
          if (const Node* timeline = root_.find("timeline")) {
            for (const Node& entry : timeline->items) {
              const Node* set = entry.find("set");
              const Node* here = set == nullptr ? nullptr : set->find(address);
              if (here != nullptr) samples.push_back(here);
            }
          }
          for (const Node* sample : samples) {
            if (!sample->items.empty() && sample->items[0].is(Node::Kind::text)) element = types::text;
          }
          SettingSpec spec{address, list_of(element), SettingSpec::Kind::list, 0};
          const auto word = setting_value(spec, value, "/systems/" + member.first + "/" + toggle.first);
          setting(address, SettingSpec::Kind::list, list_of(element), word.value_or(0));
          break;
        }
        default:
          error(value, "/systems/" + member.first + "/" + toggle.first,
                "a toggle is true or false, a count, a text, or a list");
      }
    }
  }
}

void Compiler::compile_stores(const Node& systems) {
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    if (model_.components[component].kind != ComponentKind::documents) continue;
    const std::uint32_t number = model_.components[component].number;
    StoreSpec& store = model_.stores[number];
    store.component = static_cast<std::uint16_t>(component);
    store.first_collection = static_cast<std::uint32_t>(model_.collections.size());
    store.lifetime = duration_setting(member.second, "lifetime", member.first, 60 * second);
    const bool takes = member.second.find("takes") != nullptr;
    std::uint32_t takes_setting = unset;
    if (takes) takes_setting = range_setting(member.second.find("takes"), member.first + ".takes", Unit::duration, 0);
    if (takes || !model_.components[component].on || disturbed(member.first)) {
      for (const char* name : {"find", "insert", "update", "delete", "commit"}) {
        operation(member.first + "." + name, static_cast<std::uint16_t>(component), OperationSpec::Kind::document,
                  takes_setting);
      }
    }
    const Node* collections = member.second.find("collections");
    for (const Node::Member& entry : collections->members) {
      const std::string name = member.first + "." + entry.first;
      CollectionInfo info;
      info.name = name;
      info.of_items = entry.second.find("of") != nullptr;
      info.shape = shape_for(entry.second, name, "/systems/" + member.first + "/collections/" + entry.first);
      CollectionSpec spec;
      const std::vector<FieldSpec> fields = model_.shapes[info.shape].fields;
      spec.fields = static_cast<std::uint16_t>(fields.size() + document_header);
      const auto field_at = [&](const Node& field) -> std::int32_t {
        if (field.text == "id") return 0;
        std::vector<std::string> names = {"id"};
        for (std::size_t n = 0; n < fields.size(); ++n) {
          names.push_back(fields[n].name);
          if (fields[n].name == field.text) return static_cast<std::int32_t>(n + document_header);
        }
        error(field, "/systems/" + member.first + "/collections/" + entry.first,
              name + " has no field \"" + field.text + "\"" + did_you_mean(field.text, names));
        return -1;
      };
      if (const Node* unique = entry.second.find("unique")) {
        std::vector<std::uint16_t> key;
        const std::vector<Node> names = unique->is(Node::Kind::array) ? unique->items : std::vector<Node>{*unique};
        for (const Node& field : names) {
          const std::int32_t at = field_at(field);
          if (at >= 0) key.push_back(static_cast<std::uint16_t>(at));
        }
        if (!key.empty()) spec.unique.push_back(key);
      }
      if (const Node* holds = entry.second.find("holds")) {
        for (const Node& document : holds->items) {
          std::vector<Word> words(fields.size(), 0);
          for (const Node::Member& value : document.members) {
            Node field = Node::of_text(value.first, value.second.key_at);
            const std::int32_t at = field_at(field);
            if (at == 0)
              error(field, "/systems/" + member.first + "/collections/" + entry.first + "/holds",
                    "ids are given out as documents come; remove \"id\"");
            if (at < document_header) continue;
            const Type type = fields[static_cast<std::size_t>(at - document_header)].type;
            Word word = 0;
            if (type == types::text && value.second.is(Node::Kind::text)) {
              word = intern(value.second.text);
            } else if (type == types::date && parse_date(value.second.text)) {
              word = word_of(*parse_date(value.second.text));
            } else if (type == types::boolean && value.second.is(Node::Kind::boolean)) {
              word = word_of(value.second.boolean);
            } else if (type == types::integer && value.second.is(Node::Kind::integer)) {
              word = word_of(value.second.integer);
            } else {
              error(value.second, "/systems/" + member.first + "/collections/" + entry.first + "/holds",
                    "\"" + value.first + "\" must be " + article_name_of(type));
            }
            words[static_cast<std::size_t>(at - document_header)] = word;
          }
          info.holds.push_back(words);
        }
      }
      CollectionEntry known{name,
                            static_cast<std::uint16_t>(number),
                            static_cast<std::uint16_t>(store.collections.size()),
                            info.shape,
                            static_cast<std::uint16_t>(model_.collections.size()),
                            info.of_items};
      collections_.push_back(known);
      model_.collections.push_back({known.store, known.collection});
      store.collections.push_back(info);
      store.store.collections.push_back(spec);
    }
  }
}

void Compiler::compile_logs_and_queues(const Node& systems) {
  broker_.queues.resize(model_.queues.size());
  compile_broker(systems);
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    const ComponentSpec& spec = model_.components[component];
    const std::string address = "/systems/" + member.first;
    const auto own = static_cast<std::uint16_t>(component);
    if (spec.kind == ComponentKind::queue) {
      compile_queue(component, member.second);
    } else if (spec.kind == ComponentKind::exchange) {
      component_shapes_[component] = shape_for(member.second, member.first, address);
      operation(member.first + ".publish", own, OperationSpec::Kind::publish);
    } else if (spec.kind == ComponentKind::log) {
      LogSpec& log = model_.logs[spec.number];
      log.component = own;
      log.shape = component_shapes_[component] = shape_for(member.second, member.first, address);
      if (const Node* partitions = member.second.find("partitions")) {
        if (partitions->integer < 1)
          error(*partitions, address + "/partitions", "a log has at least one partition; write 1");
        log.log.partitions = static_cast<std::uint32_t>(std::max<std::int64_t>(1, partitions->integer));
      }
      log.log.keeps = 7 * 24 * 3600 * second;
      if (const Node* keeps = member.second.find("keeps")) {
        if (const auto parsed = parse_duration(keeps->text)) log.log.keeps = parsed->count();
      }
      if (const Node* segment = member.second.find("segment")) {
        if (const auto parsed = parse_duration(segment->text)) log.log.segment = parsed->count();
      }
      if (log.log.keeps < model_.ends - model_.begins) {
        log.expirer = static_cast<ProgramCounter>(model_.code.size());
        model_.code.push_back({operation::expire_events, 0, 0, spec.number});
      }
      operation(member.first + ".append", own, OperationSpec::Kind::append);
      operation(member.first + ".read", own, OperationSpec::Kind::read);
    } else if (spec.kind == ComponentKind::service) {
      component_shapes_[component] = shape_for(member.second, member.first, address);
      std::uint32_t workers = unset, workers_wanted = unset;
      if (const Node* count = member.second.find("workers")) {
        workers = static_cast<std::uint32_t>(model_.resources.size());
        model_.resources.push_back(static_cast<std::uint32_t>(count->integer));
        workers_wanted = count_setting(member.second, "workers", member.first, 1);
      }
      for (const Node::Member& offered : member.second.find("offers")->members) {
        ServiceOperationSpec made;
        made.name = member.first + "." + offered.first;
        made.component = own;
        made.operation = operation(made.name, own, OperationSpec::Kind::call);
        made.workers_wanted = workers_wanted;
        made.shape = component_shapes_[component];
        made.workers = workers;
        made.purpose = hash_name(made.name);
        service_operations_[made.name] = static_cast<std::uint32_t>(model_.service_operations.size());
        model_.service_operations.push_back(made);
        service_nodes_.push_back(&offered.second);
        service_state_.push_back(0);
        reply_types_.emplace_back();
      }
    } else if (spec.kind == ComponentKind::stream) {
      const std::uint32_t commit = operation(member.first + ".commit", own, OperationSpec::Kind::commit);
      const std::uint32_t log = component_of(member.second.find("reads")->text);
      if (log != unset) model_.operations[commit].counterpart = static_cast<std::uint16_t>(log);
    }
  }
  for (const Node::Member& member : systems.members) {  // A key may speak of any system.
    const std::uint32_t component = component_of(member.first);
    const Node* key = member.second.find("key");
    if (model_.components[component].kind != ComponentKind::log || key == nullptr) continue;
    NameScope scope(*this);
    scope.hand = Hand{0, object_type(component_shapes_[component]), {}, {}, {}};
    Node over_event = *key;
    if (key->text.find_first_not_of(word_characters) == std::string::npos) {  // A field may stand there bare.
      std::vector<std::string> names = {"id"};
      for (const FieldSpec& field : model_.shapes[component_shapes_[component]].fields) names.push_back(field.name);
      over_event.text = "it." + key->text;
      if (std::find(names.begin(), names.end(), key->text) == names.end()) {
        error(*key, "/systems/" + member.first + "/key",
              "its events have no field \"" + key->text + "\"" + did_you_mean(key->text, names));
        continue;
      }
    }
    model_.logs[model_.components[component].number].key = expression(over_event, member.first + ".key", scope, {});
  }
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    if (model_.components[component].kind != ComponentKind::exchange) continue;
    compile_exchange(component, member.second);
  }
  find_resting_queues(systems);
}

void Compiler::compile_handlers(const Node& systems) {
  for (std::uint32_t number = 0; number < model_.service_operations.size(); ++number) compile_operation(number);
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    switch (model_.components[component].kind) {
      case ComponentKind::consumer:
        compile_consumer(component, member.second);
        break;
      case ComponentKind::stream:
        compile_stream(component, member.second);
        break;
      case ComponentKind::job:
        compile_job(component, member.second);
        break;
      default:
        break;
    }
  }
}

std::uint32_t Compiler::compile_operation(std::uint32_t number) {
  if (service_state_[number] != 0) return number;
  service_state_[number] = 1;
  const Node& node = *service_nodes_[number];
  const std::string name = model_.service_operations[number].name;
  const std::uint32_t takes = range_setting(node.find("takes"), name + ".takes", Unit::duration, 0);
  const std::uint32_t idempotent = boolean_setting(node, "idempotent", name, false);
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  builder.slot(SlotKind::scalar);  // Whether it has replied.
  // Callees first: their programs must not stand inside this one.
  NameScope scope(*this);
  scope.hand = Hand{0, object_type(model_.service_operations[number].shape), {}, {}, {}};
  std::vector<std::uint32_t> callees;
  const auto find_callees = [&](const auto& self, const Node& steps) -> void {
    for (const Node& step : steps.items) {
      if (const Node* called = step.find("call")) {
        const auto found = service_operations_.find(called->text);
        if (found != service_operations_.end() && service_state_[found->second] == 0) compile_operation(found->second);
      }
      if (const Node* inner = step.find("does")) self(self, *inner);
    }
  };
  const Node* does = node.find("does");
  if (does != nullptr) find_callees(find_callees, *does);
  const ProgramCounter entry = builder.emit(operation::begin_call);
  const std::uint32_t workers = model_.service_operations[number].workers;
  if (workers != unset) builder.emit(operation::take_worker, 0, 0, workers);
  WorkSpec work;
  work.distribution = takes;
  work.purpose = hash_name(name + ".takes");
  model_.works.push_back(work);
  builder.emit(operation::work, 0, 0, static_cast<std::uint32_t>(model_.works.size() - 1));
  StepCompiler steps(*this, builder, scope, name, model_.service_operations[number].component);
  steps.reply_type = &reply_types_[number];
  steps.handler(does == nullptr ? empty_list() : *does, node.find("on"), "service");
  builder.emit(operation::end_call);
  ServiceOperationSpec& spec = model_.service_operations[number];
  spec.takes = takes;
  spec.idempotent = idempotent;
  if (const std::optional<Type>& reply = reply_types_[number])
    spec.reply_kind = reply->base == BaseType::object ? SlotKind::payload
                      : reply->base == BaseType::list ? SlotKind::list
                                                      : SlotKind::scalar;
  spec.program = program(builder, entry, name, true);
  service_state_[number] = 2;
  return number;
}

void Compiler::compile_consumer(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  const auto queue = this->component(*node.find("reads"), "queue", "/systems/" + name + "/reads");
  if (!queue) return;
  ConsumerSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.queue = model_.components[*queue].number;
  spec.workers = count_setting(node, "workers", name, 1);
  spec.prefetch = count_setting(node, "prefetch", name, 250);
  spec.ack = word_setting(node, "ack", name, static_cast<Word>(AckMode::after_success));
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, 30 * second);
  spec.deliver_operation = find_operation(node.find("reads")->text + ".deliver");
  spec.ack_operation = find_operation(node.find("reads")->text + ".ack");
  uses(component, spec.ack_operation);
  spec.purpose = hash_name(name);
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  spec.attempt_slot = builder.slot(SlotKind::scalar);
  spec.message_slot = builder.slot(SlotKind::scalar);
  spec.redelivered_slot = builder.slot(SlotKind::scalar);
  spec.deaths_slot = builder.slot(SlotKind::scalar);
  NameScope scope(*this);
  scope.hand =
      Hand{0, object_type(component_shapes_[*queue]), spec.attempt_slot, spec.redelivered_slot, spec.deaths_slot};
  const ProgramCounter entry = builder.emit(operation::receive_message, 0, 0, number);
  StepCompiler steps(*this, builder, scope, name, spec.component);
  const Node* ack = node.find("ack");
  steps.acks_by_hand = ack != nullptr && ack->text == "by hand";
  steps.handler(*node.find("does"), node.find("on"), steps.acks_by_hand ? "consumer by hand" : "consumer");
  builder.emit(operation::settle_message, 0, 0, number);
  spec.program = program(builder, entry, name, true);
  model_.consumers[number] = spec;
}

void Compiler::compile_stream(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  const auto log = this->component(*node.find("reads"), "log", "/systems/" + name + "/reads");
  if (!log) return;
  StreamSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.log = model_.components[*log].number;
  model_.logs[spec.log].streams.push_back(number);
  if (const Node* from = node.find("from")) spec.from_latest = from->text == "latest";
  if (const Node* commit = node.find("commit")) {
    if (commit->text == "before") {
      spec.commit = CommitMode::before;
    } else if (commit->text == "transaction") {
      spec.commit = CommitMode::transaction;
    } else if (commit->text.starts_with("every ")) {
      const auto every = parse_duration(commit->text.substr(6));
      if (!every || every->count() <= 0) error(*commit, "/systems/" + name + "/commit", "write \"every 5 s\"");
      spec.commit = CommitMode::by_time;
      spec.commit_every = every ? every->count() : second;
    } else if (commit->text != "after") {
      error(*commit, "/systems/" + name + "/commit",
            "\"" + commit->text + "\" is none of the words for this; write after, before, transaction or every 5 s");
    }
  }
  spec.workers = count_setting(node, "workers", name, 1);
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, 30 * second);
  spec.read_operation = find_operation(node.find("reads")->text + ".read");
  spec.commit_operation = find_operation(name + ".commit");
  spec.append_operation = find_operation(node.find("reads")->text + ".append");
  uses(component, spec.read_operation);
  spec.purpose = hash_name(name);
  const auto compile = [&](bool replay) {
    ProgramBuilder builder(model_);
    builder.slot(SlotKind::payload);
    spec.attempt_slot = builder.slot(SlotKind::scalar);
    spec.offset_slot = builder.slot(SlotKind::scalar);
    spec.partition_slot = builder.slot(SlotKind::scalar);
    spec.key_slot = builder.slot(SlotKind::scalar);
    if (disturbed(name)) spec.strike_slot = builder.slot(SlotKind::scalar);
    const std::uint8_t buffer = builder.slot(SlotKind::list);
    spec.buffer_slot = spec.commit == CommitMode::transaction ? buffer : std::uint8_t{0};
    NameScope scope(*this);
    scope.hand = Hand{0, object_type(component_shapes_[*log]), spec.attempt_slot, {}, {}};
    const ProgramCounter entry = builder.here();
    if (!replay) builder.emit(operation::fetch_event, 0, 0, number);
    StepCompiler steps(*this, builder, scope, name, spec.component);
    steps.buffer_slot = spec.buffer_slot;
    steps.handler(*node.find("does"), node.find("on"), "stream");
    builder.emit(operation::commit_event, 0, 0, number);
    return program(builder, entry, name, true);
  };
  // The steps stand twice: for the live group, and for replays. Both read the same settings: an address has one.
  spec.program = compile(false);
  const std::size_t said = notes_.size();
  spec.replay_program = compile(true);
  notes_.resize(said);
  if (spec.commit == CommitMode::by_time) {
    spec.committer = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::commit_offsets, 0, 0, component});
  }
  model_.streams[number] = spec;
}

void Compiler::compile_job(std::uint32_t component, const Node& node) {
  const std::string name = model_.components[component].name;
  const std::uint32_t number = model_.components[component].number;
  JobSpec spec;
  spec.component = static_cast<std::uint16_t>(component);
  spec.purpose = hash_name(name);
  if (const Node* zone = node.find("zone")) {
    const auto loaded = load_zone(zone->text, clock_.from, clock_.until);
    if (!loaded) {
      error(*zone, "/systems/" + name + "/zone",
            "there is no zone \"" + zone->text + "\"" + did_you_mean(zone->text, zone_names()));
    } else {
      model_.components[component].zone = static_cast<std::uint16_t>(model_.zones.size());
      model_.zones.push_back(*loaded);
    }
  }
  if (const Node* cron = node.find("cron")) {
    const Node* changes = node.find("clock-changes");
    const Word dialect = changes == nullptr ? 0 : word_number("clock-changes", changes->text);
    const Zone& zone = model_.zones[model_.components[component].zone];
    if (const auto made = add_schedule(*cron, static_cast<CronDialect>(dialect), zone, "/systems/" + name + "/cron")) {
      spec.cron = setting(name + ".cron", SettingSpec::Kind::cron, types::text, *made);
      say_clock_changes(name, model_.schedules[*made], zone);
    }
  }
  spec.delay = range_setting(node.find("delay"), name + ".delay", Unit::duration, 0);
  spec.overlap = word_setting(node, "overlap", name, static_cast<Word>(Overlap::allow));
  spec.missed = word_setting(node, "missed", name, static_cast<Word>(MissedPolicy::skip));
  spec.after_crash = word_setting(node, "after-crash", name, static_cast<Word>(AfterCrash::anew));
  spec.instances = count_setting(node, "instances", name, 1);
  const Node* lock = node.find("lock");
  spec.lock = setting(name + ".lock", SettingSpec::Kind::scalar, types::text,
                      lock == nullptr || lock->text == "none" ? 0 : intern(lock->text));
  spec.lock_max = range_setting(node.find("lock-max"), name + ".lock-max", Unit::duration, 3600 * second);
  spec.lock_min = range_setting(node.find("lock-min"), name + ".lock-min", Unit::duration, 0);
  spec.lock_clock = word_setting(node, "lock-clock", name, static_cast<Word>(LockClock::shared));
  spec.restart = range_setting(node.find("restart"), name + ".restart", Unit::duration, -1);
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::payload);
  NameScope scope(*this);
  const ProgramCounter entry = builder.here();
  StepCompiler steps(*this, builder, scope, name, spec.component);
  steps.in_job = true;
  steps.handler(*node.find("does"), node.find("on"), "job");
  builder.emit(operation::end_run);
  spec.program = program(builder, entry, name, false);
  spec.scheduler = static_cast<ProgramCounter>(model_.code.size());
  model_.code.push_back({operation::await_firing, 0, 0, number});
  model_.jobs[number] = spec;
}

/// Nothing is skipped in silence: a schedule that the clock skips, or doubles against its author's intention, and one
/// that never fires in this story.
void Compiler::say_clock_changes(const std::string& job, const CronSchedule& schedule, const Zone& zone) {
  const auto first = schedule.next_after(zone, time_from_nanoseconds(model_.begins - 1));
  if (!first || first->at >= clock_.until) notes_.push_back(job + ": its schedule does not fire before the clock ends");
  struct Day {
    std::int64_t date;
    bool doubled;
    std::string first, last;
    std::size_t times;
  };
  std::vector<Day> days;
  for (const IrregularTime& time : schedule.irregular_times(zone, clock_.from, clock_.until)) {
    const bool doubled = time.firings.size() > 1;
    if (time.firings.size() == 1 || (doubled && schedule.expression().wildcard_time)) continue;
    const std::string at = format_time_of_day(time.scheduled_for.nanoseconds);
    if (days.empty() || days.back().date != time.scheduled_for.date || days.back().doubled != doubled)
      days.push_back({time.scheduled_for.date, doubled, at, at, 0});
    days.back().last = at;
    ++days.back().times;
  }
  for (const Day& day : days) {
    notes_.push_back(job + (day.doubled ? ": fires twice on " : ": does not fire on ") + format_date(day.date) +
                     " at " + day.first + (day.times > 1 ? " to " + day.last : "") + ": the clock of " + zone.name() +
                     (day.doubled ? " shows that time twice" : " skips that time"));
  }
}

void Compiler::compile_monitors(const Node& systems) {
  for (const Node::Member& member : systems.members) {
    const std::uint32_t component = component_of(member.first);
    if (model_.components[component].kind != ComponentKind::monitor) continue;
    MonitorSpec& spec = model_.monitors[model_.components[component].number];
    spec.component = static_cast<std::uint16_t>(component);
    NameScope scope(*this);
    spec.when = expression_setting(*member.second.find("when"), member.first + ".when", member.first + ".when", scope,
                                   types::boolean);
    spec.for_at_least = range_setting(member.second.find("for"), member.first + ".for", Unit::duration, 0);
    spec.every = range_setting(member.second.find("every"), member.first + ".every", Unit::duration, 60 * second);
    const Distribution& every = model_.distributions[model_.settings[spec.every].value];
    if (every.kind == Distribution::Kind::constant && every.first <= 0) {
      error(*member.second.find("every"), "/systems/" + member.first + "/every",
            "a monitor that looks all the time stops the clock; write \"1 s\" or more");
    } else if (every.low() > 0 && (model_.ends - model_.begins) / every.low() > 10'000'000) {
      error(*member.second.find("every"), "/systems/" + member.first + "/every",
            "it would look more than ten million times until the clock ends; write a longer time");
    }
    const Node* notice = member.second.find("notice");
    spec.notice = intern(notice == nullptr ? member.first : notice->text);
    spec.entry = static_cast<ProgramCounter>(model_.code.size());
    model_.code.push_back({operation::watch_monitor, 0, 0, model_.components[component].number});
  }
}

}  // namespace premortem
