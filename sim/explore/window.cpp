#include "sim/explore/window.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "sim/explore/critical_instants.hpp"
#include "sim/explore/trial.hpp"
#include "sim/models/livelock.hpp"
#include "sim/scenario/values.hpp"

namespace premortem {

namespace {

/// Equal steps that a duration's range is cut into: it has no instants of its own.
constexpr std::int64_t cuts = 64;

struct Stopped {};

bool right(const Trial& trial, const std::string& check) {
  if (!check.empty()) return trial.check(check)->verdict == CheckVerdict::holds;
  return std::ranges::none_of(trial.checks, [](const CheckResult& one) { return one.verdict == CheckVerdict::broken; });
}

class Search {
 public:
  Search(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question)
      : loaded_(loaded), variant_(variant), question_(question) {}

  WindowAnswer run() {
    try {
      look();
      certify();
    } catch (const Stopped&) {
      answer_.complete = false;
    }
    answer_.critical = critical_.size();
    collect_intervals(verdicts_, answer_.holds, answer_.open);
    return std::move(answer_);
  }

 private:
  void look() {
    holds_at(question_.from);
    holds_at(question_.to);
    if (question_.varied == Varied::instant) return look_at_critical();
    const std::int64_t span = question_.to - question_.from;
    const std::int64_t step = question_.varied == Varied::count ? 1 : std::max<std::int64_t>(span / cuts, 1);
    std::int64_t at = question_.from + step;  // The ends are known.
    for (; at <= question_.to - step && runs_left(); at += step) holds_at(at);
    if (at <= question_.to - step) answer_.left_out = static_cast<std::uint64_t>((question_.to - step - at) / step + 1);
  }

  bool runs_left() const { return answer_.runs < question_.runs_max; }

  bool holds_at(std::int64_t value) {
    const auto known = verdicts_.find(value);
    if (known != verdicts_.end()) return known->second;
    if (question_.go_on && !question_.go_on(answer_.runs)) throw Stopped{};
    CriticalInstants critical(question_.from, question_.to, question_.arrivals);
    const std::optional<bool> holds = holds_with(loaded_, variant_, question_, value, &critical);
    ++(holds ? answer_.runs : answer_.refused);
    for (const std::int64_t at : critical.instants()) {
      if (at != value) critical_.insert(at);  // The step that is moved is everywhere; its own instant says nothing.
    }
    return verdicts_[value] = holds.value_or(false);
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
        ++answer_.examined;
      }
    }
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

std::optional<bool> holds_with(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question,
                               std::int64_t value, Observer* observer) {
  Variant with = variant;
  with.set.emplace_back(question.address, window_value(question.varied, value));
  Diagnostics diagnostics;
  const auto scenario = compile_variant(loaded, with, diagnostics);
  if (!scenario) return std::nullopt;
  try {
    return right(run_trial(*scenario, question.seed, nullptr, observer), question.check);
  } catch (const Livelock&) {
    return false;  // It never ends: nothing holds.
  }
}

void collect_intervals(const std::map<std::int64_t, bool>& holds, std::vector<WindowInterval>& intervals,
                       std::vector<WindowGap>& open) {
  for (auto here = holds.begin(); here != holds.end(); ++here) {
    const auto before = here == holds.begin() ? holds.end() : std::prev(here);
    const bool changes = before != holds.end() && before->second != here->second;
    if (changes && before->first + 1 < here->first) open.push_back({before->first, here->first});
    if (!here->second) continue;
    if (before == holds.end() || changes) intervals.push_back({here->first, here->first});
    intervals.back().high = here->first;
  }
}

WindowAnswer find_window(const LoadedScenario& loaded, const Variant& variant, const WindowQuestion& question) {
  return Search(loaded, variant, question).run();
}

}  // namespace premortem
