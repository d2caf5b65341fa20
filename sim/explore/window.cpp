#include "sim/explore/window.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/explore/trial.hpp"
#include "sim/history/history.hpp"
#include "sim/models/livelock.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

/// What a step can meet: runs of jobs, other steps, settings, systems that come and go.
constexpr RecordKinds critical_kinds = kinds_of(
    RecordKind::run_started, RecordKind::run_ended, RecordKind::due, RecordKind::step_done, RecordKind::step_skipped,
    RecordKind::set, RecordKind::stopped, RecordKind::started, RecordKind::paused, RecordKind::resumed,
    RecordKind::crashed, RecordKind::restarted, RecordKind::noticed, RecordKind::fault_applied);

/// Equal steps that a duration's range is cut into: it has no instants of its own.
constexpr std::int64_t cuts = 64;

class Search {
 public:
  Search(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question)
      : loaded_(loaded), variant_(variant), question_(question) {}

  WindowAnswer run() {
    holds_at(question_.from);
    holds_at(question_.to);
    if (question_.varied == Varied::instant) {
      look_at_critical();
    } else {
      const std::int64_t span = question_.to - question_.from;
      const std::int64_t step = question_.varied == Varied::count ? 1 : std::max<std::int64_t>(span / cuts, 1);
      for (std::int64_t at = question_.from; at <= question_.to - step && runs_left(); at += step) holds_at(at);
    }
    certify();
    collect();
    return std::move(answer_);
  }

 private:
  bool runs_left() const { return answer_.runs < question_.runs_max; }

  bool holds_at(std::int64_t value) {
    const auto known = verdicts_.find(value);
    if (known != verdicts_.end()) return known->second;
    Variant variant = variant_;
    variant.set.emplace_back(question_.address, window_value(question_.varied, value));
    Diagnostics diagnostics;
    const auto scenario = compile_variant(loaded_, variant, diagnostics);
    bool holds = false;
    if (scenario) {
      History history;
      try {
        ++answer_.runs;
        holds = right(run_trial(*scenario, question_.seed, nullptr, &history));
      } catch (const Livelock&) {
        holds = false;  // It never ends: nothing holds.
      }
      for (const Record& record : history.records()) {
        if ((critical_kinds & kinds_of(static_cast<RecordKind>(record.kind))) == 0) continue;
        // The step that is moved is everywhere; its own instant says nothing.
        if (record.at > question_.from && record.at < question_.to && record.at != value) critical_.insert(record.at);
      }
    } else {
      ++answer_.refused;
    }
    return verdicts_[value] = holds;
  }

  bool right(const Trial& trial) const {
    if (!question_.check.empty()) return trial.check(question_.check)->verdict == CheckVerdict::holds;
    return std::ranges::none_of(trial.checks,
                                [](const CheckResult& one) { return one.verdict == CheckVerdict::broken; });
  }

  /// Every run shows further instants, until all have been looked at.
  void look_at_critical() {
    std::set<std::int64_t> seen;
    for (bool more = true; more && runs_left();) {
      more = false;
      const std::set<std::int64_t> now = critical_;
      for (const std::int64_t at : now) {
        if (!runs_left()) break;
        if (!seen.insert(at).second) continue;
        more = true;
        holds_at(at);
        holds_at(at + 1);
      }
    }
    answer_.examined = seen.size();
    answer_.critical = critical_.size();
  }

  /// Between neighbours that end differently, bisects down to one unit.
  void certify() {
    const std::map<std::int64_t, bool> coarse = verdicts_;
    for (auto here = coarse.begin(), next = std::next(here); next != coarse.end(); ++here, ++next) {
      if (here->second == next->second) continue;
      std::int64_t low = here->first, high = next->first;
      while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        (holds_at(middle) == here->second ? low : high) = middle;
      }
    }
  }

  void collect() {
    bool open = false;
    for (const auto& [value, holds] : verdicts_) {
      if (holds && !open) answer_.holds.push_back({value, value});
      if (holds) answer_.holds.back().high = value;
      open = holds;
    }
  }

  const LoadedScenario& loaded_;
  const Variant& variant_;
  const WindowQuestion& question_;
  std::map<std::int64_t, bool> verdicts_;
  std::set<std::int64_t> critical_;
  WindowAnswer answer_;
};

}  // namespace

std::string window_value(Varied varied, std::int64_t value) {
  if (varied == Varied::count) return std::to_string(value);
  if (varied == Varied::duration) return format_duration(Duration{value});
  return Zone().format(time_from_nanoseconds(value)) + " UTC";
}

WindowAnswer find_window(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question) {
  return Search(loaded, variant, question).run();
}

}  // namespace premortem
