#include "sim/explore/why.hpp"

#include <algorithm>
#include <set>

#include "sim/history/history.hpp"
#include "sim/models/livelock.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem {

namespace {

using Kind = Intervention::Kind;

constexpr std::int64_t minute = 60'000'000'000;

/// What somebody did, or a schedule: a story's causes. The rest is how the machinery was made.
bool is_event(const Intervention& one) { return one.kind == Kind::step || one.kind == Kind::schedule; }

class Inquiry {
 public:
  Inquiry(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question)
      : loaded_(loaded), variant_(variant), question_(question) {}

  WhyAnswer run() {
    Diagnostics diagnostics;
    effective_ = effective_scenario(loaded_.root, variant_, diagnostics)->root;
    scenario_ = compile_variant(loaded_, variant_, diagnostics);
    const Trial trial = run_trial(*scenario_, question_.seed, nullptr, &history_);
    happened_ = answer_.happened = outcome_of(trial);
    answer_.without_id = entries_without_id(effective_);
    all_ = interventions_of(loaded_.root, effective_, variant_);
    try_each();
    add_moves();
    if (answer_.necessary.empty() && !happened_.right) try_pairs();
    if (!happened_.right && happened_.longest >= 0) find_length();
    const bool competition = std::ranges::any_of(
        answer_.necessary, [](const WhyLink& one) { return one.changes[0].kind == Kind::competition; });
    if (competition && question_.check.empty()) find_rivals(trial);
    return std::move(answer_);
  }

 private:
  WhyOutcome outcome_of(const Trial& trial) const {
    WhyOutcome outcome;
    outcome.wrong = static_cast<std::uint64_t>(
        std::ranges::count_if(trial.items, [](const JudgedItem& item) { return item.fate != Fate::done; }));
    if (question_.check.empty()) {
      const JudgedItem* item = trial.item(question_.kind, question_.id);
      if (item == nullptr) return {false, "never arrived", -1, -1, -1, outcome.wrong};
      outcome.right = item->fate == Fate::done;
      outcome.says = name_of(item->fate);
      outcome.arrived = item->arrived;
      if (item->finished > 0) {
        outcome.finished = item->finished_at;
        outcome.longest = item->finished_at - item->arrived;
      }
      return outcome;
    }
    const CheckResult* check = trial.check(question_.check);
    outcome.right = check->verdict == CheckVerdict::holds;
    outcome.says = name_of(check->verdict);
    if (check->broken_for && !outcome.right) outcome.says += " for " + std::to_string(*check->broken_for);
    const auto spec = std::ranges::find(scenario_->judge->checks, question_.check, &CheckSpec::name);
    if (spec->form != CheckSpec::Form::finishes_within) return outcome;
    for (const JudgedItem& item : trial.items) {
      if (item.kind != spec->kind || item.finished == 0) continue;
      if (item.finished_at - item.arrived > outcome.longest) {
        outcome.longest = item.finished_at - item.arrived;
        outcome.finished = item.finished_at;
      }
    }
    return outcome;
  }

  /// Nothing when the language refuses it, or it runs for ever.
  std::optional<WhyOutcome> with(const std::vector<Intervention>& changes, History* history = nullptr) {
    Variant variant = variant_;
    for (const Intervention& one : changes) variant = with_intervention(std::move(variant), one);
    Diagnostics diagnostics;
    const auto scenario = compile_variant(loaded_, variant, diagnostics);
    if (!scenario) return std::nullopt;
    try {
      ++runs_;
      return outcome_of(run_trial(*scenario, question_.seed, nullptr, history));
    } catch (const Livelock&) {
      return std::nullopt;
    }
  }

  /// It is another outcome of the same thing: an item that arrives at another instant is another item.
  bool otherwise(const WhyOutcome& outcome) const {
    return outcome.arrived == happened_.arrived && outcome.right != happened_.right &&
           outcome.says != "never arrived" && outcome.says != "not exercised";
  }

