#pragma once
// The names in a Model, for readers of its histories.

#include "sim/history/names.hpp"
#include "sim/models/model.hpp"

namespace premortem {

/// All but the names of checks, which a Model does not know.
HistoryNames model_names(const Model& model);

}  // namespace premortem
