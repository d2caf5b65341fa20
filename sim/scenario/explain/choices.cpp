#include "sim/scenario/explain/sections.hpp"
#include "sim/scenario/explain/words.hpp"

namespace premortem::explain {

namespace {

std::string about(const std::string& kind) {
  if (kind == "tie") return "which of the events due at one instant goes first";
  if (kind == "duration") return "how long within its range something takes";
  if (kind == "fault") return "whether a fault strikes";
  return "when within its range a person acts";
}

}  // namespace

ExplainedPart choices(const Node& root) {
  ExplainedPart passage{"Choices", {}};
  const Node& choices = *root.find("choices");
  const Node& of = *choices.find("of");
  const std::vector<Node> kinds = of.is(Node::Kind::array) ? of.items : std::vector<Node>{of};
  std::string all;
  for (const Node& kind : kinds) all += (all.empty() ? "" : ", and ") + about(kind.text);
  std::string takes;
  std::size_t number = 0;
  for (const Node& answer : choices.find("take")->items) {
    ++number;
    if (answer.integer == 0) continue;
    takes += (takes.empty() ? "" : ", ") + std::string("choice ") + std::to_string(number) + " is alternative " +
             std::to_string(answer.integer) + " instead of 0";
  }
  passage.sentences.push_back(
      {0, sentence(all + ", is fixed by the file: " + (takes.empty() ? "always the first alternative" : takes))});
  return passage;
}

}  // namespace premortem::explain
