#include "sim/explore/inquiry.hpp"

#include <algorithm>

#include "sim/models/livelock.hpp"

namespace premortem {

Inquiry::Inquiry(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question)
    : loaded_(loaded), variant_(variant), question_(question) {
  Diagnostics diagnostics;
  effective_ = effective_scenario(loaded_.root, variant_, diagnostics)->root;
  scenario_ = compile_variant(loaded_, variant_, diagnostics);
  trial_ = run_trial(*scenario_, question_.seed, nullptr, &history_);
  happened_ = outcome_of(trial_);
}

std::vector<Intervention> Inquiry::interventions() const {
  return interventions_of(loaded_.root, effective_, variant_);
}

WhyOutcome Inquiry::outcome_of(const Trial& trial) const {
  WhyOutcome outcome;
  outcome.wrong = static_cast<std::uint64_t>(
      std::ranges::count_if(trial.items, [](const JudgedItem& item) { return item.fate != Fate::done; }));
  if (question_.check.empty()) {
    const JudgedItem* item = trial.item(question_.kind, question_.id);
    if (item == nullptr) return {false, "never arrived", -1, -1, -1, outcome.wrong};
    outcome.right = item->fate == Fate::done;
    outcome.says = name_of(item->fate);
    outcome.arrived = item->arrived;
    if (item->finished > 0) {
      outcome.finished = item->finished_at;
      outcome.longest = item->finished_at - item->arrived;
    }
    return outcome;
  }
  const CheckResult* check = trial.check(question_.check);
  outcome.right = check->verdict == CheckVerdict::holds;
  outcome.says = name_of(check->verdict);
  if (check->broken_for && !outcome.right) outcome.says += " for " + std::to_string(*check->broken_for);
  const auto spec = std::ranges::find(scenario_->judge->checks, question_.check, &CheckSpec::name);
  if (spec->form != CheckSpec::Form::finishes_within) return outcome;
  for (const JudgedItem& item : trial.items) {
    if (item.kind != spec->kind || item.finished == 0) continue;
    if (item.finished_at - item.arrived > outcome.longest) {
      outcome.longest = item.finished_at - item.arrived;
      outcome.finished = item.finished_at;
    }
  }
  return outcome;
}

std::optional<WhyOutcome> Inquiry::with(const std::vector<Intervention>& changes, History* history) {
  if (!stopped_ && question_.go_on && !question_.go_on(runs_, found_)) stopped_ = true;
  if (stopped_) return std::nullopt;
  Variant variant = variant_;
  for (const Intervention& one : changes) variant = with_intervention(std::move(variant), one);
  Diagnostics diagnostics;
  const auto scenario = compile_variant(loaded_, variant, diagnostics);
  if (!scenario) return std::nullopt;
  try {
    ++runs_;
    const Trial trial = run_trial(*scenario, question_.seed, nullptr, history);
    if (trial.misfits > 0) ++unfit_;
    return outcome_of(trial);
  } catch (const Livelock&) {
    return std::nullopt;
  }
}

bool Inquiry::explains(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const {
  // An item that arrives at another instant is another item.
  const bool otherwise = outcome.arrived == happened_.arrived && outcome.right != happened_.right &&
                         outcome.says != "never arrived" && outcome.says != "not exercised";
  // A setting that saves one by holding up others explains nothing, nor does a schedule that never fires.
  const bool only_steps =
      std::ranges::all_of(changes, [](const Intervention& one) { return one.kind == Intervention::Kind::step; });
  return otherwise && (happened_.right || outcome.wrong <= happened_.wrong || only_steps);
}

WhyLink Inquiry::link(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const {
  WhyLink made{changes, {}, outcome};
  for (const Intervention& one : changes) made.done_at.push_back(done_at(one));
  return made;
}

std::int64_t Inquiry::done_at(const Intervention& one) const {
  if (one.kind != Intervention::Kind::step) return -1;
  for (const Record& record : history_.records()) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::step_done && address_of(record.a) == one.thing)
      return record.at;
  }
  return -1;
}

std::string Inquiry::address_of(std::uint64_t step) const {
  return step < scenario_->model->timeline.size() ? "timeline[" + scenario_->model->timeline[step].id + "]" : "";
}

const Node* Inquiry::entry_of(std::string_view address) const {
  const Node* timeline = effective_.find("timeline");
  if (timeline == nullptr) return nullptr;
  for (const Node& entry : timeline->items) {
    const Node* id = entry.find("id");
    if (id != nullptr && address == "timeline[" + id->text + "]") return &entry;
  }
  return nullptr;
}

std::string Inquiry::text_of(std::int64_t at) const { return scenario_->model->zone.format(time_from_nanoseconds(at)); }

}  // namespace premortem
