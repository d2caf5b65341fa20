// What made it take so long: steps that, done earlier with all that follows from them, shorten it.

#include <algorithm>
#include <set>

#include "sim/explore/inquiry.hpp"
#include "sim/scenario/civil_times.hpp"

namespace premortem {

namespace {

constexpr std::int64_t minute = 60'000'000'000;

bool is_step_done(const Record& record) { return static_cast<RecordKind>(record.kind) == RecordKind::step_done; }

/// A step, and what comes after it, that many nanoseconds earlier: who learns of it earlier, acts earlier.
Intervention earlier(const Inquiry& inquiry, const std::string& thing, std::int64_t by) {
  const Model& model = *inquiry.scenario().model;
  Intervention moved{Intervention::Kind::step, thing, "", {}, {}};
  std::set<std::string> group = {thing};
  for (const Record& record : inquiry.history().records()) {
    if (!is_step_done(record) || record.a >= model.timeline.size()) continue;
    const std::string here = inquiry.address_of(record.a);
    const Node* entry = inquiry.entry_of(here);
    if (entry == nullptr) continue;
    const Node* after = entry->find("after");
    if (here != thing && (after == nullptr || !group.contains("timeline[" + after->text + "]"))) continue;
    group.insert(here);
    const Node* at = entry->find("at");
    std::string error;
    const auto time = at == nullptr ? std::nullopt : parse_time(at->text, model.zone, entry->day, error);
    const bool absolute = time && time->kind == TimeSpec::Kind::absolute;
    const bool said = std::ranges::any_of(moved.set, [&](const auto& set) { return set.first == here + ".at"; });
    if ((absolute || here == thing) && !said) moved.set.emplace_back(here + ".at", inquiry.text_of(record.at - by));
  }
  moved.how = "done at " + inquiry.text_of(inquiry.done_at(moved) - by) +
              (group.size() > 1 ? ", and what comes after it as much earlier" : "");
  return moved;
}

}  // namespace

/// Each step within the time that it took, as early as the step before it lets it, or half the way.
void find_length(Inquiry& inquiry, WhyAnswer& answer) {
  const WhyOutcome& happened = inquiry.happened();
  const std::int64_t ended = happened.finished, began = ended - happened.longest;
  std::int64_t before = began;
  std::set<std::string> seen;
  for (const Record& record : inquiry.history().records()) {
    if (!is_step_done(record) || record.at >= ended) continue;
    const std::string thing = inquiry.address_of(record.a);
    if (inquiry.entry_of(thing) == nullptr || !seen.insert(thing).second) continue;
    const std::int64_t room = record.at - std::max(before, began) - minute;
    before = record.at;
    if (record.at <= began || room < minute) continue;
    for (const std::int64_t by : {room - room % minute, room / 2 - room / 2 % minute}) {
      const Intervention moved = earlier(inquiry, thing, by);
      const auto outcome = inquiry.with({moved});
      if (!outcome || outcome->arrived != happened.arrived || outcome->longest < 0) continue;
      if (outcome->longest >= happened.longest - minute) continue;
      answer.length.push_back(inquiry.link({moved}, *outcome));
      break;
    }
  }
  std::ranges::stable_sort(answer.length, {}, [](const WhyLink& one) { return one.outcome.longest; });
  std::int64_t explained = 0;
  std::size_t kept = 0;
  while (kept < answer.length.size() && explained * 2 <= happened.longest)
    explained += happened.longest - answer.length[kept++].outcome.longest;
  answer.length.resize(kept);
}

}  // namespace premortem
