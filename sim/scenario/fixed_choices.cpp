#include "sim/scenario/fixed_choices.hpp"

#include <algorithm>
#include <array>

namespace premortem {

namespace {
constexpr std::array<std::string_view, 4> choice_kind_names = {"tie", "duration", "fault", "operator-delay"};

std::string of_the_answers(std::size_t some, std::size_t all) {
  return "choices: " + std::to_string(some) + " of the " + std::to_string(all) + " in \"take\" ";
}
}  // namespace

std::string_view name_of(Choice::Kind kind) { return choice_kind_names[static_cast<std::size_t>(kind)]; }

std::optional<Choice::Kind> choice_kind_named(std::string_view name) {
  const auto found = std::ranges::find(choice_kind_names, name);
  if (found == choice_kind_names.end()) return std::nullopt;
  return static_cast<Choice::Kind>(found - choice_kind_names.begin());
}

std::vector<std::string> names_of(ChoiceKinds kinds) {
  std::vector<std::string> names;
  for (std::size_t kind = 0; kind < choice_kind_names.size(); ++kind) {
    if (kinds.has(static_cast<Choice::Kind>(kind))) names.emplace_back(choice_kind_names[kind]);
  }
  return names;
}

std::vector<std::string> FixedChooser::misfits() const {
  std::vector<std::string> notes;
  if (replay_.followed() < listed_) {
    const std::size_t left = listed_ - replay_.followed();
    notes.push_back(of_the_answers(left, listed_) + (left == 1 ? "was" : "were") + " never asked for: the run made " +
                    std::to_string(replay_.followed()) + " such " + (replay_.followed() == 1 ? "choice" : "choices"));
  }
  if (replay_.misfits() > 0)
    notes.push_back(of_the_answers(replay_.misfits(), listed_) + (replay_.misfits() == 1 ? "is" : "are") +
                    " beyond what there was to choose from: the run took the last alternative there");
  return notes;
}

}  // namespace premortem
