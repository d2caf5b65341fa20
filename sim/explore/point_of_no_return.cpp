#include "sim/explore/point_of_no_return.hpp"

#include <algorithm>
#include <map>

#include "sim/explore/critical_instants.hpp"
#include "sim/explore/remedied_run.hpp"

namespace premortem {

namespace {

struct Stopped {};

/// One item that breaks a check, and what the runs so far say about it.
struct Tracked {
  RemediedRun::Identity identity;
  std::string name;
  std::int64_t due = -1;
  std::optional<std::int64_t> saved;
  std::int64_t beyond = 0;
  bool settled() const { return !saved || beyond == *saved + 1; }
};

/// One check, with what each run so far says about it.
struct Asked {
  std::size_t number = 0;
  CheckLimit limit;
  std::vector<Tracked> items;
  std::map<std::int64_t, bool> holds;
};

class Search {
 public:
  Search(const LoadedScenario& loaded, const Variant& variant, const RemedyQuestion& question)
      : question_(question), runs_(loaded, variant, question.remedy, question.seed) {}

  RemedyLimits run() {
    try {
      look_without();
      if (std::ranges::any_of(asked_, [](const Asked& one) { return one.limit.broken; })) {
        look_at_critical();
        look_behind_arrivals();
        certify();
      }
    } catch (const Stopped&) {
      answer_.complete = false;
    }
    collect();
    return std::move(answer_);
  }

 private:
  bool runs_left() const { return answer_.runs < question_.runs_max; }

  void count_run() {
    if (question_.go_on && !question_.go_on(answer_.runs)) throw Stopped{};
    ++answer_.runs;
  }

  void look_without() {
    count_run();
    CriticalInstants critical(question_.from, question_.to, false);
    const RemediedRun::Outcome plain = runs_.without(critical);
    critical_.assign(critical.instants().begin(), critical.instants().end());
    answer_.critical = critical_.size();
    plain_ = plain.verdicts;
    const JudgeSpec& judge = runs_.judge();
    for (std::size_t n = 0; n < judge.checks.size(); ++n) {
      const bool broken = plain.verdicts[n] == CheckVerdict::broken;
      if (question_.check.empty() ? !broken : judge.checks[n].name != question_.check) continue;
      Asked asked;
      asked.number = n;
      asked.limit.check = judge.checks[n].name;
      asked.limit.broken = broken;
      for (const RemediedRun::Identity& item : plain.broken[n]) {
        const JudgedKind& kind = judge.kinds[item.kind];
        asked.items.push_back({item, kind.name + " " + std::to_string(plain.items.at(item)), kind.due, {}, 0});
      }
      asked_.push_back(std::move(asked));
    }
  }

  void look_at(std::int64_t at) {
    if (at < question_.from || at > question_.to || looked_.contains(at)) return;
    count_run();
    const RemediedRun::Outcome outcome = runs_.with(at);
    looked_.emplace(at, outcome.verdicts);
    for (Asked& asked : asked_) {
      asked.holds[at] = outcome.verdicts[asked.number] == CheckVerdict::holds;
      for (Tracked& item : asked.items) note(item, at, !outcome.spares(item.identity, asked.number));
    }
  }

  void note(Tracked& item, std::int64_t at, bool broken) const {
    if (!broken && (!item.saved || at > *item.saved)) {
      item.saved = at;
      const auto next = looked_.upper_bound(at);  // All those behind were not spared.
      item.beyond = next == looked_.end() ? question_.to + 1 : next->first;
    } else if (broken && item.saved && at > *item.saved && at < item.beyond) {
      item.beyond = at;
    }
  }

  /// Before its instant the run is the one without the remedy: what it can meet is what that one shows.
  void look_at_critical() {
    look_at(question_.from);
    look_at(question_.to);
    for (const std::int64_t at : critical_) {
      if (!runs_left()) break;
      look_at(at);
      look_at(at + 1);
      ++answer_.examined;
    }
  }

