#pragma once
// What a half-done activity waits for, in words: for whoever asks why nothing moves.

#include <string>

#include "sim/models/world.hpp"

namespace premortem {

/// "exporter is stopped", "... is down", "... is paused"; empty: it runs.
std::string why_not_running(const Model& model, const World& world, std::uint32_t component);

/// Where the activity is: "exporter.does[export]", or the name of its system.
std::string place_of(const Model& model, const World& world, ActivityId activity);

/// What it waits for, and behind a colon what that waits for: a transaction and whose, a worker of a service, a reply,
/// a paused store, time.
std::string waits_for(const Model& model, const World& world, ActivityId activity);

}  // namespace premortem
