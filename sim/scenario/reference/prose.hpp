#pragma once
// What the reference page says beside the tables of keys.

#include <string_view>

namespace premortem::reference {

/// What a file is, with the smallest one that runs.
extern const std::string_view beginning;
/// Values, times, addresses and overlays, expressions, fates, expectations.
extern const std::string_view notations;
/// What stands before the tables of steps.
extern const std::string_view handlers;
/// What stands before the table of errors.
extern const std::string_view errors;
/// What the author of a wrong file reads.
extern const std::string_view diagnostics;

}  // namespace premortem::reference
