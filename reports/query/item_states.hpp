#pragma once
// In which state each item is, and when that changes: the colours of its thread.

#include <string>
#include <vector>

#include "reports/query/report_data.hpp"
#include "sim/checks/judge.hpp"
#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// Names of the states, by number. An item is under way when it arrives.
const std::vector<std::string>& item_states();

/// Instant of the nearest whole microsecond before.
constexpr std::int64_t microseconds(std::int64_t ns) { return ns >= 0 ? ns / 1000 : -((-ns + 999) / 1000); }

/// All changes, in order of time. `items`: what became of each, by number.
StateTable item_state_changes(const HistoryNames& names, const std::vector<Record>& records,
                              const std::vector<JudgedItem>& items);

}  // namespace premortem
