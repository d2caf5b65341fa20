#pragma once
// A history as JSON Lines: one record a line, names instead of numbers.

#include <functional>
#include <string>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"
#include "sim/kernel/time.hpp"

namespace premortem {

/// {"n":17,"ns":1580119200000000000,"at":"2020-01-27 11:00","kind":"step-done","who":"timeline","cause":16,
/// "step":"hand-over"}. `format` writes an instant in the scenario's zone.
std::string history_lines(const HistoryNames& names, const History& history,
                          const std::function<std::string(Time)>& format);

}  // namespace premortem
