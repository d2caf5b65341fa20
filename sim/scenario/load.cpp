#include "sim/scenario/load.hpp"

#include <filesystem>

#include "sim/scenario/address.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

/// An assumption is about an address, or has a free name and overlays as alternatives.
void check_assumptions(const Node& root, Diagnostics& diagnostics) {
  const Node* assumed = root.find("assumed");
  if (assumed == nullptr) return;
  for (const Node::Member& member : assumed->members) {
    const Node* alternatives = member.second.find("or");
    if (alternatives == nullptr || alternatives->is(Node::Kind::object)) continue;
    Node copy = root;
    std::string error;
    if (find_place(copy, member.first, true, error)) continue;
    diagnostics.error(member.second.key_at, "/assumed/" + member.first,
                      "not an address, and \"or\" is " + std::string(describe(alternatives->kind)) +
                          did_you_mean(member.first, all_addresses(root)));
  }
}

}  // namespace

std::optional<LoadedScenario> load_scenario(const std::string& path, Diagnostics& diagnostics) {
  std::optional<Node> root = read_scenario_file(path, diagnostics);
  if (!root) return std::nullopt;
  return load_scenario(path, std::move(*root), diagnostics);
}

std::optional<LoadedScenario> load_scenario(const std::string& path, Node root, Diagnostics& diagnostics) {
  LoadedScenario loaded{path, std::move(root)};
  const Node* uses = loaded.root.find("uses");
  if (uses != nullptr && uses->is(Node::Kind::array)) {
    merge_uses(loaded.root, std::filesystem::path(path).parent_path().string(), diagnostics);
  }
  validate(loaded.root, diagnostics);
  const auto clock = read_clock(loaded.root, diagnostics);
  if (clock) fix_days(loaded.root, clock->zone, diagnostics);
  if (diagnostics.ok()) check_assumptions(loaded.root, diagnostics);
  if (!diagnostics.ok()) return std::nullopt;
  return loaded;
}

std::shared_ptr<const CompiledScenario> compile_variant(const LoadedScenario& loaded, const Variant& variant,
                                                        Diagnostics& diagnostics) {
  const std::optional<EffectiveScenario> effective = effective_scenario(loaded.root, variant, diagnostics);
  if (!effective) return nullptr;
  validate(effective->root, diagnostics);  // What an overlay brought in.
  if (!diagnostics.ok()) return nullptr;
  return compile_scenario(*effective, diagnostics);
}

void check_all_variants(const LoadedScenario& loaded, Diagnostics& diagnostics) {
  for (const std::string& strategy : strategy_names(loaded.root))
    compile_variant(loaded, {strategy, {}, {}}, diagnostics);
  const Node* assumed = loaded.root.find("assumed");
  if (assumed == nullptr) return;
  for (const Node::Member& member : assumed->members) {
    const Node* alternatives = member.second.find("or");
    if (alternatives == nullptr) continue;
    if (alternatives->is(Node::Kind::object)) {
      for (const std::string& name : alternatives->keys())
        compile_variant(loaded, {"as-happened", {{member.first, name}}, {}}, diagnostics);
    } else if (alternatives->is(Node::Kind::array)) {
      for (const Node& value : alternatives->items) {
        compile_variant(loaded, {"as-happened", {{member.first, value.to_json()}}, {}}, diagnostics);
      }
    }
  }
}

}  // namespace premortem
