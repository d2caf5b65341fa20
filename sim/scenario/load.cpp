#include "sim/scenario/load.hpp"

#include <algorithm>
#include <filesystem>

#include "sim/scenario/address.hpp"
#include "sim/scenario/measures.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/values.hpp"
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

/// Names that only comparisons read.
void check_comparison(const Node& root, Diagnostics& diagnostics) {
  const Node* compare = root.find("compare");
  if (compare == nullptr) return;
  const auto each = [&](std::string_view key, const std::vector<std::string>& known, const std::string& what) {
    const Node* names = compare->find(key);
    if (names == nullptr) return;
    const std::vector<Node> all = names->is(Node::Kind::array) ? names->items : std::vector<Node>{*names};
    for (const Node& name : all) {
      if (std::find(known.begin(), known.end(), name.text) != known.end()) continue;
      diagnostics.error(name.at, "/compare/" + std::string(key),
                        "there is no " + what + " \"" + name.text + "\"" + did_you_mean(name.text, known));
    }
  };
  each("by", measure_names(root), "measure");
  std::vector<std::string> readings;
  if (const Node* assumed = root.find("assumed")) {
    for (const std::string& name : assumed->keys()) {
      if (!alternatives_of(root, name).empty()) readings.push_back(name);
    }
  }
  each("under", readings, "free name in `assumed` called");
  const Node* level = compare->find("level");
  if (level == nullptr) return;
  const auto share = parse_share(level->text);
  if (share && (*share < 5000 || *share > 9999))
    diagnostics.error(level->at, "/compare/level", level->text + " is no level of confidence; write 50 % to 99.99 %");
}

/// A variant, how a reader is told of it, and where it is written.
struct CheckedVariant {
  Variant variant;
  std::string name;
  Position at;
};

/// First the file as written.
std::vector<CheckedVariant> checked_variants(const Node& root) {
  std::vector<CheckedVariant> all = {{}};
  if (const Node* strategies = root.find("strategies")) {
    for (const Node::Member& member : strategies->members)
      all.push_back({{member.first, {}, {}}, "the strategy \"" + member.first + "\"", member.second.key_at});
  }
  if (const Node* remedies = root.find("remedies")) {
    for (const Node::Member& member : remedies->members) {
      const Variant variant = {"as-happened", {}, {}, {{member.first, ""}}};
      all.push_back({variant, "the remedy \"" + member.first + "\"", member.second.key_at});
    }
  }
  const Node* assumed = root.find("assumed");
  if (assumed == nullptr) return all;
  for (const Node::Member& member : assumed->members) {
    const Node* alternatives = member.second.find("or");
    if (alternatives == nullptr) continue;
    const auto alternative = [&](const std::string& value, Position at) {
      const Variant variant = {"as-happened", {{member.first, value}}, {}};
      all.push_back({variant, "the assumption " + member.first + " = " + value, at});
    };
    for (const Node::Member& one : alternatives->members) alternative(one.first, one.second.key_at);
    for (const Node& value : alternatives->items) alternative(value.to_json(), value.at);
  }
  return all;
}

/// What is wrong under one variant only.
void add_under(const CheckedVariant& checked, Diagnostic one, Diagnostics& diagnostics) {
  if (one.at.line == 0) one.at = checked.at;
  if (!checked.variant.remedies.empty()) {
    const std::string& remedy = checked.variant.remedies[0].first;
    const std::string entry = "/timeline[" + remedy_id(remedy) + "]";
    if (one.address.starts_with(entry)) {  // Said where it stands.
      diagnostics.error(one.at, "/remedies/" + remedy + one.address.substr(entry.size()), one.message);
      return;
    }
  }
  const bool named = one.address.starts_with("/strategies/") || one.address.starts_with("/assumed/");
  diagnostics.error(one.at, one.address, one.message + (named ? "" : " (under " + checked.name + ")"));
}

}  // namespace

std::optional<LoadedScenario> load_scenario(const std::string& path, Diagnostics& diagnostics) {
  std::optional<Node> root = read_scenario_file(path, diagnostics);
  if (!root) return std::nullopt;
  return load_scenario(path, std::move(*root), diagnostics);
}

std::optional<LoadedScenario> load_scenario(const std::string& path, Node root, Diagnostics& diagnostics) {
  LoadedScenario loaded{path, std::move(root)};
  merge_uses(loaded.root, std::filesystem::path(path).parent_path().string(), diagnostics);
  // Without what another file should have brought, nobody can say what is missing.
  diagnostics.ok() ? validate(loaded.root, diagnostics) : validate_shared(loaded.root, diagnostics);
  const auto clock = read_clock(loaded.root, diagnostics);
  if (clock) fix_days(loaded.root, clock->zone, diagnostics);
  if (diagnostics.ok()) check_assumptions(loaded.root, diagnostics);
  if (diagnostics.ok()) check_comparison(loaded.root, diagnostics);
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

void check_all_variants(const LoadedScenario& loaded, Diagnostics& diagnostics, const DoAll& do_all) {
  const std::vector<CheckedVariant> variants = checked_variants(loaded.root);
  std::vector<Diagnostics> found(variants.size());
  const auto compile = [&](std::uint64_t n) { compile_variant(loaded, variants[n].variant, found[n]); };
  if (do_all) {
    do_all(variants.size(), compile);
  } else {
    for (std::uint64_t n = 0; n < variants.size(); ++n) compile(n);
  }
  // Each by itself: what is wrong with one strategy hides nothing of the next. What is wrong with the file as written
  // is said once; anything else names the variant, as its own lines may look right.
  diagnostics.add(found[0]);
  const std::vector<Diagnostic> known = found[0].sorted();
  for (std::size_t n = 1; n < variants.size(); ++n) {
    for (Diagnostic one : found[n].sorted()) {
      if (std::ranges::find(known, one) == known.end()) add_under(variants[n], std::move(one), diagnostics);
    }
  }
}

}  // namespace premortem
