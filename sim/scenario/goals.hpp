#pragma once
// What a scenario is meant to exercise, and which of it a run has reached: coverage of intent.

#include <memory>
#include <string>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/history/history.hpp"
#include "sim/scenario/compiled.hpp"

namespace premortem {

/// Something that the author wrote down and that a run may or may not reach.
struct Goal {
  /// "sometimes": such a check came true. "check": any other had something to judge. "step": a timeline entry came off.
  /// "fault": it struck an operation. "error": one that an `on` names was met. "outcome", "mark": an item got it.
  /// "change": a watched field changed so, as a `states` check allows.
  std::string kind;
  std::string name;  ///< Of the check, step, fault, error; the outcome or mark; "TO_EXPORT -> EXPORTED".

  bool operator==(const Goal&) const = default;
};

/// All of them, each once, kind by kind in the order above.
std::vector<Goal> goals_of(const CompiledScenario& scenario);

/// Watches one run. Copied in mid-run, it goes on as the original.
class GoalWatch final : public Observer {
 public:
  explicit GoalWatch(const CompiledScenario& scenario);  // Must outlive the watch.
  void observe(const Record& record) override;
  RecordKinds wants() const override;

  const std::vector<Goal>& goals() const { return *goals_; }
  /// By goal. `checks`: what the run's judge says of them at the end.
  std::vector<bool> reached(const std::vector<CheckResult>& checks) const;

 private:
  void reach(const char* kind, const std::string& name);

  const CompiledScenario& scenario_;
  std::shared_ptr<const std::vector<Goal>> goals_;
  std::vector<bool> reached_;
};

}  // namespace premortem