  /// Before "never" is said of an item, the remedy is also done when it has just arrived, and halfway to its limit.
  void look_behind_arrivals() {
    for (std::size_t n = 0; n < asked_.size(); ++n) {
      for (std::size_t item = 0; item < asked_[n].items.size(); ++item) {
        const Tracked& one = asked_[n].items[item];
        if (!one.saved && runs_left()) look_at(one.identity.arrived + 1);
        if (!one.saved && one.due > 1 && runs_left()) look_at(one.identity.arrived + one.due / 2);
      }
    }
  }

  /// Every run may show more of an item, or of another check, than was known: until nothing is new.
  void certify() {
    for (std::uint64_t before = 0; before != answer_.runs;) {
      before = answer_.runs;
      for (Asked& asked : asked_) {
        certify_items(asked, true);
        certify_items(asked, false);
        certify_check(asked);
      }
    }
    for (Asked& asked : asked_) {
      if (question_.every_item) certify_every_item(asked);
    }
  }

  /// The item that is beyond saving first, or last. Each run narrows all of them.
  void certify_items(Asked& asked, bool first) {
    while (true) {
      Tracked* chosen = nullptr;
      for (Tracked& item : asked.items) {
        if (!item.saved) continue;
        if (chosen == nullptr || (first ? *item.saved < *chosen->saved : *item.saved > *chosen->saved)) chosen = &item;
      }
      if (chosen == nullptr || chosen->settled()) return;
      look_at(*chosen->saved + (chosen->beyond - *chosen->saved) / 2);
    }
  }

  void certify_every_item(Asked& asked) {
    for (std::size_t n = 0; n < asked.items.size(); ++n) {
      const Tracked& item = asked.items[n];
      while (!item.settled() && runs_left()) look_at(*item.saved + (item.beyond - *item.saved) / 2);
    }
  }

  void certify_check(Asked& asked) {
    const std::map<std::int64_t, bool> coarse = asked.holds;
    for (auto here = coarse.begin(), next = std::next(here); next != coarse.end(); ++here, ++next) {
      if (here->second == next->second) continue;
      std::int64_t low = here->first, high = next->first;
      while (high - low > 1) {
        const std::int64_t middle = low + (high - low) / 2;
        look_at(middle);
        (asked.holds.at(middle) == here->second ? low : high) = middle;
      }
    }
  }

  void collect() {
    for (Asked& asked : asked_) {
      collect_intervals(asked.holds, asked.limit.holds, asked.limit.open);
      if (!asked.limit.holds.empty()) {
        const std::vector<CheckVerdict>& then = looked_.at(asked.limit.holds.back().high);
        for (std::size_t n = 0; n < then.size(); ++n) {
          if (then[n] == CheckVerdict::broken && plain_[n] != CheckVerdict::broken)
            asked.limit.broken_instead.push_back(runs_.judge().checks[n].name);
        }
      }
      std::ranges::stable_sort(asked.items, [](const Tracked& a, const Tracked& b) {
        return a.saved.value_or(INT64_MAX) < b.saved.value_or(INT64_MAX);
      });
      for (Tracked& item : asked.items) {
        asked.limit.items.push_back({std::move(item.name), item.saved, std::nullopt});
        if (item.saved && item.beyond <= question_.to) asked.limit.items.back().beyond = item.beyond;
      }
      answer_.checks.push_back(std::move(asked.limit));
    }
  }

  const RemedyQuestion& question_;
  RemediedRun runs_;
  std::vector<std::int64_t> critical_;
  std::vector<CheckVerdict> plain_;
  std::map<std::int64_t, std::vector<CheckVerdict>> looked_;
  std::vector<Asked> asked_;
  RemedyLimits answer_;
};

}  // namespace

RemedyLimits find_remedy_limits(const LoadedScenario& loaded, const Variant& variant, const RemedyQuestion& question) {
  return Search(loaded, variant, question).run();
}

}  // namespace premortem
