#pragma once
// Choices that a scenario holds: a run that fails only under certain choices is a file of its own with them.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/kernel/chooser.hpp"

namespace premortem {

/// "tie", "duration", "fault", "operator-delay".
std::string_view name_of(Choice::Kind kind);
std::optional<Choice::Kind> choice_kind_named(std::string_view name);
/// In the order of Choice::Kind.
std::vector<std::string> names_of(ChoiceKinds kinds);

/// The section `choices`.
struct FixedChoices {
  ChoiceKinds kinds{};  ///< What the list is about; the rest is drawn by name.
  /// One answer after the other, from 0; behind the end, the first alternative.
  std::vector<std::uint64_t> take;
};

/// Answers as the file says, for one run. Ties of the clock's first instant, at which everything is set up, are no
/// choice: they go in order of scheduling.
class FixedChooser final : public Chooser {
 public:
  /// `begins`: the clock's first instant, ns.
  FixedChooser(const FixedChoices& fixed, std::int64_t begins)
      : replay_(fixed.take), selected_(replay_, fixed.kinds, begins + 1, faults_), listed_(fixed.take.size()) {}
  FixedChooser(const FixedChooser&) = delete;
  FixedChooser& operator=(const FixedChooser&) = delete;

  std::uint64_t choose(const Choice& choice) override { return selected_.choose(choice); }
  bool decides(Choice::Kind kind) const override { return selected_.decides(kind); }

  /// After the run: which of the answers were not asked for, or were none; empty: all fitted.
  std::vector<std::string> misfits() const;

 private:
  FaultBudget faults_;
  ReplayChooser replay_;
  SelectedChooser selected_;
  std::size_t listed_;
};

}  // namespace premortem
