#pragma once
// One declared thing of a scenario, left out, moved or changed: what a cause is proven with.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/load.hpp"

namespace premortem {

struct Intervention {
  enum class Kind : std::uint8_t {
    step,    ///< An entry of the timeline does not come off.
    policy,  ///< A word, a switch or a count of a system says something else; elements of a loop get time between them.
    assumed  ///< The other reading of what nobody knows.
  };
  Kind kind = Kind::step;
  std::string id;               ///< The address that it is about: "timeline[stop-brut]", "exporter.workers".
  std::string stands;           ///< What the scenario says there: "stop brut", "4".
  std::string change;           ///< What it is in the changed run: "left out", "1".
  std::int64_t at = INT64_MIN;  ///< For steps with a time of their own: when it came off, ns.
  /// What to add to the variant; as options of the command: --set ADDRESS=VALUE, --assume NAME=VALUE.
  std::vector<std::pair<std::string, std::string>> set, assume;
};

/// Everything declared that can be left out or changed by itself: steps and faults of the timeline, then words,
/// switches and counts of systems and of what they do on errors, then alternatives of what is assumed. Not what says
/// what is right, and no expression or duration, which could become anything. Some may make no sense: those do not
/// compile.
std::vector<Intervention> interventions(const LoadedScenario& loaded, const Variant& variant,
                                        const CompiledScenario& compiled);

/// The variant with these changes added; later ones go last.
Variant changed(Variant variant, const std::vector<const Intervention*>& changes);

/// An entry of the timeline and all that comes after it, by `after`, directly or not, moved by `by` ns. Entries with a
/// range of times or an offset keep it. Nothing in `set` when the entry has no time of its own.
Intervention moved_together(const CompiledScenario& compiled, std::size_t entry, std::int64_t by);

}  // namespace premortem
