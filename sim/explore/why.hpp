#pragma once
// Why an item met its fate, or a check is broken: declared things without which it would be otherwise, each with the
// run that shows it. A but-for cause is one without which the outcome is right (Lewis 1973); several are joint.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/intervention.hpp"
#include "sim/explore/trial.hpp"
#include "sim/scenario/load.hpp"

namespace premortem {

/// About what is asked: one item, or one check.
struct WhyQuestion {
  std::string check;  ///< Its name; empty: an item.
  std::uint32_t kind = 0;
  std::int64_t id = 0;
  std::uint64_t seed = 1;
  std::uint64_t runs_max = 1000;  ///< Runs after which the search for sets ends. At least 1.
  /// Asked before each run with how many there were, and how many causes they showed; false: the answer is what is
  /// known by then. None: always go on.
  std::function<bool(std::uint64_t runs, std::uint64_t causes)> go_on;
};

/// What was asked about, in one run.
struct WhyOutcome {
  bool right = false;          ///< The item is done; the check holds.
  std::string says;            ///< "late", "lost"; "broken for 182", "holds", "not exercised", "never arrived".
  std::int64_t arrived = -1;   ///< Of the item, ns since 1970; -1: of a check.
  std::int64_t finished = -1;  ///< Of the item, ns since 1970; -1: not.
  std::int64_t longest = -1;   ///< Longest time to done of what is asked about, ns; -1: none was.
  std::uint64_t wrong = 0;     ///< Items of all kinds that did not end done.
};

/// One or more changes, and how it ends with them. Without any one of them, the others are not enough.
struct WhyLink {
  std::vector<Intervention> changes;
  std::vector<std::int64_t> done_at;  ///< By change: when its step was done as it happened; -1: no step, or never.
  WhyOutcome outcome;                 ///< With all of them.
};

/// The last error of the item in a system, and who was in hand there at that instant and came through.
struct WhyRivals {
  std::string system, error;
  std::int64_t at = -1;            ///< ns since 1970; -1: the item met no error.
  std::vector<std::string> items;  ///< "export 4".
};

struct WhyAnswer {
  WhyOutcome happened;
  /// Each alone makes it otherwise. Steps, faults and schedules first: all of them had to be as they were.
  std::vector<WhyLink> necessary;
  /// Only when none is enough alone: pairs of steps and settings that together are; or, when there is no such pair,
  /// one set of more.
  std::vector<WhyLink> together;
  /// Steps that, done earlier with all that follows from them, shorten what took too long. Longest gain first, up to
  /// where more than half of it is explained.
  std::vector<WhyLink> length;
  WhyRivals rivals;            ///< Only beside a link that takes the competition away: that run proves it.
  std::size_t tried = 0;       ///< Single changes that were run.
  std::size_t refused = 0;     ///< Changes that the language does not allow there.
  std::size_t pairs = 0;       ///< Pairs that were run.
  bool pairs_complete = true;  ///< False: `runs_max` came first.
  std::size_t sets = 0;        ///< Larger sets that were run.
  std::size_t unfit = 0;       ///< Runs in which not all `choices` of the file fitted.
  bool stopped = false;        ///< `go_on` ended it: what is here is true, and there may be more.
  std::size_t without_id = 0;  ///< Timeline entries that cannot be left out for want of an id.
};

/// REQUIRES: the variant compiles; the check, or the kind, is one of the scenario's. Runs everything with one seed,
/// hundreds of times. Throws Livelock when the run itself does.
WhyAnswer explain_why(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question);

}  // namespace premortem
