#pragma once
// A history as traces that other programs open.

#include <string>
#include <vector>

#include "sim/history/history.hpp"
#include "sim/history/names.hpp"

namespace premortem {

/// What a trace is of.
struct TraceHeading {
  std::string title, strategy;
  std::uint64_t seed = 1;
  std::string digest;  ///< Of the run, 32 hex digits: from it the ids of spans are made.
};

/// Chrome's trace format, which Perfetto opens: a process for each system and one for the items, spans as asynchronous
/// slices, everything else as instants, unfinished items as counters. Microseconds count from the run's beginning.
std::string history_to_trace(const TraceHeading& heading, const HistoryNames& names,
                             const std::vector<Record>& records);

/// OpenTelemetry's OTLP in JSON: a trace for each item, with what was done with it as spans; runs of jobs and
/// transactions are traces of their own. A resource for each system.
std::string history_to_otlp(const TraceHeading& heading, const HistoryNames& names, const std::vector<Record>& records);

}  // namespace premortem
