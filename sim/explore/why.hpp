#pragma once
// Why an item met its fate, or a check is broken: causes, each proven by a run of the same seed in which only it is
// different. A counterfactual, not a guess from the order of events.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/explore/intervention.hpp"
#include "sim/explore/trial.hpp"

namespace premortem {

/// What is asked about: an item, or a check.
struct Subjects {
  std::string check;       ///< Empty: an item is meant.
  std::uint32_t kind = 0;  ///< Of the item, by number in the scenario.
  std::int64_t id = 0;
  std::string name;  ///< "application 467991431", or the check's name.
};

/// "application 467991431", "application:467991431", or the name of a check. Nothing, with advice, when it is neither.
std::optional<Subjects> subject_named(const CompiledScenario& scenario, const std::string& name, std::string& error);

/// How the subject fares in a run.
struct Faring {
  bool well = false;  ///< The item is done; the check is not broken.
  std::string text;   ///< "lost", "done after 3 s", "broken for 182", "holds".
  std::optional<std::int64_t> finished_at, released_at, arrived;
  Fate fate = Fate::in_flight;
};

/// What one changed run showed.
struct Proof {
  std::vector<Intervention> changes;  ///< Together; one unless none alone suffices.
  Faring then;                        ///< How the subject fares with them.
};

struct Explanation {
  Subjects subject;
  Faring happened;
  std::vector<Proof> steps;   ///< Steps without any one of which it fares well, in the order of their times.
  std::vector<Proof> pairs;   ///< Only when no step alone: two steps that have to be left out together.
  std::vector<Proof> others;  ///< Policies and assumptions that alone make it fare well, in the order of the file.
  /// For a late item: a step that, moved with all that follows it, makes the delay much shorter, and by how much.
  std::optional<Proof> delay;
  std::size_t tried = 0;  ///< Changed runs.
};

struct WhyOptions {
  std::uint64_t seed = 1;
  std::size_t runs_max = 3000;  ///< For pairs; the single changes are always all tried.
  std::function<bool()> go_on;  ///< False ends the search with what there is. May be empty.
};

/// Nothing, with the reason in `error`, when the subject does not occur in this run. When it fares well, there is
/// nothing to explain, and only `happened` is filled.
std::optional<Explanation> explain_why(const LoadedScenario& loaded, const Variant& variant, const Subjects& subject,
                                       const WhyOptions& options, std::string& error);

}  // namespace premortem
