#pragma once
// One record of a history, in words.

#include <functional>
#include <string>

#include "sim/history/told_record.hpp"
#include "sim/kernel/time.hpp"

namespace premortem {

/// "exporter meets WriteConflict with export 2": present tense, without the instant, no full stop. `format` writes the
/// instant for which a firing was scheduled.
std::string record_sentence(const ToldRecord& told, const std::function<std::string(Time)>& format);

}  // namespace premortem
