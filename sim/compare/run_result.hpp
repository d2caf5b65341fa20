#pragma once
// What one run amounts to: the one structure from which every table, report and store row is made.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/checks/fate.hpp"
#include "sim/checks/verdict.hpp"
#include "sim/history/told_record.hpp"

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
  static constexpr std::uint32_t no_step = UINT32_MAX;
  Time at;
  std::string text;
  std::uint32_t step = no_step;  ///< The timeline entry that it is about.
  bool skipped = false;          ///< It did not come off.
  bool decisive = false;         ///< From here on somebody's work is held by nobody.

  bool operator==(const StoryLine&) const = default;
};

/// Unfinished items of one kind that are in one place and wait for the same.
struct UnfinishedGroup {
  std::string item;  ///< Kind of item.
  std::uint64_t count = 0;
  std::int64_t example = 0;  ///< Id of the first.
  std::string where;         ///< "queue commands", "exporter.does[export]".
  std::string waits;         ///< For what, in words.

  bool operator==(const UnfinishedGroup&) const = default;
};

/// One thing that the scenario is meant to exercise; see Goal in sim/scenario.
struct GoalReached {
  std::string kind, name;
  bool reached = false;

  bool operator==(const GoalReached&) const = default;
};

/// What an unfinished item goes through again and again.
struct Circle {
  std::string item;              ///< "export 2".
  std::vector<ToldRecord> turn;  ///< One turn, in order.
  std::int64_t lasts = 0;        ///< ns that a turn takes.

  bool operator==(const Circle&) const = default;
};

/// Why a run ended with unfinished items.
struct Diagnosis {
  bool nothing_moves = false;  ///< Nothing was left to happen when the clock ended.
  std::vector<UnfinishedGroup> groups;
  std::vector<Circle> circles;  ///< Of one item of each kind that has such items.

  bool operator==(const Diagnosis&) const = default;
};

/// Everything that is kept of one run.
struct RunResult {
  std::string title;    ///< The scenario's title.
  std::string file;     ///< As given on the command line.
  std::string choices;  ///< The file whose choices it repeated; empty: none.
  bool served = false;  ///< Real programs took part.
  /// Fault rules that came in meanwhile: their numbers in the history are those behind the scenario's own.
  std::vector<std::string> live_rules;
  std::string session;        ///< The file that keeps what they said; empty: none does.
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
  Diagnosis unfinished;            ///< Empty unless the story is asked for.
  std::vector<GoalReached> goals;  ///< Empty unless asked for. A store adds them up and does not give them back.
  std::vector<std::string> notes;  ///< Said aloud: faults that never fired, steps that never came off, zero matches.

  bool operator==(const RunResult&) const = default;
};

}  // namespace premortem
