#include "sim/checks/judge.hpp"

#include <algorithm>

#include "sim/kernel/check.hpp"

namespace premortem {

namespace {

/// By nearest rank, of sorted times; none: there are none.
std::optional<std::int64_t> at_rank(const std::vector<std::int64_t>& times, std::size_t thousandths) {
  if (times.empty()) return std::nullopt;
  const std::size_t rank = (times.size() * thousandths + 999) / 1000;
  return times[std::max<std::size_t>(rank, 1) - 1];
}

}  // namespace

Judge::Judge(const JudgeSpec& spec) : spec_(spec), observed_(spec.checks.size()), changes_(spec.checks.size()) {
  members_.resize(spec.checks.size());
  for (const JudgedKind& kind : spec.kinds) next_ids_.push_back(kind.first_id);
  finishes_.resize(spec.checks.size());
  for (std::uint32_t number = 0; number < spec.checks.size(); ++number) {
    keeps_fields_ = keeps_fields_ || spec.checks[number].form == CheckSpec::Form::in_order;
    if (spec.checks[number].form == CheckSpec::Form::finishes_count) counting_.push_back(number);
  }
}

RecordKinds Judge::wants() const {
  const RecordKinds always = kinds_of(RecordKind::arrived, RecordKind::member, RecordKind::finished,
                                      RecordKind::released, RecordKind::remained, RecordKind::noticed,
                                      RecordKind::step_done, RecordKind::observed, RecordKind::changed);
  return keeps_fields_ ? always | kinds_of(RecordKind::field) : always;
}

void Judge::observe(const Record& record) {
  switch (static_cast<RecordKind>(record.kind)) {
    case RecordKind::arrived: {
      JudgedItem& item = items_.emplace_back();
      item.kind = static_cast<std::uint32_t>(record.b);
      item.arrived = record.at;
      item.id = next_ids_[item.kind]++;
      if (keeps_fields_) item_fields_.emplace_back();
      return;
    }
    case RecordKind::field:
      if (keeps_fields_) item_fields_[record.a].push_back(record.b);
      return;
    case RecordKind::member:
      if (members_[record.b].size() <= record.a) members_[record.b].resize(record.a + 1, false);
      members_[record.b][record.a] = true;
      return;
    case RecordKind::finished: {
      if (record.a == no_item) return;
      JudgedItem& item = items_[record.a];
      if (item.finished++ == 0) {
        item.finished_at = record.at;
        item.outcome = record.b;
        if (keeps_fields_) finish_order_.push_back(static_cast<std::uint32_t>(record.a));
      }
      const std::vector<std::uint64_t>& done = spec_.kinds[item.kind].done;
      if (!done.empty() && std::find(done.begin(), done.end(), record.b) == done.end()) item.right = false;
      if (!counting_.empty()) count_finish(record);
      return;
    }
    case RecordKind::released:
      if (items_[record.a].released_at < 0) items_[record.a].released_at = record.at;
      return;
    case RecordKind::remained:
      items_[record.a].remains = static_cast<std::uint32_t>(record.b);
      return;
    case RecordKind::noticed:
      notices_.push_back(record.at);
      return;
    case RecordKind::step_done:
      if (record.a < spec_.operator_steps.size() && spec_.operator_steps[record.a]) ++operator_steps_;
      return;
    case RecordKind::observed: {
      Observed& observed = observed_[record.b >> 32];
      ++observed.asked;
      if (record.a != 0) {
        ++observed.fulfilled;
        return;
      }
      ++observed.broken;
      if (!observed.first_broken) observed.first_broken = record.at;
      const auto item = static_cast<std::uint32_t>(record.b & 0xFFFFFFFF);
      if (item != no_item) observed.items.push_back(item);
      return;
    }
    case RecordKind::changed:
      for (std::size_t number = 0; number < spec_.checks.size(); ++number) {
        const CheckSpec& check = spec_.checks[number];
        if (check.form != CheckSpec::Form::states || check.watch != record.who) continue;
        ++changes_[number].seen;
        const std::pair<std::uint64_t, std::uint64_t> change{record.a >> 32, record.a & 0xFFFFFFFF};
        if (std::find(check.allowed.begin(), check.allowed.end(), change) != check.allowed.end()) continue;
        ++changes_[number].wrong;
        if (!changes_[number].first) changes_[number].first = record.at;
      }
      return;
    default:
      return;
  }
}

Fate Judge::fate_of(const JudgedItem& item) const {
  const JudgedKind& kind = spec_.kinds[item.kind];
  if (item.finished > 1 && !kind.may_repeat) return Fate::duplicated;
  if (item.finished > 0) {
    if (!item.right) return Fate::misrouted;
    return kind.due >= 0 && item.finished_at - item.arrived > kind.due ? Fate::late : Fate::done;
  }
  switch (static_cast<Remains>(item.remains)) {
    case Remains::dead_letter:
      return Fate::dead_lettered;
    case Remains::nobody:
      return Fate::lost;
    case Remains::nothing_moves:
      return Fate::stuck;
    case Remains::held:
      return kind.due >= 0 && spec_.ends - item.arrived > kind.due ? Fate::stuck : Fate::in_flight;
  }
  return Fate::lost;
}

void Judge::conclude() {
  for (JudgedItem& item : items_) item.fate = fate_of(item);
}

std::vector<FateCounts> Judge::fates() const {
  std::vector<FateCounts> all(spec_.kinds.size());
  for (std::size_t kind = 0; kind < all.size(); ++kind) all[kind].item = spec_.kinds[kind].name;
  for (const JudgedItem& item : items_) {
    ++all[item.kind].arrived;
    ++all[item.kind].of[static_cast<std::size_t>(item.fate)];
  }
  for (const FateCounts& counts : all) {
    std::uint64_t sum = 0;
    for (const std::uint64_t count : counts.of) sum += count;
    PREMORTEM_CHECK(sum == counts.arrived, "fates add up to what arrived");
  }
  return all;
}

std::vector<std::int64_t> Judge::times_to_done(std::uint32_t kind) const {
  std::vector<std::int64_t> times;
  for (const JudgedItem& item : items_) {
    if (item.kind == kind && item.finished > 0) times.push_back(item.finished_at - item.arrived);
  }
  std::sort(times.begin(), times.end());
  return times;
}

/// Arrival of the first item that did not end done; none: there is nothing to detect.
std::optional<std::int64_t> Judge::first_failing() const {
  std::optional<std::int64_t> first;
  for (const JudgedItem& item : items_) {
    if (item.fate == Fate::done || item.fate == Fate::in_flight) continue;
    if (!first || item.arrived < *first) first = item.arrived;
  }
  return first;
}

std::optional<std::int64_t> Judge::detection() const {
  const std::optional<std::int64_t> first = first_failing();
  if (!first) return std::nullopt;
  const auto notice = std::lower_bound(notices_.begin(), notices_.end(), *first);
  return notice == notices_.end() ? std::nullopt : std::optional(*notice - *first);
}

std::optional<std::int64_t> Judge::measure(const std::string& name, bool& known) const {
  const std::optional<MeasureName> named = measure_named(name, spec_.kinds);
  known = named.has_value();
  if (!named) return std::nullopt;
  switch (named->what) {
    case MeasureName::What::detection:
      return detection();
    case MeasureName::What::operator_steps:
      return static_cast<std::int64_t>(operator_steps_);
    case MeasureName::What::time_to_done:
      return at_rank(times_to_done(named->kind), named->thousandths);
    default:
      return static_cast<std::int64_t>(std::count_if(items_.begin(), items_.end(), [&](const JudgedItem& item) {
        return item.kind == named->kind && (named->what == MeasureName::What::arrived || item.fate == named->fate);
      }));
  }
}

bool Judge::judged(const CheckSpec& check, std::size_t number, std::size_t item) const {
  if (items_[item].kind != check.kind) return false;
  return !check.members_only || (item < members_[number].size() && members_[number][item]);
}

void Judge::add_broken(CheckResult& result, Items& broken, std::size_t number) const {
  const JudgedItem& item = items_[number];
  broken.push_back(static_cast<std::uint32_t>(number));
  if (result.examples.size() < 5)
    result.examples.push_back(spec_.kinds[item.kind].name + " " + std::to_string(item.id));
}

CheckResult Judge::judge_items(const CheckSpec& check, std::size_t number, Items& broken_items) const {
  CheckResult result;
  std::uint64_t broken = 0;
  std::optional<std::int64_t> first;
  for (std::size_t n = 0; n < items_.size(); ++n) {
    const JudgedItem& item = items_[n];
    if (!judged(check, number, n)) continue;
    std::int64_t broken_at = item.finished > 0 ? item.finished_at : spec_.ends;
    bool violated = false;
    if (check.form == CheckSpec::Form::ends) {
      if (!check.negated && item.fate == Fate::in_flight) continue;
      const bool listed = std::find(check.fates.begin(), check.fates.end(), item.fate) != check.fates.end();
      violated = listed == check.negated;
    } else {
      const std::int64_t limit = check.limit >= 0 ? check.limit : spec_.kinds[item.kind].due;
      if (item.finished == 0 && spec_.ends - item.arrived <= limit) continue;  // Not judged: there was still time.
      violated = item.finished == 0 || item.finished_at - item.arrived > limit;
      broken_at = item.arrived + limit;
    }
    ++result.judged;
    if (!violated) continue;
    ++broken;
    add_broken(result, broken_items, n);
    if (!first || broken_at < *first) first = broken_at;
  }
  result.broken_for = broken;
  if (first) result.first_at = time_from_nanoseconds(*first);
  result.verdict = result.judged == 0 ? CheckVerdict::not_exercised
                   : broken > 0       ? CheckVerdict::broken
                                      : CheckVerdict::holds;
  return result;
}

CheckResult Judge::judge_order(const CheckSpec& check, std::size_t number, Items& broken_items) const {
  CheckResult result;
  std::uint64_t broken = 0;
  std::map<std::uint64_t, std::int64_t> newest;  // By value of `per`: the largest `by` that has finished.
  for (const std::uint32_t n : finish_order_) {
    if (!judged(check, number, n)) continue;
    ++result.judged;
    const std::uint64_t group = check.per < 0 ? 0 : item_fields_[n][static_cast<std::size_t>(check.per)];
    const std::int64_t value =
        check.by < 0 ? items_[n].id : static_cast<std::int64_t>(item_fields_[n][static_cast<std::size_t>(check.by)]);
    const auto [at, fresh] = newest.emplace(group, value);
    if (!fresh && value < at->second) {
      ++broken;
      add_broken(result, broken_items, n);
      if (!result.first_at) result.first_at = time_from_nanoseconds(items_[n].finished_at);
    }
    at->second = std::max(at->second, value);
  }
  result.broken_for = broken;
  result.verdict = result.judged == 0 ? CheckVerdict::not_exercised
                   : broken > 0       ? CheckVerdict::broken
                                      : CheckVerdict::holds;
  return result;
}

CheckResult Judge::judge_observed(const CheckSpec& check, std::size_t number, Items& broken_items) const {
  CheckResult result;
  const Observed& observed = observed_[number];
  switch (check.form) {
    case CheckSpec::Form::item_always:
      for (std::size_t n = 0; n < items_.size(); ++n) result.judged += judged(check, number, n) ? 1 : 0;
      result.broken_for = observed.broken;
      for (const std::uint32_t item : observed.items) add_broken(result, broken_items, item);
      result.verdict = result.judged == 0    ? CheckVerdict::not_exercised
                       : observed.broken > 0 ? CheckVerdict::broken
                                             : CheckVerdict::holds;
      break;
    case CheckSpec::Form::always:
      result.judged = 1;
      result.verdict = observed.broken > 0 ? CheckVerdict::broken : CheckVerdict::holds;
      break;
    case CheckSpec::Form::at:
      result.judged = observed.asked;
      result.verdict = observed.asked == 0   ? CheckVerdict::not_exercised
                       : observed.broken > 0 ? CheckVerdict::broken
                                             : CheckVerdict::holds;
      break;
    case CheckSpec::Form::sometimes:
      result.judged = observed.asked;
      result.verdict = observed.fulfilled > 0 ? CheckVerdict::holds : CheckVerdict::not_exercised;
      break;
    default:  // eventually
      result.judged = 1;
      result.verdict = observed.fulfilled > 0 ? CheckVerdict::holds : CheckVerdict::broken;
      break;
  }
  if (observed.first_broken) result.first_at = time_from_nanoseconds(*observed.first_broken);
  return result;
}

CheckResult Judge::judge_measure(const CheckSpec& check, std::size_t number) const {
  CheckResult result;
  std::int64_t value = 0;
  const MeasureName& measure = check.measure;
  if (measure.of_items()) {
    std::vector<std::int64_t> times;
    for (std::size_t n = 0; n < items_.size(); ++n) {
      if (!judged(check, number, n)) continue;
      const JudgedItem& item = items_[n];
      const bool times_it = measure.what == MeasureName::What::time_to_done;
      if (times_it && item.finished > 0) times.push_back(item.finished_at - item.arrived);
      if (!times_it || item.finished > 0) ++result.judged;
      if (measure.what == MeasureName::What::arrived || item.fate == measure.fate) ++value;
    }
    std::sort(times.begin(), times.end());
    if (measure.what == MeasureName::What::time_to_done) value = at_rank(times, measure.thousandths).value_or(0);
  } else if (measure.what == MeasureName::What::operator_steps) {
    result.judged = 1;
    value = static_cast<std::int64_t>(operator_steps_);
  } else {  // What nobody ever notices takes longer than any bound: PROP-060.
    result.judged = first_failing() ? 1 : 0;
    value = detection().value_or(INT64_MAX);
  }
  if (result.judged == 0) return result;
  result.verdict = CheckVerdict::holds;
  for (const Bound& bound : check.bounds) {
    if (!keeps(bound, value, result.judged, spec_.ends - spec_.begins)) result.verdict = CheckVerdict::broken;
  }
  return result;
}

std::vector<CheckResult> Judge::checks(std::vector<std::vector<std::uint32_t>>* broken_items) const {
  std::vector<CheckResult> results;
  if (broken_items != nullptr) broken_items->clear();
  for (std::size_t number = 0; number < spec_.checks.size(); ++number) {
    const CheckSpec& check = spec_.checks[number];
    CheckResult result;
    Items broken;
    switch (check.form) {
      case CheckSpec::Form::ends:
      case CheckSpec::Form::finishes_within:
        result = judge_items(check, number, broken);
        break;
      case CheckSpec::Form::finishes_count:
        result = judge_finishes(check, number, broken);
        break;
      case CheckSpec::Form::in_order:
        result = judge_order(check, number, broken);
        break;
      case CheckSpec::Form::states: {
        const Changes& changes = changes_[number];
        result.judged = changes.seen;
        result.broken_for = changes.wrong;
        if (changes.first) result.first_at = time_from_nanoseconds(*changes.first);
        result.verdict = changes.seen == 0   ? CheckVerdict::not_exercised
                         : changes.wrong > 0 ? CheckVerdict::broken
                                             : CheckVerdict::holds;
        break;
      }
      case CheckSpec::Form::measure:
        result = judge_measure(check, number);
        break;
      default:
        result = judge_observed(check, number, broken);
    }
    result.name = check.name;
    if (broken_items != nullptr) {
      std::sort(broken.begin(), broken.end());
      broken.erase(std::unique(broken.begin(), broken.end()), broken.end());
      broken_items->push_back(std::move(broken));
    }
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace premortem
