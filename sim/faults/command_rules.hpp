#pragma once
// Which fault rules strike a command: a pure function of rules, command and how often each was asked.

#include <cstdint>
#include <vector>

#include "sim/models/interposer.hpp"

namespace premortem {

/// See Interposer::choose_rules().
void choose_command_rules(Machine& machine, const Command& command, std::vector<std::uint32_t>& chosen);

/// What a simulated system asks, as a command, and what the rules that it meets do to it: added to `strike`.
void strike_by_rules(Machine& machine, const Attempt& attempt, Strike& strike);

}  // namespace premortem
