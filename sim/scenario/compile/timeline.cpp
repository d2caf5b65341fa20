// Timeline entries: each becomes a small program that waits for its turn and acts.

#include <algorithm>

#include "sim/kernel/random.hpp"
#include "sim/models/properties.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/compile/step_compiler.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

bool is_fault(std::string_view verb) {
  for (const std::string_view fault : {"fail", "slow", "lose", "duplicate", "cut", "skew"}) {
    if (verb == fault) return true;
  }
  return false;
}

std::string name_of_entry(const Node& entry, std::size_t number) {
  const Node* id = entry.find("id");
  return id == nullptr ? std::to_string(number) : id->text;
}

}  // namespace

void Compiler::compile_timeline() {
  const Node* timeline = root_.find("timeline");
  if (timeline == nullptr) return;
  for (std::size_t n = 0; n < timeline->items.size(); ++n) {
    const Node* id = timeline->items[n].find("id");
    if (id == nullptr) continue;
    if (!entries_.emplace(id->text, static_cast<std::uint32_t>(n)).second) {
      error(*id, "/timeline", "the id \"" + id->text + "\" stands twice; an id names one entry");
    }
  }
  refuse_waiting_in_circles(*timeline);
  model_.timeline.resize(timeline->items.size());
  judge_.operator_steps.assign(timeline->items.size(), false);
  for (std::size_t n = 0; n < timeline->items.size(); ++n) compile_entry(n, timeline->items[n]);
}

/// Entries that come after each other would all wait for ever.
void Compiler::refuse_waiting_in_circles(const Node& timeline) {
  for (std::size_t n = 0; n < timeline.items.size(); ++n) {
    std::size_t at = n;
    for (std::size_t steps = 0; steps <= timeline.items.size(); ++steps) {
      const Node* after = timeline.items[at].find("after");
      const auto next = after == nullptr ? entries_.end() : entries_.find(after->text);
      if (next == entries_.end()) break;
      at = next->second;
      if (at != n) continue;
      error(*timeline.items[n].find("after"), "/timeline[" + name_of_entry(timeline.items[n], n) + "]/after",
            steps == 0 ? "comes after itself; name another entry"
                       : "entries wait for each other in a circle, and none ever happens; let one of them go first");
      break;
    }
  }
}

void Compiler::compile_entry(std::size_t n, const Node& entry) {
  const auto number = static_cast<std::uint32_t>(n);
  const std::string id = name_of_entry(entry, n), address = "/timeline[" + id + "]", name = "timeline[" + id + "]";
  std::string message;
  const std::string form = form_of_verb(entry, "entry:", message);
  if (form.empty()) return;
  const std::string verb = form.substr(6);
  TimelineSpec spec;
  spec.id = id;
  spec.purpose = hash_name(name);
  spec.by_person = verb != "notice" && verb != "crash" && verb != "step-down" && !is_fault(verb);
  const Node& value = *entry.find(verb);
  spec.sentence = verb + (value.is(Node::Kind::text) ? " " + value.text : verb == "set" ? " " + value.to_json() : "");
  if (verb == "notice") spec.sentence = value.text;
  if (entry.find("gap") != nullptr && entry.find("each") == nullptr && verb != "redrive")
    error(*entry.find("gap"), address + "/gap", "a gap stands between elements; write \"each\", too");
  if (verb == "set") {
    spec.sentence = "set";
    for (const Node::Member& one : value.members)
      spec.sentence += (spec.sentence == "set" ? " " : ", ") + one.first + " = " +
                       (one.second.is(Node::Kind::text) ? one.second.text : one.second.to_json());
  }
  if (const Node* through = entry.find("through")) spec.sentence += " through " + through->text;
  if (const Node* to = entry.find("to")) {
    if (verb != "replay") spec.sentence += " to " + to->text;
  }
  spec.low = spec.high = model_.begins;
  if (const Node* after = entry.find("after")) {
    const auto known = entries_.find(after->text);
    const std::uint32_t component = component_of(after->text);
    if (known != entries_.end()) {
      spec.after_entry = known->second;
    } else if (component != unset && model_.components[component].kind == ComponentKind::monitor) {
      spec.after_monitor = model_.components[component].number;
    } else {
      std::vector<std::string> names = system_names("monitor");
      for (const auto& [one, ignored] : entries_) names.push_back(one);
      error(*after, address + "/after",
            "there is no entry or monitor \"" + after->text + "\"" + did_you_mean(after->text, names));
    }
    spec.when = TimelineSpec::When::after_entry;
    spec.low = spec.high = 0;
  }
  if (const Node* at = entry.find("at")) {
    const auto time = parse_time(at->text, clock_.zone, at->day != Node::no_day ? at->day : entry.day, message);
    if (!time) {
      error(*at, address + "/at", message);
    } else if (time->kind == TimeSpec::Kind::end) {
      error(*at, address + "/at", "nothing can happen at the clock's end; write a time before it");
    } else if (time->low != time->high && entry.find("id") == nullptr) {
      error(*at, address + "/at", "an entry whose time is a range needs an \"id\": the choice is named by it");
    } else if (time->kind == TimeSpec::Kind::offset) {
      if (spec.after_entry == unset && spec.after_monitor == unset) {
        if (n == 0) {
          error(*at, address + "/at", "an offset counts from the entry above, and there is none; write a time");
        } else {
          spec.after_entry = number - 1;
        }
      }
      spec.when = TimelineSpec::When::after_entry;
      spec.low = time->low, spec.high = time->high;
    } else {
      spec.when = TimelineSpec::When::at;
      spec.low = time->low, spec.high = time->high;
      if (time->high >= model_.ends)
        error(*at, address + "/at",
              at->text + " is after the clock's end; write an earlier time, or a later clock.until");
      if (time->low < model_.begins)
        error(*at, address + "/at",
              at->text + " is before the clock's beginning; write a later time, or an earlier clock.from");
    }
  }
  judge_.operator_steps[n] = spec.by_person;
  ProgramBuilder builder(model_);
  builder.slot(SlotKind::scalar);
  builder.slot(SlotKind::scalar);  // The instant, once drawn.
  builder.slot(SlotKind::scalar);
  NameScope scope(*this);
  const ProgramCounter begin = builder.emit(operation::await_step, 0, 0, number);
  if (const Node* wait = entry.find("wait-for")) {
    builder.emit(operation::wait_until, 0, expression(*wait, name + ".wait-for", scope, types::boolean));
  }
  if (const Node* only_if = entry.find("only-if")) {
    builder.emit(operation::only_if_step, 0, expression(*only_if, name + ".only-if", scope, types::boolean), number);
  }
  builder.emit(operation::step_done, 0, 0, number);
  StepCompiler steps(*this, builder, scope, name, model_.timeline_component);
  steps.timeline_entry = number;
  steps.timeline_verb = [&] { compile_entry_verb(spec, entry, verb, number, builder); };
  steps.step(entry);
  builder.emit(operation::end);
  spec.program = program(builder, begin, name, false);
  model_.timeline[n] = spec;
}

