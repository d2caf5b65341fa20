#include "cli/comparison_plan.hpp"

#include <algorithm>

#include "cli/common.hpp"
#include "sim/checks/fate.hpp"
#include "sim/scenario/values.hpp"

namespace premortem::cli {

namespace {

std::vector<std::string> measures_of(const CompiledScenario& scenario) {
  std::vector<std::string> names;
  for (const JudgedKind& kind : scenario.judge->kinds) {
    for (const Fate fate : fates_in_order) names.push_back(kind.name + "." + std::string(name_of(fate)));
    for (const char* time : {"p50", "p99", "max"}) names.push_back(kind.name + ".time-to-done." + time);
  }
  names.insert(names.end(), {"detection", "operator-steps"});
  return names;
}

/// A text, or a list of texts.
std::vector<Node> listed(const Node& node) { return node.is(Node::Kind::text) ? std::vector<Node>{node} : node.items; }

/// The readings that `under` names, each beside what the command line fixes.
std::vector<Variant> variants_of(const LoadedScenario& loaded, const Variant& variant, Diagnostics& diagnostics) {
  std::vector<Variant> variants = {variant};
  const Node* wanted = loaded.root.find("compare");
  const Node* under = wanted == nullptr ? nullptr : wanted->find("under");
  if (under == nullptr) return variants;
  const Node* assumed = loaded.root.find("assumed");
  for (const Node& name : listed(*under)) {
    const std::vector<std::string> alternatives = alternatives_of(loaded.root, name.text);
    if (alternatives.empty()) {
      diagnostics.error(name.at, "/compare/under",
                        "\"" + name.text + "\" is no free name in `assumed` with alternatives" +
                            did_you_mean(name.text, assumed == nullptr ? std::vector<std::string>() : assumed->keys()));
    }
    const bool fixed = std::any_of(variant.assume.begin(), variant.assume.end(),
                                   [&](const auto& given) { return given.first == name.text; });
    if (fixed) continue;
    for (const std::string& alternative : alternatives) {
      variants.push_back(variant);
      variants.back().assume.emplace_back(name.text, alternative);
    }
  }
  return variants;
}

void read_wishes(const LoadedScenario& loaded, const CompiledScenario& scenario, CampaignOptions& options,
                 Diagnostics& diagnostics) {
  const Node* wanted = loaded.root.find("compare");
  if (wanted == nullptr) return;
  if (const Node* width = wanted->find("half-width")) options.half_width = static_cast<double>(width->integer);
  if (const Node* most = wanted->find("runs-max"); most != nullptr && most->integer < 1)
    diagnostics.error(most->at, "/compare/runs-max", "a comparison wants at least one run; write 1 or more");
  if (const Node* most = wanted->find("runs-max")) options.runs_max = static_cast<std::uint64_t>(most->integer);
  if (const Node* level = wanted->find("level"))
    options.level = static_cast<double>(parse_share(level->text).value_or(9500)) / 10'000;
  const Node* by = wanted->find("by");
  if (by == nullptr) return;
  const std::vector<std::string> known = measures_of(scenario);
  for (const Node& measure : listed(*by)) {
    options.by.push_back(measure.text);
    if (std::find(known.begin(), known.end(), measure.text) != known.end()) continue;
    diagnostics.error(measure.at, "/compare/by",
                      "there is no measure \"" + measure.text + "\"" + did_you_mean(measure.text, known));
  }
}

}  // namespace

ComparisonPlan plan_comparison(const LoadedScenario& loaded, const Variant& variant,
                               const std::vector<std::string>& strategies) {
  std::vector<std::string> names = {"as-happened"};
  for (const std::string& name : strategies.empty() ? strategy_names(loaded.root) : strategies) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  Diagnostics diagnostics;
  ComparisonPlan plan;
  for (Variant reading : variants_of(loaded, variant, diagnostics)) {
    Reading compiled;
    for (const std::string& name : names) {
      reading.strategy = name;
      if (auto scenario = compile_variant(loaded, reading, diagnostics)) compiled.push_back(std::move(scenario));
    }
    plan.readings.push_back(std::move(compiled));
  }
  if (diagnostics.ok()) read_wishes(loaded, *plan.readings.front().front(), plan.options, diagnostics);
  if (!diagnostics.ok()) throw UsageError(diagnostics.format(loaded.path));
  return plan;
}

}  // namespace premortem::cli
