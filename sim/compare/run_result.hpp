#pragma once
// What one run amounts to: the one structure from which every table, report and store row is made.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checks/fate.hpp"
#include "sim/checks/verdict.hpp"

namespace premortem {

/// Verdict of a whole run; the command's exit code follows from it.
enum class RunVerdict : std::uint8_t {
  as_expected,   ///< Every check is as expected. Exit code 0.
  different,     ///< At least one is not. Exit code 1.
  not_exercised  ///< Nothing arrived, or an expected check had no premise. Exit code 3.
};

constexpr std::string_view name_of(RunVerdict verdict) {
  return verdict == RunVerdict::as_expected ? "as-expected"
         : verdict == RunVerdict::different ? "different"
                                            : "not-exercised";
}

/// One figure of a run. Which figures there are depends on the scenario only, so runs of one scenario line up.
struct Measure {
  enum class Unit : std::uint8_t { count, duration };
  std::string name;  ///< "application.lost", "application.time-to-done.p99", "detection", "operator-steps".
  Unit unit = Unit::count;
  std::optional<std::int64_t>
      value;  ///< Count, or nanoseconds; none when it does not apply (nothing finished, nobody noticed).

  bool operator==(const Measure&) const = default;
};

/// One line of what happened, for people: timeline steps, notices, first violations.
struct StoryLine {
  Time at;
  std::string text;

  bool operator==(const StoryLine&) const = default;
};

/// Everything that is kept of one run.
struct RunResult {
  std::string title;          ///< The scenario's title.
  std::string file;           ///< As given on the command line.
  std::string choices;        ///< The file whose choices it repeated; empty: none.
  std::string scenario_hash;  ///< 32 hex digits over the effective scenario (after assumptions, strategy and sets), its
                              ///< `uses` and zone rules.
  std::string strategy;       ///< "as-happened" for the unchanged file.
  std::vector<std::string> assumptions;  ///< "reading=flagged-since-batch", as given; empty: the file as written.
  std::vector<std::string> sets;         ///< "exporter.workers=1", as given.
  std::uint64_t seed = 0;
  std::string digest;        ///< 32 hex digits over the history; equal for equal (scenario, strategy, seed).
  std::uint64_t events = 0;  ///< Events processed by the kernel.
  std::string zone;          ///< Name of the clock's zone, for printing times.
  std::string zone_rules;    ///< Hash of the zone's transitions in the clock's span.
  RunVerdict verdict = RunVerdict::not_exercised;
  std::vector<FateCounts> fates;    ///< One per kind of item, in the order of the scenario.
  std::vector<CheckResult> checks;  ///< In the order of the scenario.
  std::vector<Measure> measures;
  std::vector<StoryLine> story;    ///< In order of time; empty unless asked for.
  std::vector<std::string> notes;  ///< Said aloud: faults that never fired, steps that never came off, zero matches.

  bool operator==(const RunResult&) const = default;
};

}  // namespace premortem
