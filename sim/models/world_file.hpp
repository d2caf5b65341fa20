#pragma once
// A World as bytes: saved, loaded, compared. The bytes say whose they are, and nobody else takes them.

#include <optional>
#include <string>
#include <string_view>

#include "sim/models/model.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// What loading gave: a World, or why there is none.
struct LoadedWorld {
  std::optional<World> world;
  std::string error;  ///< "is truncated: 40 of 1234 bytes are there"; empty when there is a World.
};

/// Everything that is in `world`: dead events and sequence numbers too, so that it goes on exactly as the original
/// would. `scenario` names what `model` was compiled from: CompiledScenario::scenario_hash. The same World gives the
/// same bytes on machines of one byte order.
std::string save_world(const World& world, const Model& model, std::string_view scenario);

/// The World that save_world() was given, to be continued by a Machine of `model` without begin(). Refuses what is
/// truncated, damaged, of another format or build, or of another scenario; a copy with one wrong bit is never taken.
LoadedWorld load_world(std::string_view bytes, const Model& model, std::string_view scenario);

/// Whether two Worlds are the same in every number, and so go on alike: their saved bytes are equal. Worlds that mean
/// the same but came about differently, as in another order of scheduling, are not.
bool operator==(const World& left, const World& right);

}  // namespace premortem
