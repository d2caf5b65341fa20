#pragma once
// What differs between two runs: where they part, what became of the items, and which times moved.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/recorded_run.hpp"

namespace premortem {

/// One thing that differs. At least one of `a` and `b` is there.
struct Divergence {
  std::optional<ToldRecord> cause;  ///< What brought it about, equal in both runs; none: nothing did.
  std::optional<ToldRecord> a, b;   ///< Where both are and are of one kind, it moved or says something else.
};

/// How one item ended in one run. `there` is false for an item that did not arrive in it.
struct ItemEnd {
  bool there = false;
  Fate fate = Fate::in_flight;
  bool unheld = false;  ///< It finished, or is held at the end, and for a time nobody held it.
  std::string outcome;  ///< Empty when it did not finish.
  std::string mark;     ///< The last one; only told where nothing else changed.
  bool operator==(const ItemEnd&) const = default;
};

/// Items of one kind whose end changed in the same way.
struct ItemGroup {
  std::string kind;
  ItemEnd a, b;
  std::vector<std::int64_t> ids;  ///< In order of arrival in A, then in B; never empty.
};

/// Shifts of one kind of thing, B - A in ns, sorted; the name of what moved most.
struct Shifts {
  std::string name;                      ///< A kind of item, or a job.
  std::vector<std::int64_t> by;          ///< Not empty, or `only_a + only_b` is not 0.
  std::string farthest;                  ///< "application 467991431"; empty for jobs.
  std::uint64_t only_a = 0, only_b = 0;  ///< Of jobs: runs that only one has.
};

/// A timeline entry or a notice that came at another instant, or in one run only.
struct Moved {
  enum class Kind : std::uint8_t { step, notice } kind = Kind::step;
  std::string name;
  std::optional<std::int64_t> a, b;  ///< Instants; none: skipped, or never.
};

/// A check that says something else, or stands in one of the scenarios only.
struct ChangedCheck {
  std::string name;
  std::string a, b;  ///< "holds", "broken for 182", "not exercised", "not there".
};

struct RunDiff {
  bool same = false;  ///< The histories are equal, and what is judged of them; everything below is empty.
  std::uint64_t records_a = 0, records_b = 0, records_equal = 0;
  std::optional<Divergence> first;    ///< Where the runs part.
  std::vector<Divergence> set_aside;  ///< Steps that differ before that; with or without each, no item fares otherwise.
  std::vector<ItemGroup> items;       ///< Other fates first, then the most.
  std::vector<ChangedCheck> checks;   ///< In the order of A, then of B.
  std::vector<Shifts> finished, runs;  ///< Of items finished in both; of jobs.
  std::vector<Moved> moved;            ///< In order of time.
};

/// Aligns by item and cause. A step that differs before anything else is run again as the other run has it: if no item
/// fares otherwise then, it is set aside and the first divergence is looked for behind it.
RunDiff diff_runs(const RecordedRun& a, const RecordedRun& b);

}  // namespace premortem
