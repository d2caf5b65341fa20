// `choices`: what a search found, held by the file.

#include "sim/scenario/compile/compiler.hpp"

namespace premortem {

void Compiler::compile_choices() {
  const Node* choices = root_.find("choices");
  if (choices == nullptr) return;
  FixedChoices fixed;
  const Node& of = *choices->find("of");
  const std::vector<Node> names = of.is(Node::Kind::array) ? of.items : std::vector<Node>{of};
  if (names.empty()) diagnostics_.error(of.at, "/choices/of", "is empty; name tie, duration, fault or operator-delay");
  for (const Node& name : names) {
    if (const auto kind = choice_kind_named(name.text)) {
      fixed.kinds.add(*kind);
    } else {
      const std::string advice = did_you_mean(name.text, {"tie", "duration", "fault", "operator-delay"});
      diagnostics_.error(name.at, "/choices/of",
                         "\"" + name.text + "\" is no kind of choice" +
                             (advice.empty() ? "; write tie, duration, fault or operator-delay" : advice));
    }
  }
  for (const Node& answer : choices->find("take")->items)
    fixed.take.push_back(static_cast<std::uint64_t>(answer.integer));
  choices_ = std::move(fixed);
}

}  // namespace premortem
