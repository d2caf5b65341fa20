#pragma once
// The parts of the vocabulary's table, one a file.

#include "sim/scenario/vocabulary.hpp"

namespace premortem {

/// The file itself and its sections.
std::vector<Form> section_forms();
/// Kinds of systems, and what stands in them.
std::vector<Form> system_forms();
/// Verbs of the timeline, faults among them.
std::vector<Form> entry_forms();
/// Verbs of handlers, and what is done with errors.
std::vector<Form> step_forms();
/// Kinds of checks.
std::vector<Form> check_forms();

}  // namespace premortem