  /// A setting that saves one by holding up others explains nothing, nor does a schedule that never fires.
  bool explains(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const {
    const bool only_steps =
        std::ranges::all_of(changes, [](const Intervention& one) { return one.kind == Kind::step; });
    return otherwise(outcome) && (happened_.right || outcome.wrong <= happened_.wrong || only_steps);
  }

  std::int64_t done_at(const Intervention& one) const {
    if (one.kind != Kind::step) return -1;
    for (const Record& record : history_.records()) {
      if (static_cast<RecordKind>(record.kind) == RecordKind::step_done && address_of(record.a) == one.thing)
        return record.at;
    }
    return -1;
  }

  std::string address_of(std::uint64_t step) const {
    return step < scenario_->model->timeline.size() ? "timeline[" + scenario_->model->timeline[step].id + "]" : "";
  }

  WhyLink link(const std::vector<Intervention>& changes, const WhyOutcome& outcome) const {
    WhyLink made{changes, {}, outcome};
    for (const Intervention& one : changes) made.done_at.push_back(done_at(one));
    return made;
  }

  /// One link a thing: its first change that is enough.
  void note_necessary(const Intervention& one, const WhyOutcome& outcome) {
    if (explains({one}, outcome) && named_.insert(one.thing).second) answer_.necessary.push_back(link({one}, outcome));
  }

  void try_each() {
    std::vector<Intervention> possible;
    for (const Intervention& one : all_) {
      const auto outcome = with({one});
      if (!outcome) {
        ++answer_.refused;
        continue;
      }
      ++answer_.tried;
      note_necessary(one, *outcome);
      possible.push_back(one);
    }
    all_ = std::move(possible);
  }

  /// A step may only have come too early: before a job's run was over. Of a step that cuts a job off, that says more
  /// than leaving it out, and takes its place.
  void add_moves() {
    const std::vector<Intervention> steps = all_;
    for (const Intervention& one : steps) {
      const std::int64_t at = done_at(one);
      const std::string cut_off = job_cut_off_by(one.thing);
      if (at < 0 || (named_.contains(one.thing) && cut_off.empty())) continue;
      History without;
      if (!with({one}, &without)) continue;
      const auto& components = scenario_->model->components;
      const auto end = std::ranges::find_if(without.records(), [&](const Record& record) {
        return static_cast<RecordKind>(record.kind) == RecordKind::run_ended && record.at > at &&
               (cut_off.empty() || components[record.who].name == cut_off);
      });
      if (end == without.records().end()) continue;
      const std::string to = text_of((end->at / minute + 1) * minute);
      const Intervention moved{Kind::step,
                               one.thing,
                               "moved past the next completed run of " + components[end->who].name + ", to " + to,
                               {{one.thing + ".at", to}},
                               {}};
      const auto outcome = with({moved});
      if (!outcome) continue;
      ++answer_.tried;
      all_.push_back(moved);
      const auto there =
          std::ranges::find(answer_.necessary, one.thing, [](const WhyLink& link) { return link.changes[0].thing; });
      if (there == answer_.necessary.end()) {
        note_necessary(moved, *outcome);
      } else if (explains({moved}, *outcome)) {
        *there = link({moved}, *outcome);
      }
    }
    std::ranges::stable_sort(answer_.necessary, {}, [](const WhyLink& one) { return one.changes[0].kind; });
  }

  std::string job_cut_off_by(const std::string& step) const {
    const Node* entry = entry_of(step);
    for (const std::string_view verb : {"stop", "pause", "crash"}) {
      const Node* target = entry == nullptr ? nullptr : entry->find(verb);
      if (target == nullptr) continue;
      for (const JobSpec& job : scenario_->model->jobs) {
        if (scenario_->model->components[job.component].name == target->text) return target->text;
      }
    }
    return {};
  }

  void try_pairs() {
    for (std::size_t second = 1; second < all_.size(); ++second) {
      for (std::size_t first = 0; first < second; ++first) {
        if (all_[first].thing == all_[second].thing) continue;
        if (!is_event(all_[first]) && !is_event(all_[second])) continue;
        if (runs_ >= question_.runs_max) {
          answer_.pairs_complete = false;
          return;
        }
        ++answer_.pairs;
        const std::vector<Intervention> pair = {all_[first], all_[second]};
        const auto outcome = with(pair);
        if (outcome && explains(pair, *outcome) && named_.insert(pair[0].thing + "+" + pair[1].thing).second)
          answer_.together.push_back(link(pair, *outcome));
      }
    }
  }

  /// Whom the system had in hand when the item failed there for the last time, and who were done in the end.
  void find_rivals(const Trial& trial) {
    const JudgedItem* item = trial.item(question_.kind, question_.id);
    const auto number = static_cast<std::uint64_t>(item - trial.items.data());
    const Record* failed = nullptr;
    for (const Record& record : history_.records()) {
      if (static_cast<RecordKind>(record.kind) == RecordKind::failed && record.a == number) failed = &record;
    }
    if (failed == nullptr) return;
    std::set<std::uint64_t> in_hand;
    for (const Record& record : history_.records()) {
      if (&record == failed) break;
      if (record.who != failed->who || record.a == no_item || record.a == number) continue;
      const auto kind = static_cast<RecordKind>(record.kind);
      if (kind == RecordKind::delivered || kind == RecordKind::read) in_hand.insert(record.a);
      if (kind == RecordKind::failed || kind == RecordKind::acknowledged || kind == RecordKind::dropped ||
          kind == RecordKind::requeued || kind == RecordKind::given_up)
        in_hand.erase(record.a);
    }
    const Model& model = *scenario_->model;
    answer_.rivals = {model.components[failed->who].name, model.errors[failed->b], failed->at, {}};
    for (const std::uint64_t other : in_hand) {
      const JudgedItem& rival = trial.items[other];
      if (rival.finished > 0 && rival.finished_at >= failed->at)
        answer_.rivals.items.push_back(scenario_->judge->kinds[rival.kind].name + " " + std::to_string(rival.id));
    }
  }

  std::string text_of(std::int64_t at) const { return scenario_->model->zone.format(time_from_nanoseconds(at)); }

  /// A step, and what comes after it, that many nanoseconds earlier: who learns of it earlier, acts earlier.
  Intervention earlier(const std::string& thing, std::int64_t by) const {
    Intervention moved{Kind::step, thing, "", {}, {}};
    std::set<std::string> group = {thing};
    for (const Record& record : history_.records()) {
      if (static_cast<RecordKind>(record.kind) != RecordKind::step_done ||
          record.a >= scenario_->model->timeline.size())
        continue;
      const std::string here = address_of(record.a);
      const Node* entry = entry_of(here);
      if (entry == nullptr) continue;
      const Node* after = entry->find("after");
      if (here != thing && (after == nullptr || !group.contains("timeline[" + after->text + "]"))) continue;
      group.insert(here);
      const Node* at = entry->find("at");
      std::string error;
      const auto time = at == nullptr ? std::nullopt : parse_time(at->text, scenario_->model->zone, entry->day, error);
      const bool absolute = time && time->kind == TimeSpec::Kind::absolute;
      const bool said = std::ranges::any_of(moved.set, [&](const auto& set) { return set.first == here + ".at"; });
      if ((absolute || here == thing) && !said) moved.set.emplace_back(here + ".at", text_of(record.at - by));
    }
    moved.how = text_of(done_at(moved) - by);
    moved.how = "done at " + moved.how + (group.size() > 1 ? ", and what comes after it as much earlier" : "");
    return moved;
  }

  const Node* entry_of(const std::string& address) const {
    const Node* timeline = effective_.find("timeline");
    if (timeline == nullptr) return nullptr;
    for (const Node& entry : timeline->items) {
      const Node* id = entry.find("id");
      if (id != nullptr && address == "timeline[" + id->text + "]") return &entry;
    }
    return nullptr;
  }

  /// Each step within the time that it took, as early as the step before it lets it, or half the way.
  void find_length() {
    const std::int64_t ended = happened_.finished, began = ended - happened_.longest;
    std::int64_t before = began;
    std::set<std::string> seen;
    for (const Record& record : history_.records()) {
      if (static_cast<RecordKind>(record.kind) != RecordKind::step_done || record.at >= ended) continue;
      const std::string thing = address_of(record.a);
      if (entry_of(thing) == nullptr || !seen.insert(thing).second) continue;
      const std::int64_t room = record.at - std::max(before, began) - minute;
      before = record.at;
      if (record.at <= began || room < minute) continue;
      for (const std::int64_t by : {room - room % minute, room / 2 - room / 2 % minute}) {
        const Intervention moved = earlier(thing, by);
        const auto outcome = with({moved});
        if (!outcome || outcome->arrived != happened_.arrived || outcome->longest < 0) continue;
        if (outcome->longest >= happened_.longest - minute) continue;
        answer_.length.push_back(link({moved}, *outcome));
        break;
      }
    }
    std::ranges::stable_sort(answer_.length, {}, [](const WhyLink& one) { return one.outcome.longest; });
    std::int64_t explained = 0;
    std::size_t kept = 0;
    while (kept < answer_.length.size() && explained * 2 <= happened_.longest)
      explained += happened_.longest - answer_.length[kept++].outcome.longest;
    answer_.length.resize(kept);
  }

  const LoadedScenario& loaded_;
  const Variant& variant_;
  const WhyQuestion& question_;
  Node effective_;
  std::shared_ptr<const CompiledScenario> scenario_;
  History history_;
  WhyOutcome happened_;
  std::vector<Intervention> all_;
  std::set<std::string> named_;
  std::uint64_t runs_ = 0;
  WhyAnswer answer_;
};

}  // namespace

WhyAnswer explain_why(const LoadedScenario& loaded, const Variant& variant, const WhyQuestion& question) {
  return Inquiry(loaded, variant, question).run();
}

}  // namespace premortem
