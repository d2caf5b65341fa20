#pragma once
// What all parts of an explanation share: the run as it happened, and the same seed with something changed.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/explore/why.hpp"
#include "sim/history/history.hpp"

namespace premortem {

/// One question about one run. `loaded`, `variant` and `question` must outlive it.
class Inquiry {
 public:
  /// Runs it as it happened. Throws Livelock as a run does.
  Inquiry(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question);

  const CompiledScenario& scenario() const { return *scenario_; }
  const Node& effective() const { return effective_; }
  const History& history() const { return history_; }
  const Trial& trial() const { return trial_; }
  const WhyOutcome& happened() const { return happened_; }
  const WhyQuestion& question() const { return question_; }
  /// As interventions_of() says.
  std::vector<Intervention> interventions() const;

  std::uint64_t runs() const { return runs_; }
  /// So many of them did not ask for what the file's `choices` say, or not in that way.
  std::uint64_t unfit() const { return unfit_; }
  /// Nobody waits for an answer any more: no further run is made.
  bool stopped() const { return stopped_; }
  /// So many causes are known by now; who waits wants to hear of it.
  void found(std::uint64_t causes) { found_ = causes; }

  /// How it ends with the changes. Nothing when the language refuses them, the run goes on for ever, or stopped().
  std::optional<WhyOutcome> with(const std::vector<Intervention>& changes, History* history = nullptr);
  /// It ends otherwise for the same item or check, and no one else pays for it.
  bool explains(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const;
  WhyLink link(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const;

  /// When that step was done as it happened, ns; -1: it is no step, or never was.
  std::int64_t done_at(const Intervention& one) const;
  /// "timeline[stop-brut]"; "" for what is no entry of the timeline.
  std::string address_of(std::uint64_t step) const;
  /// The entry at such an address; null: there is none.
  const Node* entry_of(std::string_view address) const;
  /// In the clock's zone, as the language takes it.
  std::string text_of(std::int64_t at) const;

 private:
  WhyOutcome outcome_of(const Trial& trial) const;

  const LoadedScenario& loaded_;
  const Variant& variant_;
  const WhyQuestion& question_;
  Node effective_;
  std::shared_ptr<const CompiledScenario> scenario_;
  History history_;
  Trial trial_;
  WhyOutcome happened_;
  std::uint64_t runs_ = 0, found_ = 0, unfit_ = 0;
  bool stopped_ = false;
};

/// The parts of an explanation; each adds to `answer` what it found.
void find_causes(Inquiry& inquiry, WhyAnswer& answer);
void find_length(Inquiry& inquiry, WhyAnswer& answer);
void find_rivals(const Inquiry& inquiry, WhyAnswer& answer);

}  // namespace premortem
