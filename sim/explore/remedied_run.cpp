#include "sim/explore/remedied_run.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"
#include "sim/models/livelock.hpp"

namespace premortem {

namespace {

/// Follows causes while they are written: which items exist only because of one step.
class Descent final : public Observer {
 public:
  explicit Descent(std::uint32_t entry) : entry_(entry) {}

  void observe(const Record& record) override {
    const auto number = static_cast<std::uint32_t>(descends_.size());
    const auto kind = static_cast<RecordKind>(record.kind);
    const bool begins = kind == RecordKind::step_done && record.a == entry_;
    descends_.push_back(begins || (record.cause < number && descends_[record.cause]));
    if (kind != RecordKind::arrived) return;
    if (items_.size() <= record.a) items_.resize(record.a + 1, false);
    items_[record.a] = descends_.back();
  }
  bool brought(std::size_t item) const { return item < items_.size() && items_[item]; }

 private:
  std::uint32_t entry_;
  std::vector<bool> descends_;  ///< By record.
  std::vector<bool> items_;     ///< By item.
};

RemediedRun::Outcome outcome_of(const Trial& trial, const Descent& descent) {
  RemediedRun::Outcome outcome;
  for (const CheckResult& check : trial.checks) outcome.verdicts.push_back(check.verdict);
  std::vector<RemediedRun::Identity> identities(trial.items.size());
  std::map<std::pair<std::int64_t, std::uint32_t>, std::uint32_t> alike;
  for (std::size_t item = 0; item < trial.items.size(); ++item) {
    if (descent.brought(item)) continue;
    const JudgedItem& one = trial.items[item];
    identities[item] = {one.arrived, one.kind, alike[{one.arrived, one.kind}]++};
    outcome.items.emplace(identities[item], one.id);
  }
  for (const std::vector<std::uint32_t>& broken : trial.broken_items) {
    std::vector<RemediedRun::Identity>& of_check = outcome.broken.emplace_back();
    for (const std::uint32_t item : broken) {
      if (!descent.brought(item)) of_check.push_back(identities[item]);
    }
    std::ranges::sort(of_check);
  }
  return outcome;
}

std::shared_ptr<const CompiledScenario> compiled(const LoadedScenario& loaded, const Variant& variant) {
  Diagnostics diagnostics;
  auto scenario = compile_variant(loaded, variant, diagnostics);
  PREMORTEM_CHECK(scenario != nullptr, "a variant that was to compile does not");
  return scenario;
}

}  // namespace

bool RemediedRun::Outcome::spares(const Identity& item, std::size_t check) const {
  return items.contains(item) && !std::ranges::binary_search(broken[check], item);
}

RemediedRun::RemediedRun(const LoadedScenario& loaded, const Variant& variant, const std::string& remedy,
                         std::uint64_t seed)
    : plain_(compiled(loaded, variant)), seed_(seed) {
  Variant with = variant;
  with.remedies.emplace_back(remedy, "");
  remedied_ = compiled(loaded, with);
  entry_ = static_cast<std::uint32_t>(remedied_->model->timeline.size() - 1);
}

RemediedRun::Outcome RemediedRun::without(CriticalInstants& critical) const {
  return outcome_of(run_trial(*plain_, seed_, nullptr, &critical), Descent(unset));
}

RemediedRun::Outcome RemediedRun::with(std::int64_t at) const {
  const auto model = std::make_shared<Model>(*remedied_->model);
  TimelineSpec& step = model->timeline[entry_];
  step.when = TimelineSpec::When::at;  // With `after`: not before that either.
  step.low = step.high = at;
  CompiledScenario scenario = *remedied_;
  scenario.model = model;
  Descent descent(entry_);
  try {
    return outcome_of(run_trial(scenario, seed_, nullptr, &descent), descent);
  } catch (const Livelock&) {
    Outcome never;
    never.ends = false;
    never.verdicts.assign(judge().checks.size(), CheckVerdict::broken);
    never.broken.resize(judge().checks.size());
    return never;
  }
}

}  // namespace premortem
