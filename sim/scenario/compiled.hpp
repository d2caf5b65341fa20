#pragma once
// A scenario that can run: the Model for the Machine, and what the Judge must know.

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/checks/judge.hpp"
#include "sim/models/model.hpp"
#include "sim/scenario/fixed_choices.hpp"
#include "sim/scenario/overlay.hpp"

namespace premortem {

/// What the scenario says a check will say.
struct Expectation {
  bool given = false;       ///< Listed under `expect`.
  bool any = false;         ///< "either"
  bool not_broken = false;  ///< Unlisted in a strategy: holds or not exercised.
  CheckVerdict verdict = CheckVerdict::holds;
  std::uint64_t count_min = 0, count_max = UINT64_MAX;  ///< For broken.
  std::string text = "holds";
};

/// Whether what a check says is what was expected of it.
bool meets(const Expectation& expectation, const CheckResult& result);

struct CompiledScenario {
  std::shared_ptr<const Model> model;
  std::shared_ptr<const JudgeSpec> judge;
  std::vector<Expectation> expectations;  ///< By check.
  std::string title;
  std::string strategy;
  std::vector<std::string> assumptions;
  std::vector<std::string> sets;
  std::string scenario_hash;            ///< 32 hex digits.
  std::string zone_rules;               ///< 16 hex digits.
  std::optional<FixedChoices> choices;  ///< Of `choices`; none: every choice is drawn by name.
  std::vector<std::string> notes;       ///< Said aloud before anything runs.
  std::vector<std::string> measures;    ///< Names, in the order of reports.
  std::vector<Provenance> provenance;   ///< By entry of the timeline.
};

/// Compiles an effective scenario. Nothing, with diagnostics, when something in it makes no sense.
std::shared_ptr<const CompiledScenario> compile_scenario(const EffectiveScenario& scenario, Diagnostics& diagnostics);

/// The zone and span of `clock`; nothing, with diagnostics, when they are wrong.
struct ClockSpec {
  Zone zone;
  Time from, until;
  std::int64_t day = 0;  ///< Of the first instant.
};
std::optional<ClockSpec> read_clock(const Node& root, Diagnostics& diagnostics);

}  // namespace premortem
