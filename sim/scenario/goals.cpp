#include "sim/scenario/goals.hpp"

#include <algorithm>

#include "sim/models/operation.hpp"

namespace premortem {

namespace {

std::string named(const std::vector<std::string>& names, std::uint64_t number) {
  return number < names.size() ? names[number] : std::string();
}

std::string change_of(const Model& model, std::uint64_t from, std::uint64_t to) {
  return named(model.texts, from) + " -> " + named(model.texts, to);
}

/// Rules are numbered behind the timeline's faults; those that came in while the run was served are no goals.
std::string fault_name(const Model& model, std::uint64_t number) {
  if (number < model.faults.size()) return model.faults[number].id;
  number -= model.faults.size();
  return number < model.fault_rules.size() ? model.fault_rules[number].name : std::string();
}

}  // namespace

std::vector<Goal> goals_of(const CompiledScenario& scenario) {
  const Model& model = *scenario.model;
  std::vector<Goal> goals;
  const auto add = [&](const char* kind, const std::string& name) {
    const Goal goal{kind, name};
    if (!name.empty() && std::ranges::find(goals, goal) == goals.end()) goals.push_back(goal);
  };
  const std::vector<CheckSpec>& checks = scenario.judge->checks;
  for (const CheckSpec& check : checks) {
    if (check.form == CheckSpec::Form::sometimes) add("sometimes", check.name);
  }
  for (const CheckSpec& check : checks) {
    if (check.form != CheckSpec::Form::sometimes) add("check", check.name);
  }
  for (const TimelineSpec& entry : model.timeline) add("step", entry.id);
  for (const FaultSpec& fault : model.faults) add("fault", fault.id);
  for (const RuleSpec& rule : model.fault_rules) add("fault", rule.name);
  for (const ErrorRule& rule : model.rules) {
    if (rule.error != unset) add("error", named(model.errors, rule.error));
  }
  for (const Instruction& instruction : model.code) {
    if (instruction.operation == operation::finish) add("outcome", named(model.texts, instruction.operand));
  }
  for (const Instruction& instruction : model.code) {
    if (instruction.operation == operation::mark) add("mark", named(model.texts, instruction.operand));
  }
  for (const CheckSpec& check : checks) {
    for (const auto& [from, to] : check.allowed) add("change", change_of(model, from, to));
  }
  return goals;
}

GoalWatch::GoalWatch(const CompiledScenario& scenario)
    : scenario_(scenario),
      goals_(std::make_shared<const std::vector<Goal>>(goals_of(scenario))),
      reached_(goals_->size(), false) {}

RecordKinds GoalWatch::wants() const {
  return kinds_of(RecordKind::step_done, RecordKind::fault_applied, RecordKind::failed, RecordKind::finished,
                  RecordKind::marked, RecordKind::changed);
}

void GoalWatch::observe(const Record& record) {
  const Model& model = *scenario_.model;
  switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::step_done:
      return reach("step", model.timeline[record.a].id);
    case RecordKind::fault_applied:
      return reach("fault", fault_name(model, record.b));
    case RecordKind::failed:
      return reach("error", named(model.errors, record.b));
    case RecordKind::finished:
      return reach("outcome", named(model.texts, record.b));
    case RecordKind::marked:
      return reach("mark", named(model.texts, record.b));
    case RecordKind::changed:
      return reach("change", change_of(model, record.a >> 32, record.a & 0xFFFFFFFF));
    default:
      return;
  }
}

void GoalWatch::reach(const char* kind, const std::string& name) {
  for (std::size_t n = 0; n < goals_->size(); ++n) {
    if (!reached_[n] && (*goals_)[n].kind == kind && (*goals_)[n].name == name) reached_[n] = true;
  }
}

std::vector<bool> GoalWatch::reached(const std::vector<CheckResult>& checks) const {
  std::vector<bool> result = reached_;
  for (std::size_t n = 0; n < goals_->size(); ++n) {
    const auto check = std::ranges::find(checks, (*goals_)[n].name, &CheckResult::name);
    if (check == checks.end()) continue;
    if ((*goals_)[n].kind == "sometimes") result[n] = check->verdict == CheckVerdict::holds;
    if ((*goals_)[n].kind == "check") result[n] = check->verdict != CheckVerdict::not_exercised;
  }
  return result;
}

}  // namespace premortem
