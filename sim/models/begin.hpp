#pragma once
// A fresh World for a Model.

#include <cstdint>

#include "sim/models/model.hpp"
#include "sim/models/world.hpp"

namespace premortem {

/// The state before the first instant. `model` must outlive every Machine that runs the World. Starts nothing: that is
/// Machine::begin().
World new_world(const Model& model, std::uint64_t seed);

}  // namespace premortem
