#include "sim/explore/diff_results.hpp"

#include <algorithm>
#include <map>
#include <tuple>

namespace premortem {

namespace {

/// By name of the kind and id: the number of the item in each run.
struct Numbers {
  std::uint32_t a = no_record, b = no_record;
};
using ItemKey = std::pair<std::string, std::int64_t>;

std::vector<std::pair<ItemKey, Numbers>> paired_items(const RecordedRun& a, const RecordedRun& b) {
  std::vector<std::pair<ItemKey, Numbers>> pairs;
  std::map<ItemKey, std::size_t> at;
  const auto key = [](const RecordedRun& run, const JudgedItem& item) {
    return ItemKey(run.names.kinds[item.kind].name, item.id);
  };
  for (std::uint32_t n = 0; n < a.trial.items.size(); ++n) {
    at.emplace(key(a, a.trial.items[n]), pairs.size());
    pairs.push_back({key(a, a.trial.items[n]), {n, no_record}});
  }
  for (std::uint32_t n = 0; n < b.trial.items.size(); ++n) {
    const ItemKey name = key(b, b.trial.items[n]);
    if (const auto found = at.find(name); found != at.end()) {
      pairs[found->second].second.b = n;
    } else {
      pairs.push_back({name, {no_record, n}});
    }
  }
  return pairs;
}

ItemEnd end_of(const RecordedRun& run, std::uint32_t number) {
  if (number == no_record) return {};
  const JudgedItem& item = run.trial.items[number];
  ItemEnd end{true, item.fate, item.released_at >= 0 && item.fate != Fate::lost, "", run.last_marks[number]};
  if (item.finished > 0) end.outcome = run.text(item.outcome);
  return end;
}

/// Groups of which nothing stands out come last.
auto rank(const ItemGroup& group) {
  const bool same_fate = group.a.there && group.b.there && group.a.fate == group.b.fate;
  return std::tuple(same_fate, -static_cast<std::int64_t>(group.ids.size()));
}

/// Instants at which each step came off, and at which each notice was given first.
std::map<std::pair<Moved::Kind, std::string>, std::int64_t> instants(const RecordedRun& run) {
  std::map<std::pair<Moved::Kind, std::string>, std::int64_t> found;
  for (const Record& record : run.records) {
    if (static_cast<RecordKind>(record.kind) == RecordKind::step_done)
      found.emplace(std::pair(Moved::Kind::step, run.names.steps[record.a]), record.at);
    if (static_cast<RecordKind>(record.kind) == RecordKind::noticed && record.b == 1)  // By a monitor; else by a step.
      found.emplace(std::pair(Moved::Kind::notice, run.text(record.a)), record.at);
  }
  return found;
}

}  // namespace

std::vector<ItemGroup> changed_ends(const RecordedRun& a, const RecordedRun& b) {
  std::vector<ItemGroup> groups;
  for (const auto& [name, numbers] : paired_items(a, b)) {
    ItemEnd in_a = end_of(a, numbers.a), in_b = end_of(b, numbers.b);
    if (in_a == in_b) continue;
    const bool only_marks = in_a.there && in_b.there && in_a.fate == in_b.fate && in_a.unheld == in_b.unheld &&
                            in_a.outcome == in_b.outcome;
    if (!only_marks) in_a.mark = in_b.mark = "";
    const std::string& kind = name.first;
    const auto found = std::ranges::find_if(
        groups, [&](const ItemGroup& group) { return group.kind == kind && group.a == in_a && group.b == in_b; });
    if (found != groups.end()) {
      found->ids.push_back(name.second);
    } else {
      groups.push_back({kind, in_a, in_b, {name.second}});
    }
  }
  std::stable_sort(groups.begin(), groups.end(),
                   [](const ItemGroup& x, const ItemGroup& y) { return rank(x) < rank(y); });
  return groups;
}

std::vector<Shifts> finish_shifts(const RecordedRun& a, const RecordedRun& b) {
  std::vector<Shifts> kinds;
  std::map<std::string, std::int64_t> farthest;
  for (const auto& [name, numbers] : paired_items(a, b)) {
    if (numbers.a == no_record || numbers.b == no_record) continue;
    const JudgedItem& in_a = a.trial.items[numbers.a];
    const JudgedItem& in_b = b.trial.items[numbers.b];
    const std::int64_t by = in_b.finished_at - in_a.finished_at;
    if (in_a.finished == 0 || in_b.finished == 0 || by == 0) continue;
    auto found = std::ranges::find(kinds, name.first, &Shifts::name);
    if (found == kinds.end()) found = kinds.insert(kinds.end(), {name.first, {}, "", 0, 0});
    found->by.push_back(by);
    std::int64_t& most = farthest[name.first];
    if (std::max(by, -by) <= std::max(most, -most)) continue;
    most = by;
    found->farthest = a.items[numbers.a];
  }
  for (Shifts& shifts : kinds) std::ranges::sort(shifts.by);
  return kinds;
}

std::vector<Shifts> job_run_shifts(const RecordedRun& a, const RecordedRun& b, const Alignment& alignment) {
  std::map<std::string, Shifts> jobs;
  const auto starts = [](const Record& record) {
    return static_cast<RecordKind>(record.kind) == RecordKind::run_started;
  };
  const auto job = [&](const RecordedRun& run, const Record& record) -> Shifts& {
    const std::string& name = run.names.systems[record.who];
    return jobs.try_emplace(name, Shifts{name, {}, "", 0, 0}).first->second;
  };
  for (std::size_t n = 0; n < a.records.size(); ++n) {
    if (!starts(a.records[n])) continue;
    const std::uint32_t partner = alignment.in_b[n];
    if (partner == no_record) {
      ++job(a, a.records[n]).only_a;
    } else if (const std::int64_t by = b.records[partner].at - a.records[n].at; by != 0) {
      job(a, a.records[n]).by.push_back(by);
    }
  }
  for (std::size_t n = 0; n < b.records.size(); ++n) {
    if (starts(b.records[n]) && alignment.in_a[n] == no_record) ++job(b, b.records[n]).only_b;
  }
  std::vector<Shifts> all;
  for (auto& [name, shifts] : jobs) {
    std::ranges::sort(shifts.by);
    all.push_back(std::move(shifts));
  }
  return all;
}

std::vector<Moved> moved_steps_and_notices(const RecordedRun& a, const RecordedRun& b) {
  const auto in_a = instants(a), in_b = instants(b);
  std::vector<Moved> moved;
  for (const auto& [key, at] : in_a) {
    const auto other = in_b.find(key);
    if (other == in_b.end()) {
      moved.push_back({key.first, key.second, at, std::nullopt});
    } else if (other->second != at) {
      moved.push_back({key.first, key.second, at, other->second});
    }
  }
  for (const auto& [key, at] : in_b) {
    if (!in_a.contains(key)) moved.push_back({key.first, key.second, std::nullopt, at});
  }
  const auto when = [](const Moved& one) { return std::min(one.a.value_or(INT64_MAX), one.b.value_or(INT64_MAX)); };
  std::stable_sort(moved.begin(), moved.end(), [&](const Moved& x, const Moved& y) { return when(x) < when(y); });
  return moved;
}

std::vector<ChangedCheck> changed_checks(const RecordedRun& a, const RecordedRun& b) {
  const auto says = [](const RecordedRun& run, const std::string& name) -> std::string {
    const CheckResult* check = run.trial.check(name);
    if (check == nullptr) return "not there";
    const std::string verdict(name_of(check->verdict));
    return check->verdict == CheckVerdict::broken && check->broken_for
               ? verdict + " for " + std::to_string(*check->broken_for)
               : verdict;
  };
  std::vector<ChangedCheck> changed;
  for (const RecordedRun* run : {&a, &b}) {
    for (const CheckResult& check : run->trial.checks) {
      if (run == &b && a.trial.check(check.name) != nullptr) continue;
      ChangedCheck one{check.name, says(a, check.name), says(b, check.name)};
      if (one.a != one.b) changed.push_back(std::move(one));
    }
  }
  return changed;
}

}  // namespace premortem
