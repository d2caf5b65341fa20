// Fault rules that come in while a run is served.

#include <algorithm>

#include "sim/models/machine.hpp"
#include "sim/scenario/civil_times.hpp"
#include "sim/scenario/fault_rules.hpp"
#include "sim/scenario/reader.hpp"
#include "sim/scenario/vocabulary.hpp"

namespace premortem {

namespace {

class ServedRun final : public RuleSurroundings {
 public:
  /// `world`: null: nothing is interned, and the rule is of no use but to see what is wrong with it.
  ServedRun(const Model& model, World* world, Diagnostics& diagnostics)
      : model_(model), world_(world), diagnostics_(diagnostics) {}

  std::uint32_t intern(std::string_view text) override {
    return world_ == nullptr || text.empty() ? 0 : world_->texts.intern(model_.texts, text);
  }
  std::optional<std::uint32_t> error_named(const Node& name, const std::string& address) override {
    const auto at = std::find(model_.errors.begin(), model_.errors.end(), name.text);
    if (at != model_.errors.end()) return static_cast<std::uint32_t>(at - model_.errors.begin());
    diagnostics_.error(name.at, address,
                       "no system here knows an error \"" + name.text + "\"" + did_you_mean(name.text, model_.errors));
    return std::nullopt;
  }
  std::optional<std::int64_t> instant(const Node& time, const std::string& address) override {
    std::string message;
    const auto spec = parse_time(time.text, model_.zone, Node::no_day, message);
    if (spec && spec->kind == TimeSpec::Kind::absolute && spec->low == spec->high) return spec->low;
    diagnostics_.error(time.at, address, spec ? "must be one instant; write a date and a time" : message);
    return std::nullopt;
  }

 private:
  const Model& model_;
  World* world_;
  Diagnostics& diagnostics_;
};

RuleSpec read_live(const Model& model, World* world, std::string_view name, std::string_view text,
                   Diagnostics& diagnostics) {
  const auto node = read_scenario_text(text, diagnostics);
  if (!node) return {};
  validate_form(*node, "rule", "", diagnostics);
  if (!diagnostics.ok()) return {};
  ServedRun surroundings(model, world, diagnostics);
  return read_fault_rule(std::string(name), *node, "", surroundings, diagnostics);
}

}  // namespace

RuleSpec LiveRules::read(Machine& machine, std::string_view name, std::string_view text) const {
  Diagnostics none;
  return read_live(machine.model(), &machine.world(), name, text, none);
}

std::string LiveRules::objections(const Machine& machine, std::string_view name, std::string_view text) {
  Diagnostics diagnostics;
  read_live(machine.model(), nullptr, name, text, diagnostics);
  std::string all;
  for (const Diagnostic& one : diagnostics.sorted()) {
    if (!all.empty()) all += "\n";
    all += (one.address.empty() || one.address == "/" ? std::string() : one.address + ": ") + one.message;
  }
  return all;
}

}  // namespace premortem
