// Systems: first all of them are declared, so that everything can name everything; then their handlers are compiled.

#include <algorithm>

#include "sim/models/properties.hpp"
#include "sim/scenario/compile/compiler.hpp"

namespace premortem {

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

}  // namespace premortem
