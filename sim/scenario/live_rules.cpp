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
  ServedRun(const Model& model, World* world, std::int64_t at, Diagnostics& diagnostics)
      : model_(model), world_(world), at_(at), diagnostics_(diagnostics) {}

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
    const std::int64_t today = model_.zone.date_of(time_from_nanoseconds(at_));
    const auto spec = parse_time(time.text, model_.zone, today, message);
    if (spec && spec->low == spec->high && spec->kind == TimeSpec::Kind::absolute) return spec->low;
    if (spec && spec->low == spec->high && spec->kind == TimeSpec::Kind::offset) return at_ + spec->low;
    if (spec && spec->kind == TimeSpec::Kind::end) return model_.ends;
    diagnostics_.error(time.at, address,
                       spec ? "must be one instant; write \"13:00\", \"2021-08-02 13:00\" or \"+10 min\"" : message);
    return std::nullopt;
  }

 private:
  const Model& model_;
  World* world_;
  std::int64_t at_;
  Diagnostics& diagnostics_;
};

RuleSpec read_live(const Model& model, World* world, const LiveRule& rule, Diagnostics& diagnostics) {
  const auto node = read_scenario_text(rule.text, diagnostics);
  if (!node) return {};
  validate_form(*node, "rule", "", diagnostics);
  if (!diagnostics.ok()) return {};
  ServedRun surroundings(model, world, rule.at, diagnostics);
  return read_fault_rule(rule.name, *node, "", surroundings, diagnostics);
}

}  // namespace

RuleSpec LiveRules::read(Machine& machine, const LiveRule& rule) const {
  Diagnostics none;
  return read_live(machine.model(), &machine.world(), rule, none);
}

std::string LiveRules::objections(const Machine& machine, const LiveRule& rule) {
  Diagnostics diagnostics;
  read_live(machine.model(), nullptr, rule, diagnostics);
  std::string all;
  for (const Diagnostic& one : diagnostics.sorted()) {
    if (!all.empty()) all += "\n";
    all += (one.address.empty() || one.address == "/" ? std::string() : one.address + ": ") + one.message;
  }
  return all;
}

}  // namespace premortem
