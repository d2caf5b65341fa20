#pragma once
// --until: an instant of a run.

#include <string>

#include "sim/models/model.hpp"

namespace premortem::cli {

/// ns since 1970 of a civil time in the clock's zone, from `from` on and before the clock's end; throws UsageError.
std::int64_t until_option(const std::string& text, const Model& model, std::int64_t from);

}  // namespace premortem::cli