/// What the entry does when its time has come; once for each element where it has `each`.
void Compiler::compile_entry_verb(const TimelineSpec& spec, const Node& entry, const std::string& verb,
                                  std::uint32_t number, ProgramBuilder& builder) {
  const std::string &id = spec.id, address = "/timeline[" + id + "]", name = "timeline[" + id + "]";
  const Node& value = *entry.find(verb);
  const auto component_named = [&](std::string_view kinds) { return component(value, kinds, address + "/" + verb); };
  if (verb == "set") {
    SetSpec set;
    for (const Node::Member& one : value.members) {
      const auto known = settings_.find(one.first);
      if (known == settings_.end()) {
        std::vector<std::string> names;
        for (const auto& [candidate, ignored] : settings_) names.push_back(candidate);
        diagnostics_.error(
            one.second.key_at, address + "/set",
            "\"" + one.first + "\" hits nothing that can be set while running" + did_you_mean(one.first, names));
        continue;
      }
      const SettingSpec wanted = model_.settings[known->second];
      if (const auto word = setting_value(wanted, one.second, address + "/set/" + one.first)) {
        const bool looks = std::any_of(model_.monitors.begin(), model_.monitors.end(),
                                       [&](const MonitorSpec& monitor) { return monitor.every == known->second; });
        if (looks && model_.distributions[*word].kind == Distribution::Kind::constant &&
            model_.distributions[*word].first <= 0) {
          diagnostics_.error(one.second.at, address + "/set/" + one.first,
                             "a monitor that looks all the time stops the clock; write \"1 s\" or more");
          continue;
        }
        set.settings.push_back(known->second);
        set.values.push_back(*word);
      }
    }
    model_.sets.push_back(set);
    builder.emit(operation::set, 0, 0, static_cast<std::uint32_t>(model_.sets.size() - 1));
  } else if (verb == "stop" || verb == "start" || verb == "pause" || verb == "resume") {
    const operation::Control control = verb == "stop"    ? operation::Control::stop
                                       : verb == "start" ? operation::Control::start
                                       : verb == "pause" ? operation::Control::pause
                                                         : operation::Control::resume;
    if (const auto which = component_named(verb == "stop" || verb == "start"
                                               ? "consumer|stream|job|monitor|service|queue|log|documents|exchange"
                                               : "consumer|stream|job|monitor|service|documents")) {
      builder.emit(operation::control, 0, static_cast<std::uint32_t>(control), *which);
      if (verb == "stop" && model_.components[*which].kind == ComponentKind::documents) raised_.insert("Unavailable");
    }
  } else if (verb == "crash") {
    if (const auto which = component_named("consumer|stream|job|service|documents")) {
      CrashSpec crash;
      crash.component = *which;
      if (model_.components[*which].kind == ComponentKind::documents) raised_.insert("Unavailable");
      crash.purpose = hash_name(name);
      if (entry.find("restart") != nullptr)
        crash.restart = range_setting(entry.find("restart"), name + ".restart", Unit::duration, -1);
      model_.crashes.push_back(crash);
      builder.emit(operation::crash, 0, 0, static_cast<std::uint32_t>(model_.crashes.size() - 1));
    }
  } else if (verb == "step-down") {
    if (const auto which = component_named("documents")) {
      StepDownSpec down;
      down.store = model_.components[*which].number;
      down.purpose = hash_name(name);
      down.lasts = range_setting(entry.find("for"), name + ".for", Unit::duration, 12 * one_second);
      const Node* orderly = entry.find("orderly");
      down.orderly = orderly != nullptr && orderly->boolean;
      if (orderly != nullptr && model_.stores[down.store].lag == unset)
        error(*orderly, address + "/orderly",
              "nothing of " + value.text + " can be rolled back, since it has no \"lag\"; give it one, or remove this");
      raised_.insert({"Unavailable", "TransactionExpired"});
      model_.step_downs.push_back(down);
      builder.emit(operation::step_down, 0, 0, static_cast<std::uint32_t>(model_.step_downs.size() - 1));
    }
  } else if (verb == "run") {
    if (const auto which = component_named("job")) builder.emit(operation::run_job, 0, 0, *which);
  } else if (verb == "notice") {
    builder.emit(operation::notice, 0, 0, intern(value.text));
  } else if (verb == "replay") {
    const auto log = component_named("log");
    const Node* through = entry.find("through");
    const auto stream = through == nullptr ? std::nullopt : component(*through, "stream", address + "/through");
    if (log && stream) {
      ReplaySpec replay;
      replay.id = id;
      replay.log = model_.components[*log].number;
      replay.stream = model_.components[*stream].number;
      replay.entry = number;
      replay.purpose = hash_name(name + ".lasts");
      if (model_.streams[replay.stream].log != replay.log) {
        error(*through, address + "/through",
              "\"" + through->text + "\" does not read \"" + value.text + "\"; name a stream that does");
      }
      const Node *from = entry.find("from"), *to = entry.find("to");
      if (from != nullptr && from->text != "earliest") {
        replay.from_earliest = false;
        replay.from = instant(*from, address + "/from", entry.day).value_or(0);
      }
      if (to != nullptr && to->text != "head") {
        replay.to_head = false;
        replay.to = instant(*to, address + "/to", entry.day).value_or(0);
      }
      if (const Node* lasts = entry.find("lasts"))
        replay.lasts = range_setting(lasts, name + ".lasts", Unit::duration, 0);
      replay.hand_slot = builder.slot(SlotKind::scalar);  // Looks at events that the log owns.
      replay.partition_slot = builder.slot(SlotKind::scalar);
      replay.offsets_slot = builder.slot(SlotKind::list);
      replay.began_slot = builder.slot(SlotKind::scalar);
      replay.again_slot = builder.slot(SlotKind::scalar);
      if (const Node* only = entry.find("only")) {
        NameScope event(*this);
        event.hand = Hand{replay.hand_slot, object_type(component_shapes_[*log]), {}, {}, {}};
        replay.only = expression(*only, name + ".only", event, types::boolean);
        for (const ExpressionOp& op : model_.expressions[replay.only].ops) {
          const auto code = static_cast<ExpressionCode>(op.code);
          if (code != ExpressionCode::count_set && code != ExpressionCode::list_set) continue;
          const std::uint8_t slot = builder.slot(SlotKind::scalar);
          if (replay.frozen_count++ == 0) replay.frozen_slot = slot;
          replay.frozen_is_list.push_back(code == ExpressionCode::list_set);
        }
      }
      model_.replays.push_back(replay);
      const auto operand = static_cast<std::uint32_t>(model_.replays.size() - 1);
      builder.emit(operation::replay_begin, 0, 0, operand);
      builder.emit(operation::replay_next, 0, 0, operand);
    }
  } else {
    compile_fault(spec, entry, verb, address);
    builder.emit(operation::inject_fault, 0, 0, static_cast<std::uint32_t>(model_.faults.size() - 1));
  }
}

}  // namespace premortem
