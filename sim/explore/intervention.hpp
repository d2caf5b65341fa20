#pragma once
// One declared thing of a scenario left out, moved or changed: what an explanation tries, and can show by a command.

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/overlay.hpp"

namespace premortem {

/// A change to the effective scenario, said in `--set` and `--assume` alone, so that anybody can run it.
struct Intervention {
  /// What kind of thing is changed, in the order in which an explanation names them.
  enum class Kind : std::uint8_t {
    step,         ///< An entry of the timeline, faults included.
    schedule,     ///< A job with a cron.
    competition,  ///< How many work at once, and how far apart they begin.
    error_rule,   ///< What is done with an error.
    setting,      ///< Another word or truth value of the language.
    assumed       ///< An alternative of something that the author does not know.
  };
  Kind kind = Kind::step;
  std::string thing;  ///< Its address: "timeline[stop-brut]". Several interventions may concern one thing.
  std::string how;    ///< "left out", "4 -> 1".
  std::vector<std::pair<std::string, std::string>> set;     ///< As in Variant.
  std::vector<std::pair<std::string, std::string>> assume;  ///< As in Variant.
};

/// Everything that can be left out or changed without knowing a run, in the order of the file. `base` is the file with
/// its `assumed`, `effective` what runs. Arrivals, checks and what counts as done are never touched: with them another
/// question would be asked. What the compiler then refuses is the caller's to skip.
std::vector<Intervention> interventions_of(const Node& base, const Node& effective, const Variant& variant);

/// How many entries of the timeline have no id, and so no address by which they could be left out.
std::size_t entries_without_id(const Node& effective);

/// The variant with the changes on top.
Variant with_intervention(Variant variant, const Intervention& intervention);

}  // namespace premortem
