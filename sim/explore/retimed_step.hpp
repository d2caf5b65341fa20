#pragma once
// The same scenario with one timeline step at another instant, or left out: for runs that prove what a step did.

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "sim/scenario/compiled.hpp"

namespace premortem {

/// The number of the timeline entry with that id; none: there is none.
std::optional<std::uint32_t> step_number(const Model& model, std::string_view id);

/// The entry comes off at `at` (ns since 1970), whatever it came after before; none: never. What comes after it follows
/// it, or never comes off either. Conditions stay. REQUIRES: a number of an entry.
std::shared_ptr<const CompiledScenario> with_step_at(const CompiledScenario& scenario, std::uint32_t entry,
                                                     std::optional<std::int64_t> at);

}  // namespace premortem
