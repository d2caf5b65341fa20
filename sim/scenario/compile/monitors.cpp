// Monitors: what they watch, and when they look.

#include "sim/kernel/random.hpp"
#include "sim/scenario/compile/compiler.hpp"
#include "sim/scenario/compile/name_scope.hpp"

namespace premortem {

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
    spec.every = range_setting(member.second.find("every"), member.first + ".every", Unit::duration, 60 * one_second);
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
