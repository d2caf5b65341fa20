#pragma once
// The names in a Model, for readers of its histories.

#include "sim/history/names.hpp"
#include "sim/models/model.hpp"

namespace premortem {

/// As after `is` in a scenario: "queue", "documents"; "arrivals", "timeline" for what is no system there.
std::string_view name_of(ComponentKind kind);

/// All but the names of checks, which a Model does not know.
HistoryNames model_names(const Model& model);

}  // namespace premortem
