// Changes without which it had ended otherwise: each alone, else in pairs, else a smallest set of more.

#include <algorithm>
#include <set>

#include "sim/explore/inquiry.hpp"

namespace premortem {

namespace {

using Kind = Intervention::Kind;
using Changes = std::vector<Intervention>;

constexpr std::int64_t minute = 60'000'000'000;

/// What somebody did, or a schedule: a story's causes. The rest is how the machinery was made.
bool is_event(const Intervention& one) { return one.kind == Kind::step || one.kind == Kind::schedule; }

class Causes {
 public:
  Causes(Inquiry& inquiry, WhyAnswer& answer) : inquiry_(inquiry), answer_(answer), all_(inquiry.interventions()) {}

  void find() {
    try_each();
    add_moves();
    if (!answer_.necessary.empty() || inquiry_.happened().right) return;
    // First, as it takes few runs: among many changes the pairs may take all that are left.
    const std::optional<WhyLink> more = smallest_set();
    try_pairs();
    if (answer_.together.empty() && more) answer_.together.push_back(*more);
  }

 private:
  /// One link a thing: its first change that is enough.
  void note_necessary(const Intervention& one, const WhyOutcome& outcome) {
    if (!inquiry_.explains({one}, outcome) || !named_.insert(one.thing).second) return;
    answer_.necessary.push_back(inquiry_.link({one}, outcome));
    inquiry_.found(answer_.necessary.size());
  }

  void try_each() {
    Changes possible;
    for (const Intervention& one : all_) {
      const auto outcome = inquiry_.with({one});
      if (inquiry_.stopped()) break;
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
    const Changes steps = all_;
    for (const Intervention& one : steps) {
      const std::int64_t at = inquiry_.done_at(one);
      const std::string cut_off = job_cut_off_by(one.thing);
      if (at < 0 || (named_.contains(one.thing) && cut_off.empty())) continue;
      History without;
      if (!inquiry_.with({one}, &without)) continue;
      const auto& components = inquiry_.scenario().model->components;
      const auto end = std::ranges::find_if(without.records(), [&](const Record& record) {
        return static_cast<RecordKind>(record.kind) == RecordKind::run_ended && record.at > at &&
               (cut_off.empty() || components[record.who].name == cut_off);
      });
      if (end == without.records().end()) continue;
      const std::string to = inquiry_.text_of((end->at / minute + 1) * minute);
      const Intervention moved{Kind::step,
                               one.thing,
                               "moved past the next completed run of " + components[end->who].name + ", to " + to,
                               {{one.thing + ".at", to}},
                               {}};
      const auto outcome = inquiry_.with({moved});
      if (!outcome) continue;
      ++answer_.tried;
      all_.push_back(moved);
      const auto there =
          std::ranges::find(answer_.necessary, one.thing, [](const WhyLink& link) { return link.changes[0].thing; });
      if (there == answer_.necessary.end()) {
        note_necessary(moved, *outcome);
      } else if (inquiry_.explains({moved}, *outcome)) {
        *there = inquiry_.link({moved}, *outcome);
      }
    }
    std::ranges::stable_sort(answer_.necessary, {}, [](const WhyLink& one) { return one.changes[0].kind; });
  }

  std::string job_cut_off_by(const std::string& step) const {
    const Node* entry = inquiry_.entry_of(step);
    const Model& model = *inquiry_.scenario().model;
    for (const std::string_view verb : {"stop", "pause", "crash"}) {
      const Node* target = entry == nullptr ? nullptr : entry->find(verb);
      if (target == nullptr) continue;
      for (const JobSpec& job : model.jobs) {
        if (model.components[job.component].name == target->text) return target->text;
      }
    }
    return {};
  }

  bool runs_left() const { return inquiry_.runs() < inquiry_.question().runs_max && !inquiry_.stopped(); }

  void try_pairs() {
    for (std::size_t second = 1; second < all_.size(); ++second) {
      for (std::size_t first = 0; first < second; ++first) {
        if (all_[first].thing == all_[second].thing) continue;
        if (!is_event(all_[first]) && !is_event(all_[second])) continue;
        if (!runs_left()) {
          answer_.pairs_complete = false;
          return;
        }
        ++answer_.pairs;
        const Changes pair = {all_[first], all_[second]};
        const auto outcome = inquiry_.with(pair);
        if (!outcome || !inquiry_.explains(pair, *outcome)) continue;
        if (!named_.insert(pair[0].thing + "+" + pair[1].thing).second) continue;
        answer_.together.push_back(inquiry_.link(pair, *outcome));
        inquiry_.found(answer_.together.size());
      }
    }
  }

  /// One change a thing, of events alone or of everything.
  Changes one_for_each(bool events_only) const {
    Changes changes;
    std::set<std::string> things;
    for (const Intervention& one : all_) {
      if ((!events_only || one.kind == Kind::step) && things.insert(one.thing).second) changes.push_back(one);
    }
    return changes;
  }

  /// Takes away what is not needed, in halves first, as delta debugging does (Zeller & Hildebrandt, "Simplifying and
  /// Isolating Failure-Inducing Input", IEEE TSE 28(2), 2002): in the end nothing more can be.
  std::optional<WhyLink> smallest_set() {
    for (const bool events_only : {true, false}) {
      Changes set = one_for_each(events_only);
      std::optional<WhyOutcome> outcome = enough(set);
      if (!outcome) continue;
      for (std::size_t part = (set.size() + 1) / 2; part > 0;) {
        bool smaller = false;
        for (std::size_t from = 0; from < set.size() && set.size() > 1;) {
          Changes fewer = set;
          const std::size_t to = std::min(from + part, set.size());
          fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(from),
                      fewer.begin() + static_cast<std::ptrdiff_t>(to));
          const auto still = fewer.empty() ? std::nullopt : enough(fewer);
          if (!still) {
            from = to;
            continue;
          }
          set = std::move(fewer);
          outcome = still;
          smaller = true;
        }
        if (part > 1) {
          part = (part + 1) / 2;
        } else if (!smaller) {
          break;
        }
      }
      if (!runs_left() || std::ranges::none_of(set, is_event)) continue;  // Not known to be smallest; or no story.
      return inquiry_.link(set, *outcome);
    }
    return std::nullopt;
  }

  std::optional<WhyOutcome> enough(const Changes& set) {
    if (!runs_left()) return std::nullopt;
    ++answer_.sets;
    auto outcome = inquiry_.with(set);
    if (outcome && !inquiry_.explains(set, *outcome)) outcome.reset();
    return outcome;
  }

  Inquiry& inquiry_;
  WhyAnswer& answer_;
  Changes all_;
  std::set<std::string> named_;
};

}  // namespace

void find_causes(Inquiry& inquiry, WhyAnswer& answer) { Causes(inquiry, answer).find(); }

}  // namespace premortem
