#pragma once
// How much waits where: queues, logs, unfinished items, as step functions of time.

#include <vector>

#include "reports/query/report_data.hpp"
#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// Unfinished items by kind, items held by nobody, messages that wait in each queue, and by how many events each stream
/// is behind its log. What an exchange hands on, or what comes as a dead letter, is not in the history queue by queue:
/// a queue that gives more than is known to have come has no series, and `through_exchanges` becomes true. At most
/// `steps_max` steps each.
std::vector<SeriesData> backlogs(const HistoryNames& names, const std::vector<Record>& records, std::size_t steps_max,
                                 bool& through_exchanges);

}  // namespace premortem
