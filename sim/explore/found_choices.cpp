#include "sim/explore/found_choices.hpp"

#include "sim/explore/trial.hpp"

namespace premortem {

namespace {

/// Passes on, and remembers what a FixedChooser would have to be told.
class RetellingChooser final : public Chooser {
 public:
  RetellingChooser(Chooser& inner, std::int64_t begins) : inner_(inner), begins_(begins) {}
  bool decides(Choice::Kind kind) const override { return inner_.decides(kind); }
  std::uint64_t choose(const Choice& choice) override {
    const std::uint64_t answer = inner_.choose(choice);
    if (choice.kind == Choice::Kind::tie && static_cast<std::int64_t>(choice.purpose) <= begins_) {
      early_ = early_ || answer != 0;
    } else {
      answers_.push_back(answer);
    }
    return answer;
  }
  /// Some tie of the first instant did not go in order of scheduling.
  bool early() const { return early_; }
  const std::vector<std::uint64_t>& answers() const { return answers_; }

 private:
  Chooser& inner_;
  std::int64_t begins_;
  bool early_ = false;
  std::vector<std::uint64_t> answers_;
};

}  // namespace

std::optional<FixedChoices> as_fixed(const CompiledScenario& scenario, std::uint64_t seed, const FoundChoices& found,
                                     std::string& error) {
  ReplayChooser replay(found.choices);
  FaultBudget faults{.left = found.faults_max};
  SelectedChooser selected(replay, found.kinds, found.ties_from, faults);
  RetellingChooser retelling(selected, scenario.model->begins);
  run_trial(scenario, seed, &retelling);
  if (retelling.early()) {
    error = "these choices are about the clock's first instant, too, at which everything is set up; no file holds them";
    return std::nullopt;
  }
  return FixedChoices{found.kinds, retelling.answers()};
}

Node choices_section(const FixedChoices& fixed) {
  Node of = Node::of_array({}), take = Node::of_array({});
  for (const std::string& name : names_of(fixed.kinds)) of.items.push_back(Node::of_text(name, {}));
  std::size_t count = fixed.take.size();
  while (count > 0 && fixed.take[count - 1] == 0) --count;
  for (std::size_t n = 0; n < count; ++n)
    take.items.push_back(Node::of_integer(static_cast<std::int64_t>(fixed.take[n]), {}));
  Node section = Node::of_object({});
  section.set("of", of.items.size() == 1 ? of.items[0] : of);
  section.set("take", std::move(take));
  return section;
}

}  // namespace premortem
